"""Connected shapes of two drawings, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.svg import Layers
from critic.reading.svg.colour import hexadecimal
from critic.types import Box

Mask = NDArray[np.bool_]

_MAX_SHAPES = 250
SAME_COLOUR = 14.0
"""Largest difference in any channel of what looks like one paint."""

_SAME_PLACE = 0.55
_SAME_OUTLINE = 0.72
_LOOSE_PLACE = 0.15
_NORMAL = 32

_SLIMMER, _BROADER = 0.75, 1.34
"""Ratios of the proportions of two boxes between which they may hold one outline: a third either way."""

_SAME_HOLE = 0.8
"""Intersection over union from which a hole of one picture is a shape of the other one."""

_AREA = 0.33
"""Ratio of two areas from which they may be of one shape in two sizes: a scale of 0.6."""

_COVERED = 0.5
"""Share of a cell that a shape covers to be drawn there, once both are brought to one grid."""


@dataclass(frozen=True, slots=True)
class Blob:
    """One connected area of one paint.

    Attributes:
        mask: Its pixels in the whole picture.
        area: Their number.
        box: Around them.
        colour: Mean colour, RGB.
        background: Whether it has the canvas's colour: the canvas shows there, or a shape looks so.
    """

    mask: Mask
    area: int
    box: Box
    colour: NDArray[np.float32]
    background: bool

    @property
    def paint(self) -> str:
        """The colour as ``#rrggbb``."""
        return hexadecimal(self.colour)

    @property
    def is_inside(self) -> bool:
        """Whether it does not touch the picture's edge."""
        height, width = self.mask.shape
        return self.box.x0 > 0 and self.box.y0 > 0 and self.box.x1 < width and self.box.y1 < height

    def cut(self) -> Mask:
        """Its mask within its box."""
        left, top, right, bottom = (int(v) for v in self.box)
        return self.mask[top:bottom, left:right]


@dataclass(frozen=True, slots=True)
class Shapes:
    """The connected areas of a picture, and which of them each pixel belongs to.

    Attributes:
        blobs: The areas.
        labels: For each pixel the place of its area among them, or a number past their end.
    """

    blobs: tuple[Blob, ...]
    labels: NDArray[np.int32]

    def painted_like(self, paint: Blob) -> Mask:
        """Which areas are painted in what looks like a shape's colour; one by one."""
        if not self.blobs:
            return np.zeros(0, dtype=bool)
        colours = np.array([blob.colour for blob in self.blobs])
        return np.asarray(np.abs(colours - paint.colour).max(axis=1) <= SAME_COLOUR)


@dataclass(frozen=True, slots=True)
class Match:
    """A blob of the reference and the one of the render that stands for it; one of them may be missing."""

    reference: Blob | None
    render: Blob | None

    @property
    def blob(self) -> Blob:
        """The reference's, else the render's."""
        found = self.reference or self.render
        assert found is not None
        return found

    @property
    def area(self) -> int:
        """The larger of the two areas."""
        return max(blob.area for blob in (self.reference, self.render) if blob is not None)


def shapes_of(layers: Layers) -> Shapes:
    """The largest connected areas of a picture."""
    zones = layers.zones
    sizes = np.bincount(zones.first.ravel(), minlength=zones.count)
    found: list[Blob] = []
    numbers = np.full(zones.count, _MAX_SHAPES, np.int32)
    for zone in np.argsort(-sizes, kind="stable")[:_MAX_SHAPES].tolist():
        if not sizes[zone]:
            continue
        mask = zones.first == zone
        box = box_of(mask)
        colour = layers.palette.colours[zone]
        numbers[zone] = len(found)
        canvas = bool(np.abs(colour - layers.palette.ground).max() < 1.0)
        found.append(Blob(mask, int(sizes[zone]), box, colour, canvas))
    return Shapes(tuple(found), numbers[zones.first])


def colour_distance(one: Blob, other: Blob) -> float:
    """Largest difference in any channel."""
    return float(np.abs(one.colour - other.colour).max())


def same_paint(one: Blob, other: Blob) -> bool:
    """Whether two shapes are painted in what looks like one colour."""
    return colour_distance(one, other) <= SAME_COLOUR


