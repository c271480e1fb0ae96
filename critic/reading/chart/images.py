"""Images in axes: areas painted all over in the shades of one colour map, without countable cells."""

from __future__ import annotations

import cv2

from critic.reading.chart.colourmaps import best_map, shares
from critic.reading.chart.colours import hex_of, mode_colour, near
from critic.reading.chart.description import Grid2D
from critic.reading.chart.frames import Frame
from critic.reading.chart.numbers import rounded
from renderers.types import Image

_SAMPLES = 400
_LONGEST = 32
"""Values along the longer side: enough for smooth fields, few enough to be read."""
_MISS = 7.0
"""Levels that shades may lie off a colour map."""
_LEAST_SIDE = 24
"""Working pixels of the shorter side of an axes from which it is looked at: shades need room to be smooth."""
_GROUND = 0.5
"""Share of an area in one colour from which this is the ground behind marks, not one shade among others."""
_LEAST_SHADES = 16
"""Distinct colours of a smooth image at least, by sixes of levels; marks have one each and few blends."""
_LOWEST, _HIGHEST = 0.02, 0.98
"""Shares of a colour map: values that stay between these say nothing of its ends, which are 0 and 1 then."""


def read_image(image: Image, frame: Frame) -> Grid2D | None:
    """An axes filled by a smooth image as a coarse grid of values, 0 to 1; None where it is no such thing."""
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1]
    if min(area.shape[:2]) < _LEAST_SIDE:
        return None
    face = mode_colour(area)
    if float(near(area, face, 3).mean()) > _GROUND:
        return None
    painted = area[~near(area, face, 6)]
    pixels = painted[:: max(1, len(painted) // _SAMPLES)].astype(int)
    distinct = len({(r // 6, g // 6, b // 6) for r, g, b in pixels.tolist()})
    if distinct < _LEAST_SHADES:
        return None
    cmap, _, _, miss = best_map(pixels)
    if miss > _MISS:
        return None
    height, width = area.shape[:2]
    scale = _LONGEST / max(height, width)
    columns, rows = max(4, round(width * scale)), max(4, round(height * scale))
    cells = cv2.resize(area, (columns, rows), interpolation=cv2.INTER_AREA).astype(int)
    share = shares(cells.reshape(-1, 3), cmap).reshape(rows, columns)
    values = tuple(tuple(rounded(float(v), 0.004) for v in row) for row in share)
    flat = [v for row in values for v in row]
    return Grid2D(
        values=values,
        colours=tuple(tuple(hex_of(c) for c in row) for row in cells),
        cmap=cmap,
        low=0.0 if min(flat) > _LOWEST else min(flat),
        high=1.0 if max(flat) < _HIGHEST else max(flat),
        smooth=True,
    )
