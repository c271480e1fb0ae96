"""What a mark shows as data: columns of values, a row a point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

Along = Literal["x", "y", ""]
"""The direction whose scale values are measured on; none for shares and colours."""


class Column(NamedTuple):
    """Values of one sort, one a point.

    Attributes:
        name: What they are, such as ``x``, ``y``, ``low`` or ``share``.
        values: The values, in data units.
        along: The direction whose scale they are measured on.
        exact: Whether they were printed in the picture, rather than measured.
    """

    name: str
    values: tuple[float, ...]
    along: Along = ""
    exact: bool = False


def xy(xs: Sequence[float], ys: Sequence[float], *more: Column) -> tuple[Column, ...]:
    """The columns of points."""
    return (Column("x", tuple(xs), "x"), Column("y", tuple(ys), "y"), *more)
