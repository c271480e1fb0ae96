"""How the two directions of an axes are laid out in a picture, in matplotlib's own word: projections.

A projection is added by a module with a subclass, and by one line in ``critic.marks.known``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from critic.marks.frozen import Frozen
from critic.marks.planes import Cartesian, Plane
from critic.marks.scales import Scale
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.findings import Found, Scene


class Projection(Frozen, ABC):
    """A kind of axes.

    Attributes:
        type: Names the class.
    """

    type: str

    @property
    @abstractmethod
    def framed(self) -> bool:
        """Whether its box is a frame with scales along its sides."""

    @classmethod
    @abstractmethod
    def find(cls, picture: Scene) -> Found | None:
        """The axes of this kind in a picture; None where there are none, or others look for them."""

    @abstractmethod
    def plane(self, box: Box, x: Scale, y: Scale) -> Plane:
        """Where values lie in such an axes."""

    @abstractmethod
    def created(self, place: Sequence[float]) -> str:
        """The call that makes such an axes in a place (left, bottom, width, height; shares of the figure)."""

    def over(self, base: str) -> str | None:
        """The call that makes such an axes over one called ``base``; None where it has a place of its own."""
        return None

    @abstractmethod
    def code(self, ax: str, x: Scale, y: Scale, lengths: tuple[float, float], foreground: str) -> list[str]:
        """The calls that set up both directions, so many points long, of an axes called ``ax``."""


def placed(place: Sequence[float]) -> str:
    """A place as an argument."""
    return f"[{', '.join(f'{v:.4g}' for v in place)}]"


class Rectilinear(Projection):
    """Values across and up, in a frame."""

    type: Literal["rectilinear"] = "rectilinear"

    @property
    def framed(self) -> bool:
        """True."""
        return True

    @classmethod
    def find(cls, picture: Scene) -> Found | None:
        """None: these are looked for by their frames."""
        return None

    def plane(self, box: Box, x: Scale, y: Scale) -> Plane:
        """Across and up."""
        return Cartesian(box, x, y)

    def created(self, place: Sequence[float]) -> str:
        """The usual kind."""
        return f"fig.add_axes({placed(place)})"

    def code(self, ax: str, x: Scale, y: Scale, lengths: tuple[float, float], foreground: str) -> list[str]:
        """Both scales."""
        return x.code(ax, "x", lengths[0], foreground) + y.code(ax, "y", lengths[1], foreground)


class Bare(Rectilinear):
    """Axes of which nothing shows: what pies are drawn in."""

    type: Literal["bare"] = "bare"  # type: ignore[assignment]

    @property
    def framed(self) -> bool:
        """False."""
        return False

    def code(self, ax: str, x: Scale, y: Scale, lengths: tuple[float, float], foreground: str) -> list[str]:
        """Nothing: pies bring their own limits."""
        return []
