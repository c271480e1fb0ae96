"""Numbers of marks that a little turning may improve, as a render tells."""

from __future__ import annotations

from typing import NamedTuple


class Dial(NamedTuple):
    """A number of a mark that can be turned.

    Attributes:
        field: The mark's field; a tuple is turned as one.
        name: What turning it does, such as ``wider``.
        unit: What it counts, such as ``px``.
        size: How much of the field a unit is.
        values: Units by which it is tried; 0 is what it stands at.
        stage: Numbers of lower stages are turned first: the others depend on them.
        smooth: Whether units between those may be better still.
        together: Whether all marks of an axes are turned as one, as where bars stand side by side.
    """

    field: str
    name: str
    unit: str
    size: float
    values: tuple[float, ...]
    stage: int
    smooth: bool = True
    together: bool = False
