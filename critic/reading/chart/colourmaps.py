"""Colours back to values: which of matplotlib's colour maps paints cells or a colour bar."""

from __future__ import annotations

from functools import lru_cache

import matplotlib
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

_NAMES = (
    "viridis",
    "plasma",
    "inferno",
    "magma",
    "cividis",
    "Greys",
    "Blues",
    "Greens",
    "Oranges",
    "Reds",
    "Purples",
    "YlGn",
    "YlOrRd",
    "YlGnBu",
    "YlOrBr",
    "PuOr",
    "RdBu",
    "RdYlGn",
    "RdYlBu",
    "PiYG",
    "PRGn",
    "BrBG",
    "coolwarm",
    "seismic",
    "bwr",
    "Spectral",
    "hot",
    "cool",
    "gray",
    "jet",
    "Wistia",
    "bone",
    "copper",
    "pink",
    "turbo",
    "GnBu",
    "BuPu",
    "OrRd",
    "PuBu",
    "PuRd",
    "BuGn",
    "RdPu",
    "spring",
    "summer",
    "autumn",
    "winter",
    "RdGy",
)
_KNOWN = 3
"""Cells of known value from which the values at a map's ends are fitted: a line through two always fits."""


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    names = [*_NAMES, *(f"{name}_r" for name in _NAMES)]
    steps = np.linspace(0, 1, 256)
    tables = [matplotlib.colormaps[name](steps)[:, :3] * 255 for name in names]
    return tuple(names), np.array(tables)


@lru_cache(maxsize=1)
def _trees() -> tuple[cKDTree, ...]:
    """The colours of each map, to be looked up: all differences of all cells would be millions."""
    return tuple(cKDTree(table) for table in _tables()[1])


def shares(colours: NDArray[np.int_], name: str) -> NDArray[np.float64]:
    """Where in a colour map each colour lies, 0..1."""
    names, tables = _tables()
    table = tables[names.index(name)]
    return np.asarray(np.abs(colours[:, None] - table[None]).sum(axis=2).argmin(axis=1) / 255.0)


def best_map(
    colours: NDArray[np.int_], values: NDArray[np.float64] | None = None
) -> tuple[str, float, float, float]:
    """The colour map nearest to some colours, with the values at its ends and the mean miss in levels.

    Args:
        colours: One row of red, green, blue for each cell.
        values: The cells' values where known; NaN where not. Without them the ends are 0 and 1.
    """
    names, _ = _tables()
    best = ("viridis", 0.0, 1.0, 1e9)
    known = np.isfinite(values) if values is not None else np.zeros(len(colours), bool)
    for name, tree in zip(names, _trees(), strict=True):
        distance, nearest = tree.query(colours, p=np.inf)
        miss = float(distance.mean())
        low, high = 0.0, 1.0
        if values is not None and known.sum() >= _KNOWN and np.ptp(values[known]) > 0:
            share = nearest / 255.0
            slope, offset = np.polyfit(values[known], share[known], 1)
            if slope <= 0:
                continue
            miss += 60 * float(np.abs(slope * values[known] + offset - share[known]).mean())
            low, high = -offset / slope, (1 - offset) / slope
        if miss < best[3] - 1e-9:
            best = (name, float(low), float(high), miss)
    return best
