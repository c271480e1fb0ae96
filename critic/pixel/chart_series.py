"""Pairs the series of two axes by type, colour and place; the pixels decide which are gone or repainted."""

from __future__ import annotations

from typing import Any

import numpy as np

from critic.pixel.chart_crowds import compare_crowds, is_crowd
from critic.pixel.chart_geometry import apart, around, box_of, colours_of, off_path, path_of
from critic.pixel.chart_ink import fate_of
from critic.pixel.chart_marks import (
    FEW,
    SAME,
    compare_areas,
    compare_bars,
    compare_boxes,
    compare_heat_maps,
    compare_lines,
    compare_points,
    compare_rings,
    compare_stems,
)
from critic.pixel.chart_pixels import Mask, count_in, without
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Boxes,
    Grid2D,
    Line,
    Points,
    Ring,
    Series,
    Stems,
)
from critic.types import Box, Discrepancy
from renderers.types import Image

_NAMES = {
    "bars": "bars",
    "steps": "steps",
    "line": "line",
    "errors": "error bars",
    "stems": "stems",
    "points": "points",
    "area": "area",
    "shape": "region",
    "boxes": "box plot",
    "ring": "pie",
    "heatmap": "heat map",
    "colourbar": "colour bar",
}
_FILLED = ("bars", "area", "shape", "steps")


def compare_series(
    where: str, one: Axes, other: Axes, different: Mask, images: tuple[Image, Image]
) -> list[Discrepancy]:
    """Differences of the series; what they explain is taken out of ``different``."""
    found = compare_crowds(where, one, other, different, images)
    left = [series for series in other.series if not is_crowd(series)]
    rest: list[Series] = []
    for ours in one.series:
        if is_crowd(ours):
            continue
        said = _by_fate(where, ours, one, other, left, different, images)
        if said is None:
            rest.append(ours)
        else:
            found.append(said)
    pairs, alone = _paired(rest, left, one, other)
    for ours, mate in pairs:
        found += _pair(where, ours, mate, one, other, different, images)
    for ours in alone:
        box = box_of(ours, one)
        if _own(ours, images[0], different, box) > 2 * FEW and _weight(ours) > 1:
            found.append(_missing(where, ours, left, box))
            without(different, box)
    for theirs in left:
        box = box_of(theirs, other)
        if _own(theirs, images[1], different, box) > 3 * FEW and _weight(theirs) > 1:
            text = f"{_named(theirs)} not in the reference"
            found.append(
                Discrepancy(category="structure_error", severity=2, location=where, box=box, description=text)
            )
            without(different, box)
    return found


def _by_fate(
    where: str,
    ours: Series,
    one: Axes,
    other: Axes,
    left: list[Series],
    different: Mask,
    images: tuple[Image, Image],
) -> Discrepancy | None:
    """A series whose pixels all show another colour, or nothing while no other drawing took its place."""
    box = box_of(ours, one)
    if isinstance(ours, (Ring, Grid2D)) or count_in(different, box) <= FEW or _weight(ours) < 2:
        return None
    fate = fate_of(ours, one, *images)
    if fate is None or fate.kept > 0.25:
        return None
    if fate.repainted is not None and not _drawn_by_another(fate.repainted, one):
        twin = next(
            (o for o in left if _close(colours_of(o)[0], fate.repainted) and _meets(box, o, other)), None
        )
        if twin is not None:
            left.remove(twin)
        without(different, box)
        text = f"colour of the {_NAMES[ours.type]}: reference {colours_of(ours)[0]}, render {fate.repainted}"
        return Discrepancy(category="style_error", severity=2, location=where, box=box, description=text)
    mates = [o for o in left if o.type == ours.type and _close(colours_of(o)[0], colours_of(ours)[0])]
    rivals = [s for s in one.series if s.type == ours.type and _close(colours_of(s)[0], colours_of(ours)[0])]
    if fate.bare > 0.6 and len(mates) < len(rivals):
        without(different, box)
        text = f"{_named(ours)} missing"
        return Discrepancy(category="structure_error", severity=3, location=where, box=box, description=text)
    return None


def _close(one: str, other: str) -> bool:
    return apart(one, other) <= SAME


def _drawn_by_another(colour: str, axes: Axes) -> bool:
    """Whether a colour is another series' own: what shows is that one, uncovered."""
    return any(_close(colour, c) for s in axes.series for c in colours_of(s)[:12])


