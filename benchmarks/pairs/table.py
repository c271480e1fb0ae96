"""Single edits of a table's HTML, to measure what a critic finds and what it makes up."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from itertools import pairwise

from lxml import html

Edit = Callable[[html.HtmlElement, random.Random], bool]


def edits(code: str) -> list[tuple[str, str, str]]:
    """Name, expected category and edited code of each edit that the table allows, always the same."""
    result = []
    for name, category, edit in _EDITS:
        document = html.fragments_fromstring(code)
        table = next((part for part in document if not isinstance(part, str) and part.tag == "table"), None)
        if table is None:
            continue
        table = copy.deepcopy(table)
        if edit(table, random.Random(f"{name}{len(code)}")):
            head = "".join(
                html.tostring(part, encoding="unicode")
                for part in document
                if not isinstance(part, str) and part.tag == "style"
            )
            result.append((name, category, head + html.tostring(table, encoding="unicode")))
    return result


def _cells(table: html.HtmlElement, pattern: str) -> list[html.HtmlElement]:
    return [
        cell
        for cell in table.iter("td", "th")
        if len(cell) == 0 and cell.text and re.search(pattern, cell.text)
    ]


def _number(table: html.HtmlElement, chance: random.Random) -> bool:
    cells = _cells(table, r"^[-+\d.,%]*\d[\d.,%]*$")
    if not cells:
        return False
    cell = chance.choice(cells)
    places = [i for i, c in enumerate(cell.text) if c.isdigit()]
    place = chance.choice(places)
    other = chance.choice([d for d in "0123456789" if d != cell.text[place]])
    cell.text = cell.text[:place] + other + cell.text[place + 1 :]
    return True


def _word(table: html.HtmlElement, chance: random.Random) -> bool:
    cells = _cells(table, r"[A-Za-z]{4,}")
    if not cells:
        return False
    cell = chance.choice(cells)
    words = re.findall(r"[A-Za-z]{4,}", cell.text)
    word = chance.choice(words)
    other = chance.choice([w for w in ("harbour", "window", "seventh", "margin") if w != word])
    cell.text = cell.text.replace(word, other, 1)
    return True


def _letter(table: html.HtmlElement, chance: random.Random) -> bool:
    cells = _cells(table, r"[a-z]{5,}")
    if not cells:
        return False
    cell = chance.choice(cells)
    places = [i for i, c in enumerate(cell.text) if c.islower()]
    place = chance.choice(places)
    other = chance.choice([c for c in "aegkmrstw" if c != cell.text[place]])
    cell.text = cell.text[:place] + other + cell.text[place + 1 :]
    return True


def _emptied(table: html.HtmlElement, chance: random.Random) -> bool:
    cells = _cells(table, r"[A-Za-z]{3,}")
    if len(cells) < 4:
        return False
    chance.choice(cells[2:]).text = None
    return True


def _plain_rows(table: html.HtmlElement) -> list[html.HtmlElement]:
    rows = list(table.iter("tr"))
    if any(cell.get("rowspan") for cell in table.iter("td", "th")):
        return []
    return [row for row in rows if "".join(row.itertext()).strip() and len(row) > 1]


def _row_removed(table: html.HtmlElement, chance: random.Random) -> bool:
    rows = _plain_rows(table)[1:]
    if len(rows) < 3:
        return False
    row = chance.choice(rows)
    row.getparent().remove(row)
    return True


def _row_added(table: html.HtmlElement, chance: random.Random) -> bool:
    rows = _plain_rows(table)[1:]
    if len(rows) < 3:
        return False
    row = chance.choice(rows)
    extra = copy.deepcopy(row)
    for index, cell in enumerate(extra):
        for part in list(cell):
            cell.remove(part)
        cell.text = ("Harbour", "417", "6.02", "margin")[index % 4]
    row.addnext(extra)
    return True


def _rows_swapped(table: html.HtmlElement, chance: random.Random) -> bool:
    rows = _plain_rows(table)[1:]
    pairs = [(a, b) for a, b in pairwise(rows) if a.getnext() is b]
    pairs = [(a, b) for a, b in pairs if list(a.itertext()) != list(b.itertext())]
    if not pairs:
        return False
    first, second = chance.choice(pairs)
    second.addnext(first)
    return True


def _column_removed(table: html.HtmlElement, chance: random.Random) -> bool:
    rows = list(table.iter("tr"))
    if any(cell.get("rowspan") or cell.get("colspan") for cell in table.iter("td", "th")) or len(rows[0]) < 3:
        return False
    column = chance.randrange(1, len(rows[0]))
    for row in rows:
        row.remove(row[column])
    group = table.find("colgroup")
    if group is not None:
        group.remove(group[column])
    return True


def _columns_swapped(table: html.HtmlElement, chance: random.Random) -> bool:
    rows = list(table.iter("tr"))
    if any(cell.get("rowspan") or cell.get("colspan") for cell in table.iter("td", "th")) or len(rows[0]) < 3:
        return False
    column = chance.randrange(0, len(rows[0]) - 1)
    texts = [["".join(row[c].itertext()) for row in rows] for c in (column, column + 1)]
    if texts[0] == texts[1]:
        return False
    for row in rows:
        row[column + 1].addnext(row[column])
    group = table.find("colgroup")
    if group is not None:
        group[column + 1].addnext(group[column])
    return True


_EDITS: tuple[tuple[str, str, Edit], ...] = (
    ("number", "numeric_error", _number),
    ("word", "text_error", _word),
    ("letter", "text_error", _letter),
    ("emptied", "text_error", _emptied),
    ("row removed", "layout_error", _row_removed),
    ("row added", "layout_error", _row_added),
    ("rows swapped", "layout_error", _rows_swapped),
    ("column removed", "layout_error", _column_removed),
    ("columns swapped", "layout_error", _columns_swapped),
)
