"""What answers have in common: the element that is meant, and by how much it is off."""

from __future__ import annotations

from collections.abc import Callable

from critic.elements import Value, shift
from critic.reading.chart.description import Axes, Chart, Text
from critic.types import Box, Discrepancy, Element

Answering = Callable[[Chart, Chart, Discrepancy, Element], Chart | None]
"""From the description, a fresh reading of the reference, what is wrong with what: a better description."""


def place_of(element: Element) -> int:
    """The number of the axes that an element is in."""
    axes = element.within("axes")
    return axes.index[0] if axes is not None and axes.index else 0


def axes_of(chart: Chart, element: Element) -> Axes | None:
    """The axes that an element is in; None where the chart has no such axes."""
    place = place_of(element)
    return chart.axes[place] if place < len(chart.axes) else None


def common(one: Box, other: Box) -> float:
    """Intersection over union."""
    shared = one.overlap(other)
    return shared / max(1.0, one.area + other.area - shared)


def _number(value: Value | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def off(item: Discrepancy) -> float | None:
    """By how much the reference's number is larger than the render's."""
    one, other = _number(item.reference), _number(item.render)
    return None if one is None or other is None else one - other


def ratio_of(item: Discrepancy) -> float | None:
    """How many times as large as the render's the reference's number is; None for what is no number."""
    one, other = _number(item.reference), _number(item.render)
    return one / other if one and other else None


def way_of(item: Discrepancy) -> tuple[int, int] | None:
    """Pixels across and down to the reference's place; None where no two places are known."""
    if item.reference is None or item.render is None:
        return None
    return shift(item.reference, item.render)


def nudged(part: Text, way: tuple[int, int]) -> Text:
    """A text drawn so many pixels further."""
    return part.model_copy(update={"nudge": (part.nudge[0] + way[0], part.nudge[1] + way[1])})


def numbers(value: Value | None) -> tuple[float, ...]:
    """A measured value's numbers; none for texts."""
    if not isinstance(value, tuple):
        return ()
    return tuple(part for part in value if isinstance(part, int | float))


def colour_of(item: Discrepancy) -> str | None:
    """The reference's colour."""
    return item.reference if isinstance(item.reference, str) and item.reference.startswith("#") else None
