"""Reads a picture into a drawing: zones, what lies on what, and the geometry of each shape."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes, find_objects, map_coordinates
from skimage.measure import find_contours

from critic.reading.reader import Reader
from critic.reading.svg.colour import hexadecimal
from critic.reading.svg.geometry import outline, path, primitive, round_outline
from critic.reading.svg.ink import one_ink
from critic.reading.svg.palette import Palette, read_palette
from critic.reading.svg.plainer import plainer
from critic.reading.svg.strokes import read_strokes
from critic.reading.svg.tighten import deviation, thinned
from critic.reading.svg.types import Circle, Drawing, Geometry, Point, Shape
from critic.reading.svg.zones import Field, Mask, Zones, enlarged, split
from renderers.types import Image

DRAFT_TOLERANCE = 0.16
"""How far outlines of a first reading may lie from the picture's, in pixels."""

_PER_SCALE = 0.6
"""An enlargement shows outlines no better than the picture: they are followed that much more loosely."""

_UNDERLAP = 3
_HIDDEN_SLACK = 5.0
_MIN_RING = 7.0
_CUT = 0.8
_MIN_AREA = 2.5
_COVERED = 0.9
"""Cover by what is drawn later above which a contour's point cannot be seen."""

_BY_RAMPS = 2.5
"""Factor on the tolerance in pictures with gradients, whose borders are seen less exactly."""

_LOOSE = (4.0, 1.5)
"""Factors on the tolerance for centre lines: few segments first, which are moved to the sides afterwards."""

_CLOSE, _EVEN_PEN = 0.25, 1.0
"""Pixels from its sides within which a pen's line needs no more segments, and from which it is none."""

_FAR_OFF = 1.5
"""Widths of a pen from its sides beyond which lines are none of it: of 40 strokes of Lucide, Tabler and signs
of pages that came to lie by their sides, none was read more than 1.1 widths away."""

_SEEN = 1.5
"""Factor on the tolerance below which a point can be seen: it is 1 or ``_HIDDEN_SLACK``."""

_LEAST_POINTS = 5
"""Points of the smallest ring, around one pixel, the first repeated as the last."""

_HALF_COVERED = 0.5
"""Cover at which a shape's outline runs."""

_UNCOVERED, _STRAY = 0.25, 2
"""Cover below which a pixel is not a shape's to draw on; so many such pixels are rounding."""

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Region:
    """What one shape is made of.

    Attributes:
        zone: The zone that shows its paint.
        filled: That zone and those that lie upon it.
        above: Zones drawn later that touch it: it may reach under them.
        area: Of ``filled``.
    """

    zone: int
    filled: tuple[int, ...]
    above: tuple[int, ...]
    area: float


@dataclass(frozen=True)
class Layers:
    """A picture taken apart: everything that shapes are made from.

    Attributes:
        zones: The picture as zones.
        palette: The zones' paints.
        regions: What is drawn, the lowest first.
        read: Shapes read before, by zone and tolerance.
    """

    zones: Zones
    palette: Palette
    regions: tuple[Region, ...]
    read: dict[tuple[int, float], Shape | None] = field(default_factory=dict, compare=False)


def arrange(zones: Zones) -> Layers:
    """Decide what lies on what: what encloses lies below, and so does the larger of two neighbours."""
    palette = read_palette(zones)
    touching = _adjacency(zones)
    drawn = [zone for zone in range(zones.count) if not palette.background[zone]]
    windows = find_objects(zones.first + 1, zones.count)
    filled = {zone: _filled(zones, zone, windows[zone], palette, touching) for zone in drawn}
    area = {zone: float(zones.areas[list(ids)].sum()) for zone, ids in filled.items()}
    order = sorted((zone for zone in drawn if filled[zone]), key=lambda zone: -area[zone])
    rank = {zone: position for position, zone in enumerate(order)}
    regions = []
    for zone in order:
        inside = set(filled[zone])
        border = {other for own in inside for other in touching[own]} - inside
        above = tuple(sorted(other for other in border if rank.get(other, -1) > rank[zone]))
        regions.append(Region(zone, filled[zone], above, area[zone]))
    return Layers(zones, palette, tuple(regions))


def _adjacency(zones: Zones) -> list[set[int]]:
    touching: list[set[int]] = [set() for _ in range(zones.count)]
    first = zones.first
    for one, other in ((first[:, 1:], first[:, :-1]), (first[1:], first[:-1])):
        different = one != other
        pairs = np.unique(np.stack([one[different], other[different]], axis=1), axis=0)
        for a, b in pairs.tolist():
            touching[a].add(b)
            touching[b].add(a)
    return touching


