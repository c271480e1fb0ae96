"""Tables and figures of PDF files, made by matplotlib, found and cut out with the text that they have."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from typer.testing import CliRunner

from agent.cli import app
from agent.documents.pdf import Document
from agent.documents.region import is_pdf, regions_of
from agent.errors import InputError
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.chart import read_chart
from critic.reading.ocr import TextReader
from critic.reading.table import read_table
from renderers.types import Kind

ROWS = [
    ["Country", "Area", "People", "Share"],
    ["Norway", "385,207", "5,425,270", "12.5%"],
    ["Sweden", "450,295", "10,402,070", "24.1%"],
    ["Denmark", "42,933", "5,873,420", "13.6%"],
]
PROSE = "A line of prose that says nothing at all about the things that are shown above and below it."


class Blind(TextReader):
    """OCR that is not there: whatever is known comes from the document."""

    def _run(self, image, *, detect):
        raise AssertionError("nothing is to be read from the pixels")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages: a bar chart, prose and a table; a line chart and a page of prose."""
    path = tmp_path_factory.mktemp("documents") / "paper.pdf"
    with mpl.rc_context({"pdf.fonttype": 42}), PdfPages(path) as pages:
        first = Figure(figsize=(8.27, 11.69))
        first.text(0.1, 0.95, "A report", size=16)
        for line in range(6):
            first.text(0.1, 0.62 - 0.015 * line, PROSE, size=9)
        axes = first.add_axes((0.15, 0.7, 0.6, 0.2))
        axes.bar(["x", "y", "z"], [3, 4, 5])
        axes.set_ylabel("Count")
        below = first.add_axes((0.15, 0.3, 0.7, 0.2))
        below.axis("off")
        below.table(ROWS[1:], colLabels=ROWS[0], loc="center")
        pages.savefig(first)
        second = Figure(figsize=(8.27, 11.69))
        for line in range(30):
            second.text(0.1, 0.9 - 0.015 * line, PROSE, size=9)
        pages.savefig(second)
    return path


def test_tables_and_charts_are_found_without_reading_any_pixels(paper):
    found = list(regions_of(paper, Reader(Blind())))
    assert [(r.page, r.number, r.kind) for r in found] == [(1, 1, Kind.CHART), (1, 2, Kind.TABLE)]
    chart, table = (region.box for region in found)
    assert chart.y1 < 0.35 * 842 and table.y0 > 0.5 * 842  # points, from the top
    assert chart.x0 < 0.15 * 595 - 15  # with the axis title beside it


def test_a_table_has_the_words_of_its_document(paper):
    _, region = regions_of(paper, Reader(Blind()))
    pixels, lines = region.load()
    assert sorted(line.text for line in lines) == sorted(text for row in ROWS for text in row)
    reader = Reader()
    reader.know(pixels, lines)
    table = read_table(canvas_of(pixels, Kind.TABLE, reader).pixels, reader)
    cells = {(cell.row, cell.column): cell.text for cell in table.cells}
    assert [[cells[row, column] for column in range(4)] for row in range(4)] == ROWS


def test_what_a_document_says_is_not_mended_by_the_look_of_its_letters(paper):
    region, _ = regions_of(paper, Reader(Blind()))
    pixels, lines = region.load()
    said = "Coumt"  # what the letters seem to be is another word
    told = tuple(one.model_copy(update={"text": said}) if one.text == "Count" else one for one in lines)
    reader = Reader()
    reader.know(pixels, told)
    (axes,) = read_chart(pixels, reader).axes
    assert axes.y_label is not None and (axes.y_label.text, axes.y_label.rotation) == (said, 90.0)


def test_pages_are_chosen(paper):
    with Document(paper) as document:
        assert document.chosen(None) == [1, 2] and document.chosen("2") == [2]
        assert document.chosen("2,1-2") == [2, 1] and document.chosen("2-") == [2]
        for wrong in ("0", "3", "2-1", "a", "1-9", ""):
            with pytest.raises(InputError, match="--pages"):
                document.chosen(wrong)
    assert not list(regions_of(paper, Reader(Blind()), "2"))


def test_the_command_lists_them(paper):
    done = CliRunner().invoke(app, ["regions", str(paper), "--json"])
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["page"], one["kind"]) for one in said] == [(1, "chart"), (1, "table")]
    nothing = CliRunner().invoke(app, ["regions", str(paper), "--pages", "2"])
    assert nothing.exit_code == 2 and "no table or figure found" in nothing.stderr


def pages_of(count: int) -> bytes:
    """A PDF with so many empty pages."""
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[" + kids + b"]/Count " + str(count).encode() + b">>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


ENCRYPTED = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/P -4
/O(01234567890123456789012345678901)/U(01234567890123456789012345678901)>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[(0123456789012345)(0123456789012345)]>>
%%EOF"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\nnothing else", "is no PDF, or a broken one"),
        (ENCRYPTED, "is encrypted"),
        (pages_of(10_000), "has 10,000 pages, more than 200; choose some with --pages"),
        (pages_of(3), "no table or figure found"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_line(tmp_path, content, said):
    path = tmp_path / "bad.pdf"
    path.write_bytes(content)
    assert is_pdf(path)
    for command in (["regions", str(path)], ["refine", str(path), "-o", str(tmp_path / "out")]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 2 and said in done.stderr, done.output
        assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.output


def test_a_huge_page_is_drawn_small(tmp_path):
    path = tmp_path / "poster.pdf"
    path.write_bytes(pages_of(1).replace(b"[0 0 99 99]", b"[0 0 14400 9000]"))
    with Document(path) as document:
        page = document.page(1)
    assert max(page.pixels.shape) <= 6001 and page.dots < 72 and bool(np.all(page.pixels == 255))
