"""Connected shapes of two drawings, and which of them belong together."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.svg import Layers
from critic.reading.svg.palette import hexadecimal
from critic.types import Box

Mask = NDArray[np.bool_]

_MAX_SHAPES = 250
_SAME_COLOUR = 14.0
_SAME_PLACE = 0.55
_SAME_OUTLINE = 0.6


@dataclass(frozen=True, slots=True)
class Blob:
    """One connected area of one paint.

    Attributes:
        mask: Its pixels in the whole picture.
        area: Their number.
        box: Around them.
        colour: Mean colour, RGB.
        background: Whether it is the canvas showing.
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


@dataclass(frozen=True, slots=True)
class Match:
    """A blob of the reference and the one of the render that stands for it; one of them may be missing."""

    reference: Blob | None
    render: Blob | None

    @property
    def area(self) -> int:
        """The larger of the two areas."""
        return max(blob.area for blob in (self.reference, self.render) if blob is not None)


def blobs(layers: Layers) -> list[Blob]:
    """The largest connected areas of a picture."""
    zones = layers.zones
    sizes = np.bincount(zones.first.ravel(), minlength=zones.count)
    found = []
    for zone in np.argsort(-sizes, kind="stable")[:_MAX_SHAPES].tolist():
        mask = zones.first == zone
        if not sizes[zone]:
            continue
        rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
        box = Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))
        colour = layers.palette.colours[zone]
        found.append(Blob(mask, int(sizes[zone]), box, colour, bool(layers.palette.background[zone])))
    return found


def colour_distance(one: Blob, other: Blob) -> float:
    """Largest difference in any channel."""
    return float(np.abs(one.colour - other.colour).max())


def overlap(one: Blob, other: Blob) -> float:
    """Intersection over union."""
    if not _boxes_meet(one.box, other.box):
        return 0.0
    both = int((one.mask & other.mask).sum())
    return both / (one.area + other.area - both)


def _boxes_meet(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def match(reference: list[Blob], render: list[Blob]) -> list[Match]:
    """Pairs blobs by place, then by outline elsewhere; what is left stands alone. The smallest come first."""
    pairs: list[Match] = []
    ours, theirs = list(reference), list(render)
    for same_paint, threshold in ((True, _SAME_PLACE), (False, _SAME_PLACE), (True, 0.15)):
        _pair_by_place(ours, theirs, pairs, same_paint, threshold)
    _pair_by_outline(ours, theirs, pairs)
    pairs += [Match(blob, None) for blob in ours] + [Match(None, blob) for blob in theirs]
    return sorted(pairs, key=lambda pair: pair.area)


def _pair_by_place(
    ours: list[Blob], theirs: list[Blob], pairs: list[Match], same_paint: bool, threshold: float
) -> None:
    scored = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            if min(one.area, other.area) < threshold * max(one.area, other.area):
                continue
            if same_paint and colour_distance(one, other) > _SAME_COLOUR:
                continue
            score = overlap(one, other)
            if score >= threshold:
                scored.append((score, i, j))
    _take(sorted(scored, reverse=True), ours, theirs, pairs)


def _pair_by_outline(ours: list[Blob], theirs: list[Blob], pairs: list[Match]) -> None:
    """Shapes that moved: the same paint and, laid upon each other, nearly the same outline."""
    scored = []
    for i, one in enumerate(ours):
        for j, other in enumerate(theirs):
            if one.background or other.background or colour_distance(one, other) > _SAME_COLOUR:
                continue
            if min(one.area, other.area) < _SAME_OUTLINE * max(one.area, other.area):
                continue
            score = _likeness(one, other)
            if score >= _SAME_OUTLINE:
                scored.append((score, i, j))
    _take(sorted(scored, reverse=True), ours, theirs, pairs)


def _likeness(one: Blob, other: Blob) -> float:
    """Intersection over union once both are moved to one corner."""
    first, second = _cut(one), _cut(other)
    height, width = max(first.shape[0], second.shape[0]), max(first.shape[1], second.shape[1])
    a, b = np.zeros((height, width), bool), np.zeros((height, width), bool)
    a[: first.shape[0], : first.shape[1]] = first
    b[: second.shape[0], : second.shape[1]] = second
    return float((a & b).sum()) / float((a | b).sum())


def _cut(blob: Blob) -> Mask:
    left, top, right, bottom = (int(v) for v in blob.box)
    return blob.mask[top:bottom, left:right]


def _take(
    scored: list[tuple[float, int, int]], ours: list[Blob], theirs: list[Blob], pairs: list[Match]
) -> None:
    used_ours, used_theirs = set[int](), set[int]()
    for _, i, j in scored:
        if i not in used_ours and j not in used_theirs:
            used_ours.add(i)
            used_theirs.add(j)
            pairs.append(Match(ours[i], theirs[j]))
    ours[:] = [blob for index, blob in enumerate(ours) if index not in used_ours]
    theirs[:] = [blob for index, blob in enumerate(theirs) if index not in used_theirs]


def clear(mask: Mask, thickness: int) -> Mask:
    """What is left of a difference without the slivers that anti-aliasing leaves along edges."""
    kernel = np.ones((thickness, thickness), np.uint8)
    return cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0