def _filled(
    zones: Zones,
    zone: int,
    window: tuple[slice, slice] | None,
    palette: Palette,
    touching: list[set[int]],
) -> tuple[int, ...]:
    """A zone and everything that it encloses, except where the background shows through."""
    if window is None:
        return ()
    crop = zones.first[window]
    enclosed = np.bincount(crop[binary_fill_holes(crop == zone)], minlength=zones.count)
    sizes = np.bincount(zones.first.ravel(), minlength=zones.count)
    inside = set(np.nonzero((enclosed > 0.9 * sizes) & (sizes > 0))[0].tolist())
    result, waiting = {zone}, [zone]
    while waiting:
        for other in touching[waiting.pop()]:
            if other in inside and other not in result and not palette.background[other]:
                result.add(other)
                waiting.append(other)
    return tuple(sorted(result))


def read_svg(image: Image, reader: Reader) -> Drawing:
    """The picture's shapes; a small picture's in the pixels of its enlargement."""
    large = enlarged(image)
    return read_drawing(reader.remember("svg", large, taken_apart))


def taken_apart(image: Image) -> Layers:
    """A picture's layers: exactly where it is of one ink, else by zones of like pixels."""
    return arrange(one_ink(image) or split(image))


def draft_tolerance(factor: float) -> float:
    """How far outlines may lie from those of an enlarged picture, in its pixels.

    Args:
        factor: By which it was enlarged.
    """
    return DRAFT_TOLERANCE * max(1.0, _PER_SCALE * factor)


def read_drawing(layers: Layers, tolerance: float = DRAFT_TOLERANCE) -> Drawing:
    """Every region as a shape."""
    height, width = layers.zones.first.shape
    shapes = []
    for region in layers.regions:
        shape = read_shape(layers, region, tolerance)
        if shape is not None:
            shapes.append(shape)
    ground = hexadecimal(layers.palette.ground)
    return Drawing(width=width, height=height, ground=ground, shapes=tuple(shapes))


def read_shape(layers: Layers, region: Region, tolerance: float) -> Shape | None:
    """One region's paint and geometry; None where it is too small to draw."""
    key = (region.zone, round(tolerance, 4))
    if key not in layers.read:
        geometry = _geometry(layers, region, tolerance)
        paint = layers.palette.paints[region.zone]
        layers.read[key] = (
            Shape(paint=paint, geometry=geometry, zones=(region.zone,), tolerance=tolerance)
            if geometry is not None
            else None
        )
    return layers.read[key]


def read_as_stroke(layers: Layers, region: Region, tolerance: float) -> Shape | None:
    """One region as a line of one width; None where it does not look like one."""
    coverage, _, origin = _coverage(layers, region)
    sides = sides_of(layers, region)
    height, width = layers.zones.first.shape
    size = Point(float(width), float(height))
    best, least = None, _EVEN_PEN
    if not len(sides):
        return None
    tolerances = [loose * tolerance for loose in _LOOSE]
    for found in read_strokes(coverage, complex(*origin), size, tolerances):
        if deviation(found, sides) > _FAR_OFF * found.width:
            continue
        geometry = plainer(found, sides)
        off = deviation(geometry, sides)
        if off < least:
            best, least = geometry, off
        if off < _CLOSE:
            break
    if best is None:
        return None
    paint = layers.palette.paints[region.zone]
    return Shape(paint=paint, geometry=best, zones=(region.zone,), tolerance=tolerance)


def sides_of(layers: Layers, region: Region) -> NDArray[np.complex128]:
    """Points along what is seen of a region's sides."""
    found = [points[slack < _SEEN] for points, slack in _contours(layers, region)]
    return thinned(np.concatenate(found)) if found else np.zeros(0, complex)


def _geometry(layers: Layers, region: Region, tolerance: float) -> Geometry | None:
    contours = _contours(layers, region)
    if layers.zones.ramps:
        tolerance *= _BY_RAMPS
    height, width = layers.zones.first.shape
    size = Point(float(width), float(height))
    outlines = []
    for points, slack in contours:
        whole = primitive(points, (slack < _SEEN) & _away_from_border(points, size), 1.5 * tolerance)
        if whole is not None and len(contours) == 1 and _is_allowed(whole, layers, region):
            return whole
        if isinstance(whole, Circle) and (slack < _SEEN).all():
            outlines.append(round_outline(whole))
        elif (shape := outline(points, tolerance, slack, size)) is not None:
            outlines.append(shape)
    return path(outlines) if outlines else None


