"""Discs of several groups and the pixels that they cover."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int_]

_ONE_SIZE, _SAME = 0.75, 0.25
"""Share of the discs, by their rims, whose radii differ by so few pixels where all are meant to be alike."""


@dataclass(frozen=True, slots=True)
class Discs:
    """Discs in pixels of the plot area.

    Attributes:
        group: Of each disc.
        x: Of the centres, counted from the area's left edge; likewise ``y`` from its top.
        radius: Of the faces.
        stroke: Width of the outline along each face's rim, in the face's colour; 0 for none.
    """

    group: Whole
    x: Floats
    y: Floats
    radius: Floats
    stroke: float = 0.0

    def __len__(self) -> int:
        return len(self.x)

    def at(self, chosen: NDArray[np.bool_] | Whole) -> Discs:
        """Some of them."""
        return Discs(self.group[chosen], self.x[chosen], self.y[chosen], self.radius[chosen], self.stroke)

    def and_also(self, other: Discs) -> Discs:
        """These and others."""
        return Discs(
            np.concatenate((self.group, other.group)),
            np.concatenate((self.x, other.x)),
            np.concatenate((self.y, other.y)),
            np.concatenate((self.radius, other.radius)),
            self.stroke,
        )

    def moved(self, x: Floats, y: Floats, radius: Floats) -> Discs:
        """The same discs at other places."""
        return replace(self, x=x, y=y, radius=radius)


def no_discs(stroke: float = 0.0) -> Discs:
    """None at all."""
    return Discs(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0), stroke)


def in_one_size(discs: Discs) -> Discs | None:
    """The discs with their usual radius, without all others; None where they are not meant to be alike."""
    usual = float(np.median(discs.radius)) if len(discs) else 0.0
    off = np.abs(discs.radius - usual)
    if discs.radius[off < _SAME].sum() <= _ONE_SIZE * discs.radius.sum():
        return None
    alike = discs.at(off < 4 * _SAME)
    return alike.moved(alike.x, alike.y, np.full(len(alike), usual))


class Profile(NamedTuple):
    """How much of pixels a disc's face and its outline cover, and whether only a part is (1, -1 or 0)."""

    face: Floats
    ring: Floats
    face_slope: Floats
    ring_slope: Floats


def profile(away: Floats, radius: Floats, stroke: float) -> Profile:
    """The cover of pixels at a distance from a disc's centre; slopes are along the radius."""

    def filled(reach: Floats) -> tuple[Floats, Floats]:
        edge = reach - away + 0.5
        # A disc smaller than a pixel covers no more of it than its area.
        most = np.clip(np.pi * np.maximum(reach, 0.0) ** 2, 0.0, 1.0)
        return np.minimum(np.clip(edge, 0.0, 1.0), most), ((edge > 0) & (edge < 1)).astype(float)

    face, slope = filled(radius)
    if not stroke:
        return Profile(face, np.zeros_like(face), slope, np.zeros_like(face))
    (outer, outer_slope), (inner, inner_slope) = filled(radius + stroke / 2), filled(radius - stroke / 2)
    return Profile(face, outer - inner, slope, outer_slope - inner_slope)


@dataclass(frozen=True, slots=True)
class Cover:
    """Every pair of a disc and a pixel that it covers.

    Attributes:
        disc: Index of the disc.
        pixel: Index of the pixel, row by row.
        profile: How much of it the disc covers.
        along_x: Direction from the disc's centre to the pixel; likewise ``along_y``.
    """

    disc: Whole
    pixel: Whole
    profile: Profile
    along_x: Floats
    along_y: Floats


def cover_of(discs: Discs, shape: tuple[int, int]) -> Cover:
    """The pixels that discs cover in an area of (height, width)."""
    height, width = shape
    outer = discs.radius + discs.stroke / 2
    reach = np.ceil(outer + 0.5).astype(np.int64)
    side = 2 * reach + 1
    sizes = side * side
    disc = np.repeat(np.arange(len(discs)), sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    column = np.floor(discs.x).astype(np.int64)[disc] + within % side[disc] - reach[disc]
    row = np.floor(discs.y).astype(np.int64)[disc] + within // side[disc] - reach[disc]
    dx, dy = column + 0.5 - discs.x[disc], row + 0.5 - discs.y[disc]
    away = np.hypot(dx, dy)
    keep = (away < outer[disc] + 0.5) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    disc, column, row, dx, dy, away = (v[keep] for v in (disc, column, row, dx, dy, away))
    safe = np.maximum(away, 0.3)
    return Cover(
        disc=disc,
        pixel=row * width + column,
        profile=profile(away, discs.radius[disc], discs.stroke),
        along_x=dx / safe,
        along_y=dy / safe,
    )


def counts_of(discs: Discs, groups: int, shape: tuple[int, int]) -> Floats:
    """How many layers of each group cover each pixel: shape (height, width, groups)."""
    cover = cover_of(discs, shape)
    size = shape[0] * shape[1]
    layers = cover.profile.face + cover.profile.ring
    at = cover.pixel * groups + discs.group[cover.disc]
    return np.asarray(np.bincount(at, weights=layers, minlength=size * groups).reshape(*shape, groups))
