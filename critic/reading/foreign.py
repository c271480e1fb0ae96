"""Text that the OCR models cannot read: its script is told, and what would be debris is left out.

Where Tesseract has the script's language pack, it reads those lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from critic.deadline import check_deadline
from critic.reading import tesseract
from critic.reading.lines import TextLine
from critic.reading.scripts import SCRIPTS, Script, script_of
from critic.types import Box
from renderers.types import Image

_SHARE = 0.1
"""Share of a picture's lines that cannot be read from which it is worth asking why: fewer are smudges."""

_FEWEST = 2
_HIGHEST_DOUBT = 0.9
"""Score below which a line among lines of another script is taken for one of it, misread."""

_SMALLEST = 6.0
"""Pixels of a line's height below which it could be of any script."""

_HIGH = 80
"""Pixels that Tesseract likes a line to be high: of 40, it lost letters of Arabic or turned them round."""

_MARGIN = 3
_MOST_LINES = 300
_READ_SCORE = 0.9


class Unread(NamedTuple):
    """Lines that nobody here can read.

    Attributes:
        script: The script that they look like; None where that cannot be told.
        boxes: Where they are.
    """

    script: Script | None
    boxes: tuple[Box, ...]

    def __str__(self) -> str:
        """What to say and what to do."""
        many = f"{len(self.boxes)} lines of text"
        if self.script is None:
            return f"{many} cannot be read, perhaps of a script that is not known here; they are left empty"
        pack = self.script.packs[0]
        return (
            f"{many} look like {self.script.name}, which is not read here, and are left empty; "
            f"install tesseract-ocr-{pack} (Debian, Ubuntu), or: make setup LANGS={pack}"
        )


def settled(
    image: Image, sure: Sequence[TextLine], doubtful: Sequence[TextLine]
) -> tuple[list[TextLine], Unread | None]:
    """The lines that can be read, and those that cannot.

    Args:
        image: RGB pixels.
        sure: Lines as OCR read them with some confidence.
        doubtful: Lines that it found and could not read.
    """
    doubtful = [line for line in doubtful if line.box.height >= _SMALLEST]
    if len(doubtful) < _FEWEST or len(doubtful) < _SHARE * (len(sure) + len(doubtful)):
        return list(sure), None
    script = script_of([_cut(image, line.box) for line in doubtful]) or _named(tesseract.script_seen(image))
    if script is None:
        return list(sure), Unread(None, tuple(line.box for line in doubtful))
    debris = [line for line in sure if _is_debris(line, script)]
    kept = [line for line in sure if line not in debris]
    foreign = sorted([*doubtful, *debris], key=lambda line: (line.box.y0, line.box.x0))
    packs = tuple(pack for pack in script.packs if pack in tesseract.installed())
    if not packs:
        return kept, Unread(script, tuple(line.box for line in foreign))
    read = [_read(image, line, packs) for line in foreign[:_MOST_LINES]]
    lost = tuple(line.box for line, text in zip(foreign, read, strict=False) if text is None)
    return [*kept, *(line for line in read if line)], Unread(script, lost) if lost else None


def _named(name: str) -> Script | None:
    return next((script for script in SCRIPTS if script.name == name), None)


def _is_debris(line: TextLine, script: Script) -> bool:
    """Whether a line of another script may have been read as this: unsure, of both, or without letters."""
    if not any(letter.isalnum() for letter in line.text):
        return True
    letters = "".join(letter for letter in line.text if letter.isalpha())
    oddly_set = letters != "" and not (letters.isupper() or letters.islower() or letters.istitle())
    if oddly_set and set(letters) <= script.alike:  # "HeT" for нет: its small letters look like capitals
        return True
    return line.score < _HIGHEST_DOUBT and not any(letter.isdigit() for letter in line.text)


def _read(image: Image, line: TextLine, packs: tuple[str, ...]) -> TextLine | None:
    check_deadline()
    crop = _cut(image, line.box)
    scale = max(1.0, _HIGH / crop.shape[0])
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    text = tesseract.read_line(np.asarray(large, np.uint8), packs)
    return line.model_copy(update={"text": text, "score": _READ_SCORE}) if text else None


def _cut(image: Image, box: Box) -> Image:
    y0, x0 = max(0, int(box.y0) - _MARGIN), max(0, int(box.x0) - _MARGIN)
    return np.ascontiguousarray(image[y0 : int(box.y1) + _MARGIN + 1, x0 : int(box.x1) + _MARGIN + 1])
