"""Collapses findings to their cause: a moved frame, a scale or a missing part explains what follows.

What follows is known by what the findings are: by cause and element, never by their words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from critic.marks.known import MARKS
from critic.pixel.chart_geometry import overlap
from critic.types import Box, Cause, Discrepancy, Element, Value, joined

_MOST = 3
"""More findings of one cause in like elements of one axes are said together."""
_BESIDE = 14
"""Pixels from a finding's box within which what is left over is the rest of it: a letter's height."""
_NO_LARGER = 1.5
"""And it is no larger than so many times that box."""
_LIMITS = 2
"""Numbers of a range: its lowest and its highest."""

_TEXTS = ("title", "x label", "y label", "text", "text in the plot")
_LAYOUT = (Cause.RANGE, Cause.SCALE, Cause.FONT_SIZE)
_COUNTED = (Cause.MISSING, Cause.EXTRA, Cause.TEXT, Cause.KIND, Cause.COUNT)
"""What a person loses or reads wrong is counted one by one."""


def collapsed(found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """Without what follows from something else that was found; many alike in one axes as one.

    A cause explains the places of what follows from it.
    """
    causes = {
        place: [k for k, other in enumerate(found) if any(rule(item, other) for rule in _FOLLOWS)]
        for place, item in enumerate(found)
    }
    kept = []
    for place, item in enumerate(found):
        if not causes[place]:
            follows = [found[k].places for k in _followers(place, causes)]
            places = dict.fromkeys((*item.places, *(box for boxes in follows for box in boxes)))
            kept.append(item.model_copy(update={"places": tuple(places)}))
    return _together(kept)


def _followers(place: int, causes: dict[int, list[int]]) -> set[int]:
    """All that follows from a finding, at any remove: a label moves the frame, the frame its texts."""
    found, left = set[int](), [place]
    while left:
        cause = left.pop()
        left += [k for k, known in causes.items() if cause in known and k not in found]
        found |= set(left)
    return found


def _legend_follows_series(item: Discrepancy, cause: Discrepancy) -> bool:
    """A handle has its series' colour, and a missing series has no entry."""
    if not (_in_one_axes(item, cause) and _kind(cause) in _nouns()):
        return False
    if _kind(item) == "legend handle":
        return cause.cause is Cause.RECOLOURED
    follows = _kind(item) == "legend entries" or (
        _kind(item) == "legend" and item.cause in (Cause.MOVED, Cause.RESIZED)
    )
    return follows and cause.cause in (Cause.MISSING, Cause.EXTRA)


def _text_follows_layout(item: Discrepancy, cause: Discrepancy) -> bool:
    """Labels stand away from tick labels, and all texts from the frame: they move with them."""
    moved = item.cause is Cause.MOVED and _kind(item) in (*_TEXTS, "legend")
    if not moved and not (item.cause is Cause.RESIZED and _kind(item) == "legend"):
        return False
    if _frame_moved(cause):
        return True
    ticks = _kind(cause) == "tick labels" and cause.cause in (Cause.TEXT, Cause.FONT_SIZE)
    return (ticks or cause.cause in _LAYOUT) and _in_one_axes(item, cause)


def _frame_moved(item: Discrepancy) -> bool:
    return item.cause in (Cause.MOVED, Cause.RESIZED) and _kind(item) == "axes"


def _frame_follows_text(item: Discrepancy, cause: Discrepancy) -> bool:
    """An axes reaches to where a label beside it was, or makes room for one: the side tells which."""
    texts = (*_TEXTS, "legend", "tick labels")
    if not _frame_moved(item) or item.box is None or cause.box is None or not isinstance(item.render, tuple):
        return False
    if not (_kind(cause) in texts and cause.cause in _COUNTED) and cause.cause not in _LAYOUT:
        return False
    numbers = [float(part) for part in item.render if not isinstance(part, str)]
    steps = [abs(now - was) for now, was in zip(numbers, item.box, strict=True)]
    x, y = cause.box.centre
    outside = (x < item.box.x0, y < item.box.y0, x > item.box.x1, y > item.box.y1)
    return outside[steps.index(max(steps))]


def _labels_follow_wedges(item: Discrepancy, cause: Discrepancy) -> bool:
    """Labels stand round a pie beside the middles of its wedges."""
    if cause.cause is not Cause.VALUE or cause.element is None or cause.element.within("wedge") is None:
        return False
    moved = item.cause is Cause.MOVED and _kind(item) in (*_TEXTS, "legend")
    return moved or (item.cause is Cause.UNEXPLAINED and _kind(item) == "tick labels")


