"""Colours of drawings, as they are written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Shade = NDArray[np.float32]
"""RGB, channel levels 0..255; a row for each of several."""


def hexadecimal(colour: Shade) -> str:
    """A colour as ``#rrggbb``."""
    return "#" + "".join(f"{int(np.clip(round(float(value)), 0, 255)):02x}" for value in colour)
