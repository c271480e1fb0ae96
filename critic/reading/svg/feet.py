"""Feet of points on tracks: where the nearest of them is, and how that changes when a track moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from critic.reading.svg.fits import Run
from critic.reading.svg.numbers import Numbers

_JOINED = 1e-6
"""Pixels within which a track ends where it begins, and a point stands on it."""

_APART = 4.0
"""Pixels between the places of a long piece by which it is found."""

_NEAREST = 3
"""Places that are looked at for each point: the pieces on both sides of a corner, and one more."""

_NO_LENGTH = 1e-12
"""Square pixels that stand for no length in a division."""


@dataclass(frozen=True)
class Feet:
    """The feet of some points.

    Attributes:
        start: For each point, the index of the track point before its foot, of all tracks in a row.
        share: How far its foot is on the way to the next track point, 0..1.
        normal: Unit direction from its foot to the point.
        distance: Of the point from its foot, in pixels.
        side: 1 on the right of the track's direction, else -1.
        beyond: Whether the point lies past an end of its track.
    """

    start: NDArray[np.intp]
    share: Numbers
    normal: Run
    distance: Numbers
    side: Numbers
    beyond: NDArray[np.bool_]

    def slope(self, moved: Run, first: int) -> Numbers:
        """How the distances change when the points of one track move.

        Args:
            moved: By how much each of its points does.
            first: Its first point among those of all tracks.
        """
        own = (self.start >= first) & (self.start < first + len(moved) - 1)
        at = self.start[own] - first
        by = (1 - self.share[own]) * moved[at] + self.share[own] * moved[at + 1]
        result = np.zeros(len(self.share))
        result[own] = -(self.normal[own].conj() * by).real
        return result


def feet_of(runs: list[Run], points: Run) -> Feet:
    """The feet of points on the nearest of several tracks."""
    starts = np.concatenate([run[:-1] for run in runs])
    chords = np.concatenate([np.diff(run) for run in runs])
    offsets = np.concatenate([np.full(len(run) - 1, index) for index, run in enumerate(runs)])
    opens, closes = _ends(runs)
    best = np.full(len(points), np.inf)
    piece = np.zeros(len(points), np.intp)
    share = np.zeros(len(points))
    beyond = np.zeros(len(points), bool)
    for index in _near(starts, chords, points).T:
        along = ((points - starts[index]) * chords[index].conj()).real
        along /= np.maximum(np.abs(chords[index]) ** 2, _NO_LENGTH)
        clipped = np.clip(along, 0, 1)
        away = np.abs(points - starts[index] - clipped * chords[index])
        closer = away < best
        best, piece = np.where(closer, away, best), np.where(closer, index, piece)
        share = np.where(closer, clipped, share)
        past = (opens[index] & (along < 0)) | (closes[index] & (along > 1))
        beyond = np.where(closer, past, beyond)
    away = points - starts[piece] - share * chords[piece]
    side = np.where((away * chords[piece].conj()).imag < 0, -1.0, 1.0)
    across = 1j * side * chords[piece] / np.maximum(np.abs(chords[piece]), _JOINED)
    normal = np.where(best > _JOINED, away / np.maximum(best, _JOINED), across)
    return Feet(piece + offsets[piece], share, normal, best, side, beyond)


def _near(starts: Run, chords: Run, points: Run) -> NDArray[np.intp]:
    """For each point the pieces that may be nearest, by places along them."""
    count = np.maximum(1, np.ceil(np.abs(chords) / _APART).astype(int))
    piece = np.repeat(np.arange(len(starts)), count)
    part = (np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / count[piece]
    along = starts[piece] + chords[piece] * part
    tree = cKDTree(np.stack([along.real, along.imag], axis=1))
    places = np.stack([points.real, points.imag], axis=1)
    _, found = tree.query(places, k=min(_NEAREST, len(along)))
    return np.asarray(piece[np.asarray(found).reshape(len(points), -1)])


def _ends(runs: list[Run]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pieces of the tracks begin, and which end, at a free end."""
    opens, closes = [], []
    for run in runs:
        free = abs(run[0] - run[-1]) > _JOINED
        pieces = np.arange(len(run) - 1)
        opens.append((pieces == 0) & free)
        closes.append((pieces == len(run) - 2) & free)
    return np.concatenate(opens), np.concatenate(closes)
