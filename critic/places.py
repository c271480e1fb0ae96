"""Where a discrepancy is that says so in words only."""

from __future__ import annotations

import math
import re

from critic.reading import Reader
from critic.reading.table import read_table
from critic.types import Box, Discrepancy
from renderers.types import Image, Kind

_ROW = re.compile(r"\brow\s*#?\s*(\d{1,3})\b", re.IGNORECASE)
_COLUMN = re.compile(r"\bcol(?:umn)?\s*#?\s*(\d{1,3})\b", re.IGNORECASE)

_NEAR, _FAR, _WHOLE = (0.0, 0.5), (0.5, 1.0), (0.0, 1.0)
_ACROSS = {"left": _NEAR, "right": _FAR}
_DOWN = {"top": _NEAR, "upper": _NEAR, "bottom": _FAR, "lower": _FAR}
_FILLERS = re.compile(
    r"(a|of|the|in|at|on|to|corner|side|half|third|part|area|edge|region|picture|image|figure|chart|plot|icon|page"
    r"|title|legend|label|text|caption|heading|header|footer|panel|subplot|axis|x|y|hand|most|cent(re|er)|middle)"
)


def place_of(found: Discrepancy, kind: Kind, reference: Image, reader: Reader) -> Box | None:
    """The part of the reference that surely holds a discrepancy; None where it cannot be told.

    A box is taken as it is. Of words, only rows and columns of a table and sides of the picture ("top left")
    are understood, and generously: a row may have been counted from 0, from 1 or from below the heading, and
    the top may reach to the middle.
    """
    if found.box is not None:
        return found.box if all(map(math.isfinite, found.box)) else None
    if kind is Kind.TABLE:
        return _in_table(f"{found.location} {'' if found.location else found.description}", reference, reader)
    return _in_words(found.location, reference)


def _in_words(location: str, reference: Image) -> Box | None:
    """A half or a quarter of the picture; None where anything else is said that may lie elsewhere."""
    words = set(re.findall(r"[a-z]+", location.casefold()))
    across = {_ACROSS[word] for word in words & set(_ACROSS)}
    down = {_DOWN[word] for word in words & set(_DOWN)}
    unknown = any(not _FILLERS.fullmatch(word) for word in words - set(_ACROSS) - set(_DOWN))
    if unknown or not (across or down) or len(across) > 1 or len(down) > 1:
        return None
    (left, right), (top, bottom) = (across or {_WHOLE}).pop(), (down or {_WHOLE}).pop()
    height, width = reference.shape[:2]
    return Box(left * width, top * height, right * width, bottom * height)


def _in_table(words: str, reference: Image, reader: Reader) -> Box | None:
    row, column = _ROW.search(words), _COLUMN.search(words)
    if row is None and column is None:
        return None
    table = read_table(reference, reader)
    down = _span(table.rows, row, 1 + table.header_rows)
    across = _span(table.columns, column, 1)
    return Box(across[0], down[0], across[1], down[1]) if down and across else None


def _span(edges: tuple[float, ...], named: re.Match[str] | None, slack: int) -> tuple[float, float] | None:
    """From where to where a row or column reaches; all of them where none is named."""
    last = len(edges) - 1
    if last < 1:
        return None
    if named is None:
        return edges[0], edges[-1]
    first = max(0, int(named[1]) - 1)
    return (edges[first], edges[min(last, first + 1 + slack)]) if first < last else None
