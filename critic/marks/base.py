"""The abstract class of all chart marks: what every one of them must know, so that nobody asks which it is.

A mark is added by a module with a subclass, and by one line in ``critic.marks.known``. What it does not say
is a type error: a class that lacks a method can be neither made nor registered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from critic.marks.columns import Along, Column
from critic.marks.dials import Dial
from critic.marks.frozen import Frozen
from critic.marks.geometry import Mask, Shape2D
from critic.marks.parts import Entry
from critic.marks.planes import Plane, Side
from critic.marks.scales import Scale
from critic.marks.texts import Text
from critic.reading.chart.colours import apart
from critic.reading.chart.numbers import rounded
from critic.types import Box
from renderers.types import Image

if TYPE_CHECKING:
    from critic.marks.claims import Claim, Sight
    from critic.marks.points import Points
    from critic.pixel.chart_view import View
    from critic.pixel.claims import Claim as Difference
    from critic.reading.chart.plot import Plot

_FINE = 10
"""Numbers that are turned are rounded to this part of a unit."""


class Traits(NamedTuple):
    """What holds for all marks of a class.

    Attributes:
        noun: What people call it, such as ``error bars``.
        order: The higher, the nearer to the eye it is drawn.
        filled: Whether it paints regions, so that another filling of its colour may be the same thing.
        single: Whether it shows one colour, which may have been repainted.
        named: Whether a legend can name it.
        celled: Whether its axes is counted in cells.
        explains: Whether it is made in the code from a mark of another axes.
        followed: Whether it follows a course, which a finer reading gives more points of.
    """

    noun: str
    order: int
    filled: bool = False
    single: bool = True
    named: bool = True
    celled: bool = False
    explains: bool = False
    followed: bool = False


class Mark(Frozen, ABC):
    """A mark of a chart: what one call of matplotlib draws, in data units.

    Attributes:
        type: Names the class.
        label: What the legend calls it.
    """

    traits: ClassVar[Traits]
    type: str
    label: str = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuses a mark without traits where it is written, not where it is first used."""
        if not isinstance(getattr(cls, "traits", None), Traits):
            raise TypeError(f"{cls.__name__} has no traits")

    @property
    @abstractmethod
    def palette(self) -> tuple[str, ...]:
        """The colours it draws with; the first is the one it is known by."""

    @property
    @abstractmethod
    def weight(self) -> int:
        """How many values it shows."""

    @property
    def numbers(self) -> int:
        """How many different numbers its description needs, beyond those that hold for all of it."""
        lists = (getattr(self, name) for name in type(self).model_fields)
        counts = (len(set(values) - {0.0}) for values in lists if isinstance(values, tuple))
        # Sizes that are all the same are one size, as a line's is.
        return sum(count for count in counts if count > 1)

    @abstractmethod
    def box(self, plane: Plane) -> Box:
        """The pixels around it."""

    @abstractmethod
    def ink(self, plane: Plane, shape: Shape2D) -> Mask:
        """Where it draws, with about a pixel to spare.

        Args:
            plane: Where it is drawn.
            shape: Rows and columns of the picture.
        """

    @property
    def coverage(self) -> float:
        """Share of its ink that is really drawn: less than all where it is broken."""
        return 1.0

    @abstractmethod
    def moved(self, before: Plane, after: Plane) -> Self:
        """The mark with the values that it has where it is drawn, once its axes have changed."""

    def rescaled(self, before: Plane, after: Plane) -> Self:
        """The mark where it is drawn, on axes of another kind of scale: its lengths are other ones too."""
        return self.moved(before, after)

    @abstractmethod
    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        """What differs between this mark of the reference and its mate in the render.

        Args:
            mate: The nearest mark of the same kind and colour.
            view: Both axes, and where the pictures differ.
            box: The pixels round both marks.
        """

    def away_from(self, mate: Self, view: View) -> float:
        """How far from another mark of its kind and colour it lies: the nearest are compared."""
        return 0.0

    def columns(self, plane: Plane) -> tuple[Column, ...]:
        """What it shows as data, columns of equal length; none for what is only drawn.

        Args:
            plane: Where it is drawn.
        """
        return ()

    def measured(self) -> dict[str, Along]:
        """Its fields that hold measured places, and the direction along which; the first tells the points."""
        return {}

    def rounded_to(self, plane: Plane, pixels: float) -> Self:
        """The mark with places of as few digits as so many pixels allow."""
        sides: dict[Along, Side] = {"x": plane.across, "y": plane.up}
        places = self.measured().items()
        return self.model_copy(
            update={name: sides[along].rounded(getattr(self, name), pixels) for name, along in places}
        )

    def point_names(self, texts: Sequence[Text], entries: Sequence[Entry]) -> tuple[str, ...]:
        """What texts round it call each of its points; none where a scale names them.

        Args:
            texts: The texts of its axes and of the picture.
            entries: Of the legends.
        """
        return ()

    @property
    def followed(self) -> bool:
        """Whether its points are where a stroke was followed, so that there could be fewer of them."""
        return False

    @abstractmethod
    def variants(self) -> list[tuple[str, Self]]:
        """What may be tried instead where it looks different: other widths, sizes and styles, each named."""

    def dials(self, plane: Plane) -> list[Dial]:
        """Its numbers that may be turned a little."""
        return []

    def turned(self, dial: Dial, units: float) -> Self:
        """The mark with a number turned by so many units."""
        before, by, digits = getattr(self, dial.field), units * dial.size, dial.size / _FINE
        changed = (
            tuple(rounded(v + by, digits) for v in before)
            if isinstance(before, tuple)
            else round(before + by, 2)
        )
        return self.model_copy(update={dial.field: changed})

    def finer(self, reading: Mark) -> Mark | None:
        """A finer reading of the same mark, in the style of this one; None where that tells no more."""
        return None

    def completed(self) -> tuple[int, Self] | None:
        """How many of its values are hidden by others but sure to be there, and the mark with them."""
        return None

    def evened(self, plane: Plane) -> Self:
        """The mark with values that nearly are at even distances put there."""
        return self

    def outlined(self, plane: Plane) -> list[Box]:
        """The rectangles of which it draws the outlines in another colour, which may be read as lines."""
        return []

    @classmethod
    def gridded(cls, marks: Sequence[Mark], plane: Plane, image: Image) -> list[Mark]:
        """All marks of an axes, those of this kind on one grid where the picture shows one."""
        return list(marks)

    @property
    def hairline(self) -> bool:
        """Whether it is so thin that it may be no more than the blends where others meet."""
        return False

    def loose_points(self) -> Points | None:
        """The mark, where it is points that nothing joins."""
        return None

    def explained(self, bar: Mark, scale: Scale) -> Self:
        """The mark with the values that another one beside it explains, along that one's scale."""
        return self

    @property
    def colour_map(self) -> str:
        """The name of the colour map that it shows values by; empty where it has none."""
        return ""

    def without(self, outlines: Sequence[Box], plane: Plane) -> Self | None:
        """The mark without what runs along outlines of others; None where nothing is left."""
        return self

    @classmethod
    @abstractmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        """The calls that draw marks that go together (see :meth:`drawn_with`) in an axes called ``ax``."""

    @classmethod
    @abstractmethod
    def read(cls, sight: Sight) -> Iterable[Claim]:
        """The claims of marks of this kind on a colour's ink, or on the whole area where none is given.

        Readers load when this is called: descriptions do not need them.
        """

    @classmethod
    def joined(cls, plot: Plot, marks: Sequence[Mark]) -> list[Mark]:
        """All marks of an axes, those of this kind put together where colours were read apart."""
        return list(marks)

    def drawn_with(self, marks: Sequence[Mark], at: int) -> list[int]:
        """Which of the marks of its axes are drawn by the same code; it is the one at ``at``."""
        return [at]

    def code_after(self, ax: str, dpi: float) -> list[str]:
        """Calls that have to follow those that set up the scales."""
        return []

    @staticmethod
    def image_name(ax: str) -> str | None:
        """What the code calls the image that a colour bar may explain, in the axes ``ax``; None without."""
        return None

    def handle_gap(self, entry: Entry) -> float:
        """How far a legend's handle is from what this mark would have, in levels of colour.

        A patch with an outline may stand for a line in the outline's colour, over a filling in the other.
        """
        shades = [entry.colour, *([entry.edge] if entry.edge and not self.traits.filled else [])]
        return float(min(apart(self.palette[0], shade) for shade in shades))

    def named(self) -> str:
        """What it is called in a sentence."""
        noun = f"{self.traits.noun} {self.label!r}" if self.label else self.traits.noun
        return f"{noun} in {self.palette[0]}"
