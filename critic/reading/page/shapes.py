"""Boxes of a page: areas of one smooth colour whose outline is a rectangle, rounded or not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from critic.reading.page.borders import border_of, is_soft_rim
from critic.reading.page.colours import commonest, css, distance, rgb
from critic.reading.page.corners import refine_corners
from critic.reading.page.fills import find_fill, flat
from critic.reading.page.paint import coverage
from critic.reading.page.types import Fill, Shape
from critic.types import Box
from renderers.types import Image

SMOOTH = 2
"""Neighbours that differ by no more belong to one area."""

_LEAST_AREA = 40
_MOST_AREAS = 600
_CORNER = 1 - np.pi / 4
_THIN = 7
_BROAD = 300
_LEAST_SIDE = 8
_MOST_PARTS = 6
_MOSTLY = 0.95
_RING = 0.5
_HOLE = 0.05
_LARGE = 0.02
"""Part of the page from which an area counts as a box although others overlap its rim."""
_LEAST_PARTS = 2
"""Rectangles that an area with corners has at least; one alone is the area itself."""
_SAME_RUN = 2
"""Pixels by which the ends of two rows' runs differ at most to be of one rectangle."""
_LEAST_RIMS = 2
"""Rims of the page that its own ground reaches at least."""
_LEAST_INSIDE = 2
"""Pixels across from which an area can be a box's inside; what is thinner is a line."""
_HALF_COVERED = 0.5
"""Cover from which a pixel is inside a box."""
_COVERED_AREA = 2000
"""Area in px² from which a disturbed outline may still be a box's that others overlap."""
_LEAST_RADIUS, _ONE_RADIUS = 1.6, 1.5
"""Pixels of radius below which a corner is square, and within which all four are one."""
_SAME_FILL = 2
"""Channel levels within which two fills are one."""


@dataclass(frozen=True, slots=True)
class _Area:
    box: Box
    mask: NDArray[np.bool_]
    outline: NDArray[np.bool_]

    @property
    def size(self) -> int:
        return int(self.outline.sum())


def read_shapes(image: Image, texts: tuple[Box, ...], smooth: int = SMOOTH) -> tuple[Fill, tuple[Shape, ...]]:
    """The page's own fill, and the boxes on it: each after those that it lies on.

    Args:
        image: The picture.
        texts: Where text was seen; letters are no boxes.
        smooth: Neighbours that differ by no more belong to one area.
    """
    areas = sorted(_areas(image, smooth), key=lambda area: -area.size)
    ground = _ground(image, areas)
    shapes: list[Shape] = []
    for area in areas:
        if area is ground or _is_letter(area, texts):
            continue
        parts = _without_thin_parts(area) if _is_ring(area) else []
        shape = None if parts else shape_of(image, area.box, area.mask, area.outline)
        if shape is not None:
            shapes.append(shape)
            continue
        parts = parts or _without_thin_parts(area) or _rectangles(area, image)
        found = (shape_of(image, p.box, p.mask, p.outline) for p in parts)
        shapes += [part for part in found if part is not None]
    fill = _page_fill(image, ground)
    return fill, _visible(fill, shapes)


def _areas(image: Image, smooth: int) -> list[_Area]:
    values = image.astype(np.int16)
    height, width = values.shape[:2]
    across = np.zeros((height, width), dtype=bool)
    down = np.zeros((height, width), dtype=bool)
    across[:, :-1] = np.abs(np.diff(values, axis=1)).max(axis=2) <= smooth
    down[:-1] = np.abs(np.diff(values, axis=0)).max(axis=2) <= smooth
    across[:, -1], down[-1] = True, True
    _, labels, stats, _ = cv2.connectedComponentsWithStats((across & down).astype(np.uint8), connectivity=4)
    order = [i for i in np.argsort(-stats[:, 4]) if i and stats[i, 4] >= _LEAST_AREA][:_MOST_AREAS]
    areas = []
    for label in order:
        check_deadline()
        x, y, w, h, _ = (int(v) for v in stats[label])
        x1, y1 = min(width, x + w + 1), min(height, y + h + 1)
        own = labels[y:y1, x:x1] == label
        mask = own.copy()
        # Neighbours to the right and below that are like a pixel belong to it, though theirs may differ.
        mask[:, 1:] |= own[:, :-1] & across[y:y1, x : x1 - 1]
        mask[1:] |= own[:-1] & down[y : y1 - 1, x:x1]
        areas.append(_trimmed(x, y, mask))
    return areas


def _trimmed(x: int, y: int, mask: NDArray[np.bool_]) -> _Area:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, bottom, left, right = int(rows[0]), int(rows[-1] + 1), int(columns[0]), int(columns[-1] + 1)
    mask = mask[top:bottom, left:right]
    return _Area(Box(x + left, y + top, x + right, y + bottom), mask, outline_of(mask))


def _is_ring(area: _Area) -> bool:
    """Whether the area goes around something larger than itself."""
    return int(area.mask.sum()) < _RING * area.size


