"""Texts that were misread, settled by drawing other readings and laying them on the reference's ink."""

from __future__ import annotations

import numpy as np

from agent.generators.embedded.chart.moves import Move, with_text
from critic.pixel.chart_texts import placed_texts
from critic.reading import Reader
from critic.reading.chart.description import Chart, Text
from critic.reading.chart.settle import settled
from critic.reading.chart.words import readable
from critic.types import Discrepancy
from renderers.types import Image

_UP, _DOWN = 90.0, 270.0
"""Degrees of texts that read upwards and downwards."""
_LIKE = 0.5
"""How well a reading must lie on the ink, 0 to 1, to be tried: half as well as a sure one."""


def reading_moves(
    chart: Chart, reference: Image, reader: Reader, discrepancies: tuple[Discrepancy, ...]
) -> list[Move]:
    """Other readings of the texts that a text_error points at."""
    boxes = [d.box for d in discrepancies if d.category == "text_error" and d.box is not None]
    found = []
    for item in placed_texts(chart):
        text = item.text
        x, y = (text.box.x0 + text.box.x1) / 2, (text.box.y0 + text.box.y1) / 2
        if not any(b.x0 <= x <= b.x1 and b.y0 <= y <= b.y1 for b in boxes):
            continue
        other = _again(text, reference, reader, chart.dpi)
        if other is not None and other.text != text.text:
            found.append(
                Move(
                    f"{item.where} read again as {other.text!r}",
                    lambda c, old=text, new=other: with_text(c, old, new),  # type: ignore[misc]
                    text.box,
                    ("text_error",),
                )
            )
    return found


def _again(text: Text, reference: Image, reader: Reader, dpi: float) -> Text | None:
    b = text.box
    x0, y0, x1, y1 = max(0, int(b.x0) - 4), max(0, int(b.y0) - 4), int(b.x1) + 4, int(b.y1) + 4
    crop = reference[y0:y1, x0:x1]
    if text.rotation == _UP:
        crop = np.rot90(crop, 3)
    elif text.rotation == _DOWN:
        crop = np.rot90(crop, 1)
    elif text.rotation:
        return None
    line = reader.text.word(np.ascontiguousarray(crop))
    readings = [text.text] if line is None else [readable(line.text), text.text]
    best = max(
        (settled(r, np.ascontiguousarray(crop), dpi) for r in readings if r), key=lambda s: s[1], default=None
    )
    if best is None or best[1] < _LIKE:
        return None
    return text.model_copy(update={"text": best[0], "size": best[2]})
