"""Rows whose cells stand below each other are a table; what only stands side by side is none."""

from __future__ import annotations

import pytest
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
    found = [[cell.text_content().strip() for cell in row] for row in document.xpath("//table//tr")]
    assert found == rows
    assert [cell.tag for cell in document.xpath("//thead/tr/*")] == ["th", "th", "th"]
    assert not document.xpath("//tbody//th")


def test_pairs_of_a_name_and_a_value_are_no_table() -> None:
    rows = [["Name", "Li"], ["City", "Oslo"], ["Age", "31"], ["Shoe", "42"]]
    assert not html.document_fromstring(write_flow(page_of(rows, [60, 400]))).xpath("//table")


def test_figures_beside_names_are_a_table_without_lines_and_lists_beside_each_other_are_none() -> None:
    names, figures = ["/home", "/pricing", "/docs", "/blog"], ["31,204", "12,930", "9,411", "7,002"]
    lines = [text(name, 60, 126 + 30 * row) for row, name in enumerate(names)]
    lines += [text(figure, 400, 126 + 30 * row) for row, figure in enumerate(figures)]
    plain = Page(width=800, height=600, fill=flat("#ffffff"), lines=tuple(lines))
    document = html.document_fromstring(write_flow(plain))
    assert [[cell.text for cell in row] for row in document.xpath("//tr")] == [
        list(pair) for pair in zip(names, figures, strict=True)
    ]
    words = [["Company", "Product", "Help"], ["About", "Tour", "Guide"], ["Jobs", "Prices", "Contact"]]
    footer = [
        text(word, x, 400 + 30 * row)
        for row, line in enumerate(words)
        for word, x in zip(line, [60, 300, 540], strict=True)
    ]
    menu = Page(width=800, height=600, fill=flat("#ffffff"), lines=tuple(footer))
    assert not html.document_fromstring(write_flow(menu)).xpath("//table")


def test_a_table_is_as_wide_as_its_lines_and_gives_way() -> None:
    rows = [["Order", "Customer", "Total"], ["#1", "Amelia", "$24"], ["#2", "Tom", "$32"], ["#3", "Li", "$4"]]
    code = write_flow(page_of(rows, [60, 250, 600]))
    assert "overflow-x: auto" in code and "max-width: 720px" in code
    shares = [float(part.split("%")[0]) for part in code.split("width: ")[1:] if "%;" in part[:8]]
    assert sum(share for share in shares if share < 100) == pytest.approx(100, abs=0.1)