def match(reference: Shapes, render: Shapes) -> list[Match]:
    """Pairs blobs by place, then by outline elsewhere; what is left stands alone.

    In the order in which they explain each other: shapes before the canvas that shows between them, what
    stands alone before pairs, the large before what they cover, and small pairs before large ones.
    """
    pairs: list[Match] = []
    ours, theirs = dict(enumerate(reference.blobs)), dict(enumerate(render.blobs))
    shared = _shared(reference, render)

    def overlap(i: int, j: int) -> float:
        both = float(shared[i, j])
        return both / (ours[i].area + theirs[j].area - both)

    def one_paint(i: int, j: int) -> bool:
        return same_paint(ours[i], theirs[j])

    def in_place(i: int, j: int) -> float:
        score = overlap(i, j)
        return score if score >= _SAME_PLACE else 0.0

    _pair(ours, theirs, pairs, lambda i, j: in_place(i, j) if one_paint(i, j) else 0.0)
    _pair(ours, theirs, pairs, in_place)
    _pair(ours, theirs, pairs, lambda i, j: likeness(ours[i], theirs[j]) if one_paint(i, j) else 0.0)
    _pair(ours, theirs, pairs, lambda i, j: _refilled(ours[i], theirs[j], overlap(i, j)), canvas=True)
    _pair(
        ours,
        theirs,
        pairs,
        lambda i, j: overlap(i, j) if one_paint(i, j) and overlap(i, j) >= _LOOSE_PLACE else 0.0,
    )
    pairs += [Match(blob, None) for blob in ours.values()] + [Match(None, blob) for blob in theirs.values()]
    return sorted(pairs, key=_rank)


def _refilled(one: Blob, other: Blob, overlap: float) -> float:
    """Whether what has the canvas's colour in one picture is a shape of another colour in the other one.

    A white shape and a hole in what is round it look the same.
    """
    if not (one.is_inside and other.is_inside):
        return 0.0
    alike = overlap >= _LOOSE_PLACE and likeness(one, other) > 0.0
    return overlap if overlap >= _SAME_HOLE or alike else 0.0


def _rank(pair: Match) -> tuple[bool, bool, int]:
    alone = pair.reference is None or pair.render is None
    return pair.blob.background, not alone, -pair.area if alone else pair.area


def _shared(reference: Shapes, render: Shapes) -> NDArray[np.int64]:
    """How many pixels each two blobs have in common."""
    side = _MAX_SHAPES + 1
    codes = reference.labels.astype(np.int64).ravel() * side + render.labels.ravel()
    return np.bincount(codes, minlength=side * side).reshape(side, side)


def _pair(
    ours: dict[int, Blob],
    theirs: dict[int, Blob],
    pairs: list[Match],
    score: Callable[[int, int], float],
    *,
    canvas: bool = False,
) -> None:
    """Takes the best-scoring pairs out of what is left; canvas goes with canvas, or only with others."""
    scored = [
        (value, i, j)
        for i, one in ours.items()
        for j, other in theirs.items()
        if (one.background != other.background) == canvas and (value := score(i, j)) > 0
    ]
    for _, i, j in sorted(scored, reverse=True):
        if i in ours and j in theirs:
            pairs.append(Match(ours.pop(i), theirs.pop(j)))


def likeness(one: Blob, other: Blob) -> float:
    """Intersection over union once both fill the same box, for boxes of like proportions and size; else 0."""
    if min(one.area, other.area) < _AREA * max(one.area, other.area):
        return 0.0
    first, second = one.cut(), other.cut()
    ratio = (first.shape[0] / first.shape[1]) / (second.shape[0] / second.shape[1])
    if not _SLIMMER <= ratio <= _BROADER:
        return 0.0
    a, b = (
        cv2.resize(mask.astype(np.float32), (_NORMAL, _NORMAL), interpolation=cv2.INTER_AREA) > _COVERED
        for mask in (first, second)
    )
    score = float((a & b).sum()) / max(1.0, float((a | b).sum()))
    return score if score >= _SAME_OUTLINE else 0.0


def clear(mask: Mask, thickness: int) -> Mask:
    """What is left of a difference without the slivers that anti-aliasing leaves along edges."""
    kernel = np.ones((thickness, thickness), np.uint8)
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0


def grown(mask: Mask, pixels: int) -> Mask:
    """A mask larger by so many pixels on all sides."""
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def box_of(mask: Mask) -> Box:
    """The box around a mask that is not empty."""
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def shifted(mask: Mask, across: int, down: int) -> Mask:
    """What is left of a mask in the picture once it is moved."""
    height, width = mask.shape
    moved = np.zeros_like(mask)
    rows, columns = np.nonzero(mask)
    rows, columns = rows + down, columns + across
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    moved[rows[inside], columns[inside]] = True
    return moved
