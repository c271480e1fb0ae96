"""Markers: filled shapes of one size in a mask, thicker than the line that may join them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.chart.plot import Mask

SNAP = 0.5
"""Pixels right and down of its place that matplotlib draws a marker, which it snaps to whole pixels."""


class Markers(NamedTuple):
    """Markers of one series.

    Attributes:
        centres: Array of (x, y) in pixels of the plot area.
        size: Diameter in pixels.
        shape: As matplotlib names it.
    """

    centres: NDArray[np.float64]
    size: float
    shape: str

    @property
    def side(self) -> float:
        """The length that matplotlib's size counts: of a diamond, which stands on a corner, its side."""
        return self.size / math.sqrt(2) if self.shape == "D" else self.size


_MOST = 400
"""Crowded markers of one series."""
_LEAST, _LARGEST = 4, 40
"""Working pixels across a marker: of 3 points and of 29; matplotlib's default is 6 points."""
_NARROW, _WIDE = 0.7, 1.4
"""Width of a marker over its height: pieces of lines are longer."""
_COVERS = 0.45
"""Share of its box that a marker covers at least: a triangle or a diamond covers half."""
_LEAST_ALIKE = 2
"""Markers of one size at least: a single one has nothing to be like."""
_TELLING = 6
"""Working pixels across from which a marker's shape is told: of smaller ones the corners are blends."""
_SQUARE, _TRIANGLE, _DIAMOND = 0.86, 0.78, 0.65
"""Shares of its box that tell a shape. Of markers from 6 to 10 points on lines of 1 to 2, squares cover 0.82
to 0.96, discs 0.69 to 0.84, triangles 0.7 to 0.74, diamonds of 8 points and more 0.59 to 0.65."""
_LEAN = 0.06
"""Share of its height by which a triangle's ink lies off its middle at least; a disc's lies off by 0.02, and
by half a pixel of nine where lines cross it: 0.055."""
_OWN, _OWN_OR_COVERED = 0.6, 0.93
"""Shares of a disc in its own colour, and in that or under other ink: discs may be covered in good part, but
none is where it is bare."""
_REST = 0.3
"""Share of a disc that no disc found before explains: with less left there is no other one."""
_ALONE = 0.9
"""Share of a disc in its own colour from which its centre is measured from its ink."""
_LEAST_INK = 4
"""Pixels from which a centre is measured."""
NONE = Markers(np.zeros((0, 2)), 0.0, "o")


def find_markers(mask: Mask, stroke: float, inked: Mask | None = None) -> Markers:
    """Markers of one size: those that stand alone and, by their size, the crowded ones.

    Args:
        mask: One colour.
        stroke: Width in pixels of the line that may join them.
        inked: Where anything is drawn, which may cover markers; without it only lone markers are sought.
    """
    size = max(3, round(stroke) + 3)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=4)
    kept = []
    for index in range(1, count):
        _, _, w, h, area = (int(v) for v in stats[index])
        if _LEAST <= w <= _LARGEST and _NARROW < w / h < _WIDE and area / (w * h) > _COVERS:
            x, y = centres[index]
            kept.append((float(x) + 0.5, float(y) + 0.5, area, (w + h) / 2, index))
    if len(kept) < _LEAST_ALIKE:
        return NONE
    table = np.array(kept)
    usual = np.median(table[:, 2])
    alike = np.abs(table[:, 2] - usual) < 0.4 * usual
    # The corners of a thick line differ in size; markers are alike.
    if alike.sum() < max(_LEAST_ALIKE, min(6, 0.5 * len(table))) or table[alike][:, 2].std() > 0.2 * usual:
        return NONE
    table = table[alike]
    diameter = float(np.percentile(table[:, 3], 60))
    shape = shape_of([_cut(labels, int(row[4]), stats) for row in table[:40]])
    single = table[:, :2]
    if shape in ("^", "v"):
        # A triangle's place is the middle of its box.
        boxes = stats[table[:, 4].astype(int)]
        single = np.stack([boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] / 2], axis=1)
    every = _crowded(mask, opened > 0, inked, diameter) if inked is not None and shape == "o" else single
    return Markers(every if len(every) > len(single) else single, diameter, shape)


