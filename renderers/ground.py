"""The ground that transparency is laid on: white, or a darker one where the picture's ink is white itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage
from PIL import ImageColor

WHITE = "#ffffff"

_DARKER = ("#202020", "#808080")
"""Dark as the pages that white icons are made for, and grey where a part of the ink is dark as well."""

_INK = 128
"""Alpha from which a pixel is ink: half covered."""

_HIDDEN = 32
"""Levels from its ground within which ink is not seen: icons in #f0f0f0 are, pale yellow (#ffee88) is not."""

_MOST = 0.5
"""Share of the ink that white must hide to be left: the white of an eye or a label is less, and stays."""

_SHEET = 0.5
"""Share of a picture that ink covers where it is a sheet that things lie on: a page with round corners."""

_ALL = 0.98
"""Share of the ink of one colour where nothing lies on it."""


def ground_of(picture: PILImage.Image) -> str:
    """What to lay a picture on so that its ink is seen, as ``#rrggbb``.

    Args:
        picture: RGBA.
    """
    pixels = np.asarray(picture)
    covered = pixels[..., 3] >= _INK
    ink = pixels[covered][:, :3].astype(np.int16)
    if not len(ink):
        return WHITE
    hidden = _hidden(ink, WHITE)
    if hidden < _MOST or (covered.mean() > _SHEET and hidden < _ALL):
        return WHITE
    return min(_DARKER, key=lambda ground: _hidden(ink, ground))


def _hidden(ink: NDArray[np.int16], ground: str) -> float:
    """Share of the ink that is not seen on a ground."""
    level = np.array(ImageColor.getrgb(ground)[:3], np.int16)
    return float((np.abs(ink - level).max(axis=1) <= _HIDDEN).mean())
