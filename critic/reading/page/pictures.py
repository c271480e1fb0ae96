"""What neither text nor boxes explain: rules and dots as boxes, the rest as embedded pictures."""

from __future__ import annotations

import base64
import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage

from critic.deadline import check_deadline
from critic.reading.page.colours import css, distance, rgb
from critic.reading.page.corners import refine_corners
from critic.reading.page.fills import find_fill, flat
from critic.reading.page.ink import cover_on_picture, ground_of
from critic.reading.page.paint import coverage, lay
from critic.reading.page.types import PixelPart, Shape
from critic.types import Box
from renderers.types import Image

_UNLIKE = 10
_THIN = 4
_NEAR = 5
_JPEG_QUALITY = 85
_MOST_BYTES = 600_000
_LARGE = 600_000
"""Values of a picture from which the smallest PNG takes too long to find; it is a JPEG then, mostly."""
_BY_RIM = 3
_ROUND = 0.4
"""Radius, as a share of a box's shorter side, from which it is a round one; a circle has 0.5."""

_RIM = 2
"""Pixels on either side of a round box's outline in which its antialiasing may differ."""

_HALF_COVERED = 0.5
"""Cover from which a pixel is inside a box."""

_LEAST_PIECE = 4
"""Pixels below which a piece is noise."""

_TO_TELL = 24
"""Pixels of a piece below which its edges do not tell whether it is soft."""

_HARD_STEP = 8
"""Channel levels between neighbours from which there is an edge; shadows and gradients pass in less."""

_LETTER = 0.1
"""Cover from which a pixel on a photograph is of a letter, its soft rim too."""

_OF_GROUND = 12
"""Channel levels from the ground around a line of text up to which a pixel is no ink."""

_OF_RULE = 12
"""Channel levels within which a pixel has its rule's colour."""

_LEAST_RULE = 12
"""Pixels from which a thin piece is a rule, rather than a dot."""

_LEAST_SIDE = 4
"""Pixels of the longer side below which a piece is too small to be given a shape."""

_SAME_COLOUR = 6
"""Channel levels within which two colours are one."""

_LEAST_FILLED = 0.3
"""Share of a piece with its middle's colour below which it is no plain box."""

_EXPLAINED, _EXPLAINED_PART = 5, 0.12
"""Mean channel levels left to explain, and share of what there was, below which a shape explains a piece."""

_ONE_COLOURED = 0.8
"""Share of a line's pixels with its median colour below which it changes along its way."""

_SEAM_DEPTH, _SEAM_AREA, _SEAM_ACROSS = 1.5, 24, 6
"""Pixels from middle to outline, in all and across the shorter side up to which a piece is a soft rim."""

_LEAST_PICTURE = 9
"""Area in px² below which nothing is embedded."""

_SMALL_FILE = 4000
"""Bytes of a PNG up to which no JPEG is tried: there is nothing to save."""


def read_leftovers(
    image: Image,
    painted: Image,
    covered: tuple[Box, ...],
    laid: tuple[Shape, ...] = (),
    embedded: tuple[Box, ...] = (),
) -> tuple[tuple[Shape, ...], tuple[PixelPart, ...]]:
    """Boxes and pictures for what differs from the page as painted so far.

    Args:
        image: The picture.
        painted: The page's boxes, painted.
        covered: Where text explains the difference.
        laid: The boxes painted so far: the soft rims of round ones are no pictures.
        embedded: Pictures that the page has: what differs in them is what their compression lost.
    """
    unlike = distance(image, painted) > _UNLIKE
    for box in (*covered, *embedded):
        unlike[int(box.y0) : int(np.ceil(box.y1)), int(box.x0) : int(np.ceil(box.x1))] = False
    _clear_rims(unlike, laid)
    shapes: list[Shape] = []
    boxes: list[Box] = []
    bare = _without_text(image, covered)
    for box, mask in _pieces(unlike):
        if _is_soft(image, box, mask):
            continue
        plain = _plain(image, box, mask)
        if plain:
            shapes += plain
        elif _is_seam(mask) and any(_is_on_rim(box, shape.box) for shape in laid):
            continue
        else:
            boxes.append(box)
    merged = _merged(boxes, _NEAR)
    shapes = [shape for shape in shapes if not any(_inside(shape.box, box) for box in merged)]
    return tuple(shapes), tuple(embed(bare, box) for box in merged)


