"""Parts of a page that are gone together, and what moved up because they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from critic.elements import shift
from critic.pixel.page.findings import Finding
from critic.types import Box, Cause, Element

_BESIDE = 32.0
"""CSS pixels between two parts of one block at most: two lines of usual text, or a card's padding."""

_BLOCK = 3
"""Parts from which they are a block: a heading with its text are two texts."""

_MARGINS = 64.0
"""CSS pixels by which what follows may move up by more than what is gone is high: its margins and padding."""

_STAYS = 0.5
"""Share of its own height by which what follows moves up at least."""


def in_blocks(findings: Sequence[Finding]) -> list[Finding]:
    """Findings of a page, with one for each block that is gone and for what stands higher by it.

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
        told += _block(parts, followed) if followed else parts
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


def _block(parts: list[Finding], followed: list[Finding]) -> list[Finding]:
    """What is gone, with the places of what follows it; one block where it has enough parts."""
    where = Box.around(item.box for item in parts)
    places = tuple(place for item in (*parts, *followed) for place in item.places or (item.box,))
    if len(parts) < _BLOCK:
        return [replace(parts[0], places=places, key=None), *parts[1:]]
    element = Element(kind="block", at=where)
    return [Finding("element_error", 3, Cause.MISSING, element, where, places=places)]


def _follows(item: Finding, gone: Box) -> bool:
    """Whether something below what is gone stands higher, by about as much as that is high."""
    if item.cause is not Cause.MOVED or item.reference is None or item.render is None:
        return False
    way = shift(item.reference, item.render)
    if way is None or abs(way[0]) > _ASIDE or item.box.y0 < gone.y0:
        return False
    return _STAYS * gone.height <= way[1] <= gone.height + _MARGINS


_ASIDE = 2
"""CSS pixels that rounding may move a thing aside."""