def _contours(layers: Layers, region: Region) -> list[tuple[NDArray[np.complex128], NDArray[np.float64]]]:
    """Points along a region's outlines, and at each how loosely it may be followed."""
    coverage, hidden, origin = _coverage(layers, region)
    contours = []
    for ring in _rings(coverage):
        if not _worth_drawing(ring):
            continue
        corners = ring[:-1, ::-1] - 1.0
        under = map_coordinates(hidden, corners.T[::-1], order=1, mode="nearest") > _COVERED
        places = corners + 0.5 + origin
        contours.append((places[:, 0] + 1j * places[:, 1], np.where(under, _HIDDEN_SLACK, 1.0)))
    return contours


def _away_from_border(points: NDArray[np.complex128], size: Point) -> Mask:
    """What touches the picture's border may be cut off there."""
    x, y = points.real, points.imag
    return np.asarray((np.minimum(x, size.x - x) > _CUT) & (np.minimum(y, size.y - y) > _CUT))


def _rings(coverage: Field) -> list[NDArray[np.float64]]:
    return list(find_contours(np.pad(coverage, 1), _HALF_COVERED))  # type: ignore[no-untyped-call]


def _worth_drawing(ring: NDArray[np.float64]) -> bool:
    if len(ring) < _LEAST_POINTS:
        return False
    x, y = ring[:, 1], ring[:, 0]
    area = 0.5 * abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()))
    return area >= _MIN_AREA and float(np.hypot(*np.diff(ring, axis=0).T).sum()) >= _MIN_RING


def _coverage(layers: Layers, region: Region) -> tuple[Field, Field, NDArray[np.float64]]:
    """What a region covers, reaching a little under its upper neighbours; and what those cover."""
    zones = layers.zones
    own = np.array(region.filled, np.int32)
    rows, columns = np.nonzero(np.isin(zones.first, own) | np.isin(zones.second, own))
    margin = _UNDERLAP + 3
    top, left = max(0, rows.min() - margin), max(0, columns.min() - margin)
    window = (slice(top, rows.max() + margin + 1), slice(left, columns.max() + margin + 1))
    part = replace(zones, first=zones.first[window], second=zones.second[window], share=zones.share[window])
    coverage = part.coverage(own)
    hidden = np.zeros_like(coverage)
    if region.above:
        hidden = part.coverage(np.array(region.above, np.int32))
        size = 2 * _UNDERLAP + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        near = cv2.dilate((coverage >= _HALF_COVERED).astype(np.uint8), disc) > 0
        coverage = np.where(near, coverage + hidden, coverage).astype(np.float32)
    return coverage, hidden, np.array([left, top], dtype=float)


def _is_allowed(geometry: Geometry, layers: Layers, region: Region) -> bool:
    """Whether a completed shape stays within what it may cover: itself and everything drawn later."""
    later = [zone for upper in _later(layers, region) for zone in upper.filled]
    allowed = layers.zones.coverage(np.array([*region.filled, *later], np.int32))
    drawn = inside_of(geometry, allowed.shape)
    return int((drawn & (allowed < _UNCOVERED)).sum()) <= _STRAY


def _later(layers: Layers, region: Region) -> tuple[Region, ...]:
    position = next(i for i, other in enumerate(layers.regions) if other.zone == region.zone)
    return layers.regions[position + 1 :]


def inside_of(geometry: Geometry, shape: tuple[int, ...]) -> Mask:
    """Pixels whose centres lie inside a circle or an ellipse."""
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]] + 0.5
    if geometry.kind == "circle":
        return np.asarray(np.hypot(xs - geometry.centre.x, ys - geometry.centre.y) < geometry.radius - 0.5)
    if geometry.kind == "ellipse":
        turn = np.deg2rad(geometry.angle)
        dx, dy = xs - geometry.centre.x, ys - geometry.centre.y
        u, v = dx * np.cos(turn) + dy * np.sin(turn), dy * np.cos(turn) - dx * np.sin(turn)
        return np.asarray(np.hypot(u / geometry.radii.x, v / geometry.radii.y) < 1.0)
    raise ValueError(f"no area test for a {geometry.kind}")
