"""Sheets as spreadsheet programs print them: hairlines, letters up to the rules, pale frames round charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from agent.documents.region import regions_of
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.ocr import TextLine, TextReader
from critic.reading.table import read_table
from critic.types import Box
from renderers.types import Image, Kind

ROWS = [
    ["Orchard", "Lots", "Pears", "Share"],
    ["Northfield", "1,240", "310", "41.2%"],
    ["Elm Row", "980", "455", "37.7%"],
    ["Lakeside", "77", "61", "—"],
]
FACE = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
WIDTHS = (230, 120, 190, 120)
HIGH, SIZE, PAD, EDGE = 30, 23, 3, 8


class Blind(TextReader):
    """OCR that is not there: whatever is known comes from the document."""

    def _run(self, image, *, detect):
        raise AssertionError("nothing is to be read from the pixels")


def sheet(rows: Sequence[Sequence[str]], *, ruled: bool) -> tuple[Image, list[TextLine]]:
    """Words at the left and numbers at the right of their cells, and the boxes of their ink as in a PDF."""
    font = ImageFont.truetype(str(FACE), SIZE)
    image = PILImage.new("RGB", (sum(WIDTHS) + 2 * EDGE, HIGH * len(rows) + 2 * EDGE), "white")
    draw = ImageDraw.Draw(image)
    lines = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            left, top = EDGE + sum(WIDTHS[:column]), EDGE + row * HIGH
            right = left + WIDTHS[column]
            number = row > 0 and column in (1, 3)
            place = (right - PAD if number else left + PAD, top + HIGH - 6)
            alone = PILImage.new("L", image.size)
            ImageDraw.Draw(alone).text(place, text, fill=255, font=font, anchor="rs" if number else "ls")
            image.paste("black", mask=alone)
            lines.append(TextLine(text=text, score=1.0, box=Box(*map(float, alone.getbbox() or ()))))
            if ruled:
                draw.rectangle((left, top, right, top + HIGH), outline="#888888", width=2)
    return np.asarray(image), lines


@pytest.mark.parametrize("ruled", [True, False])
def test_letters_that_stand_at_the_rules_or_at_their_neighbours_are_kept_apart(ruled: bool) -> None:
    pixels, lines = sheet(ROWS, ruled=ruled)
    reader = Reader()
    reader.know(pixels, lines)
    table = read_table(canvas_of(pixels, Kind.TABLE, reader).pixels, reader)
    cells = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert (table.row_count, table.column_count) == (4, 4)
    assert [[cells[row, column] for column in range(4)] for row in range(4)] == ROWS


def test_a_pale_frame_holds_a_chart_with_its_legend_and_title(tmp_path: Path) -> None:
    page = Figure(figsize=(8.27, 11.69))
    page.text(0.1, 0.95, "A report", size=16)
    page.add_artist(Rectangle((0.1, 0.6), 0.7, 0.3, fill=False, edgecolor="#d9d9d9", linewidth=0.8))
    page.text(0.4, 0.88, "Harvest", size=13)
    axes = page.add_axes((0.17, 0.63, 0.4, 0.22))
    axes.bar(["x", "y", "z"], [3, 4, 5], label="fruit")
    page.legend(loc="center right", bbox_to_anchor=(0.77, 0.75), frameon=False)
    path = tmp_path / "sheet.pdf"
    page.savefig(path)
    (region,) = regions_of(path, Reader(Blind()))
    wide, high = 8.27 * 72, 11.69 * 72
    frame = Box(0.1 * wide, 0.1 * high, 0.8 * wide, 0.4 * high)
    assert region.kind is Kind.CHART
    assert all(abs(a - b) <= 2 for a, b in zip(region.box, frame, strict=True)), region.box
