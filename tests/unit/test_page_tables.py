"""Rows whose cells stand below each other are a table; what only stands side by side is none."""

from __future__ import annotations

from lxml import html

from agent.generators.embedded.page.flow import write_flow
from critic.reading.page import Family, Fill, LaidLine, Page, Shape, Span, Stop
from critic.types import Box


def flat(colour: str) -> Fill:
    return Fill(stops=(Stop(at=0.0, colour=colour),))


def text(words: str, x: float, baseline: float, *, bold: bool = False) -> LaidLine:
    ink = Box(x, baseline - 12, x + 8 * len(words), baseline)
    span = Span(text=words, colour="#202020", bold=bold)
    return LaidLine(
        spans=(span,), family=Family.SANS, size=16, x=x, baseline=baseline, ink=ink, ground="#ffffff"
    )


def page_of(rows: list[list[str]], columns: list[float]) -> Page:
    """Rows in boxes of their own, the first row in bold."""
    shapes = [
        Shape(box=Box(40, 100 + 42 * row, 760, 140 + 42 * row), fill=flat("#eeeeee"))
        for row in range(len(rows))
    ]
    lines = [
        text(words, x, 126 + 42 * row, bold=row == 0)
        for row, cells in enumerate(rows)
        for words, x in zip(cells, columns, strict=False)
    ]
    return Page(width=800, height=600, fill=flat("#ffffff"), lines=tuple(lines), shapes=tuple(shapes))


def test_rows_in_columns_are_a_table_with_headings() -> None:
    rows = [["Order", "Customer", "Total"], ["#1", "Amelia", "$24"], ["#2", "Tom", "$32"], ["#3", "Li", "$4"]]
    document = html.document_fromstring(write_flow(page_of(rows, [60, 250, 600])))
    found = [[cell.text_content().strip() for cell in row] for row in document.xpath("//table/tbody/tr")]
    assert found == rows
    assert [cell.tag for cell in document.xpath("//tr[1]/*")] == ["th", "th", "th"]
    assert not document.xpath("//tr[2]/th")


def test_pairs_of_a_name_and_a_value_are_no_table() -> None:
    rows = [["Name", "Li"], ["City", "Oslo"], ["Age", "31"], ["Shoe", "42"]]
    assert not html.document_fromstring(write_flow(page_of(rows, [60, 400]))).xpath("//table")
