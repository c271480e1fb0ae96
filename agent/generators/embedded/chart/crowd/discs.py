"""Discs of several groups and the pixels that they cover."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Discs:
    """Centres and radii in pixels of the plot area (edges, not middles), and each disc's group."""

    group: Whole
    x: Floats
    y: Floats
    radius: Floats

    def __len__(self) -> int:
        return len(self.x)

    def at(self, chosen: NDArray[np.bool_] | Whole) -> Discs:
        """Some of them."""
        return Discs(self.group[chosen], self.x[chosen], self.y[chosen], self.radius[chosen])

    def and_also(self, other: Discs) -> Discs:
        """These and others."""
        return Discs(
            np.concatenate((self.group, other.group)),
            np.concatenate((self.x, other.x)),
            np.concatenate((self.y, other.y)),
            np.concatenate((self.radius, other.radius)),
        )

    def moved(self, x: Floats, y: Floats, radius: Floats) -> Discs:
        """The same discs at other places."""
        return replace(self, x=x, y=y, radius=radius)


def no_discs() -> Discs:
    """None at all."""
    return Discs(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Cover:
    """Every pair of a disc and a pixel that it covers.

    Attributes:
        disc: Index of the disc.
        pixel: Index of the pixel, row by row.
        share: How much of the pixel is covered.
        rim: Whether only a part is.
        along_x: Direction from the disc's centre to the pixel; likewise ``along_y``.
    """

    disc: Whole
    pixel: Whole
    share: Floats
    rim: NDArray[np.bool_]
    along_x: Floats
    along_y: Floats


def cover_of(discs: Discs, shape: tuple[int, int]) -> Cover:
    """The pixels that discs cover in an area of (height, width)."""
    height, width = shape
    reach = np.ceil(discs.radius + 0.5).astype(np.int64) + 1
    side = 2 * reach + 1
    sizes = side * side
    disc = np.repeat(np.arange(len(discs)), sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    column = np.floor(discs.x).astype(np.int64)[disc] + within % side[disc] - reach[disc]
    row = np.floor(discs.y).astype(np.int64)[disc] + within // side[disc] - reach[disc]
    dx, dy = column + 0.5 - discs.x[disc], row + 0.5 - discs.y[disc]
    away = np.hypot(dx, dy)
    radius = discs.radius[disc]
    keep = (away < radius + 0.5) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    disc, column, row, dx, dy, away = (v[keep] for v in (disc, column, row, dx, dy, away))
    # A disc smaller than a pixel covers no more of it than its area.
    most = np.minimum(1.0, np.pi * discs.radius**2)[disc]
    edge = discs.radius[disc] - away + 0.5
    safe = np.maximum(away, 0.3)
    return Cover(
        disc=disc,
        pixel=row * width + column,
        share=np.minimum(np.clip(edge, 0.0, 1.0), most),
        rim=edge < 1.0,
        along_x=dx / safe,
        along_y=dy / safe,
    )


def counts_of(discs: Discs, groups: int, shape: tuple[int, int], cover: Cover | None = None) -> Floats:
    """How many discs of each group cover each pixel: shape (height, width, groups)."""
    cover = cover or cover_of(discs, shape)
    size = shape[0] * shape[1]
    flat = np.bincount(
        cover.pixel * groups + discs.group[cover.disc], weights=cover.share, minlength=size * groups
    )
    return np.asarray(flat.reshape(*shape, groups))
