"""What is written from a described table, and how tables are measured."""

from __future__ import annotations

import pytest
from lxml import html
from markdown_it import MarkdownIt

from agent.data.markdown import write_table
from agent.data.table import TableData
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import first_look
from critic.metrics.teds import cells_exact, teds
from critic.reading.table import Cell, Ruling, TableDescription
from critic.types import Box


def markdown(described: TableDescription) -> str:
    return write_table(TableData.of_description(described))


def cell(row: int, column: int, text: str = "", rowspan: int = 1, colspan: int = 1, **look: object) -> Cell:
    box = Box(10 + 100 * column, 10 + 30 * row, 10 + 100 * (column + colspan), 10 + 30 * (row + rowspan))
    ink = Box(box.x0 + 8, box.y0 + 8, box.x0 + 8 + 8 * len(text), box.y0 + 20) if text else None
    lines = (text,) if text else ()
    values = {"header": row == 0, "bold": row == 0, **look}
    return Cell(
        row=row, column=column, rowspan=rowspan, colspan=colspan, lines=lines, box=box, ink=ink, **values
    )


def table(*cells: Cell, rows: int, columns: int, lines: bool = True) -> TableDescription:
    ys, xs = [10.0 + 30 * i for i in range(rows + 1)], [10.0 + 100 * i for i in range(columns + 1)]
    grey = (136, 136, 136)
    return TableDescription(
        width=400,
        height=200,
        columns=tuple(xs),
        rows=tuple(ys),
        header_rows=1,
        cells=cells,
        horizontals=tuple(
            Ruling(position=y, start=xs[0], end=xs[-1], thickness=1, colour=grey) for y in ys if lines
        ),
        verticals=tuple(
            Ruling(position=x, start=ys[0], end=ys[-1], thickness=1, colour=grey) for x in xs if lines
        ),
    )


SPANS = table(
    cell(0, 0, "Both", colspan=2),
    cell(1, 0, "Left & <b>", rowspan=2),
    cell(1, 1, "1"),
    cell(2, 1, "2"),
    rows=3,
    columns=2,
)


def parsed(code: str) -> html.HtmlElement:
    return html.document_fromstring(code).find(".//table")


def test_spans_sections_and_escapes_are_written() -> None:
    code = write_html(SPANS, first_look(SPANS))
    found = parsed(code)
    assert [c.get("colspan") for c in found.iter("th")] == ["2"]
    assert [(c.get("rowspan"), c.text) for c in found.iter("td")] == [
        ("2", "Left & <b>"),
        (None, "1"),
        (None, "2"),
    ]
    assert found.find("thead") is not None and found.find("tbody") is not None
    assert "&lt;b&gt;" in code


def test_what_all_cells_share_is_written_once() -> None:
    code = write_html(SPANS, first_look(SPANS))
    assert code.count("1px solid #888") == 1
    assert " class=" not in code.split("<tbody>")[1]


def test_rows_with_a_fill_of_their_own_get_a_class() -> None:
    described = table(
        cell(0, 0, "A"),
        cell(0, 1, "B"),
        cell(1, 0, "c", background=(240, 240, 240)),
        cell(1, 1, "d", background=(240, 240, 240)),
        cell(2, 0, "e"),
        cell(2, 1, "f"),
        rows=3,
        columns=2,
        lines=False,
    )
    rows = list(parsed(write_html(described, first_look(described))).iter("tr"))
    assert [row.get("class") for row in rows] == [None, "row-fill", None]


def test_markdown_keeps_every_text_as_it_is() -> None:
    described = table(
        cell(0, 0, "a|b"), cell(0, 1, "*c*"), cell(1, 0, "<i>"), cell(1, 1, "1"), rows=2, columns=2
    )
    markup = MarkdownIt("commonmark").enable("table").render(markdown(described))
    assert ["".join(c.itertext()) for c in parsed(markup).iter("th", "td")] == ["a|b", "*c*", "<i>", "1"]


def test_an_empty_description_gives_no_code() -> None:
    empty = TableDescription(width=10, height=10)
    assert write_html(empty, first_look(empty)) == "" and markdown(empty) == ""


ONE = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>22</td></tr></table>"


@pytest.mark.parametrize(
    ("other", "expected", "structure"),
    [
        (ONE, 1.0, 1.0),
        (ONE.replace("th>", "td>"), 1.0, 1.0),
        (ONE.replace("22", "23"), 1 - 0.5 / 7, 1.0),
        (ONE.replace("<td>22</td>", ""), 1 - 1 / 7, 1 - 1 / 7),
        (ONE.replace("<td>1", "<td rowspan='2'>1"), 1 - 1 / 7, 1 - 1 / 7),
        ("", 1 - 6 / 7, 1 - 6 / 7),
    ],
)
def test_teds_counts_edits_over_the_larger_tree(other: str, expected: float, structure: float) -> None:
    assert teds(ONE, other) == pytest.approx(expected)
    assert teds(other, ONE, structure_only=True) == pytest.approx(structure)


def test_cells_are_exact_by_place_spans_filled_in() -> None:
    wide = "<table><tr><td colspan='2'>a</td></tr><tr><td>1</td><td>2</td></tr></table>"
    assert cells_exact(wide, wide) == 1.0
    assert cells_exact(wide, wide.replace("colspan='2'", "")) == 0.75
