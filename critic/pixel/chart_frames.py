"""Differences of figures and axes themselves: which there are, where they stand, their faces and grids."""

from __future__ import annotations

import numpy as np

from critic.pixel.chart_geometry import apart, box_of, overlap
from critic.pixel.chart_texts import axes_element
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, Rank
from critic.pixel.ledger import Ledger, Mask
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Axes, Chart
from critic.reading.chart.plot import lines_of
from critic.types import Box, Cause, Discrepancy, Element, Severity, difference
from renderers.types import Image

_OTHER_FACE = 12
"""Channel difference from which a plain surface is of another colour: JPEG moves large ones by under 6."""
_MOSTLY = 0.2
"""Share of an axes that must differ for its face to be another: bars may cover the rest."""
_OFF = 2.5
"""Pixels by which an edge of a frame may be off."""
_GRID = 100
"""Differing pixels from which a grid differs: one faint line across a small plot."""
_SPINE = 4
"""Pixels on both sides of a frame's edge that move with it: the spine, its marks and their blending."""


def compare_figures(
    ours: Chart, theirs: Chart, images: tuple[Image, Image], ledger: Ledger[Discrepancy]
) -> list[Claim]:
    """The background, wherever both pictures show theirs."""
    if apart(ours.background, theirs.background) <= _OTHER_FACE:
        return []
    said = difference(
        "style_error",
        2,
        Cause.RECOLOURED,
        Element(kind="background"),
        Box(0, 0, ours.width, ours.height),
        reference=ours.background,
        render=theirs.background,
    )
    shown = _shown(images, ours.background, theirs.background)
    return [] if said is None else [Claim(said, Rank.FRAME, shown, proof=shown)]


def _shown(images: tuple[Image, Image], one: str, other: str) -> Mask:
    """Where each picture shows a colour of its own."""
    tolerance = _OTHER_FACE
    return np.asarray(near(images[0], rgb_of(one), tolerance) & near(images[1], rgb_of(other), tolerance))


def paired_axes(ours: Chart, theirs: Chart) -> list[tuple[int, int]]:
    """Which axes of two charts are the same: in their order where there are as many, else by shared area."""
    if len(ours.axes) == len(theirs.axes):
        return [(k, k) for k in range(len(ours.axes))]
    ranked = sorted(
        (-_shared(a.box, b.box), i, j)
        for i, a in enumerate(ours.axes)
        for j, b in enumerate(theirs.axes)
        if _shared(a.box, b.box) > 0
    )
    mates: dict[int, int] = {}
    for _, i, j in ranked:
        if i not in mates and j not in mates.values():
            mates[i] = j
    return sorted(mates.items())


def _shared(one: Box, other: Box) -> float:
    """Intersection over union."""
    if not overlap(one, other):
        return 0.0
    inside = (min(one.x1, other.x1) - max(one.x0, other.x0)) * (min(one.y1, other.y1) - max(one.y0, other.y0))
    areas = [b.width * b.height for b in (one, other)]
    return inside / max(1.0, sum(areas) - inside)


def lost_axes(chart: Chart, index: int, ledger: Ledger[Discrepancy]) -> list[Claim]:
    """An axes that the render lacks, with every series and legend in it: each is lost by itself."""
    axes = chart.axes[index]
    element = axes_element(chart, index)
    view = View(element, axes, axes, (_NO_PICTURE, _NO_PICTURE), ledger)
    whole = element or Element(kind="axes")
    parts: list[tuple[Element, Box]] = [(whole, axes.box)]
    parts += [(view.mark(series), box_of(series, axes)) for series in axes.series]
    parts += [(view.part("legend", legend.title), legend.box) for legend in axes.legends]
    return _alone(Cause.MISSING, 3, parts)


def extra_axes(chart: Chart, index: int) -> list[Claim]:
    """An axes that the reference lacks."""
    element = axes_element(chart, index) or Element(kind="axes")
    return _alone(Cause.EXTRA, 2, [(element, chart.axes[index].box)])


