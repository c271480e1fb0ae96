"""Zones whose colour changes evenly: linear and radial gradients, with a stop where their profile bends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, sobel

from critic.deadline import check_deadline
from critic.reading.svg.colour import Shade, hexadecimal
from critic.reading.svg.types import Gradient, Point, Stop
from renderers.types import Image

_CHANGES = 8.0
"""Channel levels from its mean colour beyond which some of a zone is where it is no flat colour."""

_FITS = 2.5
"""Channel levels that a zone's pixels lie from their gradient on average at most."""

_BETTER = 0.5
"""Share of the deviation from one flat colour below which a gradient's must be."""

_LEAST_PIXELS = 120
"""Pixels of the smallest zone that is looked at: a dot of 12 pixels."""

_BINS = 48
"""Places along a gradient whose colours are measured."""

_BEND = 4.0
"""Channel levels from a straight ramp beyond which a stop stands between its ends."""

_SHORTEST = 2.0
"""Pixels below which nothing changes gradually."""

_ENDS = 2
"""Of a ramp: it has these stops at least, and between neighbours of a profile there is none."""

_MOST_PIXELS = 4000
"""Pixels of a zone that are looked at."""

_NO_SLOPE = 1e-3
"""Levels a pixel below which a colour does not change in any direction."""


@dataclass(frozen=True)
class Ramp:
    """Colours by distance along a line or from a centre.

    Attributes:
        start: Where it begins; the centre of a radial one.
        end: Where it ends; on the outermost circle of a radial one.
        radial: Whether it goes outwards from a centre.
        places: Of its stops, 0..1, rising.
        colours: Of its stops, RGB.
    """

    start: complex
    end: complex
    radial: bool
    places: NDArray[np.float64]
    colours: Shade

    def at(self, places: NDArray[np.complex128]) -> Shade:
        """Its colours at places x + iy."""
        along = _along(places, self.start, self.end, self.radial)
        return np.stack(
            [np.interp(along, self.places, self.colours[:, c]) for c in range(3)], axis=-1
        ).astype(np.float32)

    def paint(self) -> Gradient:
        """The gradient as it is written."""
        stops = tuple(
            Stop(place=float(place), colour=hexadecimal(colour))
            for place, colour in zip(self.places, self.colours, strict=True)
        )
        start, end = Point(self.start.real, self.start.imag), Point(self.end.real, self.end.imag)
        return Gradient(start=start, end=end, radial=self.radial, stops=stops)


