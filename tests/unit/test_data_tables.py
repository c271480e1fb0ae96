"""A table's data, opened by the libraries that people open it with."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pandas
import pytest
from openpyxl import load_workbook

from agent.data import delimited, latex, markdown, spreadsheet, structured
from agent.data.finished import Finished
from agent.data.frame import frame_of
from agent.data.table import TableData
from critic.metrics.teds import cells_exact, table_html
from renderers.types import Kind, Language

CODE = """<table>
<tr><th rowspan="2">Land</th><th colspan="2">Umsatz</th><th rowspan="2">Note</th></tr>
<tr><th>2023</th><th>2024</th></tr>
<tr><td>A &amp; B_1</td><td>1.234,50</td><td>(45)</td><td>=1+1</td></tr>
<tr><td rowspan="2">C</td><td>12%</td><td>n/a</td><td>007</td></tr>
<tr><td>3</td><td>€ 7,25</td><td>@home</td></tr>
</table>"""


def finished(code: str = CODE) -> Finished:
    return Finished(Path("run"), "a.png", Kind.TABLE, Language.HTML, code)


def test_csv_is_the_grid_in_numbers_that_pandas_reads():
    frame = pandas.read_csv(io.StringIO(delimited.write(finished())), header=None, skiprows=2)
    assert frame[1].tolist() == [1234.5, 0.12, 3.0]
    assert frame[2].fillna(0).tolist() == [-45.0, 0.0, 7.25]
    assert frame[3].tolist() == ["'=1+1", "007", "@home"]
    assert frame[0].fillna("").tolist() == ["A & B_1", "C", ""]  # what spans stands once


def test_json_has_every_cell_once_with_its_text_and_its_value():
    data = json.loads(structured.write(finished()))
    cells = {(cell["row"], cell["column"]): cell for cell in data["cells"]}
    assert (data["rows"], data["columns"], data["header_rows"], data["decimal"]) == (5, 4, 2, ",")
    assert len(cells) == len(data["cells"]) == 16
    assert (cells[0, 1]["colspan"], cells[0, 0]["rowspan"], cells[3, 0]["rowspan"]) == (2, 2, 2)
    assert (cells[2, 1]["text"], cells[2, 1]["value"]) == ("1.234,50", 1234.5)
    assert (cells[4, 2]["value"], cells[4, 2]["unit"]) == (7.25, "€")
    assert cells[3, 2]["value"] is None and cells[3, 2]["text"] == "n/a"


def test_xlsx_has_spans_merged_headings_bold_and_no_formulas():
    sheet = load_workbook(io.BytesIO(spreadsheet.write(finished()))).active
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1", "D1:D2", "A4:A5"}
    assert sheet["B1"].value == "Umsatz" and sheet["B1"].font.bold and not sheet["B3"].font.bold
    assert (sheet["B3"].value, sheet["B3"].number_format) == (1234.5, "#,##0.00")
    assert (sheet["B4"].value, sheet["B4"].number_format) == (0.12, "0%")
    assert [sheet[f"D{row}"].data_type for row in (3, 4, 5)] == ["s"] * 3
    assert [sheet[f"D{row}"].value for row in (3, 4, 5)] == ["=1+1", "007", "@home"]
    assert sheet.freeze_panes == "A3"


def test_latex_escapes_and_spans():
    text = latex.write(finished())
    assert r"\multirow{2}{*}{\textbf{Land}} & \multicolumn{2}{c}{\textbf{Umsatz}}" in text
    assert r"\cmidrule(lr){2-3}" in text and r"A \& B\_1 & 1.234,50 & (45) & =1+1 \\" in text
    assert text.count(r"\midrule") == 1 and r"\toprule" in text and r"\bottomrule" in text
    assert r"12\%" in text
    hostile = latex.write(finished(r"<table><tr><td>\input{/etc/passwd} $x$ [a]</td></tr></table>"))
    assert r"\input" not in hostile and r"\$x\$" in hostile


def test_markdown_renders_to_the_same_cells():
    truth = "<table>" + "".join(
        "<tr>" + "".join(f"<td>{text.replace('&', '&amp;')}</td>" for text in row) + "</tr>"
        for row in TableData.of_html(CODE).texts()
    )
    assert cells_exact(truth, table_html(markdown.write(finished()))) == 1.0


def test_a_frame_has_whole_rows_and_levels_of_headings():
    frame = frame_of(finished())
    assert list(frame.columns)[:2] == [("Land", "Land"), ("Umsatz", "2023")]
    assert frame["Land", "Land"].tolist() == ["A & B_1", "C", "C"]
    assert frame["Umsatz", "2023"].tolist() == [1234.5, 0.12, 3.0]
    assert frame["Umsatz", "2024"].isna().tolist() == [False, True, False]
    assert frame["Umsatz", "2024"].dtype == float


def test_the_decimal_mark_can_be_said():
    table = TableData.of_html("<table><tr><td>1.234</td></tr></table>")
    assert table.values() == [[1.234]]
    assert replace(table, decimal=",").values() == [[1234]]


@pytest.mark.parametrize(
    "code",
    [
        "<table><tr><td colspan='999999999' rowspan='9'>a</td></tr></table>",
        "<table>" + "<tr>" + "<td rowspan='1000' colspan='1000'>x</td>" * 50 + "</tr>" * 3 + "</table>",
        "<table></table>",
        "no table",
        "",
    ],
)
def test_spans_of_hostile_code_are_bounded(code):
    table = TableData.of_html(code)
    assert table.row_count * table.column_count <= 1_000_000
    assert len(table.values()) == table.row_count


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("=1+1", True), ("=cmd|' /C calc'!A0", True), ("+2+cmd|' /C calc'!A0", True), ("\t=1+1", True),
        ("-2+3+cmd|' /C calc'!A0", True), ("@SUM(1+1)", True), ('=HYPERLINK("http://127.0.0.1")', True),
        ("-", False), ("- none", False), ("+/- 3", False), ("@home", False), ("-12", False), ("a = b", False),
    ],
)  # fmt: skip
def test_a_text_that_a_spreadsheet_would_run_stays_a_text(text, runs):
    (cells,) = csv.reader(io.StringIO(delimited.rows_text([[text, -5]])))
    assert cells == [f"'{text}" if runs else text, "-5"]
