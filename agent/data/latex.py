"""LaTeX: a tabular with booktabs, multirow and multicolumn."""

from __future__ import annotations

from collections.abc import Mapping

from pylatexenc.latexencode import UnicodeToLatexEncoder

from agent.data.finished import Finished
from agent.data.table import DataCell, TableData

_LETTERS = {"left": "l", "center": "c", "right": "r"}
_NEEDS = "% needs \\usepackage{booktabs,multirow}\n"
_ENCODER = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)


def write(finished: Finished) -> str:
    """A table as a tabular."""
    return write_table(finished.table)


def write_table(table: TableData) -> str:
    """The table; what it says is text, whatever it looks like."""
    columns = "".join(_LETTERS[table.alignment(column)] for column in range(table.column_count))
    places = table.places
    lines = [f"\\begin{{tabular}}{{{columns}}}", "\\toprule"]
    for row in range(table.row_count):
        lines.append(f"{' & '.join(_row(places, row, table.column_count))} \\\\")
        if row + 1 < table.header_rows:
            lines += _rules_below(table, row)
        elif row + 1 == table.header_rows < table.row_count:
            lines.append("\\midrule")
    return _NEEDS + "\n".join([*lines, "\\bottomrule", "\\end{tabular}"]) + "\n"


def _row(places: Mapping[tuple[int, int], DataCell], row: int, columns: int) -> list[str]:
    """The fields of a row: a cell in its first one, and nothing below it."""
    fields, column = [], 0
    while column < columns:
        cell = places.get((row, column))
        if cell is None:
            fields.append("")
            column += 1
            continue
        text = _field(cell) if cell.row == row else ""
        if cell.colspan > 1:
            align = _LETTERS["center" if cell.header else cell.align]
            text = f"\\multicolumn{{{cell.colspan}}}{{{align}}}{{{text}}}"
        fields.append(text)
        column = cell.column + cell.colspan
    return fields


def _field(cell: DataCell) -> str:
    text = _ENCODER.unicode_to_latex(cell.text)
    if text and cell.bold:
        text = f"\\textbf{{{text}}}"
    if text.startswith("["):  # else the end of the row before would take it for its own
        text = f"{{}}{text}"
    return f"\\multirow{{{cell.rowspan}}}{{*}}{{{text}}}" if text and cell.rowspan > 1 else text


def _rules_below(table: TableData, row: int) -> list[str]:
    """The rules under headings that span columns, so that it shows which ones."""
    spans = [c for c in table.cells if c.row + c.rowspan - 1 == row and c.colspan > 1 and c.text]
    rules = "".join(f"\\cmidrule(lr){{{c.column + 1}-{c.column + c.colspan}}}" for c in spans)
    return [rules] if rules else []
