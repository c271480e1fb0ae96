"""What is drawn in a plot area: marks make claims on its ink, and those that explain it best hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import cv2
import numpy as np

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.claims import Claim, Layer, Sight, plane_of, settled
from critic.marks.geometry import Mask
from critic.marks.known import MARKS, Series
from critic.marks.line import Line
from critic.marks.parts import Legend
from critic.marks.texts import Text
from critic.reading.chart.colours import far, near, rgb_of
from critic.reading.chart.hollow import filled_markers, hollowed
from critic.reading.chart.layers import mixes, split_layers
from critic.reading.chart.named_layers import with_named
from critic.reading.chart.plot import Plot

_LEAST = 12
"""Pixels of the smallest ink of a colour that can be anything."""
_RIM, _OUTLINE, _HAIRLINE, _ALONG = 7, 11, 0.5, 0.85
"""Working pixels across the square that makes a band of a bar's edge, and of an edge that is outlined; points
of the width in which a line is laid on it, and share of the line that lies in such bands where it is the
bars' rim."""
_LINE_RIM = 3
"""Working pixels across the square that adds the blended rim to a line, laid with a pixel to spare."""
_BLEND = 24
"""Levels by which a rim is off the blend of two colours: a grid line may lie behind both."""
_SAME = 10
"""Levels within which a pixel has the colour of a rim: a translucent filling beside it is 20 off."""
_SHOWN = 12
"""Levels from the face at which a pixel is ink."""


def read_series(plot: Plot, legends: list[Legend], texts: list[Text]) -> tuple[list[Series], list[Text]]:
    """The series of an axes, back to front, and the texts among them that stand for themselves."""
    plot, holes = filled_markers(plot)
    layers = [Layer(colour, mask, index) for index, (colour, mask) in enumerate(split_layers(plot))]
    sight = Sight(plot, tuple(layers), tuple(legends))
    series: list[Series] = []
    whole = _whole(sight)
    if whole is not None:
        series += whole.marks
        plot = plot if whole.rest is None else whole.rest
    series += _by_colour(plot, legends)
    series.sort(key=lambda mark: mark.traits.order)
    for mark in MARKS:
        series = mark.joined(plot, series)
    return hollowed(_without_rims(series, plot), holes, plot), texts


def _without_rims(series: list[Series], plot: Plot) -> list[Series]:
    """The marks without lines that are nothing but the outlines and blended rims of fillings and lines."""
    filled = [mark for mark in series if isinstance(mark, Bars | Area)]
    plane, shape = plane_of(plot), (plot.pixels.shape[0], plot.pixels.shape[1])
    rims = np.zeros(shape, bool)
    for mark in filled:
        ink = mark.ink(plane, shape).astype(np.uint8)
        kernel = np.ones((_OUTLINE,) * 2 if mark.outlined(plane) else (_RIM,) * 2, np.uint8)
        rims |= cv2.dilate(ink, kernel) > cv2.erode(ink, kernel)
    edges = [rgb_of(mark.edge) for mark in filled if isinstance(mark, Bars) and mark.edge]
    drawn = [mark for mark in series if mark.traits.single and mark.palette]
    lines = [(mark, mark.ink(plane, shape)) for mark in series if isinstance(mark, Line)]

    def is_rim(mark: Series) -> bool:
        if not isinstance(mark, Line) or mark.marker:
            return False
        own = rgb_of(mark.colour)
        colours = [plot.face, *edges, *(rgb_of(m.palette[0]) for m in drawn if m is not mark)]
        ink = mark.model_copy(update={"width": _HAIRLINE}).ink(plane, shape)
        # Only where it shows: pieces of a rim are joined over what is none.
        ink &= near(plot.pixels, own, _SAME)
        larger = [mask for other, mask in lines if other.colour != mark.colour and mask.sum() > ink.sum()]
        bands = rims | np.logical_or.reduce([_grown(mask) for mask in larger]) if larger else rims
        along = float((ink & bands).sum()) > _ALONG * float(ink.sum())
        return along and (
            any(np.abs(own - edge).max() <= _BLEND for edge in edges)
            or any(mixes(own, one, other, _BLEND) for one, other in combinations(colours, 2))
        )

    return [mark for mark in series if not is_rim(mark)]


def _grown(mask: Mask) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((_LINE_RIM, _LINE_RIM), np.uint8)) > 0)


def _whole(sight: Sight) -> Claim | None:
    """What explains the area as a whole, or all of it but a little, better than colour by colour."""
    claims = (claim for mark in MARKS for claim in mark.read(sight))
    ink = np.asarray(far(sight.plot.pixels, sight.plot.face, _SHOWN) & ~sight.plot.hidden)
    return settled(claims, sight.plot, ink)


def _by_colour(plot: Plot, legends: list[Legend]) -> Iterator[Series]:
    """What explains each colour, the most frequent first."""
    taken = np.zeros(plot.hidden.shape, bool)
    layers = with_named(plot, split_layers(plot), legends)
    sight = Sight(plot, (), tuple(legends))
    for index, (colour, whole) in enumerate(layers):
        layer = Layer(colour, np.asarray(whole & ~taken), index)
        if layer.mask.sum() < _LEAST:
            continue
        given = replace(sight, layer=layer)
        claims = (claim for mark in MARKS for claim in mark.read(given))
        claim = settled(claims, plot, layer.mask)
        if claim is None:
            continue
        yield from claim.marks
        if claim.rim:
            kernel = np.ones((claim.rim, claim.rim), np.uint8)
            taken |= cv2.dilate(layer.mask.astype(np.uint8), kernel) > 0
