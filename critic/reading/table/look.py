"""How a cell looks: weight, alignment, colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from critic.reading.table.colours import median_colour
from critic.reading.table.description import Align, Rgb, VAlign
from critic.reading.table.surface import Surface
from critic.types import Box

_BOLDER, _LONE = 1.27, 1.35
"""Ratios to a table's plain weight from which texts, and a lone one of its row, are bold: plain texts of an
income statement and of a paper's table reach 1.19; bold ones have 1.33 and more, one amount 1.24."""
_SOFT = 0.35
"""Pixels that soft edges add to a stroke: plain Arial has 1.39 at 16 px and 1.16 at 12.5, 0.065 of its size
and so much more."""
_SMALL = 8.0
_FAINTEST = 30
"""Channel levels from the background below which ink is too faint for its strokes to be measured."""

_EQUALLY_WIDE = 3
"""Pixels within which texts are equally wide, so that all their edges agree alike."""

_EVEN_EDGE, _SAME_EDGE = 0.7, 1.0
"""Pixels of standard deviation up to which edges are even, and up to which a heading of another width is on
the edge of texts that are all equally wide: letters begin up to a pixel beside their place."""

_TO_AGREE = 2
"""Texts that can agree on an edge."""


def stroke_share(surface: Surface, ink: Box, height: float) -> float:
    """Thickness of the strokes as a share of a capital's height; 0 where there is too little ink.

    A stroke of width w has an area of w and a change of brightness of 2 for each unit of its length, so that
    twice the area over the total change is the width, on soft edges too.
    """
    y0, y1, x0, x1 = int(ink.y0), int(np.ceil(ink.y1)), int(ink.x0), int(np.ceil(ink.x1))
    patch = np.pad(np.where(surface.line_mask, 0, surface.contrast)[y0:y1, x0:x1].astype(float), 1)
    peak = float(np.percentile(patch, 99.5)) if patch.size else 0.0
    if peak < _FAINTEST or height <= 0:
        return 0.0
    shade = np.clip(patch / peak, 0, 1)
    down, across = np.diff(shade, axis=0)[:, :-1], np.diff(shade, axis=1)[:-1, :]
    change = float(np.hypot(down, across).sum())
    return 2 * float(shade.sum()) / change / height if change > 0 else 0.0


def weight(surface: Surface, ink: Box, em: float) -> float:
    """Thickness of the strokes of a text as a share of its font size; 0 where there is too little ink.

    Args:
        surface: The picture.
        ink: The text.
        em: Its font size in pixels.
    """
    return max(0.0, stroke_share(surface, ink, em) - _SOFT / em) if em > 0 else 0.0


def bold_cells(shares: Sequence[Sequence[float]], height: float) -> list[list[bool]]:
    """Which texts are bold: those with thicker strokes than the table's plain text.

    Args:
        shares: Weights row by row; 0 where there is no text.
        height: Height of a capital; small letters are judged a whole row at a time.
    """
    plain = plain_weight([share for row in shares for share in row])
    if not plain:
        return [[False] * len(row) for row in shares]
    if height >= _SMALL:
        return [_bold_in_row(row, plain) for row in shares]
    bold = []
    for row in shares:
        texts = [share for share in row if share > 0]
        heavy = bool(texts) and float(np.median(texts)) > _BOLDER * plain
        bold.append([heavy and share > 0 for share in row])
    return bold


def is_bold(weight: float, plain: float) -> bool:
    """Whether a text of a weight is bold beside plain text."""
    return weight > _BOLDER * plain > 0


def plain_weight(weights: Sequence[float]) -> float:
    """The weight of a table's plain text: the lower quarter's, as headings are bold; 0 for none."""
    known = [weight for weight in weights if weight > 0]
    return float(np.percentile(known, 25)) if known else 0.0


def _bold_in_row(row: Sequence[float], plain: float) -> list[bool]:
    """Which texts of a row are bold; a lone one, such as a digit of much ink, must be clearly so."""
    bold = [share > _BOLDER * plain for share in row]
    if sum(bold) == 1 and sum(share > 0 for share in row) > 1:
        return [share > _LONE * plain for share in row]
    return bold


def text_colour(surface: Surface, ink: Box, background: Rgb) -> Rgb:
    """The colour of the strongest tenth of the ink, which soft edges do not reach."""
    patch = surface.image[int(ink.y0) : int(np.ceil(ink.y1)), int(ink.x0) : int(np.ceil(ink.x1))].reshape(
        -1, 3
    )
    apart = np.abs(patch.astype(int) - np.array(background)).max(axis=1)
    if apart.size == 0:
        return (0, 0, 0)
    return median_colour(patch[apart >= np.percentile(apart, 97)])


def fill_colour(surface: Surface, box: Box, chip: Box | None = None) -> Rgb:
    """The colour behind a cell's text, and behind the chip that it stands on."""
    x0, x1 = int(box.x0) + 3, max(int(box.x0) + 4, int(box.x1) - 2)
    y0, y1 = int(box.y0) + 3, max(int(box.y0) + 4, int(box.y1) - 2)
    ground = surface.background[y0:y1, x0:x1]
    if chip:
        around = np.ones(ground.shape[:2], dtype=bool)
        around[
            max(0, int(chip.y0) - y0) : int(chip.y1) - y0, max(0, int(chip.x0) - x0) : int(chip.x1) - x0
        ] = False
        ground = ground[around]
    return median_colour(ground)


def column_align(inks: Sequence[Box], heading: Box | None, cell: Box) -> Align:
    """How texts of a column are aligned: the edge along which they agree best.

    Args:
        inks: The texts.
        heading: The column's heading, which decides where all texts are equally wide.
        cell: A cell of the column, which decides where nothing else does.
    """
    members = [*inks, heading] if heading and _width_range(inks) <= _EQUALLY_WIDE else list(inks)
    if len(members) >= _TO_AGREE and _width_range(members) > _EQUALLY_WIDE:
        starts, ends = np.array([box.x0 for box in members]), np.array([box.x1 for box in members])
        spreads: dict[Align, float] = {
            "left": float(starts.std()),
            "right": float(ends.std()),
            "center": float(((starts + ends) / 2).std()),
        }
        # Letters begin and end at slightly different distances, so spreads under a pixel say nothing.
        best = min(spreads, key=lambda name: max(_EVEN_EDGE, spreads[name]))
        if len(members) == len(inks) or spreads[best] <= _SAME_EDGE:
            return best
    before = float(np.median([box.x0 for box in inks])) - cell.x0
    after = cell.x1 - float(np.median([box.x1 for box in inks]))
    if abs(before - after) <= max(2.5, 0.12 * (before + after)):
        return "center"
    return "left" if before < after else "right"


def _width_range(inks: Sequence[Box]) -> float:
    widths = [box.width for box in inks]
    return max(widths) - min(widths) if widths else 0.0


def vertical_align(box: Box, ink: Box) -> VAlign:
    """How a text lies in a cell that is clearly higher than it."""
    above, below = ink.y0 - box.y0, box.y1 - ink.y1
    if above + below < 1.2 * ink.height or abs(above - below) < 0.3 * (above + below):
        return "middle"
    return "top" if above < below else "bottom"
