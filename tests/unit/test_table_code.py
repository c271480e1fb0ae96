"""What is written from a described table, and how tables are measured."""

from __future__ import annotations

import pytest
from lxml import html
from markdown_it import MarkdownIt

from agent.data.markdown import write_table
from agent.data.table import TableData
from agent.generators.embedded.table_fit import Misfit
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import column_groups, first_look
from agent.generators.embedded.table_styles import Styled, best_styled, restyled
from critic.metrics.teds import cells_exact, teds
from critic.reading.table import Cell, Ruling, TableDescription
from critic.reading.table.description import Chip
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


def test_a_badge_is_a_span_of_its_own_class():
    chip = Chip(box=Box(14, 46, 60, 64), colour=(209, 231, 221), radius=9)
    described = table(cell(0, 0, "Status"), cell(1, 0, "Paid", chip=chip), rows=2, columns=1)
    code = write_html(described, first_look(described))
    assert '<span class="chip">Paid</span>' in code
    assert "background: #d1e7dd; line-height: 18px" in code and "border-radius: 9px" in code
    assert cells_exact("<table><tr><th>Status</th></tr><tr><td>Paid</td></tr></table>", code) == 1.0


def test_texts_that_are_set_in_are_moved_apart_from_the_others_of_their_column():
    plain = [cell(row, 0, "total") for row in range(3)]
    inset = [one.model_copy(update={"ink": one.ink.shifted(18, 0)}) for one in (plain[1],) if one.ink]
    described = table(plain[0], *inset, plain[2], rows=3, columns=1)
    first, second, third = column_groups(described)
    assert first == third != second
    shifts = first_look(described).shifts
    assert shifts[1].right - shifts[0].right == 18


def test_two_lines_close_beside_each_other_are_a_double_border():
    described = table(cell(0, 0, "a"), cell(1, 0, "b"), rows=2, columns=1, lines=False)
    lines = [Ruling(position=y, start=10, end=110, thickness=1, colour=(0, 0, 0)) for y in (69.5, 71.5)]
    described = described.model_copy(update={"horizontals": tuple(lines)})
    assert "3px double #000" in write_html(described, first_look(described))


def test_a_text_is_set_in_another_style_only_where_that_is_clearly_nearer():
    described = table(cell(0, 0, "head"), cell(1, 0, "one"), cell(2, 0, "two"), rows=3, columns=1)
    bolder, slanted = restyled(described)
    fits = [None] * 3
    chosen = best_styled(
        Styled(described, [10.0, 10.0, 10.0], fits),
        [Styled(bolder, [9.5, 4.0, 9.0], fits), Styled(slanted, [20.0, 8.0, 3.0], fits)],
    )
    assert [(one.bold, one.italic) for one in chosen.cells] == [(True, False), (True, False), (False, True)]
    assert "font-style: italic" in write_html(chosen, first_look(chosen))


def test_a_text_that_would_be_narrower_than_the_pictures_keeps_its_style():
    described = table(cell(0, 0, "loglog"), cell(1, 0, "one"), rows=2, columns=1)
    thinner, _ = restyled(described)
    exact = [Misfit(0, 0, 0, 0)] * 2
    narrow = [Misfit(0, 0, 3, 0), Misfit(0, 0, 0, 0)]
    chosen = best_styled(Styled(described, [10.0, 10.0], exact), [Styled(thinner, [2.0, 9.0], narrow)])
    assert chosen == described


def test_texts_of_a_colour_that_begin_elsewhere_are_moved_on_their_own():
    plain = [cell(row, 0, "total") for row in range(4)]
    green = [
        one.model_copy(update={"ink": one.ink.shifted(4, 0), "colour": (37, 157, 87)})
        for one in plain[2:]
        if one.ink
    ]
    described = table(*plain[:2], *green, rows=4, columns=1)
    groups = column_groups(described)
    assert groups[0] == groups[1] != groups[2] == groups[3]
