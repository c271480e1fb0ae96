"""Compares crowds of translucent points: of thousands, those that the pixels say are gone, added or moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.pixel.chart_geometry import apart, around, box_of, path_of
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, Rank
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Axes, Points, Series
from critic.types import Box, Cause, Discrepancy, Element, Severity, difference, joined
from renderers.types import Image

_SAME_COLOUR = 40
_NEAR = 2.5
"""Pixels up to which a point of the other picture is the same one."""
_SIZES = (0.6, 1.6)
"""Between these ratios of area two points are as large: fits of blended discs are off by a quarter of it."""
_SHARE = 0.4
"""Of a point's pixels that must differ for it to be told."""
_CLEAR = 0.5
"""Part of a single point's contrast by which pixels must differ."""
_FAINT = 8.0
_ALPHA = 0.12
"""By which opacities must differ: fits of blended discs come within 0.1."""
_SEVERE: Severity = 3
_SOME, _MANY = 0.05, 0.3
"""Shares of a group's points from which a difference is medium, and severe."""


def is_crowd(series: Series) -> bool:
    """Whether a series is a group of many translucent points of one colour."""
    return crowd_of(series) is not None


def crowd_of(series: Series) -> Points | None:
    """The points of a series that is a crowd."""
    points = series.loose_points()
    return points if points is not None and points.crowded else None


def compare_crowds(view: View) -> list[Claim]:
    """Differences of the crowds of two axes."""
    left = [crowd for series in view.other.series if (crowd := crowd_of(series)) is not None]
    found: list[Discrepancy] = []
    for series in view.one.series:
        if (ours := crowd_of(series)) is None:
            continue
        mate = min(left, key=lambda s: apart(s.colours[0], ours.colours[0]), default=None)
        if mate is not None and apart(mate.colours[0], ours.colours[0]) > _SAME_COLOUR:
            mate = None
        if mate is not None:
            left.remove(mate)
        found += _compared(ours, mate, view)
    for extra in left:
        away = _changed(extra, view.other, view.one.face, view.images)
        if away.sum() > _MANY * len(away):
            found += _said(Cause.EXTRA, extra, view, 1, away, 2)
    # Of so many points not all are read: what else differs among them is of the same kind.
    crowds = [(series, view.one) for series in view.one.series if is_crowd(series)]
    places = [box_of(series, axes) for series, axes in crowds]
    return [
        Claim(item, Rank.MARK, box, least=-1)
        for item in _together(found)
        for box in ([item.box] if item.box else []) + places
    ]


def _together(found: list[Discrepancy]) -> list[Discrepancy]:
    """Points that differ in several groups as one difference: what is severe is said by itself."""
    single = [item for item in found if item.category == "data_error"]
    if not single:
        return found
    worst = max(single, key=lambda item: item.severity)
    return [*(item for item in found if item.category != "data_error"), joined(worst, single)]


def _compared(ours: Points, mate: Points | None, view: View) -> list[Discrepancy]:
    changed = _changed(ours, view.one, view.one.face, view.images)
    if mate is None:
        if changed.sum() <= _MANY * len(changed):
            return []
        return _said(Cause.MISSING, ours, view, 0, changed, 3)
    if abs(ours.alpha - mate.alpha) > _ALPHA and changed.mean() > _MANY:
        said = difference(
            "style_error",
            2,
            Cause.OPACITY,
            view.mark(ours),
            box_of(ours, view.one),
            reference=ours.alpha,
            render=mate.alpha,
        )
        return [] if said is None else [said]
    here, there = path_of(ours.x, ours.y, view.one), path_of(mate.x, mate.y, view.other)
    gone = changed & ~_matched(here, there, ours, mate)
    new = _changed(mate, view.other, view.one.face, view.images) & ~_matched(there, here, mate, ours)
    found: list[Discrepancy] = []
    for cause, series, side, which in ((Cause.MISSING, ours, 0, gone), (Cause.EXTRA, mate, 1, new)):
        share = which.sum() / len(ours.x)
        if which.any():
            severity: Severity = 1 if share < _SOME else 2 if share < _MANY else 3
            found += _said(cause, series, view, side, which, severity)
    return found


def _matched(
    here: NDArray[np.float64], there: NDArray[np.float64], ours: Points, mate: Points
) -> NDArray[np.bool_]:
    """Which points have one of about their size at their place in the other picture."""
    near = cKDTree(there).query_ball_point(here, _NEAR)
    sizes, others = np.array(ours.sizes), np.array(mate.sizes)
    return np.array(
        [
            any(_SIZES[0] < others[k] / size < _SIZES[1] for k in found)
            for found, size in zip(near, sizes, strict=True)
        ]
    )


def _changed(points: Points, axes: Axes, face: str, images: tuple[Image, Image]) -> NDArray[np.bool_]:
    """Which points' own pixels differ by a good part of what one point changes."""
    contrast = points.alpha * float(np.abs(rgb_of(points.colours[0]) - rgb_of(face)).max())
    mask = differing(*images, tolerance=max(_FAINT, _CLEAR * contrast))
    height, width = mask.shape
    radii = np.maximum(0.7 * np.sqrt(points.sizes), 1.0)
    found = []
    for (x, y), radius in zip(path_of(points.x, points.y, axes), radii, strict=True):
        x0, y0 = max(0, int(x - radius)), max(0, int(y - radius))
        part = mask[y0 : min(height, int(y + radius) + 1), x0 : min(width, int(x + radius) + 1)]
        found.append(part.size > 0 and float(part.mean()) > _SHARE)
    return np.array(found, bool)


def _said(
    cause: Cause, points: Points, view: View, side: int, which: NDArray[np.bool_], severity: Severity
) -> list[Discrepancy]:
    """How many points of one side's crowd, and where one of them is."""
    at = path_of(points.x, points.y, (view.one, view.other)[side])[which]
    boxes = [Box(float(x) - 8, float(y) - 8, float(x) + 8, float(y) + 8) for x, y in at]
    first = int(np.where(which)[0][0])
    whole = view.mark(points)
    said = difference(
        "structure_error" if severity == _SEVERE else "data_error",
        severity,
        cause,
        whole if which.all() else Element(kind="part", of=whole),
        around(boxes),
        aside=f"{int(which.sum())} of {len(which)} points, "
        f"such as ({points.x[first]:g}, {points.y[first]:g})",
    )
    return [] if said is None else [said]