def _without_thin_parts(area: _Area) -> list[_Area]:
    """The broad parts of an area that thin ones (a border that it touches) have joined into one."""
    whole = (_without_small_holes(area) if _is_ring(area) else area.outline).astype(np.uint8)
    kernel = np.ones((_THIN, _THIN), dtype=np.uint8)
    core = cv2.morphologyEx(np.pad(whole, 1), cv2.MORPH_OPEN, kernel)[1:-1, 1:-1]
    if not core.any() or int(core.sum()) > _MOSTLY * area.size:
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=4)
    parts = []
    for label in range(1, count):
        if stats[label, 4] < _BROAD:
            continue
        # round corners are lost to the square kernel: what lies near the core is its own again
        near = cv2.dilate((labels == label).astype(np.uint8), np.ones((3, 3), dtype=np.uint8), iterations=2)
        x, y, w, h = (int(value) for value in stats[label, :4])
        window = (slice(y, y + h), slice(x, x + w))
        mask = area.mask[window] & (near[window] > 0)
        if mask.any():
            parts.append(_trimmed(int(area.box.x0) + x, int(area.box.y0) + y, mask))
    return parts


def _rectangles(area: _Area, image: Image) -> list[_Area]:
    """A large area with corners, such as a bar and a column of one colour, cut into rectangles.

    Rows whose widest run is the same make a rectangle; none where they leave much of the area out.
    """
    if area.size < _LARGE * image.shape[0] * image.shape[1]:
        return []
    runs = [_widest_run(row) for row in area.outline]
    starts = [0, *(y for y in range(1, len(runs)) if _differ(runs[y], runs[y - 1])), len(runs)]
    parts = []
    for top, bottom in pairwise(starts):
        left, right = (int(np.median(side)) for side in zip(*runs[top:bottom], strict=True))
        if bottom - top >= _LEAST_SIDE and right - left >= _LEAST_SIDE:
            mask = area.mask[top:bottom, left:right]
            if mask.any():
                parts.append(_trimmed(int(area.box.x0) + left, int(area.box.y0) + top, mask))
    whole = sum(part.size for part in parts) >= _MOSTLY * area.size
    return parts if whole and _LEAST_PARTS <= len(parts) <= _MOST_PARTS else []


