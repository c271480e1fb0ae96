"""Writes a described table as HTML with a small style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from agent.generators.embedded.table_captions import written
from agent.generators.embedded.table_chips import ChipStyles
from agent.generators.embedded.table_css import Properties, StyledCell, colour, number, write_sheet
from agent.generators.embedded.table_look import Border, Look, Shift, borders
from agent.generators.embedded.table_parts import PartStyles
from critic.reading.table import Cell, TableDescription

_SIDES = ("top", "right", "bottom", "left")
_FULL = 3


def write_html(table: TableDescription, look: Look) -> str:
    """The table as a fragment of HTML: a style sheet and the table."""
    if not table.cells:
        return ""
    framed = [borders(table, cell) for cell in table.cells]
    uniform = _uniform(framed)
    outer = dict.fromkeys(_SIDES, uniform) if uniform else _outer(table, framed)
    cells = [
        StyledCell(
            tag=_tag(cell),
            row=cell.row,
            properties=_properties(table, look, cell, sides, outer, shift, uniform),
        )
        for cell, sides, shift in zip(table.cells, framed, look.shifts, strict=True)
    ]
    for index, face in look.faces.items():
        if index >= len(cells):
            continue
        if face.family != look.family:
            cells[index].properties["font-family"] = face.family
        if face.size != look.size:
            cells[index].properties["font-size"] = f"{number(face.size)}px"
    sheet = write_sheet(cells)
    chips = ChipStyles(table)
    parts = PartStyles(table, look, chips)
    top = look.rows[0] - (outer["top"].thickness / 2 if "top" in outer else 0)
    bottom = look.rows[-1] + (outer["bottom"].thickness / 2 if "bottom" in outer else 0)
    caption, note, captioned, begins = written(table, look, top, bottom)
    rules = [_body_rule(table, look, outer, begins), _table_rule(table, look, outer), sheet.text()]
    rules += [*chips.rules(), *parts.rules(), *captioned]
    head = "\n".join(rules)
    rows = _rows(table, look, sheet.row_classes, sheet.cell_classes, parts)
    columns = "" if look.natural else _columns(look)
    return f"<style>\n{head}\n</style>\n<table>\n{caption}{columns}{rows}</table>\n{note}"


def _tag(cell: Cell) -> str:
    return "th" if cell.header else "td"


def _border(border: Border | None) -> str:
    return f"{border.thickness}px {border.style} {colour(border.colour)}" if border else "none"


def _outer(table: TableDescription, framed: Sequence[dict[str, Border]]) -> dict[str, Border]:
    """The table's own border by side, where one line runs along the whole side."""
    last_row, last_column = table.row_count, table.column_count
    outer = {}
    for side in _SIDES:
        along = [
            sides.get(side)
            for cell, sides in zip(table.cells, framed, strict=True)
            if (side == "top" and cell.row == 0)
            or (side == "bottom" and cell.row + cell.rowspan == last_row)
            or (side == "left" and cell.column == 0)
            or (side == "right" and cell.column + cell.colspan == last_column)
        ]
        if along and along[0] and all(border == along[0] for border in along):
            outer[side] = along[0]
    return outer


def _uniform(framed: Sequence[dict[str, Border]]) -> Border | None:
    """The border that frames every cell on all sides, where one does."""
    first = framed[0].get("top")
    alike = all(len(sides) == len(_SIDES) and set(sides.values()) == {first} for sides in framed)
    return first if alike else None


def _properties(
    table: TableDescription,
    look: Look,
    cell: Cell,
    sides: dict[str, Border],
    outer: dict[str, Border],
    shift: Shift,
    uniform: Border | None,
) -> Properties:
    properties = {
        "padding": _cell_padding(look, cell, shift),
        "text-align": cell.align,
        "vertical-align": cell.valign,
    }
    if cell.ink:
        properties["font-weight"] = "bold" if cell.bold else "normal"
        properties["color"] = colour(cell.colour)
    else:
        properties["font-weight"] = "bold" if cell.header else "normal"
        properties["color"] = _usual_colour(table, cell)
        properties["text-align"] = _usual_align(table, cell)
    if cell.italic:
        properties["font-style"] = "italic"
    if cell.background != table.canvas:
        properties["background"] = colour(cell.background)
    if uniform:
        properties["border"] = _border(uniform)
        return properties
    at_bottom = cell.row + cell.rowspan == table.row_count
    at_right = cell.column + cell.colspan == table.column_count
    # Each line between two cells belongs to the one above or to the left of it.
    properties["border-bottom"] = _inner(table, sides, outer, "bottom", at_bottom)
    properties["border-right"] = _inner(table, sides, outer, "right", at_right)
    if cell.row == 0 and "top" not in outer:
        properties["border-top"] = _border(sides.get("top"))
    if cell.column == 0 and "left" not in outer:
        properties["border-left"] = _border(sides.get("left"))
    return properties


def _inner(
    table: TableDescription, sides: dict[str, Border], outer: dict[str, Border], side: str, last: bool
) -> str:
    """The border between two cells; at the table's side what most inner ones have, for one rule."""
    if last and side in outer:
        usual = _usual_inner(table, side)
        return _border(usual if usual == outer[side] else None)
    return _border(sides.get(side))


