"""Colour bars, which explain a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from critic.marks.base import Mark, Traits
from critic.marks.geometry import Mask, Shape2D, boxed
from critic.marks.literals import call, string
from critic.marks.planes import Plane
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference


class ColourBar(Mark):
    """The content of a colour bar's axes: colours from the low to the high end."""

    traits: ClassVar[Traits] = Traits("colour bar", 0, single=False, named=False, explains=True)
    type: Literal["colourbar"] = "colourbar"
    colours: tuple[str, ...]
    cmap: str = "viridis"
    horizontal: bool = False
    reverse: bool = False

    @property
    def palette(self) -> tuple[str, ...]:
        """From the low to the high end."""
        return self.colours

    @property
    def weight(self) -> int:
        """Its two ends."""
        return 2

    def box(self, plane: Plane) -> Box:
        """All of its axes."""
        return plane.box

    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """All of its axes."""
        return boxed(shape, [plane.box])

    def moved(self, before: Plane, after: Plane) -> Self:
        """It fills its axes, whatever its limits."""
        return self

    @property
    def colour_map(self) -> str:
        """Its own."""
        return self.cmap

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        """None: colour bars fill their axes."""
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """Nothing: its ends are those of its axes, and its pixels tell."""
        return []

    def variants(self) -> list[tuple[str, Self]]:
        """None: what is read is measured again."""
        return []

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """A bar without its heat map: the shades themselves."""
        (bar,) = marks
        shape = "np.linspace(0, 1, 256)[None, :]" if bar.horizontal else "np.linspace(0, 1, 256)[:, None]"
        extent = f"extent=[*{ax}.get_xlim(), *{ax}.get_ylim()]"
        cmap = f"cmap={string(bar.cmap)}"
        return [call(f"{ax}.imshow", shape, cmap, 'aspect="auto"', 'origin="lower"', extent)]
