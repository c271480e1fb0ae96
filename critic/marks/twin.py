"""A second scale up the right side of axes, with what is measured on it."""

from __future__ import annotations

from typing import Literal

from critic.marks.projections import Rectilinear
from critic.marks.scales import Scale


class Twin(Rectilinear):
    """Axes over others: the same place and the same values across, but values of their own up."""

    type: Literal["twin"] = "twin"  # type: ignore[assignment]

    def over(self, base: str) -> str:
        """``twinx``."""
        return f"{base}.twinx()"

    def code(self, ax: str, x: Scale, y: Scale, lengths: tuple[float, float], foreground: str) -> list[str]:
        """The scale up: the other one is shared."""
        return y.code(ax, "y", lengths[1], foreground)
