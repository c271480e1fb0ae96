"""What lies under the text: backgrounds, drawn lines and the edges of filled areas."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.table.chips import chips_of, with_chips, without_chips
from critic.reading.table.colours import median_colour
from critic.reading.table.description import Chip, Rgb, Ruling
from critic.reading.table.drawn import (
    Mask,
    Seen,
    edges_and_bands,
    horizontal_lines,
    vertical_edges,
    vertical_lines,
)
from critic.types import Box
from renderers.types import Image

_FLAT_WINDOW = 5
_FLAT_RANGE = 8


@dataclass(frozen=True, slots=True)
class Surface:
    """A picture split into background, lines and what is left: ink.

    Attributes:
        image: The picture.
        background: The picture without its ink and lines.
        contrast: How far each pixel is from its background, 0..255.
        canvas: Colour at the rim of the picture.
        horizontals: Drawn horizontal lines, top to bottom.
        verticals: Drawn vertical lines, left to right.
        horizontal_edges: Where one fill ends and another begins, top to bottom; thickness 0.
        vertical_edges: The same, left to right.
        line_mask: Pixels of drawn lines.
        chips: Small fills behind texts.
    """

    image: Image
    background: Image
    contrast: NDArray[np.uint8]
    canvas: Rgb
    horizontals: tuple[Ruling, ...]
    verticals: tuple[Ruling, ...]
    horizontal_edges: tuple[Ruling, ...]
    vertical_edges: tuple[Ruling, ...]
    line_mask: Mask
    chips: tuple[Chip, ...] = ()


def read_surface(image: Image, boxes: Iterable[Box] = ()) -> Surface:
    """Split a picture into background, lines and ink.

    Args:
        image: The picture.
        boxes: Where OCR saw text; what lies inside is no drawn line.
    """
    boxes = list(boxes)
    chips = chips_of(image, boxes)
    bare = without_chips(_background(image), chips)
    background = with_chips(bare, image, chips)
    contrast = np.abs(image.astype(np.int16) - background).max(axis=2).astype(np.uint8)
    seen = Seen(image, background, contrast)
    edges, bands = edges_and_bands(bare, boxes)
    horizontals = sorted([*horizontal_lines(seen, boxes), *bands], key=lambda line: line.position)
    verticals = vertical_lines(seen, boxes)
    mask = np.zeros(contrast.shape, dtype=bool)
    for line in horizontals:
        _mark(mask, contrast, line)
    for line in verticals:
        _mark(mask.T, contrast.T, line)
    return Surface(
        image=image,
        background=background,
        contrast=contrast,
        canvas=_rim_colour(background),
        horizontals=tuple(horizontals),
        verticals=tuple(verticals),
        horizontal_edges=tuple(edges),
        vertical_edges=tuple(vertical_edges(bare)),
        line_mask=mask,
        chips=tuple(chips),
    )


def _mark(mask: Mask, contrast: NDArray[np.uint8], line: Ruling) -> None:
    """Mark the pixels of a horizontal line with its soft rims; give transposed arrays for a vertical one."""
    reach, at, along = line.thickness // 2 + 2, int(line.position), slice(int(line.start), int(line.end))
    across = slice(max(0, at - reach), at + reach + 1)
    mask[across, along] |= contrast[across, along] > 0


def _rim_colour(background: Image) -> Rgb:
    rim = np.concatenate([background[0], background[-1], background[:, 0], background[:, -1]])
    return median_colour(rim)


def _background(image: Image) -> Image:
    """Each pixel takes the colour of the nearest flat area; text and lines are nowhere flat."""
    window = np.ones((_FLAT_WINDOW, _FLAT_WINDOW), np.uint8)
    spread = (cv2.dilate(image, window).astype(np.int16) - cv2.erode(image, window)).max(axis=2)
    flat = (spread <= _FLAT_RANGE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    small = np.zeros(count, dtype=bool)
    small[1:] = stats[1:, cv2.CC_STAT_AREA] < 4 * _FLAT_WINDOW
    flat[small[labels]] = 0
    if not flat.any():
        return np.broadcast_to(np.array(median_colour(image), np.uint8), image.shape).copy()
    _, nearest = cv2.distanceTransformWithLabels(
        1 - flat, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colours = np.zeros((int(nearest.max()) + 1, 3), np.uint8)
    colours[nearest[flat == 1]] = image[flat == 1]
    return np.asarray(colours[nearest], dtype=np.uint8)
