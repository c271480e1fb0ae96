"""Recognises shapes that are lines of one width, and recovers their centre lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates
from skimage.morphology import skeletonize

from critic.reading.svg.fits import Run
from critic.reading.svg.geometry import centre_line
from critic.reading.svg.skeleton import Chain, chains
from critic.reading.svg.tidy import tidied
from critic.reading.svg.types import Part, Point, Stroke
from critic.reading.svg.zones import Field, Mask

_SCALE = 2
_EVEN = 0.5
_SLIM = 1.5
_MIN_WIDTH = 1.5
_ROUNDS = 6
_WIDE = 1.12
_MARGIN = 0.4
_FURTHEST_END = 6.0
"""Radii of the pen that an end may lie beyond what is seen of a line: it meets another at 30 degrees."""

_HALF = 0.5
"""Cover at which a shape's side runs."""

_LEAST_POINTS = 4
"""Points of a centre line below which it is not followed."""

_NO_LENGTH = 1e-6
"""Pixels below which a length is none and has no direction."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """The coverage of a shape and half the width of the pen that drew it, both in its own pixels."""

    coverage: Field
    radius: float

    def at(self, place: complex) -> float:
        """Coverage at a place."""
        where = [[place.imag - 0.5], [place.real - 0.5]]
        return float(map_coordinates(self.coverage, where, order=1, mode="constant")[0])


def read_strokes(
    coverage: Field, origin: complex, size: Point, tolerances: Sequence[float]
) -> Iterator[Stroke]:
    """The stroke that a shape is, if one pen width explains it, followed more and less closely.

    Args:
        coverage: How much of each pixel the shape fills.
        origin: Where the coverage lies in the picture.
        size: Of the picture.
        tolerances: How far the centre line may lie from its segments, for each stroke.
    """
    large = cv2.resize(np.pad(coverage, 1), None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_LINEAR)
    mask = large > _HALF
    depth = np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5), np.float32) - 0.5
    bones: Mask = np.asarray(skeletonize(mask))  # type: ignore[no-untyped-call]
    if not bones.any():
        return
    half = float(np.median(depth[bones]))
    even = float((np.abs(depth[bones] - half) < 0.12 * half + 0.6).mean())
    slim = float(mask.sum()) / max(1.0, (2 * half) ** 2)
    if even < _EVEN or slim < _SLIM or 2 * half / _SCALE < _MIN_WIDTH:
        return
    pen = _Pen(coverage, half / _SCALE)
    found = [(_centred(chain, pen), chain) for chain in chains(bones & (depth > 0.8 * half), half)]
    found = [(line, chain) for line, chain in found if len(line) >= _LEAST_POINTS]
    if not found:
        return
    pen = _Pen(coverage, _radius([line for line, _ in found], pen))
    centres: list[tuple[Run, bool]] = []
    flat = 0
    for line, chain in found:
        if not chain.closed:
            line, butt = _with_end(line[::-1], pen, chain.free_start)
            flat += butt if chain.free_start else 0
            line, butt = _with_end(line[::-1], pen, chain.free_end)
            flat += butt if chain.free_end else 0
        centres.append((line + origin, chain.closed))
    cap: Literal["round", "butt"] = "butt" if flat > 0 else "round"
    for tolerance in tolerances:
        followed = (centre_line(line, closed, tolerance, size) for line, closed in centres)
        lines: tuple[Part, ...] = tuple(tidied(outline) for outline in followed if outline is not None)
        if lines:
            yield Stroke(lines=lines, width=2 * pen.radius, cap=cap)


def _centred(chain: Chain, pen: _Pen) -> Run:
    """The line moved to the middle between the shape's two sides: thinning alone cuts corners.

    Left out where another line joins, and only one side or none can be seen.
    """
    line, closed = (chain.points + 0.5 + 0.5j) / _SCALE - (1 + 1j), chain.closed
    clear = np.ones(len(line), bool)
    for _ in range(_ROUNDS):
        normal = _directions(line, closed, pen.radius) * 1j
        left, right = (_distances(line, side * normal, pen) for side in (1, -1))
        shift = np.clip((left - right) / 2, -pen.radius / 2, pen.radius / 2)
        clear = (left + right) < _WIDE * 2 * pen.radius
        line = _evenly(line + normal * np.where(clear, shift, 0.0), closed)
    margin = int(_MARGIN * pen.radius * _SCALE)
    ends = np.pad(clear, margin, mode="wrap" if closed else "edge")
    clear = np.asarray(np.convolve(~ends, np.ones(2 * margin + 1), mode="valid") == 0)
    inside = int(1.1 * pen.radius * _SCALE)
    if not closed:
        clear[: 0 if chain.free_start else inside] = False
        clear[len(clear) - (0 if chain.free_end else inside) :] = False
    return np.asarray(line[clear])


def _radius(lines: list[Run], pen: _Pen) -> float:
    """Half the pen's width, measured across the centre lines."""
    widths = []
    for line in lines:
        normal = _directions(line, False, pen.radius) * 1j
        widths.append(_distances(line, normal, pen) + _distances(line, -normal, pen))
    return float(np.median(np.concatenate(widths))) / 2


