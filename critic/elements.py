"""The typed parts of a finding (cause, element, measured values), and the words made from them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from critic.boxes import Box

Value: TypeAlias = float | str | tuple[str, ...] | tuple[float, ...]
"""What was measured: a number, a colour (``#rrggbb``) or text, a range or box, or labels."""

_MOST_SAID = 6
"""So many labels that differ are said of a list; a person reads no more of a line."""
_BOX = 4
"""Numbers of a box: left, top, right, bottom."""


class Cause(StrEnum):
    """What is the matter with an element of the render: what a revision acts on.

    The unit of the measured values is given where they are numbers.

    Attributes:
        MISSING: The reference has it, the render lacks it.
        EXTRA: The render has it, the reference lacks it.
        KIND: Drawn as something else (bars as a line); the values are the two kinds.
        MOVED: In another place; boxes, in pixels of the reference.
        RESIZED: Of another size; boxes, lengths or diameters, in pixels, marker sizes in points.
        RESHAPED: Of another outline.
        RECOLOURED: Of another colour; ``#rrggbb``.
        OPACITY: More or less translucent; 0 to 1.
        VALUE: Draws another number; data units.
        TEXT: Says something else. With the reference's text alone: reads the same, has other glyphs.
        FONT_SIZE: Set smaller or larger; points (pages: CSS pixels).
        FACE: Set in another font face or slant.
        WEIGHT: Heavier or lighter: a line's width, in points; bold type, the names of the weights.
        STYLE: Dashed, marked, hatched, underlined or ruled otherwise; the names of the styles.
        RANGE: An axis that runs from and to other values; two numbers each.
        SCALE: An axis that maps otherwise (linear, log, categories).
        COUNT: Another number of like parts.
        ORDER: In another place among its like; numbers counted from 1.
        LAYOUT: Spans, aligns or divides otherwise.
        UNEXPLAINED: Visibly different, and no more is known.
    """

    MISSING = "missing"
    EXTRA = "extra"
    KIND = "kind"
    MOVED = "moved"
    RESIZED = "resized"
    RESHAPED = "reshaped"
    RECOLOURED = "recoloured"
    OPACITY = "opacity"
    VALUE = "value"
    TEXT = "text"
    FONT_SIZE = "font_size"
    FACE = "face"
    WEIGHT = "weight"
    STYLE = "style"
    RANGE = "range"
    SCALE = "scale"
    COUNT = "count"
    ORDER = "order"
    LAYOUT = "layout"
    UNEXPLAINED = "unexplained"


class Element(BaseModel):
    """A part of the picture, named by what it is, and by what it is a part of.

    Attributes:
        kind: What a person would call it: figure, axes, x axis, tick labels, grid lines, title, legend, bars,
            bar, line, wedge, row, column, cell, text line, button, picture, shape. New marks bring their own.
        name: What tells it from its like: its label, or the text that it shows.
        index: Its place among its like, counted from 0; a cell's row and column.
        colour: What it is drawn in, ``#rrggbb``, where that tells it from its like.
        at: Where it is in the reference, for what has nothing else to tell it by.
        of: What it is a part of; None for what stands in the figure itself.
    """

    model_config = ConfigDict(frozen=True)

    kind: str
    name: str = ""
    index: tuple[int, ...] = ()
    colour: str = ""
    at: Box | None = None
    of: Element | None = None

    def __str__(self) -> str:
        """As a person would name it: ``bar 3 of bars 'North' of axes 2``."""
        return f"{self.own} of {self.of}" if self.of else self.own

    @property
    def own(self) -> str:
        """Its name without what it is a part of."""
        words = [self.kind]
        if self.index:
            places = ", ".join(str(place + 1) for place in self.index)
            words.append(places if len(self.index) == 1 else f"({places})")
        if self.name:
            words.append(repr(self.name))
        if self.colour:
            words.append(f"in {self.colour}")
        if self.at is not None:
            words.append(
                f"at {self.at.x0:.0f},{self.at.y0:.0f} ({self.at.width:.0f} x {self.at.height:.0f} px)"
            )
        return " ".join(words)

    def within(self, kind: str) -> Element | None:
        """The nearest element of a kind that this one is, or is a part of."""
        return self if self.kind == kind else self.of.within(kind) if self.of else None


def placed(element: Element, place: Callable[[Box], Box]) -> Element:
    """An element in the pixels of another resolution.

    Args:
        element: The element, and what it is a part of.
        place: Where a box of this resolution is in the other one.
    """
    if element.at is None and element.of is None:
        return element
    at, of = element.at and place(element.at), element.of and placed(element.of, place)
    return element.model_copy(update={"at": at, "of": of})


def printed(value: Value) -> str:
    """A measured value as it is said."""
    if isinstance(value, str):
        return value if value.startswith("#") else repr(value)
    if isinstance(value, float | int):
        return _number(value)
    if value and isinstance(value[0], str):
        return str(list(value))
    if len(value) == _BOX:
        x0, y0, x1, y1 = (str(round(float(part))) for part in value)
        return f"{x0},{y0} to {x1},{y1}"
    return " to ".join(_number(float(part)) for part in value)


def _number(value: float) -> str:
    return f"{value + 0.0:.4g}"  # no -0


def alike(cause: Cause, reference: Value | None, render: Value | None) -> bool:
    """Whether two measured values say the same once they are printed, so that there is nothing to tell."""
    if reference is None or render is None:
        return False
    if cause is Cause.MOVED and shift(reference, render) == (0, 0):
        return True
    return printed(reference) == printed(render)


def shift(reference: Value, render: Value) -> tuple[int, int] | None:
    """Whole pixels across and down by which the render's box should move to have the reference's middle."""
    one, other = _middle(reference), _middle(render)
    if one is None or other is None:
        return None
    return round(one[0] - other[0]), round(one[1] - other[1])


def _middle(value: Value) -> tuple[float, float] | None:
    """The middle of a box; None for what is none."""
    numbers = [part for part in value if not isinstance(part, str)] if isinstance(value, tuple) else []
    if len(numbers) != _BOX:
        return None
    x0, y0, x1, y1 = numbers
    return (x0 + x1) / 2, (y0 + y1) / 2


_PLAIN = {
    Cause.MISSING: "is missing",
    Cause.EXTRA: "is not in the reference",
    Cause.MOVED: "stands elsewhere",
    Cause.RESHAPED: "has another outline",
    Cause.TEXT: "is drawn with other characters",
    Cause.UNEXPLAINED: "visibly different",
}
"""What is said of an element of which no two values are known."""

_CALLED = {
    Cause.KIND: "kind",
    Cause.MOVED: "place",
    Cause.RESIZED: "size",
    Cause.RESHAPED: "outline",
    Cause.RECOLOURED: "colour",
    Cause.OPACITY: "opacity",
    Cause.FONT_SIZE: "font size",
    Cause.FACE: "font",
    Cause.WEIGHT: "weight",
    Cause.STYLE: "style",
    Cause.RANGE: "range",
    Cause.SCALE: "scale",
    Cause.COUNT: "number",
    Cause.ORDER: "place in the order",
    Cause.LAYOUT: "layout",
}
"""What the measured values are called; others are those of the element itself."""


def sentence(
    cause: Cause, element: Element, reference: Value | None, render: Value | None, aside: str = ""
) -> str:
    """What differs, in words: the one place where they are made.

    Args:
        cause: What is the matter.
        element: With what.
        reference: What the reference shows, if measured.
        render: What the render shows, if measured.
        aside: What else a person should know, such as an example.
    """
    more = f" ({aside})" if aside else ""
    return _said(cause, element.own, reference, render) + more


def _said(cause: Cause, name: str, reference: Value | None, render: Value | None) -> str:
    if reference is None or render is None:
        said = f"{name} {_PLAIN.get(cause, f'has another {_CALLED.get(cause, cause.value)}')}"
        sides = (("reference", reference), ("render", render))
        known = ", ".join(f"{side} {printed(value)}" for side, value in sides if value is not None)
        return f"{said}: {known}" if known else said
    way = shift(reference, render) if cause is Cause.MOVED else None
    if way is not None:
        return f"{name} should be moved by {way[0]:+d} px across, {way[1]:+d} px down"
    called = f"{_CALLED[cause]} of {name}" if cause in _CALLED else name
    return f"{called}: {_both(reference, render)}"


def _both(reference: Value, render: Value) -> str:
    """Both values; of two lists of labels that match one by one, those that differ."""
    if isinstance(reference, tuple) and isinstance(render, tuple) and len(reference) == len(render):
        pairs = zip(reference, render, strict=True)
        apart = [(one, other) for one, other in pairs if isinstance(one, str) and one != other]
        if apart:
            return "; ".join(f"reference {one!r}, render {other!r}" for one, other in apart[:_MOST_SAID])
    return f"reference {printed(reference)}, render {printed(render)}"
