"""Writes the properties of many cells as a short style sheet: what most share once, the rest as classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

Properties = dict[str, str]

_INITIAL = {
    "background": "none",
    "font-style": "normal",
    "border-top": "none",
    "border-right": "none",
    "border-bottom": "none",
    "border-left": "none",
}

_INHERITED = ("font-family", "font-size")
"""Said of the table as a whole; only cells that differ repeat them."""

_NAMES = {
    ("text-align", "left"): "left",
    ("text-align", "center"): "center",
    ("text-align", "right"): "right",
    ("vertical-align", "top"): "top",
    ("vertical-align", "middle"): "middle",
    ("vertical-align", "bottom"): "bottom",
    ("font-weight", "bold"): "bold",
    ("font-weight", "normal"): "plain",
    ("font-style", "italic"): "italic",
    ("font-style", "normal"): "upright",
}

_STEMS = {
    "background": "fill",
    "color": "ink",
    "padding": "pad",
    "font-family": "face",
    "font-size": "size",
    "border-top": "over",
    "border-right": "after",
    "border-bottom": "under",
    "border-left": "before",
}


def number(value: float) -> str:
    """A length without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def colour(value: tuple[int, int, int]) -> str:
    """A colour as CSS writes it."""
    code = "".join(f"{channel:02x}" for channel in value)
    if all(code[i] == code[i + 1] for i in (0, 2, 4)):
        code = code[::2]
    return f"#{code}"


@dataclass(frozen=True, slots=True)
class StyledCell:
    """A cell as the style sheet sees it: its tag, its row and what it should look like."""

    tag: str
    row: int
    properties: Properties


@dataclass(slots=True)
class Sheet:
    """Rules for all cells, and the classes of rows and cells that differ.

    Attributes:
        rules: Selector and properties, in order.
        row_classes: Classes by row.
        cell_classes: Classes by cell, in the order given.
    """

    rules: list[tuple[str, Properties]] = field(default_factory=list)
    row_classes: dict[int, list[str]] = field(default_factory=dict)
    cell_classes: list[list[str]] = field(default_factory=list)

    def text(self) -> str:
        """The rules as CSS, one a line."""
        lines = []
        for selector, properties in self.rules:
            if properties:
                body = "; ".join(f"{name}: {value}" for name, value in properties.items())
                lines.append(f"{selector} {{ {body} }}")
        return "\n".join(lines)


def write_sheet(cells: Sequence[StyledCell]) -> Sheet:
    """The shortest plain sheet that gives every cell its properties."""
    sheet = Sheet(cell_classes=[[] for _ in cells])
    names = sorted({name for cell in cells for name in cell.properties}, key=_order)
    common: Properties = {}
    headings: Properties = {}
    classes: dict[str, tuple[str, Properties]] = {}
    for name in names:
        wanted = [cell.properties.get(name, _INITIAL.get(name, "")) for cell in cells]
        base = "" if name in _INHERITED else Counter(wanted).most_common(1)[0][0]
        if base != _implied(name, "td"):
            common[name] = base
        of_headings = (
            []
            if name in _INHERITED
            else [value for value, cell in zip(wanted, cells, strict=True) if cell.tag == "th"]
        )
        heading = Counter(of_headings).most_common(1)[0][0] if of_headings else base
        if of_headings and heading != (common.get(name) or _implied(name, "th")):
            headings[name] = heading
        given = {"td": base, "th": heading}
        _add_classes(sheet, classes, cells, name, wanted, given)
    if "border" not in common:
        common = {"border": "none", **common}
    sheet.rules = [("th, td", common), ("th", headings)]
    sheet.rules += [(selector, properties) for selector, properties in classes.values()]
    return sheet


def _add_classes(
    sheet: Sheet,
    classes: dict[str, tuple[str, Properties]],
    cells: Sequence[StyledCell],
    name: str,
    wanted: Sequence[str],
    given: Properties,
) -> None:
    rows: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        rows.setdefault(cell.row, []).append(index)
    for row, members in rows.items():
        values = {wanted[index] for index in members}
        differing = [index for index in members if wanted[index] != given[cells[index].tag]]
        if not differing:
            continue
        if len(values) == 1 and len(members) > 1:
            value = values.pop()
            token = _token(classes, name, value, of_row=True)
            classes[token] = (f".{token} > *", {name: value})
            sheet.row_classes.setdefault(row, []).append(token)
            continue
        for index in differing:
            token = _token(classes, name, wanted[index], of_row=False)
            classes[token] = (f".{token}", {name: wanted[index]})
            sheet.cell_classes[index].append(token)


def _token(classes: dict[str, tuple[str, Properties]], name: str, value: str, *, of_row: bool) -> str:
    """A class name for one property; the same name for the same value."""
    for token, (selector, properties) in classes.items():
        if properties == {name: value} and selector.endswith("*") == of_row:
            return token
    stem = _NAMES.get((name, value)) or _STEMS.get(name, name)
    stem = f"row-{stem}" if of_row else stem
    if stem not in classes:
        return stem
    number = 2
    while f"{stem}-{number}" in classes:
        number += 1
    return f"{stem}-{number}"


def _implied(name: str, tag: str) -> str:
    """What a browser does unasked, once the sheet's base rule is written."""
    if name in _INITIAL:
        return _INITIAL[name]
    if name == "font-weight":
        return "bold" if tag == "th" else "normal"
    if name == "text-align":
        return "center" if tag == "th" else "left"
    return ""


def _order(name: str) -> tuple[int, str]:
    first = ("border", "padding", "text-align", "vertical-align", "font-weight", "color", "background")
    return (first.index(name) if name in first else len(first), name)
