"""Moves discs to where their picture is nearest to the one seen, and drops those it is nearer without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import lsmr

from critic.reading.chart.crowd.discs import Cover, Discs, Floats, cover_of
from critic.reading.chart.crowd.inks import Inks
from critic.reading.chart.plot import Mask

_OUTLIER = 30.0
"""Levels beyond which a pixel's difference pulls no harder."""
_FAR = 0.8
"""Pixels that a disc may move, or grow, in one step."""
_DAMP = 25.0
_NEEDED = 0.45
"""A disc stays if it brings this share of what it would where nothing else explains its pixels."""


class _Stack:
    """The picture that discs make, and how it answers to each group's cover."""

    def __init__(self, discs: Discs, inks: Inks, shape: tuple[int, int]) -> None:
        self.cover = cover_of(discs, shape)
        groups = len(inks.colours)
        size = shape[0] * shape[1]
        self.alpha = inks.alpha
        group = discs.group[self.cover.disc]
        # What each pair of a disc and a pixel lets through, and what all discs of a group together do.
        face, ring = (1 - self.alpha * part for part in self.cover.profile[:2])
        self.through = face * ring
        self.opening = -self.alpha * (
            self.cover.profile.face_slope * ring + self.cover.profile.ring_slope * face
        )
        logs = np.bincount(
            self.cover.pixel * groups + group, weights=np.log(self.through), minlength=size * groups
        )
        left = np.exp(logs).reshape(size, groups)
        seen = np.broadcast_to(inks.face, (size, 3)).astype(float)
        slopes = np.zeros((size, groups, 3))
        for index, colour in enumerate(inks.colours):
            below = seen - colour
            slopes[:, :index] *= left[:, index, None, None]
            slopes[:, index] = below
            seen = colour + below * left[:, index, None]
        self.seen = seen
        # The colour is linear in what each disc lets through: this is its slope.
        pair = self.cover.pixel, group
        self.slope = slopes[pair] * (left[pair] / self.through)[:, None]


def refined(
    discs: Discs, pixels: Floats, known: Mask, inks: Inks, steps: int, *, one_size: bool = False
) -> Discs:
    """The discs after some Gauss-Newton steps of places and radii, all at once."""
    shape = known.shape[0], known.shape[1]
    seen, sure = pixels.reshape(-1, 3), known.ravel()
    for _ in range(steps):
        if not len(discs):
            break
        stack = _Stack(discs, inks, shape)
        off = np.clip(seen - stack.seen, -_OUTLIER, _OUTLIER)
        slopes, rows, columns = _jacobian(stack, stack.cover, sure)
        matrix = csr_array((slopes, (rows, columns)), shape=(3 * len(seen), 3 * len(discs)))
        solved = lsmr(matrix, off.ravel(), damp=_DAMP, maxiter=25)[0].reshape(-1, 3)
        x, y, radius = np.clip(solved, -_FAR, _FAR).T
        if one_size:
            radius = np.full_like(radius, np.median(radius))
        discs = discs.moved(discs.x + x, discs.y + y, np.maximum(discs.radius + radius, 0.3))
    return discs


def _jacobian(
    stack: _Stack, cover: Cover, sure: NDArray[np.bool_]
) -> tuple[Floats, NDArray[np.int_], NDArray[np.int_]]:
    """How each channel of the rims' pixels changes with the place and the radius of each disc."""
    rim = (stack.opening != 0) & sure[cover.pixel]
    slope = stack.slope[rim] * stack.opening[rim, None]
    ways = np.stack((cover.along_x[rim], cover.along_y[rim], np.ones(int(rim.sum()))), axis=1)
    values = slope[:, :, None] * ways[:, None, :]
    rows = (3 * cover.pixel[rim])[:, None, None] + np.arange(3)[None, :, None]
    columns = (3 * cover.disc[rim])[:, None, None] + np.arange(3)[None, None, :]
    rows, columns = (np.broadcast_to(v, values.shape).ravel() for v in (rows, columns))
    return values.ravel(), rows, columns


def worth_of(discs: Discs, pixels: Floats, known: Mask, inks: Inks) -> Floats:
    """How much nearer each disc brings the picture: 1 where it alone explains its pixels, 0 for nothing."""
    shape = known.shape[0], known.shape[1]
    stack = _Stack(discs, inks, shape)
    cover = stack.cover
    off = (pixels.reshape(-1, 3) - stack.seen)[cover.pixel]
    # What the pixel would gain in colour without the disc, which would let all through.
    change = stack.slope * (1 - stack.through)[:, None]
    sure = known.ravel()[cover.pixel]
    worse = np.where(sure, ((off - change) ** 2 - off**2).sum(axis=1), 0.0)
    own = np.where(sure, (change**2).sum(axis=1), 0.0)
    count = len(discs)
    total = np.bincount(cover.disc, weights=worse, minlength=count)
    return np.asarray(total / np.maximum(np.bincount(cover.disc, weights=own, minlength=count), 1e-6))


def pruned(discs: Discs, pixels: Floats, known: Mask, inks: Inks) -> Discs:
    """Without the discs that bring nothing; of such that overlap, the worst first."""
    for _ in range(6):
        if not len(discs):
            break
        worth = worth_of(discs, pixels, known, inks)
        bad = np.where(worth < _NEEDED)[0]
        if not len(bad):
            break
        discs = discs.at(~_worst_apart(discs, worth, bad))
    return discs


def _worst_apart(discs: Discs, worth: Floats, bad: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Of the bad ones those that no worse one overlaps."""
    dropped = np.zeros(len(discs), bool)
    order = bad[np.argsort(worth[bad])]
    for index in order:
        reach = discs.radius[index] + discs.radius[dropped]
        away = np.hypot(discs.x[dropped] - discs.x[index], discs.y[dropped] - discs.y[index])
        if not (away < reach).any():
            dropped[index] = True
    return dropped
