"""Orders the pixels of a skeleton into lines, carried straight on through crossings."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from critic.reading.svg.fits import Run
from critic.reading.svg.zones import Mask

_STRAIGHT = -0.6
_LOOP, _CLOSED = 8, 3.0
"""Pixels above which a free line may be a loop, and between its ends below which it is: neighbours are 1.4
apart at most, and thinning takes some."""

_LEAST_POINTS = 3
"""Pixels of a line below which it is no line."""

_MEETING = 4
"""Pixels in the 3 x 3 around one of a skeleton from which lines meet there: a line alone has three."""

_THROUGH = 2
"""Branches of a node that can only go on into each other."""


@dataclass(slots=True)
class _Branch:
    """A run of pixels between two nodes; a node is None at a free end."""

    points: Run
    start: int | None
    end: int | None

    def turned(self) -> _Branch:
        return _Branch(self.points[::-1], self.end, self.start)


@dataclass(frozen=True, slots=True)
class Chain:
    """One line of a skeleton.

    Attributes:
        points: Places x + iy along it.
        closed: Whether it returns to its start.
        free_start: Whether nothing else meets it at its start.
        free_end: Whether nothing else meets it at its end.
    """

    points: Run
    closed: bool
    free_start: bool
    free_end: bool


def chains(bones: Mask, half: float) -> list[Chain]:
    """The lines of a skeleton.

    Args:
        bones: The skeleton's pixels.
        half: Half the width of the pen; shorter twigs are dropped, and directions taken over that length.
    """
    nodes, centres = _nodes(bones)
    branches = _branches(bones, nodes)
    branches = [branch for branch in branches if not _is_twig(branch, half)]
    for node in range(1, len(centres)):
        branches = _carried_on(branches, node, complex(centres[node]), half)
    result = []
    for branch in branches:
        closed = branch.start is not None and branch.start == branch.end
        if branch.start is None and branch.end is None and len(branch.points) > _LOOP:
            closed = abs(branch.points[0] - branch.points[-1]) < _CLOSED
        if len(branch.points) >= _LEAST_POINTS:
            result.append(Chain(branch.points, closed, branch.start is None, branch.end is None))
    return result


def _nodes(bones: Mask) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.int32]], Run]:
    """Clusters of pixels where lines meet, numbered from 1, and their centres."""
    around = cv2.filter2D(
        bones.astype(np.uint8), -1, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT
    )
    meeting = (bones & (around >= _MEETING)).astype(np.uint8)
    _, labels, _, centres = cv2.connectedComponentsWithStats(meeting, connectivity=8)
    return np.asarray(labels, np.int32), centres[:, 0] + 1j * centres[:, 1]


def _branches(bones: Mask, nodes: np.ndarray[tuple[int, ...], np.dtype[np.int32]]) -> list[_Branch]:
    count, labels = cv2.connectedComponents((bones & (nodes == 0)).astype(np.uint8), connectivity=8)
    padded = np.pad(nodes, 1)
    branches = []
    for number in range(1, count):
        rows, columns = np.nonzero(labels == number)
        points = _ordered(columns + 1j * rows)
        ends = []
        for place in (points[0], points[-1]):
            x, y = int(place.real), int(place.imag)
            near = padded[y : y + 3, x : x + 3]
            ends.append(int(near.max()) or None)
        branches.append(_Branch(points, ends[0], ends[1] if len(points) > 1 else None))
    return branches


def _ordered(points: Run) -> Run:
    """The pixels of one branch from end to end."""
    grid = {(int(p.real), int(p.imag)) for p in points}

    def beside(place: tuple[int, int]) -> list[tuple[int, int]]:
        x, y = place
        steps = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
        return [(x + dx, y + dy) for dx, dy in steps if (x + dx, y + dy) in grid]

    here = min(grid, key=lambda place: (len(beside(place)), place))
    order = [here]
    grid.discard(here)
    while following := beside(here):
        here = following[0]
        order.append(here)
        grid.discard(here)
    return np.array([complex(x, y) for x, y in order])


def _is_twig(branch: _Branch, half: float) -> bool:
    return (branch.start is None) != (branch.end is None) and len(branch.points) < 0.9 * half


def _carried_on(branches: list[_Branch], node: int, centre: complex, half: float) -> list[_Branch]:
    """Joins the branches of a node that go on into each other; the others end at its centre."""
    loops = [
        _Branch(np.append(branch.points, centre), node, node)
        for branch in branches
        if branch.start == node and branch.end == node
    ]
    ending = [
        branch if branch.end == node else branch.turned()
        for branch in branches
        if (branch.start == node) != (branch.end == node)
    ]
    rest = [branch for branch in branches if node not in (branch.start, branch.end)] + loops
    ending = [_Branch(np.append(branch.points, centre), branch.start, branch.end) for branch in ending]
    pairs = sorted(
        (float((_heading(one, half) * _heading(other, half).conjugate()).real), i, j)
        for i, one in enumerate(ending)
        for j, other in enumerate(ending)
        if i < j
    )
    used: set[int] = set()
    for cosine, i, j in pairs:
        if (cosine < _STRAIGHT or len(ending) == _THROUGH) and not used & {i, j}:
            used |= {i, j}
            one, other = ending[i], ending[j].turned()
            rest.append(_Branch(np.append(one.points, other.points[1:]), one.start, other.end))
    return rest + [branch for index, branch in enumerate(ending) if index not in used]


def _heading(branch: _Branch, half: float) -> complex:
    """Unit direction in which a branch reaches its end."""
    back = branch.points[max(0, len(branch.points) - 2 - int(2 * half))]
    direction = complex(branch.points[-1] - back)
    return direction / abs(direction) if direction else 0j