def _directions(line: Run, closed: bool, radius: float) -> Run:
    reach = max(1, int(0.35 * radius * _SCALE))
    if closed:
        chord = np.roll(line, -reach) - np.roll(line, reach)
    else:
        index = np.arange(len(line))
        chord = line[np.minimum(index + reach, len(line) - 1)] - line[np.maximum(index - reach, 0)]
    return np.asarray(chord / np.maximum(np.abs(chord), 1e-9))


def _distances(line: Run, direction: Run, pen: _Pen) -> NDArray[np.float64]:
    """How far the shape reaches from each point in a direction, up to a little more than the pen does."""
    steps = np.arange(0.0, 1.6 * pen.radius + 1.0, 0.25)
    places = line[:, None] + direction[:, None] * steps[None]
    values = map_coordinates(pen.coverage, [places.imag - 0.5, places.real - 0.5], order=1, mode="constant")
    out = values < _HALF
    first = out.argmax(axis=1)
    rows = np.arange(len(line))
    inner, outer = values[rows, np.maximum(first - 1, 0)], values[rows, first]
    part = (inner - _HALF) / np.maximum(inner - outer, 1e-6)
    found = np.where(first > 0, steps[np.maximum(first - 1, 0)] + 0.25 * part, 0.0)
    return np.asarray(np.where(out.any(axis=1), found, steps[-1]))


def _evenly(line: Run, closed: bool) -> Run:
    """Smoothed a little, and spaced evenly again."""
    around = (
        np.concatenate([line[-1:], line, line[:1]]) if closed else np.concatenate([line[:1], line, line[-1:]])
    )
    smooth = (around[:-2] + 2 * around[1:-1] + around[2:]) / 4
    if not closed:
        smooth[0], smooth[-1] = line[0], line[-1]
    track = np.append(smooth, smooth[0]) if closed else smooth
    along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(track)))])
    at = np.linspace(0.0, along[-1], len(line) + closed)[: len(line)]
    return np.asarray(np.interp(at, along, track.real) + 1j * np.interp(at, along, track.imag))


def _with_end(line: Run, pen: _Pen, free: bool) -> tuple[Run, int]:
    """The line carried on to where the shape ends, less half the pen's width where that end is round.

    With it +1 where the end is flat, else -1.
    """
    reach = max(3, int(2.0 * pen.radius * _SCALE))
    inside = line[: max(2, len(line) - reach // 2)] if free else line
    before = inside[max(0, len(inside) - reach)]
    direction = inside[-1] - before
    if abs(direction) < _NO_LENGTH:
        return line, 0
    direction /= abs(direction)
    end = inside[-1]
    travelled = 0.0
    while travelled < _FURTHEST_END * pen.radius and pen.at(end + direction * travelled) > _HALF:
        travelled += 0.1
    if travelled >= _FURTHEST_END * pen.radius:
        return line, 0
    tip = end + direction * travelled
    corners = [
        tip - direction * 0.25 * pen.radius + side * direction * 0.85j * pen.radius for side in (-1, 1)
    ]
    if free and min(pen.at(corner) for corner in corners) > _HALF:
        return np.append(inside, tip), 1
    return np.append(inside, tip - direction * pen.radius), -1
