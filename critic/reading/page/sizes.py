"""The font sizes that lines of one face are set in: few, and as exact as the lines tell together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_READ = 0.4
"""Pixels to which the width of a line's ink is read: the pixels at its ends are partly covered."""

_SCATTER = 0.002
"""Relative difference between long lines of one size: kerning and rounding, in what Chromium draws."""

_AGREES = 2.0
"""Standard deviations within which a line is of a size."""

_ROUND, _ROUNDER = 1.05, 1.1
"""How much rather a size is a multiple of half a pixel than another, and a whole one."""

_OWN, _EXACTLY = 0.5, 0.7
"""Part of a face's letters in sizes that several lines have to so many standard deviations, from which its
widths are the page's own: .56 to .95 on nine pages in faces that are known.

Sizes that scatter by chance reach as much now and then.
"""

_LOOSE, _LOOSE_SHORT, _SHORTEST = 0.02, 0.25, 3
"""Relative difference up to which lines in a face that only stands in for another have one size.

More for few letters: their widths differ more between faces.
"""

_HALF_PIXEL = 2
"""Sizes are rather multiples of so much of a pixel."""

_GRIDS = (1.0, 0.5, 0.2, 0.1, 0.05)
_SHIFT = 1.2
"""Steps to which a size is rounded, and pixels by which that may change a line's width."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a line's ink tells of its size.

    Attributes:
        size: In pixels.
        width: Of its ink, in pixels.
        letters: How many it has.
        score: How well it agrees with its face, 1 at best.
    """

    size: float
    width: float
    letters: int
    score: float

    @property
    def error(self) -> float:
        """Pixels by which the size may be wrong."""
        return self.size * (_SCATTER + _READ / max(1.0, self.width))

    @property
    def weight(self) -> float:
        """How much it counts: misread lines agree badly, and tell little."""
        return self.letters * max(0.05, self.score) ** 2


def settled(lines: Sequence[Told]) -> list[float]:
    """The size that each line is set in, in pixels.

    Where a face's lines agree to a fraction of a percent, those are the page's sizes. Where they do not, the
    face stands in for another one, and lines of about one size are given one.

    Args:
        lines: Those of one face.
    """
    groups = _to_the_nearest(lines, _agreeing(lines))
    if not _is_own(lines, groups):
        groups = _near(lines)
    found = [0.0] * len(lines)
    for group in groups:
        size = _size([lines[i] for i in group])
        for index in group:
            found[index] = size
    return found


def _is_own(lines: Sequence[Told], groups: list[list[int]]) -> bool:
    """Whether the face is the page's: most of its letters are in sizes that several lines have exactly."""
    exact = 0
    for group in groups:
        size = _size([lines[i] for i in group])
        near = [i for i in group if abs(lines[i].size - size) <= _EXACTLY * lines[i].error]
        exact += sum(lines[i].letters for i in near) if len(near) > 1 else 0
    return exact >= _OWN * sum(line.letters for line in lines)


def _agreeing(lines: Sequence[Told]) -> list[list[int]]:
    """The lines by the size that they agree on, most telling first."""
    open_ = list(range(len(lines)))
    groups = []
    while open_:
        own = np.array([lines[i].size for i in open_])
        errors = np.array([lines[i].error for i in open_])
        weights = np.array([lines[i].weight for i in open_])
        tried = np.unique(np.concatenate([own, np.round(own * _HALF_PIXEL) / _HALF_PIXEL]))
        off = (own[None] - tried[:, None]) / errors
        support = (weights * np.exp(-0.5 * off**2)).sum(axis=1) * np.array(
            [_roundness(size) for size in tried]
        )
        best = int(support.argmax())
        members = np.flatnonzero(np.abs(off[best]) <= _AGREES)
        if not len(members):
            members = np.array([int(np.abs(off[best]).argmin())])
        groups.append([open_[int(place)] for place in members])
        open_ = [index for index in open_ if index not in set(groups[-1])]
    return groups


def _to_the_nearest(lines: Sequence[Told], groups: list[list[int]]) -> list[list[int]]:
    """The lines by the size that is nearest to theirs: a short one may agree with several."""
    sizes = [_size([lines[i] for i in group]) for group in groups]
    found: list[list[int]] = [[] for _ in groups]
    for index, line in enumerate(lines):
        found[min(range(len(sizes)), key=lambda i: abs(sizes[i] - line.size))].append(index)
    return [group for group in found if group]


def _roundness(size: float) -> float:
    if size == round(size):
        return _ROUNDER
    return _ROUND if size * _HALF_PIXEL == round(size * _HALF_PIXEL) else 1.0


def _near(lines: Sequence[Told]) -> list[list[int]]:
    """Those of nearly one size, the longest first."""
    order = sorted(range(len(lines)), key=lambda i: -lines[i].letters)
    open_ = set(order)
    groups = []
    for lead in order:
        if lead not in open_:
            continue
        group = [
            i
            for i in order
            if i in open_
            and abs(lines[i].size / lines[lead].size - 1)
            < _LOOSE + _LOOSE_SHORT / max(_SHORTEST, lines[i].letters)
        ]
        open_ -= set(group)
        groups.append(group)
    return groups


def _size(lines: Sequence[Told]) -> float:
    """What some lines tell together; what agrees badly is misread, or of several faces, and tells little."""
    sizes = np.array([line.size for line in lines])
    weights = np.array([line.letters**2 * max(0.05, line.score) ** 4 for line in lines])
    longest = max(lines, key=lambda line: line.letters)
    return snapped(float((sizes * weights).sum() / weights.sum()), longest.width)


def snapped(size: float, width: float) -> float:
    """The roundest size that makes a line of this width no more than about a pixel wider or narrower."""
    for grid in _GRIDS:
        near = round(size / grid) * grid
        if abs(near - size) * width <= _SHIFT * size:
            return round(near, 2)
    return round(size, 2)
