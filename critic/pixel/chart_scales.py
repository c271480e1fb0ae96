"""Tells marks that were changed from a scale that was: the one explains that the other stands elsewhere."""

from __future__ import annotations

from dataclasses import replace

from critic.pixel.chart_geometry import pixel_of
from critic.pixel.chart_series import compare_series, lost_series
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, Rank
from critic.reading.chart.description import Scale
from critic.types import Cause, difference

_MAPPED_OFF = 1.2
"""Pixels between the places of one value on two axes from which its scale may be the cause."""
_DATA = ("data_error", "structure_error")


def series_or_scale(view: View, ticks: list[Claim]) -> list[Claim]:
    """The differences of the series, or the change of scale that accounts for them.

    Where all marks stand elsewhere, yet have the same values on the axes that they are drawn on, it is the
    mapping of values to pixels that changed. Series that are gone are told whatever the scale is.

    Args:
        view: The two axes.
        ticks: What was found of their ticks.
    """
    if any(claim.finding.cause in (Cause.RANGE, Cause.SCALE) for claim in ticks):
        return lost_series(view)
    found = compare_series(view)
    gaps = _mapping_gaps(view)
    if max(gaps.values()) < _MAPPED_OFF or not any(claim.finding.category in _DATA for claim in found):
        return found
    one, other = view.one, view.other
    mapped = other.model_copy(update={"x": one.x, "y": one.y, "box": one.box})
    if compare_series(replace(view, other=mapped)):
        return found
    name = max(gaps, key=lambda key: gaps[key])
    a, b = (getattr(axes, name) for axes in (one, other))
    said = difference(
        "data_error",
        2,
        Cause.RANGE,
        view.part(f"{name} axis"),
        one.box,
        reference=(a.low, a.high),
        render=(b.low, b.high),
    )
    return found if said is None else [Claim(said, Rank.SCALE, one.box, 0)]


def _mapping_gaps(view: View) -> dict[str, float]:
    """How many pixels apart the two axes put the same values, at most, along each direction."""
    one, other = view.one, view.other
    a, b = one.box, other.box
    return {
        "x": _gap(one.x, other.x, (a.x0, a.x1), (b.x0, b.x1)),
        "y": _gap(one.y, other.y, (a.y1, a.y0), (b.y1, b.y0)),
    }


def _gap(one: Scale, other: Scale, here: tuple[float, float], there: tuple[float, float]) -> float:
    return max(abs(pixel_of(one, *here, v) - pixel_of(other, *there, v)) for v in (one.low, one.high))
