"""Values put at even distances, or at round numbers, where they nearly are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UNEVEN = 2.0
"""Pixels by which values at even distances may have been read off."""
_ROUND = 0.6
"""Pixels by which places may be off the round values that somebody has set them to."""
_DENSE = 4
"""Pixels of the smallest step: nearer values lie on any grid."""
_LEAST_STEPS = 3
"""Steps from the first value to the last below which two values tell the grid by themselves."""
_DIGITS = range(-3, 9)
"""Decimals of round values, the fewest first."""


def on_grid(values: NDArray[np.float64], step: float, per_pixel: float) -> NDArray[np.float64] | None:
    """Values put on an even grid.

    Args:
        values: In data units.
        step: About how far they lie apart.
        per_pixel: Data units in a pixel.

    Returns:
        The values; None where one of them is too far off the grid.
    """
    if step < _DENSE * per_pixel:
        return None
    count = np.round((values - values.min()) / step)
    for _ in range(2):
        if np.ptp(count) < _LEAST_STEPS:
            return None
        slope, start = np.polyfit(count, values, 1)
        count = np.round((values - start) / slope)
    off = np.abs(start + slope * count - values).max() / per_pixel
    return np.asarray(start + slope * count) if off <= UNEVEN else None


def at_round_values(values: NDArray[np.float64], per_pixel: float) -> tuple[float, ...]:
    """Values to the fewest decimals that move none of them visibly."""
    for digits in _DIGITS:
        short = np.round(values, digits)
        if np.abs(short - values).max() <= _ROUND * per_pixel:
            return tuple((short + 0.0).tolist())
    return tuple(values.tolist())
