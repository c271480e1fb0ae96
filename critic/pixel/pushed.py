"""What follows from something else on a page: a part of that finding.

A link that is gone from a menu moves the others, and so does a check box in front of its label. A button is
as large as its words need, and an underline goes with them. What is to be mended is the one; the others are
then in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from critic.elements import shift
from critic.pixel.things import Thing
from critic.types import Box, Cause, Discrepancy

_PUSHES = frozenset(
    {Cause.MISSING, Cause.EXTRA, Cause.UNEXPLAINED, Cause.TEXT, Cause.RESIZED, Cause.FACE, Cause.WEIGHT}
)
"""What changes how wide a thing is, or that it is there at all; what the pushed one covers is unexplained."""

_LEVEL = 2
"""CSS pixels by which rounding may move a thing up or down."""

_OF_LINE = 0.8
"""Share of an underline that is below its text: a link's border reaches out by its padding."""

_CONTROL = "box"
"""What a control is called."""

_PADDING = 1.5
"""Text heights at most between words and the edge of their control: buttons have one, on each side."""

_UNDER = 0.6
"""Share of the height of a text's ink within which its underline, or a link's border, is below it."""

_OF_ROW = 0.5
"""Share of the lower one's height by which two things overlap that stand in one row."""

_AS_HIGH = 3
"""Times the height of the other one up to which both are things of one row, and not a block beside a line."""


def pushed_aside(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Findings without those of things that others drew along or pushed aside; those have their places.

    Args:
        found: All of a page.
    """
    told = list(found)
    for may_follow, explains in (
        (_is_of_words, _words_need),
        (_is_moved_text, _carries),
        (_is_aside, _pushes),
    ):
        told = _without(told, may_follow, explains)
    return told


def _without(
    found: Sequence[Discrepancy],
    may_follow: Callable[[Discrepancy], bool],
    explains: Callable[[Discrepancy, Discrepancy], bool],
) -> list[Discrepancy]:
    """Findings without those that another one explains, the nearest of which gets their places."""
    told = [item for item in found if not may_follow(item)]
    for item in filter(may_follow, found):
        causes = [index for index, other in enumerate(told) if explains(other, item)]
        if not causes:
            told.append(item)
            continue
        nearest = min(causes, key=lambda index: _apart(told[index], item))
        places = (*_places(told[nearest]), *_places(item))
        told[nearest] = told[nearest].model_copy(update={"places": places})
    return told


def _pushes(other: Discrepancy, item: Discrepancy) -> bool:
    return other.cause in _PUSHES and any(_in_row(place, item.box) for place in _places(other))


def _is_of_words(item: Discrepancy) -> bool:
    """Whether something may be so because of words: a control's size, a part of it, an underline."""
    lone = item.cause in (Cause.MISSING, Cause.EXTRA)
    return (_kind(item) == _CONTROL and (lone or item.cause is Cause.RESIZED)) or (
        _kind(item) == Thing.LINE and lone
    )


def _words_need(other: Discrepancy, item: Discrepancy) -> bool:
    if item.box is None or other.box is None or _kind(other) != Thing.TEXT or other.cause not in _PUSHES:
        return False
    if _kind(item) == Thing.LINE:
        return other.cause is item.cause and _under(item.box, other.box)
    if item.cause is Cause.RESIZED:
        return item.box.holds(other.box, _LEVEL)
    changed = other.cause in (Cause.RESIZED, Cause.TEXT, Cause.WEIGHT)
    beside = (place for place in _places(other) if item.box.meets(place.grown(_PADDING * place.height)))
    return changed and any(item.box.height <= _AS_HIGH * place.height for place in beside)


def _is_moved_text(item: Discrepancy) -> bool:
    return _kind(item) == Thing.TEXT and item.cause is Cause.MOVED


def _carries(other: Discrepancy, item: Discrepancy) -> bool:
    """Whether a control of another size holds a text, which stands in its middle."""
    resized = _kind(other) == _CONTROL and other.cause is Cause.RESIZED
    return resized and bool(other.box and item.box and other.box.holds(item.box, _LEVEL))


def _kind(item: Discrepancy) -> str:
    return item.element.kind if item.element else ""


def _under(line: Box, text: Box) -> bool:
    """Whether a line is a text's underline."""
    across = min(line.x1, text.x1) - max(line.x0, text.x0)
    return across >= _OF_LINE * line.width and text.y1 <= line.y1 <= text.y1 + _UNDER * text.height


def _is_aside(item: Discrepancy) -> bool:
    """Whether a thing only stands further left or right."""
    if item.cause is not Cause.MOVED or item.reference is None or item.render is None:
        return False
    way = shift(item.reference, item.render)
    return way is not None and abs(way[1]) <= _LEVEL < abs(way[0])


def _in_row(one: Box, other: Box | None) -> bool:
    if other is None:
        return False
    heights = sorted((one.height, other.height))
    both = min(one.y1, other.y1) - max(one.y0, other.y0)
    return both >= _OF_ROW * heights[0] and heights[1] <= _AS_HIGH * heights[0]


def _places(item: Discrepancy) -> tuple[Box, ...]:
    return item.places or ((item.box,) if item.box else ())


def _apart(one: Discrepancy, other: Discrepancy) -> float:
    return one.box.distance(other.box) if one.box and other.box else 0.0
