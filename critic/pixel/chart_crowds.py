"""Compares crowds of translucent points: of thousands, those that the pixels say are gone, added or moved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.pixel.chart_geometry import apart, around, box_of, path_of
from critic.pixel.chart_pixels import Mask, differing, without
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Axes, Points, Series
from critic.types import Box, Discrepancy, Severity
from renderers.types import Image

_LEAST = 20
"""Fewer points are compared one by one."""
_SAME_COLOUR = 40
_NEAR = 2.5
"""Pixels up to which a point of the other picture is the same one."""
_SHARE = 0.4
"""Of a point's pixels that must differ for it to be told."""
_CLEAR = 0.5
"""Part of a single point's contrast by which pixels must differ."""
_FAINT = 8.0
_SOME, _MANY = 0.05, 0.3
"""Shares of a group's points from which a difference is medium, and severe."""


def is_crowd(series: Series) -> bool:
    """Whether a series is a group of many translucent points of one colour."""
    return (
        isinstance(series, Points)
        and series.alpha < 1
        and len(series.x) >= _LEAST
        and len(set(series.colours)) == 1
    )


def compare_crowds(
    where: str, one: Axes, other: Axes, different: Mask, images: tuple[Image, Image]
) -> list[Discrepancy]:
    """Differences of the crowds of two axes; their places are taken out of ``different``."""
    left = [series for series in other.series if isinstance(series, Points) and is_crowd(series)]
    found: list[Discrepancy] = []
    for ours in one.series:
        if not isinstance(ours, Points) or not is_crowd(ours):
            continue
        mate = min(left, key=lambda s: apart(s.colours[0], ours.colours[0]), default=None)
        if mate is not None and apart(mate.colours[0], ours.colours[0]) > _SAME_COLOUR:
            mate = None
        if mate is not None:
            left.remove(mate)
        found += _compared(where, ours, mate, one, other, images)
    for extra in left:
        away = _changed(extra, other, one.face, images)
        if away.sum() > _MANY * len(away):
            found.append(_said(where, extra, other, away, len(away), "not in the reference", 2))
    for series in one.series if found else ():
        if is_crowd(series):
            # Of so many points not all are read: what else differs among them is of the same kind.
            without(different, box_of(series, one))
    return _together(found)


def _together(found: list[Discrepancy]) -> list[Discrepancy]:
    """Points that differ in several groups as one difference: what is severe is said by itself."""
    single = [item for item in found if item.category == "data_error"]
    if len(single) < 2:
        return found
    text = "; ".join(item.description for item in single)
    boxes = [item.box for item in single if item.box is not None]
    worst = max(single, key=lambda item: item.severity)
    joined = worst.model_copy(update={"description": text, "box": around(boxes) if boxes else None})
    return [*(item for item in found if item.category != "data_error"), joined]


def _compared(
    where: str, ours: Points, mate: Points | None, one: Axes, other: Axes, images: tuple[Image, Image]
) -> list[Discrepancy]:
    changed = _changed(ours, one, one.face, images)
    if mate is None:
        if changed.sum() <= _MANY * len(changed):
            return []
        return [_said(where, ours, one, changed, len(changed), "missing", 3)]
    if abs(ours.alpha - mate.alpha) > 0.12 and changed.mean() > _MANY:
        text = f"alpha of the points in {ours.colours[0]}: reference {ours.alpha:g}, render {mate.alpha:g}"
        box = box_of(ours, one)
        return [Discrepancy(category="style_error", severity=2, location=where, box=box, description=text)]
    here, there = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
    gone = changed & ~_matched(here, there, ours, mate)
    new = _changed(mate, other, one.face, images) & ~_matched(there, here, mate, ours)
    found = []
    for series, axes, which, what in (
        (ours, one, gone, "missing or elsewhere"),
        (mate, other, new, "not in the reference"),
    ):
        share = which.sum() / len(ours.x)
        if which.any():
            severity: Severity = 1 if share < _SOME else 2 if share < _MANY else 3
            found.append(_said(where, series, axes, which, len(which), what, severity))
    return found


def _matched(
    here: NDArray[np.float64], there: NDArray[np.float64], ours: Points, mate: Points
) -> NDArray[np.bool_]:
    """Which points have one of about their size at their place in the other picture."""
    near = cKDTree(there).query_ball_point(here, _NEAR)
    sizes, others = np.array(ours.sizes), np.array(mate.sizes)
    return np.array(
        [any(0.6 < others[k] / size < 1.6 for k in found) for found, size in zip(near, sizes, strict=True)]
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
    where: str, points: Points, axes: Axes, which: NDArray[np.bool_], of: int, what: str, severity: Severity
) -> Discrepancy:
    """How many points, and where one of them is."""
    at = path_of(points.x, points.y, axes)[which]
    boxes = [Box(float(x) - 8, float(y) - 8, float(x) + 8, float(y) + 8) for x, y in at]
    first = int(np.where(which)[0][0])
    named = f" {points.label!r}" if points.label else ""
    text = (
        f"{int(which.sum())} of {of} points{named} in {points.colours[0]} {what}, "
        f"such as ({points.x[first]:g}, {points.y[first]:g})"
    )
    category = "structure_error" if severity == 3 else "data_error"
    return Discrepancy(
        category=category, severity=severity, location=where, box=around(boxes), description=text
    )