def _clear_rims(unlike: NDArray[np.bool_], laid: tuple[Shape, ...]) -> None:
    height, width = unlike.shape
    for shape in laid:
        x0, y0, x1, y1 = (int(v) for v in shape.box)
        if (
            max(shape.radius) < _ROUND * min(x1 - x0, y1 - y0)
            or min(x0, y0) < _RIM
            or x1 > width - _RIM
            or y1 > height - _RIM
        ):
            continue
        solid = np.pad((coverage(x1 - x0, y1 - y0, shape.radius) > _HALF_COVERED).astype(np.uint8), _RIM)
        kernel = np.ones((3, 3), np.uint8)
        rim = cv2.dilate(solid, kernel, iterations=_RIM) - cv2.erode(solid, kernel, iterations=_RIM)
        unlike[y0 - _RIM : y1 + _RIM, x0 - _RIM : x1 + _RIM] &= rim == 0


def _pieces(unlike: NDArray[np.bool_]) -> list[tuple[Box, NDArray[np.bool_]]]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(unlike.astype(np.uint8), connectivity=8)
    pieces = []
    for label in range(1, count):
        check_deadline()
        x, y, w, h, area = (int(v) for v in stats[label])
        if area >= _LEAST_PIECE:
            pieces.append((Box(x, y, x + w, y + h), labels[y : y + h, x : x + w] == label))
    return pieces


def _is_soft(image: Image, box: Box, mask: NDArray[np.bool_]) -> bool:
    """Whether the piece has no edge: only a shadow or a gradient passing a threshold."""
    x0, y0, x1, y1 = (int(v) for v in box)
    pixels = image[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1].astype(np.int16)
    steps = np.zeros(pixels.shape[:2], dtype=np.int16)
    steps[:, 1:] = np.abs(np.diff(pixels, axis=1)).max(axis=2)
    steps[1:] = np.maximum(steps[1:], np.abs(np.diff(pixels, axis=0)).max(axis=2))
    top, left = y0 - max(0, y0 - 1), x0 - max(0, x0 - 1)
    inside = steps[top : top + mask.shape[0], left : left + mask.shape[1]][mask]
    if len(inside) < _TO_TELL:
        return False
    hard = (inside > _HARD_STEP).mean()
    rim = 2 * (mask.shape[0] + mask.shape[1]) / len(inside)
    return bool(hard < min(0.04, 0.35 * rim))


def _without_text(image: Image, covered: tuple[Box, ...]) -> Image:
    """The picture with text lines painted over by what is around them, so that no letter is drawn twice.

    Letters on a photograph are filled from their rims (Telea 2004).
    """
    bare = image.copy()
    for box in covered:
        x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
        pixels = bare[y0 : int(np.ceil(box.y1)), x0 : int(np.ceil(box.x1))]
        if not pixels.size:
            continue
        cover = cover_on_picture(pixels)
        if cover is not None:
            letters = cv2.dilate((cover > _LETTER).astype(np.uint8), np.ones((3, 3), np.uint8), iterations=2)
            pixels[:] = cv2.inpaint(np.ascontiguousarray(pixels), letters, 3, cv2.INPAINT_TELEA)
            continue
        ground = ground_of(pixels)
        pixels[distance(pixels, ground) > _OF_GROUND] = ground
    return bare