@dataclass(frozen=True)
class Shades:
    """The colour of each zone, at each place where it changes.

    Attributes:
        colours: Mean colours, RGB.
        ramps: By zone, of those that change evenly.
    """

    colours: Shade
    ramps: dict[int, Ramp]

    def at(self, zones: NDArray[np.int32], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Shade:
        """Colours of zones at pixels; ``zones`` may have a second axis, of candidates for each pixel."""
        result = self.colours[zones]
        for zone, ramp in self.ramps.items():
            here = zones == zone
            if here.any():
                index = np.nonzero(here)
                places = columns[index[0]] + 0.5 + 1j * (rows[index[0]] + 0.5)
                result[here] = ramp.at(places)
        return result


def read_shades(image: Image, labels: NDArray[np.int32], colours: Shade, spread: Shade) -> Shades:
    """Find the zones that are gradients.

    Args:
        image: RGB pixels.
        labels: Zone of each pixel; -1 where none is known.
        colours: Mean colour of each zone.
        spread: Largest deviation of each zone's pixels from it.
    """
    ramps: dict[int, Ramp] = {}
    windows = find_objects(labels + 1, len(colours))
    sizes = np.bincount(labels[labels >= 0], minlength=len(colours))
    for zone in np.argsort(-sizes, kind="stable").tolist():
        window = windows[zone]
        if window is None or sizes[zone] < _LEAST_PIXELS or spread[zone] < _CHANGES:
            continue
        check_deadline()
        ramp = _ramp_of(image, labels, zone, window, colours[zone], list(ramps.values()))
        if ramp is not None:
            ramps[zone] = ramp
    return Shades(colours, ramps)


def _ramp_of(
    image: Image,
    labels: NDArray[np.int32],
    zone: int,
    window: tuple[slice, ...],
    colour: Shade,
    known: Sequence[Ramp],
) -> Ramp | None:
    """The gradient of a zone; that of another one where it goes on in this one."""
    rows, columns = np.nonzero(labels[window] == zone)
    step = max(1, len(rows) // _MOST_PIXELS)
    rows, columns = rows[::step] + window[0].start, columns[::step] + window[1].start
    pixels = image[rows, columns].astype(np.float32)
    places = columns + 0.5 + 1j * (rows + 0.5)
    limit = min(_FITS, _BETTER * float(np.abs(pixels - colour).max(axis=1).mean()))
    for ramp in known:
        if _error(ramp, places, pixels) <= limit:
            return ramp
    slopes = _slopes(image, labels, zone, window, rows, columns)
    found = [ramp for ramp in (_linear(places, pixels, slopes), _radial(places, pixels, slopes)) if ramp]
    best = min(found, key=lambda ramp: _error(ramp, places, pixels), default=None)
    return best if best is not None and _error(best, places, pixels) <= limit else None


def _error(ramp: Ramp, places: NDArray[np.complex128], pixels: Shade) -> float:
    return float(np.abs(ramp.at(places) - pixels).max(axis=1).mean())


Slopes = NDArray[np.complex128]
"""How fast each channel changes across and down at each pixel, shape (pixels, 3)."""


def _slopes(
    image: Image,
    labels: NDArray[np.int32],
    zone: int,
    window: tuple[slice, ...],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> Slopes:
    """Slopes at pixels all of whose neighbours are of the zone, others are 0."""
    part = image[window].astype(np.float32)
    own = (labels[window] == zone).astype(np.float32)
    at = rows - window[0].start, columns - window[1].start
    inside = (np.abs(sobel(own, 0)) + np.abs(sobel(own, 1)))[at] == 0
    across, down = sobel(part, 1)[at], sobel(part, 0)[at]
    return np.asarray((across + 1j * down) / 8.0 * inside[:, None])


def _linear(places: NDArray[np.complex128], pixels: Shade, slopes: Slopes) -> Ramp | None:
    """The gradient along the direction in which the colour changes most."""
    tensor = np.array(
        [
            [(slopes.real**2).sum(), (slopes.real * slopes.imag).sum()],
            [(slopes.real * slopes.imag).sum(), (slopes.imag**2).sum()],
        ]
    )
    if tensor.trace() < _NO_SLOPE * len(places):
        return None
    direction = complex(*np.linalg.eigh(tensor)[1][:, 1])
    along = (places * direction.conjugate()).real
    middle = places.mean()
    base = middle - direction * (middle * direction.conjugate()).real
    start, end = base + along.min() * direction, base + along.max() * direction
    return _profiled(places, pixels, start, end, radial=False)


def _radial(places: NDArray[np.complex128], pixels: Shade, slopes: Slopes) -> Ramp | None:
    """The gradient around the point that the lines of steepest change pass through."""
    matrix, right = np.zeros((2, 2)), np.zeros(2)
    for channel in range(3):
        slope = slopes[:, channel]
        weight = np.abs(slope) ** 2
        if weight.sum() < _NO_SLOPE * len(places):
            continue
        across = weight * 1.0 - slope.real**2, -slope.real * slope.imag, weight - slope.imag**2
        matrix += [[across[0].sum(), across[1].sum()], [across[1].sum(), across[2].sum()]]
        right += [
            (across[0] * places.real + across[1] * places.imag).sum(),
            (across[1] * places.real + across[2] * places.imag).sum(),
        ]
    if abs(float(np.linalg.det(matrix))) < _NO_SLOPE:
        return None
    centre = complex(*np.linalg.solve(matrix, right))
    furthest = float(np.abs(places - centre).max())
    return _profiled(places, pixels, centre, centre + furthest, radial=True)


def _along(places: NDArray[np.complex128], start: complex, end: complex, radial: bool) -> NDArray[np.float64]:
    """How far along the gradient places are, 0..1 between its ends."""
    length = max(abs(end - start), 1e-9)
    if radial:
        return np.asarray(np.abs(places - start) / length)
    return np.asarray(((places - start) * (end - start).conjugate()).real / length**2)


def _profiled(
    places: NDArray[np.complex128], pixels: Shade, start: complex, end: complex, *, radial: bool
) -> Ramp | None:
    """The gradient between two places, its stops where its colours bend."""
    if abs(end - start) < _SHORTEST:
        return None
    along = _along(places, start, end, radial)
    bins = np.minimum((along * _BINS).astype(int), _BINS - 1)
    filled = np.unique(bins)
    middles = np.array([float(along[bins == each].mean()) for each in filled])
    means = np.stack([pixels[bins == each].mean(axis=0) for each in filled])
    if len(filled) < _ENDS:
        return None
    chosen = _bends(middles, means)
    stops = _fitted(along, pixels, middles[chosen])
    stops = np.clip(stops, 0, 255)
    return Ramp(start, end, radial, _spread_out(middles[chosen]), stops.astype(np.float32))


def _spread_out(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The stops with the first and last at the ends."""
    return np.concatenate([[0.0], places[1:-1], [1.0]])


def _fitted(along: NDArray[np.float64], pixels: Shade, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colours of the stops that come nearest to all pixels."""
    knots = _spread_out(places)
    hats = np.stack([np.interp(along, knots, row) for row in np.eye(len(knots))], axis=1)
    return np.asarray(np.linalg.lstsq(hats, pixels.astype(np.float64), rcond=None)[0])


def _bends(places: NDArray[np.float64], colours: Shade) -> list[int]:
    """Indices of the corners of a profile (Douglas-Peucker, in levels)."""
    kept, stack = {0, len(places) - 1}, [(0, len(places) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < _ENDS:
            continue
        share = (places[first + 1 : last] - places[first]) / (places[last] - places[first])
        straight = colours[first] + share[:, None] * (colours[last] - colours[first])
        off = np.abs(colours[first + 1 : last] - straight).max(axis=1)
        worst = int(off.argmax())
        if off[worst] > _BEND:
            middle = first + 1 + worst
            kept.add(middle)
            stack += [(first, middle), (middle, last)]
    return sorted(kept)