def _widest_run(row: NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
    widest = int((edges[1::2] - edges[::2]).argmax())
    return int(edges[2 * widest]), int(edges[2 * widest + 1])


def _differ(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return abs(first[0] - second[0]) > _SAME_RUN or abs(first[1] - second[1]) > _SAME_RUN


def _without_small_holes(area: _Area) -> NDArray[np.bool_]:
    """The area's own pixels, with the letters that lie on it but not what it goes around."""
    holes = (area.outline & ~area.mask).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(holes, connectivity=4)
    small = np.flatnonzero(stats[:, 4] <= _HOLE * area.size)
    return np.asarray(area.mask | np.isin(labels, small[small > 0]))


def outline_of(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with its holes filled."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, dtype=np.uint8)
    cv2.drawContours(filled, contours, -1, 1, thickness=cv2.FILLED)
    return np.asarray(filled > 0)


def _ground(image: Image, areas: list[_Area]) -> _Area | None:
    """The area that is the page itself: the largest that reaches two or more of its rims."""
    height, width = image.shape[:2]

    def rims(box: Box) -> int:
        return sum((box.x0 <= 0, box.y0 <= 0, box.x1 >= width, box.y1 >= height))

    at_rim = [area for area in areas if rims(area.box) >= _LEAST_RIMS]
    return max(at_rim, key=lambda area: area.size, default=None)


def _page_fill(image: Image, ground: _Area | None) -> Fill:
    if ground is None:
        return flat(css(commonest(image)[0]))
    height, width = image.shape[:2]
    x0, y0, x1, y1 = (int(v) for v in ground.box)
    mask = np.zeros((height, width), dtype=bool)
    mask[y0:y1, x0:x1] = ground.mask
    return find_fill(image, mask)


def _is_letter(area: _Area, texts: tuple[Box, ...]) -> bool:
    """Whether the area is a letter's body or eye: it lies in a text line and is no plate under it."""
    box = area.box
    height, width = area.outline.shape
    full = area.size >= 0.85 * height * width
    least = 0.45 if full else 0.7
    for text in texts:
        inside = (
            box.x0 >= text.x0 - 1
            and box.x1 <= text.x1 + 1
            and box.y0 >= text.y0 - 1
            and box.y1 <= text.y1 + 1
        )
        wide = box.width >= least * text.width
        high = box.height >= least * text.height
        if inside and not (wide and high):
            return True
    return False


def shape_of(image: Image, box: Box, mask: NDArray[np.bool_], outline: NDArray[np.bool_]) -> Shape | None:
    """The box that an area is the inside of, or None when its outline is no rectangle.

    Args:
        image: The picture.
        box: The area's bounds.
        mask: The area's own pixels within them.
        outline: The area with what lies on it.
    """
    height, width = outline.shape
    if min(height, width) < _LEAST_INSIDE:
        return None
    radius = _radii(outline)
    model = coverage(width, height, radius) > _HALF_COVERED
    differing = int((model != outline).sum())
    area = int(outline.sum())
    if differing > 0.035 * area + 3:
        if (
            area < _COVERED_AREA
            or differing > (0.4 if area > _LARGE * image.shape[0] * image.shape[1] else 0.15) * area
        ):
            return None
        radius = (0.0, 0.0, 0.0, 0.0)
    x0, y0, x1, y1 = (int(v) for v in box)
    fill = find_fill(image[y0:y1, x0:x1], mask)
    border = border_of(image, (x0, y0, x1, y1), max(radius), mask)
    if max(radius) > 0.4 * min(height, width) and is_soft_rim(image, (x0, y0, x1, y1), fill, border):
        border = (None, None, None, None)
    top, right, bottom, left = (edge.width if edge else 0 for edge in border)
    outer = Box(x0 - left, y0 - top, x1 + right, y1 + bottom)
    grown = min((w for w in (top, right, bottom, left) if w), default=0)
    a, b, c, d = (round(r + grown, 1) if r else 0.0 for r in radius)
    return refine_corners(image, Shape(box=outer, fill=fill, radius=(a, b, c, d), border=border))


def _radii(outline: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Corner radii from the pixels missing in each corner."""
    height, width = outline.shape
    n = max(1, min(height, width) // 2)
    corners = (
        outline[:n, :n],
        outline[:n, -n:][:, ::-1],
        outline[-n:, -n:][::-1, ::-1],
        outline[-n:, :n][::-1],
    )
    found = []
    for corner in corners:
        radius = float(np.sqrt(_missing(corner) / _CORNER))
        found.append(0.0 if radius < _LEAST_RADIUS else min(round(radius * 2) / 2, min(height, width) / 2))
    if max(found) - min(found) <= _ONE_RADIUS:
        mean = round(float(np.mean(found)) * 2) / 2
        found = [mean] * 4
    a, b, c, d = found
    return a, b, c, d


def _missing(corner: NDArray[np.bool_]) -> int:
    """Pixels missing at the very corner, first of both axes: what covers an edge elsewhere rounds nothing."""
    if corner[0, 0]:
        return 0
    _, labels = cv2.connectedComponents((~corner).astype(np.uint8), connectivity=4)
    return int((labels == labels[0, 0]).sum())


def _visible(fill: Fill, shapes: list[Shape]) -> tuple[Shape, ...]:
    """The shapes that show: those without a border differ from what they lie on; from large to small."""
    ordered = sorted(shapes, key=lambda s: -s.box.width * s.box.height)
    kept: list[Shape] = []
    for seen in ordered:
        under = next((s.fill for s in reversed(kept) if _holds(s.box, seen.box)), fill)
        shape = _without_blank_border(seen, under)
        if any(_is_side_of(shape, other) for other in kept):
            continue
        if any(shape.border) or not _alike(under, shape.fill):
            kept.append(shape)
    return tuple(kept)


def _is_side_of(strip: Shape, box: Shape) -> bool:
    """Whether a strip is a side of a box's border, which was read with the box."""
    x0, y0, x1, y1 = box.box
    bands = (
        Box(x0, y0, x1, y0 + (box.border[0].width if box.border[0] else 0)),
        Box(x1 - (box.border[1].width if box.border[1] else 0), y0, x1, y1),
        Box(x0, y1 - (box.border[2].width if box.border[2] else 0), x1, y1),
        Box(x0, y0, x0 + (box.border[3].width if box.border[3] else 0), y1),
    )
    return any(
        edge is not None and _holds(band, strip.box) and _alike(strip.fill, flat(edge.colour))
        for band, edge in zip(bands, box.border, strict=True)
    )


def _without_blank_border(shape: Shape, under: Fill) -> Shape:
    """The shape less the border sides that are only the ground around it."""
    blank = [edge is not None and _alike(under, flat(edge.colour)) for edge in shape.border]
    if not any(blank):
        return shape
    top, right, bottom, left = (
        edge.width if edge and gone else 0 for edge, gone in zip(shape.border, blank, strict=True)
    )
    box = Box(shape.box.x0 + left, shape.box.y0 + top, shape.box.x1 - right, shape.box.y1 - bottom)
    grown = max(top, right, bottom, left)
    a, b, c, d = (max(0.0, r - grown) for r in shape.radius)
    border = tuple(None if gone else edge for edge, gone in zip(shape.border, blank, strict=True))
    return shape.model_copy(update={"box": box, "radius": (a, b, c, d), "border": border})


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and outer.x1 >= inner.x1 and outer.y1 >= inner.y1


def _alike(first: Fill, second: Fill) -> bool:
    return first.flat and second.flat and int(distance(rgb(first.colour), rgb(second.colour))) <= _SAME_FILL


def refill(image: Image, shape: Shape) -> Shape:
    """The shape with its fill measured again."""
    x0, y0, x1, y1 = (int(value) for value in shape.box)
    pixels = image[max(0, y0) : y1, max(0, x0) : x1]
    if pixels.size == 0:
        return shape
    return shape.model_copy(update={"fill": find_fill(pixels, np.ones(pixels.shape[:2], dtype=bool))})
