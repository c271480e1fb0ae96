"""Parts of a page that are gone together, and what moved up because they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from critic.elements import shift
from critic.pixel.page.findings import Finding
from critic.types import Box, Cause, Element

_BESIDE = 32.0
"""CSS pixels between two parts of one block at most: two lines of usual text, or a card's padding."""

_BLOCK = 3
"""Parts from which they are a block: a heading with its text are two texts."""

_LETTERS = 24.0
"""CSS pixels up to which something may be a word: letters of a usual text, or the half of a heading's that
the page's foot leaves."""

_MARGINS = 64.0
"""CSS pixels by which what follows may move up by more than what is gone is high: its margins and padding."""

_STAYS = 0.5
"""Share of its own height by which what follows moves up at least."""


def in_blocks(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of a page, with one for each block that is gone and for what stands elsewhere by it.

    Where nothing moved up, its parts are told one by one: each is something that a person misses.

    Args:
        findings: What was found of single lines, boxes and pictures.
    """
    taken = [item.places[-1] for item in findings if item.cause is Cause.MOVED and item.places]
    findings = [_replaced(item) if _is_taken(item, taken) else item for item in findings]
    gone = [item for item in findings if item.cause is Cause.MISSING and item.element.of is None]
    rest = [item for item in findings if not any(item is one for one in gone)]
    told: list[Finding] = []
    for parts in _clusters(gone):
        where = Box.around(item.box for item in parts)
        followed = [item for item in rest if _follows(item, where)]
        rest = [item for item in rest if not any(item is one for one in followed)]
        told += _block(parts, followed) if followed else _in_lines(parts)
    return [*rest, *told]


def _is_taken(item: Finding, taken: Sequence[Box]) -> bool:
    """Whether what a text reads as now is another line, which moved to its place."""
    return item.cause is Cause.TEXT and any(
        place.overlap(item.box) >= _THERE * item.box.area for place in taken
    )


def _replaced(item: Finding) -> Finding:
    return replace(item, cause=Cause.MISSING, reference=None, render=None, aside="", key=None)


_THERE = 0.3
"""Share of a line's place that another one covers, so that it is read there instead: they have other lengths
and may be half a line apart."""


def _clusters(items: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that lie beside each other, taken together."""
    clusters: list[list[Finding]] = []
    for item in items:
        near = [c for c in clusters if any(item.box.distance(other.box) <= _BESIDE for other in c)]
        clusters = [c for c in clusters if not any(c is one for one in near)]
        clusters.append([*(other for c in near for other in c), item])
    return clusters


def _in_lines(parts: list[Finding]) -> list[Finding]:
    """Parts that are gone, with the words of a line that cannot be read told as one."""
    words = [item for item in parts if item.element.kind == "picture" and item.box.height <= _LETTERS]
    if len(words) <= 1:
        return parts
    beside = np.array([[_go_on(one.box, other.box) for other in words] for one in words])
    count, lines = connected_components(beside, directed=False)
    rest = [item for item in parts if not any(item is word for word in words)]
    for line in range(count):
        group = [words[index] for index in np.flatnonzero(lines == line).tolist()]
        where = Box.around(item.box for item in group)
        element = group[0].element.model_copy(update={"at": where})
        places = tuple(place for item in group for place in item.places or (item.box,))
        rest.append(replace(group[0], element=element, box=where, places=places))
    return rest


def _go_on(one: Box, other: Box) -> bool:
    """Whether two boxes are as near to each other, on one level, as words of a line."""
    return one.beside(other, min(one.height, other.height))


def _block(parts: list[Finding], followed: list[Finding]) -> list[Finding]:
    """What is gone, with the places of what follows it; one block where it has enough parts."""
    where = Box.around(item.box for item in parts)
    places = tuple(place for item in (*parts, *followed) for place in item.places or (item.box,))
    if len(parts) < _BLOCK:
        return [replace(parts[0], places=places, key=None), *parts[1:]]
    element = Element(kind="block", at=where)
    return [Finding("element_error", 3, Cause.MISSING, element, where, places=places)]


def _follows(item: Finding, gone: Box) -> bool:
    """Whether something below what is gone stands higher by about as much, or its neighbour elsewhere."""
    if item.cause is not Cause.MOVED or item.reference is None or item.render is None:
        return False
    way = shift(item.reference, item.render)
    if way is None:
        return False
    if item.box.y0 < gone.y1 and gone.y0 < item.box.y1:
        return abs(way[0]) > _ASIDE  # its neighbours in the row share out its place
    below = abs(way[0]) <= _ASIDE and item.box.y0 >= gone.y0
    return below and _STAYS * gone.height <= way[1] <= gone.height + _MARGINS


_ASIDE = 2
"""CSS pixels that rounding may move a thing aside."""