def _plain(image: Image, box: Box, mask: NDArray[np.bool_]) -> list[Shape]:
    """The piece as boxes: a rule, a bar, a dot of one colour."""
    x0, y0, x1, y1 = (int(v) for v in box)
    width, height = x1 - x0, y1 - y0
    if min(width, height) <= _THIN and max(width, height) >= _LEAST_RULE:
        return _rules(image, box)
    if max(width, height) < _LEAST_SIDE:
        return []
    pixels = image[y0:y1, x0:x1]
    colour = pixels[height // 2, width // 2]
    if (
        not mask[height // 2, width // 2]
        or (distance(pixels[mask], colour) <= _SAME_COLOUR).mean() < _LEAST_FILLED
    ):
        return []
    half = min(width, height) / 2
    for radius in (0.0, half):
        shape = Shape(box=box, fill=flat(css(colour)), radius=(radius,) * 4)
        for candidate in (shape, refine_corners(image, shape)):
            if _explains(image, box, candidate):
                return [candidate]
    return []


def _explains(image: Image, box: Box, shape: Shape) -> bool:
    """Whether the shape, on the colour around it, looks like the picture."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box.x0) - 2), max(0, int(box.y0) - 2)
    x1, y1 = min(width, int(box.x1) + 2), min(height, int(box.y1) + 2)
    pixels = image[y0:y1, x0:x1]
    rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    canvas = np.empty(pixels.shape, dtype=np.float32)
    canvas[:] = np.median(rim, axis=0)
    moved = Box(shape.box.x0 - x0, shape.box.y0 - y0, shape.box.x1 - x0, shape.box.y1 - y0)
    before = np.abs(canvas - pixels).mean()
    lay(canvas, shape.model_copy(update={"box": moved}))
    after = np.abs(canvas - pixels).mean()
    return bool(after < _EXPLAINED or after < _EXPLAINED_PART * before)


def _rules(image: Image, box: Box) -> list[Shape]:
    """A thin piece as lines of one colour each; none where it has other colours along its way."""
    x0, y0, x1, y1 = (int(v) for v in box)
    pixels = image[y0:y1, x0:x1]
    flat_way = x1 - x0 >= y1 - y0
    lines = pixels if flat_way else pixels.swapaxes(0, 1)
    shapes: list[Shape] = []
    for index, line in enumerate(lines):
        colour = np.median(line, axis=0)
        if (distance(line, colour) <= _OF_RULE).mean() < _ONE_COLOURED:
            fill = find_fill(line[None], np.ones((1, len(line)), dtype=bool))
            if fill.flat:
                return []
        place = (
            Box(x0, y0 + index, x1, y0 + index + 1) if flat_way else Box(x0 + index, y0, x0 + index + 1, y1)
        )
        if shapes and shapes[-1].fill.flat and distance(rgb(shapes[-1].fill.colour), colour) <= _SAME_COLOUR:
            last = shapes[-1].box
            shapes[-1] = shapes[-1].model_copy(update={"box": last._replace(x1=place.x1, y1=place.y1)})
        else:
            shapes.append(Shape(box=place, fill=flat(css(colour))))
    return shapes


def _is_seam(mask: NDArray[np.bool_]) -> bool:
    """Whether the piece is only the soft rim of a box."""
    rows, columns = mask.shape
    padded = np.pad(mask, 1).astype(np.uint8)
    thick = float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())
    return thick < _SEAM_DEPTH and mask.sum() < _SEAM_AREA and min(rows, columns) <= _SEAM_ACROSS


def _is_on_rim(piece: Box, box: Box) -> bool:
    """Whether a piece lies on the outline of a box, neither clearly inside nor outside."""
    meets = (
        piece.x0 <= box.x1 + _BY_RIM
        and piece.x1 >= box.x0 - _BY_RIM
        and piece.y0 <= box.y1 + _BY_RIM
        and piece.y1 >= box.y0 - _BY_RIM
    )
    inside = (
        piece.x0 > box.x0 + _BY_RIM
        and piece.x1 < box.x1 - _BY_RIM
        and piece.y0 > box.y0 + _BY_RIM
        and piece.y1 < box.y1 - _BY_RIM
    )
    return meets and not inside


def _merged(boxes: list[Box], near: int) -> list[Box]:
    """Boxes closer than ``near`` joined, until none are."""
    merged = list(boxes)
    changed = True
    while changed:
        changed = False
        out: list[Box] = []
        for box in merged:
            for index, other in enumerate(out):
                if (
                    box.x0 - near < other.x1
                    and other.x0 - near < box.x1
                    and box.y0 - near < other.y1
                    and other.y0 - near < box.y1
                ):
                    out[index] = Box(
                        min(box.x0, other.x0),
                        min(box.y0, other.y0),
                        max(box.x1, other.x1),
                        max(box.y1, other.y1),
                    )
                    changed = True
                    break
            else:
                out.append(box)
        merged = out
    return [box for box in merged if box.width * box.height >= _LEAST_PICTURE]


def _inside(inner: Box, outer: Box) -> bool:
    return inner.x0 >= outer.x0 and inner.y0 >= outer.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1


def embed(image: Image, box: Box, alt: str = "") -> PixelPart:
    """A part of the picture as a file: PNG, or JPEG where that is smaller and it has many colours."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box.x0) - 1), max(0, int(box.y0) - 1)
    x1, y1 = min(width, int(np.ceil(box.x1)) + 1), min(height, int(np.ceil(box.y1)) + 1)
    crop = np.ascontiguousarray(image[y0:y1, x0:x1])
    png = _file(crop, "PNG", optimize=crop.size < _LARGE)
    mime, data = "image/png", png
    if len(png) > _SMALL_FILE:
        jpeg = _file(crop, "JPEG", quality=_JPEG_QUALITY)
        if len(jpeg) > _MOST_BYTES:
            jpeg = _file(crop, "JPEG", quality=50)
        if len(jpeg) < 0.7 * len(png):
            mime, data = "image/jpeg", jpeg
    encoded = base64.b64encode(data).decode("ascii")
    return PixelPart(box=Box(x0, y0, x1, y1), mime=mime, data=encoded, alt=alt)


def _file(crop: Image, form: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    PILImage.fromarray(crop).save(buffer, format=form, **options)
    return buffer.getvalue()