def _usual_inner(table: TableDescription, side: str) -> Border | None:
    """The border that most cells have on a side that is not the table's own."""
    inner = [
        cell
        for cell in table.cells
        if (side == "bottom" and cell.row + cell.rowspan < table.row_count)
        or (side == "right" and cell.column + cell.colspan < table.column_count)
    ]
    found = [borders(table, cell).get(side) for cell in inner]
    return max(found, key=found.count) if found else None


def _usual_colour(table: TableDescription, cell: Cell) -> str:
    return _usual([colour(c.colour) for c in table.cells if c.ink and c.header == cell.header], "#000")


def _usual_align(table: TableDescription, cell: Cell) -> str:
    alike = [c.align for c in table.cells if c.ink and c.header == cell.header and c.column == cell.column]
    return _usual(alike or [c.align for c in table.cells if c.ink and c.header == cell.header], "left")


def _usual(values: Sequence[str], default: str) -> str:
    return max(values, key=values.count) if values else default


def _cell_padding(look: Look, cell: Cell, shift: Shift) -> str:
    """Padding that moves the text by the cell's shift."""
    y = look.padding_y if look.natural else 0.0
    top = bottom = y
    if cell.valign == "top":
        top = max(0.0, y + shift.down)
    elif cell.valign == "bottom":
        bottom = max(0.0, y - shift.down)
    else:
        top, bottom = y + max(0.0, 2 * shift.down), y + max(0.0, -2 * shift.down)
    left = right = look.padding
    if cell.align == "left":
        left = max(0.0, left + shift.right)
    elif cell.align == "right":
        right = max(0.0, right - shift.right)
    else:
        left, right = left + max(0.0, 2 * shift.right), right + max(0.0, -2 * shift.right)
    if cell.align != "right" and not look.natural:
        right = min(right, 1.0) if cell.align == "left" else right
    if cell.align == "right" and not look.natural:
        left = min(left, 1.0)
    values = [number(v) + ("px" if number(v) != "0" else "") for v in (top, right, bottom, left)]
    if values[1] == values[3]:
        values = values[:3]
        if values[0] == values[2]:
            values = values[:2]
            if values[0] == values[1]:
                values = values[:1]
    return " ".join(values)


def _body_rule(table: TableDescription, look: Look, outer: dict[str, Border], top: float) -> str:
    left = look.columns[0] - _widest_left(table) / 2
    background = f"; background: {colour(table.canvas)}" if table.canvas != (255, 255, 255) else ""
    x, y = number(left), number(top)
    # A margin below or to the right that the picture has no room for would make the page grow.
    roomy = table.height - look.rows[-1] > top + 1 and table.width - look.columns[-1] > left + 1
    margin = f"{y}px 0 0 {x}px" if not roomy else f"{x}px" if x == y else f"{y}px {x}px"
    return f"body {{ margin: {margin}{background} }}"


def _widest_left(table: TableDescription) -> float:
    """The widest border at the table's left side, for half of which a browser keeps room along all of it."""
    sides = [borders(table, cell).get("left") for cell in table.cells if cell.column == 0]
    return max((border.thickness for border in sides if border), default=0)


def _table_rule(table: TableDescription, look: Look, outer: dict[str, Border]) -> str:
    parts = ["border-collapse: collapse"]
    framed = "border" if _uniform([borders(table, cell) for cell in table.cells]) else ""
    if not look.natural:
        parts.append("table-layout: fixed")
        parts.append(f"width: {number(look.columns[-1] - look.columns[0])}px")
    if framed:
        pass
    elif len(outer) == len(_SIDES) and len({_border(b) for b in outer.values()}) == 1:
        parts.append(f"border: {_border(outer['top'])}")
    else:
        parts += [f"border-{side}: {_border(outer[side])}" for side in _SIDES if side in outer]
    height = f"/{number(look.line_height)}px" if look.line_height else ""
    parts.append(f"font: {number(look.size)}px{height} {look.family}")
    parts.append("white-space: nowrap")
    return f"table {{ {'; '.join(parts)} }}"


def _columns(look: Look) -> str:
    widths = [b - a for a, b in zip(look.columns, look.columns[1:], strict=False)]
    columns = "".join(f'<col style="width: {number(width)}px">' for width in widths)
    return f"<colgroup>{columns}</colgroup>\n"


def _rows(
    table: TableDescription,
    look: Look,
    row_classes: dict[int, list[str]],
    cell_classes: Sequence[list[str]],
    parts: PartStyles,
) -> str:
    classes = {id(cell): names for cell, names in zip(table.cells, cell_classes, strict=True)}
    lines = []
    for row, cells in enumerate(table.by_row()):
        if row == 0 and table.header_rows:
            lines.append("<thead>")
        elif row in (0, table.header_rows):
            lines.append("<tbody>")
        sized = look.natural and row not in look.fixed_rows
        height = "" if sized else f' style="height: {number(look.rows[row + 1] - look.rows[row])}px"'
        lines.append(f"<tr{_class(row_classes.get(row, []))}{height}>")
        lines += [_cell(cell, classes[id(cell)], parts.text(cell)) for cell in cells]
        lines.append("</tr>")
        if row == table.header_rows - 1:
            lines.append("</thead>")
    lines.append("</tbody>")
    return "\n".join(lines) + "\n"


def _class(names: Sequence[str]) -> str:
    return f' class="{" ".join(names)}"' if names else ""


def _cell(cell: Cell, names: Sequence[str], text: str) -> str:
    tag = _tag(cell)
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    return f"<{tag}{spans}{_class(names)}>{text}</{tag}>"