def _meets(box: Box, series: Series, axes: Axes) -> bool:
    b = box_of(series, axes)
    across, down = min(box.x1, b.x1) - max(box.x0, b.x0), min(box.y1, b.y1) - max(box.y0, b.y0)
    return across > 0.3 * (box.x1 - box.x0) and down > 0.3 * (box.y1 - box.y0)


def _paired(
    ours: list[Series], left: list[Series], one: Axes, other: Axes
) -> tuple[list[tuple[Series, Series]], list[Series]]:
    """Nearest pairs first; who has no mate. Mates are taken out of ``left``."""
    ranked = sorted(
        (
            (_distance(a, b, one, other), apart(colours_of(a)[0], colours_of(b)[0]), i, j)
            for i, a in enumerate(ours)
            for j, b in enumerate(left)
            if a.type == b.type
            and (isinstance(a, (Ring, Grid2D)) or _close(colours_of(a)[0], colours_of(b)[0]))
        )
    )
    mates: dict[int, int] = {}
    for _, _, i, j in ranked:
        if i not in mates and j not in mates.values():
            mates[i] = j
    pairs = [(ours[i], left[j]) for i, j in sorted(mates.items())]
    alone = [series for i, series in enumerate(ours) if i not in mates]
    left[:] = [series for j, series in enumerate(left) if j not in mates.values()]
    return pairs, alone


def _distance(ours: Any, mate: Any, one: Axes, other: Axes) -> float:
    if isinstance(ours, Ring):
        return float(abs(ours.radius - mate.radius))
    if isinstance(ours, Line):
        a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
        away = np.median(off_path(a, b)) + np.median(off_path(b, a))
        return float(min(away, 1e6) + 30 * (ours.style != mate.style))
    return 0.0


def _own(series: Series, image: Image, different: Mask, box: Box) -> int:
    """Differing pixels in a box that show the series' own colours."""
    rows, columns = slice(max(0, int(box.y0)), int(box.y1) + 1), slice(max(0, int(box.x0)), int(box.x1) + 1)
    region, mask = image[rows, columns], different[rows, columns]
    if not region.size:
        return 0
    own = np.zeros(mask.shape, bool)
    for colour in set(colours_of(series)[:12]):
        own |= near(region, rgb_of(colour), SAME)
    return int((own & mask).sum())


def _weight(series: Series) -> int:
    values = getattr(series, "values", None) or getattr(series, "x", None) or (0, 0)
    return len(values)


def _named(series: Series) -> str:
    label = getattr(series, "label", "")
    named = f"{_NAMES[series.type]} {label!r}" if label else _NAMES[series.type]
    return f"{named} in {colours_of(series)[0]}"


def _missing(where: str, ours: Series, left: list[Series], box: Box) -> Discrepancy:
    mate = next((o for o in left if _close(colours_of(o)[0], colours_of(ours)[0])), None)
    if mate is None:
        text = f"{_named(ours)} missing"
        return Discrepancy(category="structure_error", severity=3, location=where, box=box, description=text)
    left.remove(mate)
    # Fillings of one colour that read as another type were given other values.
    filled = ours.type in _FILLED and mate.type in _FILLED
    text = f"reference has {_named(ours)}, the render {_named(mate)}"
    category = "data_error" if filled else "structure_error"
    return Discrepancy(category=category, severity=3, location=where, box=box, description=text)


def _pair(
    where: str,
    ours: Series,
    mate: Any,
    one: Axes,
    other: Axes,
    different: Mask,
    images: tuple[Image, Image],
) -> list[Discrepancy]:
    box = around([box_of(ours, one), box_of(mate, other)])
    if count_in(different, box) <= FEW:
        return []
    if isinstance(ours, Bars):
        return compare_bars(where, ours, mate, one, other, different)
    if isinstance(ours, Grid2D):
        return compare_heat_maps(where, ours, mate, one, different)
    said = None
    if isinstance(ours, Stems):
        said = compare_stems(where, ours, mate, one, other, box)
    elif isinstance(ours, Line):
        said = compare_lines(where, ours, mate, one, other, box, images)
    elif isinstance(ours, Points):
        said = compare_points(where, ours, mate, one, box)
    elif isinstance(ours, Boxes):
        said = compare_boxes(where, ours, mate, one, box)
    elif isinstance(ours, Ring):
        said = compare_rings(where, ours, mate, box)
    elif isinstance(ours, Area):
        said = compare_areas(where, ours, mate, one, box)
    if said is None:
        return []
    without(different, said.box or box)
    return [said]