def drawn(markers: Markers, shape: tuple[int, ...]) -> Mask:
    """Where the markers lie."""
    canvas = np.zeros(shape[:2], np.uint8)
    for x, y in markers.centres:
        # Four bits of fraction: the discs are small.
        at = (round((x - 0.5) * 16), round((y - 0.5) * 16))
        cv2.circle(canvas, at, round((markers.size / 2 - 0.3) * 16), 1, -1, shift=4)
    return canvas.astype(bool)


def _cut(labels: cv2.typing.MatLike, index: int, stats: cv2.typing.MatLike) -> Mask:
    x, y, w, h, _ = (int(v) for v in stats[index])
    return np.asarray(labels[y : y + h, x : x + w] == index)


def shape_of(blobs: list[Mask]) -> str:
    """The marker that blobs look like, taken together: a disc where they are too small to tell."""
    telling = [blob for blob in blobs if min(blob.shape) >= _TELLING]
    if 2 * len(telling) <= len(blobs):
        return "o"
    fill = float(np.median([blob.mean() for blob in telling]))
    lean = float(np.median([_lean(blob) for blob in telling]))
    if fill > _SQUARE:
        return "s"
    if fill < _TRIANGLE and abs(lean) > _LEAN:
        return "^" if lean > 0 else "v"
    return "D" if fill < _DIAMOND else "o"


def _lean(blob: Mask) -> float:
    """Share of its height by which a blob's ink lies below its middle."""
    rows = np.where(blob)[0]
    return float((rows.mean() + 0.5) / blob.shape[0] - 0.5)


def _crowded(mask: Mask, thick: Mask, inked: Mask, diameter: float) -> NDArray[np.float64]:
    """Discs of a known size until they cover what is thick of a mask, the fullest first.

    Other ink may cover part of a disc; nothing bare may.
    """
    radius = diameter / 2
    reach = int(np.ceil(radius))
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = (np.hypot(rows, columns) <= radius - 0.3).astype(np.float32)
    shape = disc / disc.sum()
    own, covered = (_filled(m, shape) for m in (mask, mask | inked))
    allowed = (own > _OWN) & (covered > _OWN_OR_COVERED)
    rest = thick.astype(np.float32)
    kept: list[tuple[float, float]] = []
    while len(kept) < _MOST:
        # A little weight on the whole mask puts the peak in the middle of a disc that stands alone.
        score = np.where(allowed, _filled(rest, shape) + 0.05 * own, 0.0)
        y, x = (int(v) for v in np.unravel_index(score.argmax(), score.shape))
        if score[y, x] < _REST:
            break
        kept.append(_centred(mask, x + 0.5, y + 0.5, radius) if own[y, x] > _ALONE else (x + 0.5, y + 0.5))
        cv2.circle(rest, (x, y), round(radius + 0.7), 0.0, -1)
    return np.array(sorted(kept)).reshape(-1, 2)


def _filled(mask: NDArray[Any], shape: NDArray[np.float32]) -> NDArray[np.float32]:
    filled = cv2.filter2D(mask.astype(np.float32), -1, shape, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(filled, dtype=np.float32)


def _centred(mask: Mask, x: float, y: float, radius: float) -> tuple[float, float]:
    """The centre to a fraction of a pixel, from the mask around it."""
    reach = int(radius) + 1
    r, c = int(y), int(x)
    r0, c0 = max(0, r - reach), max(0, c - reach)
    part = mask[r0 : r + reach + 1, c0 : c + reach + 1].astype(np.float32)
    near = (
        np.hypot(*np.mgrid[r0 - r : r0 - r + part.shape[0], c0 - c : c0 - c + part.shape[1]]) <= radius + 0.3
    )
    part = part * near
    total = float(part.sum())
    if total < _LEAST_INK:
        return x, y
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    return c0 + float((part * columns).sum()) / total + 0.5, r0 + float((part * rows).sum()) / total + 0.5
