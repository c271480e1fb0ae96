"""Tells marks that were changed from a scale that was: the one explains that the other stands elsewhere."""

from __future__ import annotations

from dataclasses import replace

from critic.pixel.chart_frames import compare_grids
from critic.pixel.chart_geometry import pixel_of
from critic.pixel.chart_remapped import on_our_axes
from critic.pixel.chart_series import compare_series, lost_series
from critic.pixel.chart_texts import at_labels
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, Rank
from critic.reading.chart.description import Scale
from critic.types import Cause, difference

_MAPPED_OFF = 1.2
"""Pixels between the places of one value on two axes from which its scale may be the cause."""
_ELSEWHERE = 2.5
"""Pixels by which the edges of two frames are apart, as in ``chart_frames``."""
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
        lost = (replace(claim, least=-1) for claim in lost_series(view))  # the scale explains its pixels, too
        return [*lost, *_moved_marks(view)]
    if _is_elsewhere(view) and (same := on_our_axes(view)) is not None:
        return [*lost_series(view), *_seen_on(same)]
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
    if said is None:
        return found
    return [Claim(at_labels(said, a, (one.box,)), Rank.SCALE, one.box, 0), *_regridded(on_our_axes(view))]


def _moved_marks(view: View) -> list[Claim]:
    """Marks that have other values on another range, or another look, and grid lines: what else changed."""
    same = on_our_axes(view)
    return [] if same is None else [*_seen_on(same), *_regridded(same)]


def _regridded(same: View | None) -> list[Claim]:
    """Another grid, of two axes that were brought to one range, if they can be."""
    return [] if same is None else [replace(claim, least=-1) for claim in compare_grids(same)]


def _seen_on(same: View) -> list[Claim]:
    """The differences of the series of two axes that were brought to one place and one range."""
    found = [claim for claim in compare_series(same) if claim.finding.cause in _ON_ANY_RANGE]
    return [replace(claim, least=-1) for claim in found]


def _is_elsewhere(view: View) -> bool:
    """Whether the frames are not in one place, so that no mark is."""
    return max(abs(a - b) for a, b in zip(view.one.box, view.other.box, strict=True)) > _ELSEWHERE


_ON_ANY_RANGE = (Cause.VALUE, Cause.RECOLOURED, Cause.STYLE)
"""What is told of a mark whatever the range is. That one is gone is told by its colour (``lost_series``)."""


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
