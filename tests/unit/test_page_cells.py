"""Code whose blanks OCR lost has them back, where its cells show them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import font_manager
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from critic.reading.page.cells import with_blanks
from critic.reading.page.fit import fits
from critic.reading.page.ink import Ink, find_ink
from critic.types import Box


def _ink(text: str, face: str) -> Ink:
    """The ink of a line at 13 px."""
    font = ImageFont.truetype(font_manager.findfont(face), 13)
    image = PILImage.new("RGB", (700, 30), "white")
    ImageDraw.Draw(image).text((10, 6), text, font=font, fill="black")
    found = find_ink(np.array(image), Box(4, 2, 700, 28), len(text))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        ("[ LATERAL ] function_name ( argument )", "[ LATERAL] function_name (argument )"),
        ("{ UNION | EXCEPT } [ ALL ] select", "{ UNION | EXCEPT }[ ALL ] select"),
        ("for i in range(3):", "for i in range(3):"),
    ],
)
def test_blanks_of_code_are_those_of_its_cells(drawn: str, seen: str) -> None:
    ink = _ink(drawn, "DejaVu Sans Mono")
    assert with_blanks(seen, ink, fits(seen, ink))[0] == drawn


def test_text_in_another_face_keeps_its_blanks() -> None:
    seen = "Nothing is said of(this)line"
    ink = _ink("Nothing is said of (this) line", "DejaVu Sans")
    assert with_blanks(seen, ink, fits(seen, ink))[0] == seen
