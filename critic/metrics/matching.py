"""F1 of two collections whose members are equal, or alike by degrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

T = TypeVar("T")


def f1_of(hits: float, found: int, wanted: int) -> float:
    """F1 from the hits and the sizes of both sides; 1 where both are empty."""
    return 2 * hits / (found + wanted) if found + wanted else 1.0


def multiset_f1(wanted: Iterable[Hashable], found: Iterable[Hashable]) -> float:
    """F1 of two multisets."""
    right, said = Counter(wanted), Counter(found)
    return f1_of((right & said).total(), said.total(), right.total())


def assigned_f1(wanted: Sequence[T], found: Sequence[T], alike: Callable[[T, T], float]) -> float:
    """F1 where members are alike by 0..1: of all one-to-one assignments the one with the greatest sum counts.

    The Hungarian method, so that its time grows with the cube of the longer side at worst.
    """
    if not wanted or not found:
        return f1_of(0.0, len(found), len(wanted))
    scores = np.array([[alike(first, second) for second in found] for first in wanted])
    rows, columns = linear_sum_assignment(scores, maximize=True)
    return f1_of(float(scores[rows, columns].sum()), len(found), len(wanted))