_NO_PICTURE: Image = np.zeros((1, 1, 3), np.uint8)


def _alone(cause: Cause, severity: Severity, parts: list[tuple[Element, Box]]) -> list[Claim]:
    found = []
    for element, box in parts:
        said = difference("structure_error", severity, cause, element, box)
        found += [] if said is None else [Claim(said, Rank.FRAME, box, _SPINE)]
    return found


def compare_frames(view: View) -> list[Claim]:
    """Where an axes stands, and its face."""
    return [*_place(view), *_face(view)]


def _place(view: View) -> list[Claim]:
    one, other = view.one.box, view.other.box
    if max(abs(a - b) for a, b in zip(one, other, strict=True)) <= _OFF or not view.one.visible:
        return []
    stretch = abs(one.width - other.width), abs(one.height - other.height)
    cause = Cause.RESIZED if max(stretch) > _OFF else Cause.MOVED
    element = view.element or Element(kind="axes")
    said = difference("structure_error", 1, cause, element, one, reference=one, render=other)
    edges = _edges(one, view) | _edges(other, view)
    return [] if said is None else [Claim(said, Rank.FRAME, edges, proof=edges)]


def _edges(box: Box, view: View) -> Mask:
    """The pixels along the sides of a frame."""
    mask = np.zeros(view.ledger.visible.shape, bool)
    x0, y0, x1, y1 = (round(part) for part in box)
    for rows in (slice(max(0, y0 - _SPINE), y0 + _SPINE), slice(max(0, y1 - _SPINE), y1 + _SPINE)):
        mask[rows, max(0, x0 - _SPINE) : x1 + _SPINE] = True
    for columns in (slice(max(0, x0 - _SPINE), x0 + _SPINE), slice(max(0, x1 - _SPINE), x1 + _SPINE)):
        mask[max(0, y0 - _SPINE) : y1 + _SPINE, columns] = True
    return mask


def _face(view: View) -> list[Claim]:
    """The face's colour, where most of the rectangle shows it."""
    one, other = view.one, view.other
    b = one.box
    if apart(one.face, other.face) <= _OTHER_FACE or view.seen(b) < _MOSTLY * b.width * b.height:
        return []
    said = difference(
        "style_error",
        1,
        Cause.RECOLOURED,
        view.part("face"),
        b,
        reference=one.face,
        render=other.face,
    )
    shown = _shown(view.images, one.face, other.face)
    return [] if said is None else [Claim(said, Rank.FRAME, shown, proof=shown)]


_WAYS = {
    (True, True): "both ways",
    (True, False): "along x",
    (False, True): "along y",
    (False, False): "none",
}


def compare_grids(view: View) -> list[Claim]:
    """Which grid lines are drawn."""
    ours, theirs = (_ways(axes) for axes in (view.one, view.other))
    box = view.one.box
    if ours == theirs or view.seen(box) < _GRID:
        return []
    said = difference(
        "style_error",
        1,
        Cause.STYLE,
        view.part("grid lines"),
        box,
        reference=_WAYS[ours],
        render=_WAYS[theirs],
    )
    lines = _grid_pixels(view)
    return [] if said is None else [Claim(said, Rank.GRID, lines, proof=lines, least=_GRID)]


def _ways(axes: Axes) -> tuple[bool, bool]:
    return (axes.grid.x, axes.grid.y) if axes.grid else (False, False)


def _grid_pixels(view: View) -> Mask:
    """What differs in the rows and columns of the ticks, where grid lines run."""
    mask = np.zeros(view.ledger.visible.shape, bool)
    b = view.one.box
    x0, y0, x1, y1 = (max(0, round(part)) for part in b)
    for axes in (view.one, view.other):
        for at in map(round, lines_of(axes.x, b.x0, b.x1)):
            mask[y0:y1, max(0, at - 1) : at + 2] = True
        for at in map(round, lines_of(axes.y, b.y1, b.y0)):
            mask[max(0, at - 1) : at + 2, x0:x1] = True
    return mask
