"""ChartMimic's low-level scores (arXiv 2406.09961): F1 of texts, layout, types and colours of what is drawn.

Colours are weighed by how far apart they look: 1 - CIEDE2000 / 100, within one sort of thing drawn; of all
ways to pair them, the best counts (the released code tries permutations, which may never end).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from critic.metrics.figure import Figure
from critic.metrics.matching import assigned_f1, multiset_f1

_FARTHEST = 100.0
_HEX = 16


def chartmimic(truth: Figure, drawn: Figure) -> dict[str, float]:
    """Text, layout, type and colour F1, each 0..1, and their mean; 0 where one could not be looked at."""
    names = ("chart_text", "chart_layout", "chart_type", "chart_colour")
    if truth.reason or drawn.reason:
        return dict.fromkeys((*names, "chart_low_level"), 0.0)
    values = (
        multiset_f1(truth.texts, drawn.texts),
        multiset_f1(truth.places, drawn.places),
        multiset_f1(truth.types, drawn.types),
        assigned_f1(truth.colours, drawn.colours, _alike),
    )
    return {**dict(zip(names, values, strict=True)), "chart_low_level": sum(values) / len(values)}


def _alike(first: tuple[str, str], second: tuple[str, str]) -> float:
    if first[0] != second[0]:
        return 0.0
    return 1.0 if first[1] == second[1] else colour_likeness(first[1], second[1])


@lru_cache(maxsize=65_536)
def colour_likeness(first: str, second: str) -> float:
    """How alike two colours, #rrggbb, look: 0..1."""
    apart: Any = deltaE_ciede2000(_lab(first), _lab(second))  # type: ignore[no-untyped-call]
    return max(0.0, 1.0 - float(apart) / _FARTHEST)


@lru_cache(maxsize=65_536)
def _lab(colour: str) -> NDArray[np.float64]:
    values = [int(colour[place : place + 2], _HEX) / 255.0 for place in (1, 3, 5)]
    return np.asarray(rgb2lab(np.array(values)))