def _ticks_follow_frame(item: Discrepancy, cause: Discrepancy) -> bool:
    """Tick labels that merely look different beside a frame that moved, or along a range that changed."""
    if item.cause is not Cause.UNEXPLAINED or _kind(item) != "tick labels":
        return False
    axis = item.element.of if item.element else None
    return _frame_moved(cause) or (cause.cause is Cause.RANGE and cause.element == axis)


def _range_follows_data(item: Discrepancy, cause: Discrepancy) -> bool:
    """A range that the data set: one value was or is beyond the other range, or what reached it is gone.

    A value lies in the range of its own axis in either picture: else the range is of the other axis.
    """
    if item.cause is not Cause.RANGE or not _in_one_axes(item, cause) or not _of_mark(cause):
        return False
    # An axis may run downwards.
    was, now = (sorted(_numbers(side)) for side in (item.reference, item.render))
    if not len(was) == len(now) == _LIMITS:
        return False
    if cause.cause is Cause.MISSING:
        return was[0] <= now[0] and now[1] <= was[1]
    before, after = (_numbers(side) for side in (cause.reference, cause.render))
    if cause.cause is not Cause.VALUE or not len(before) == len(after) == 1:
        return False
    own = was[0] <= before[0] <= was[1] and now[0] <= after[0] <= now[1]
    return own and not (was[0] <= after[0] <= was[1] and now[0] <= before[0] <= now[1])


def _numbers(value: Value | None) -> list[float]:
    """The numbers that a value is of; none of words."""
    parts = value if isinstance(value, tuple) else (value,)
    return [float(part) for part in parts if isinstance(part, int | float)]


def _texts_follow_face(item: Discrepancy, cause: Discrepancy) -> bool:
    """In another typeface tick labels look different, and a legend is as wide as its labels."""
    if cause.cause is not Cause.FACE:
        return False
    ticks = _kind(item) == "tick labels" and item.cause is Cause.UNEXPLAINED
    return ticks or (_kind(item) == "legend" and item.cause is Cause.RESIZED)


def _rest_follows_neighbour(item: Discrepancy, cause: Discrepancy) -> bool:
    """What is left right beside something found is the rest of it."""
    if item.cause is not Cause.UNEXPLAINED or item.box is None or _kind(item) == "tick labels":
        return False
    if cause.cause in (Cause.UNEXPLAINED, Cause.FACE) or cause.box is None:
        return False
    return overlap(item.box, cause.box, _BESIDE) and _area(item.box) <= _NO_LARGER * _area(cause.box)


_FOLLOWS: tuple[Callable[[Discrepancy, Discrepancy], bool], ...] = (
    _legend_follows_series,
    _text_follows_layout,
    _frame_follows_text,
    _labels_follow_wedges,
    _ticks_follow_frame,
    _range_follows_data,
    _texts_follow_face,
    _rest_follows_neighbour,
)


def _nouns() -> set[str]:
    return {mark.traits.noun for mark in MARKS}


def _of_mark(item: Discrepancy) -> bool:
    """Whether something is said of a mark, or of a part of one."""
    return item.element is not None and any(item.element.within(noun) for noun in _nouns())


def _kind(item: Discrepancy) -> str:
    return item.element.kind if item.element else ""


def _axes_of(item: Discrepancy) -> Element | None:
    return item.element.within("axes") if item.element else None


def _in_one_axes(one: Discrepancy, other: Discrepancy) -> bool:
    return _axes_of(one) == _axes_of(other)


def _area(box: Box) -> float:
    return max(1.0, box.width * box.height)


def _together(found: list[Discrepancy]) -> list[Discrepancy]:
    """Many of one cause in like elements of one axes, equal ones, or several unexplained places, as one."""
    groups: dict[tuple[object, ...], list[Discrepancy]] = {}
    for place, item in enumerate(found):
        alone = place if item.cause in _COUNTED else None
        key = (item.category, item.cause, _kind(item), _axes_of(item), alone)
        groups.setdefault(key, []).append(item)
    kept: list[Discrepancy] = []
    for items in groups.values():
        one = items[0].cause is Cause.UNEXPLAINED or len({(i.reference, i.render) for i in items}) == 1
        many = len(items) > (1 if one else _MOST)
        kept += [joined(items[0], items)] if many else items
    return kept
