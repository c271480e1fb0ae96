"""Coordinates along one direction of an axes: how values map to a straight length, and how they are written.

Each kind of scale is a class; nothing outside of them asks which one it has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from matplotlib.ticker import MaxNLocator
from pydantic import BeforeValidator, SerializeAsAny

from critic.marks.frozen import Frozen
from critic.marks.literals import call, colour, number, numbers, strings
from critic.marks.registry import Registry
from critic.reading.chart.colours import apart
from critic.reading.chart.numbers import rounded, rounded_alike
from critic.types import Box

TINT = 60
"""Levels by which a colour must differ from black (or white, on dark) to be one: thin ink reads paler."""
_LEAST_VALUE = 1e-300
"""What stands for zero where a logarithm is taken."""
_MANY_DECADES = 6
"""Decades from which matplotlib draws no minor ticks on a logarithmic scale."""
_UPRIGHT = 90
"""Degrees at which labels stand upright rather than at a slant."""
_USUAL_SIZE, USUAL_PAD, _USUAL_LENGTH = 10.0, 3.5, 3.5
"""Points: of tick labels, between them and the marks, and of the marks, that matplotlib draws unasked."""
_MOST_PLAIN = 1e5
"""Numbers from which matplotlib writes an offset or an exponent beside the axis."""
_FIFTHS = (1.0, 2.5, 5.0, 10.0)
_PAIR = 2
"""Ticks from which there is a step that minor ones divide."""
"""Leading figures of a major step that matplotlib divides by five; it divides the others by four."""


class Tick(Frozen):
    """A tick: its pixel along the axis, its value in data units, and its label."""

    pixel: float
    value: float
    label: str = ""
    box: Box | None = None


class Scale(Frozen, ABC):
    """One direction of an axes.

    Attributes:
        kind: Name of the class, which says how values map to lengths.
        low: The value at the left or bottom edge.
        high: The value at the right or top edge.
        ticks: Major ticks with labels.
        minor: Whether minor ticks are drawn on a linear scale.
        side: Where the labels stand.
        size: Font size of the labels in points.
        colour: Of the labels.
        rotation: Of the labels, degrees.
        marks: Whether tick marks are drawn.
        mark_length: Of the tick marks, in points.
        mark_colour: Of the tick marks; empty where they have the labels' colour.
        between: Values between the names at which marks and grid lines stand instead of at the names.
        pad: Points between tick marks and labels.
        confidence: Share of the labels that agree with the mapping.
    """

    kind: str
    low: float = 0.0
    high: float = 1.0
    ticks: tuple[Tick, ...] = ()
    minor: bool = False
    side: Literal["bottom", "top", "left", "right"] = "bottom"
    size: float = 10.0
    colour: str = "#000000"
    rotation: float = 0.0
    marks: bool = True
    mark_length: float = 3.5
    mark_colour: str = ""
    between: tuple[float, ...] = ()
    pad: float = 3.5
    confidence: float = 1.0

    @property
    @abstractmethod
    def numeric(self) -> bool:
        """Whether the labels are the values; False where they only name them."""

    @property
    @abstractmethod
    def straight(self) -> bool:
        """Whether equal lengths are equal differences of values."""

    @abstractmethod
    def plain(self, value: float) -> float:
        """A value as it is measured along its axis, such as its logarithm."""

    @abstractmethod
    def value_of(self, plain: float) -> float:
        """The inverse of :meth:`plain`."""

    @abstractmethod
    def shortened(self, value: float, slack: float) -> float:
        """A value as short as a length along the axis, ``slack`` in what ``plain`` gives, allows."""

    def shortened_all(self, values: Sequence[float], slacks: Sequence[float]) -> tuple[float, ...]:
        """Values with as few digits as nearly all of them can have, each within its slack in data units."""
        return rounded_alike(values, min(slacks, default=0.0))

    def date_of(self, value: float, within: float) -> str:
        """A value known to ``within`` as a date in ISO 8601; empty where values are no dates."""
        return ""

    def literal(self, value: float) -> str:
        """A limit of the axis as the code writes it."""
        return number(self.tidy(value))

    def literals(self, values: Sequence[float]) -> str:
        """Values along the axis as the code writes them."""
        return numbers(values)

    @abstractmethod
    def tidy(self, value: float) -> float:
        """A limit of the axis, rounded to a hundredth of a percent of its range."""

    @abstractmethod
    def drawn_values(self) -> list[float]:
        """The values at which ticks are drawn, minor ones too."""

    @abstractmethod
    def kind_code(self, ax: str, name: str) -> list[str]:
        """The calls that make an axis of this kind; none for the usual one."""

    @abstractmethod
    def tick_code(self, ax: str, name: str, length: float) -> list[str]:
        """The calls that set ticks and labels along ``length`` points; none where matplotlib would do it."""

    def pixel(self, start: float, end: float, value: float) -> float:
        """Where a value lies along a side that runs from ``start`` to ``end``."""
        low, high, at = self.plain(self.low), self.plain(self.high), self.plain(value)
        return start + (at - low) / ((high - low) or 1.0) * (end - start)

    def value(self, start: float, end: float, pixel: float) -> float:
        """The value that lies at a pixel along such a side."""
        share = (pixel - start) / ((end - start) or 1.0)
        low, high = self.plain(self.low), self.plain(self.high)
        return self.value_of(low + share * (high - low))

    def per_pixel(self, start: float, end: float) -> float:
        """How far a pixel along such a side reaches in data units, in what ``plain`` gives."""
        return abs((self.plain(self.high) - self.plain(self.low)) / ((end - start) or 1.0))

    def code(self, ax: str, name: str, length: float, foreground: str) -> list[str]:
        """The calls that set up this direction, called ``name``, of an axes, called ``ax``."""
        lines = self.kind_code(ax, name)
        lines.append(f"{ax}.set_{name}lim({self.literal(self.low)}, {self.literal(self.high)})")
        lines += self.tick_code(ax, name, length) if self.ticks else [f"{ax}.set_{name}ticks([])"]
        given = self._tick_styles(foreground)
        if given:
            lines.append(f'{ax}.tick_params(axis="{name}", {", ".join(given)})')
        if self.minor:
            lines.append(f"{ax}.{name}axis.minorticks_on()")
        return lines + self._between_code(ax, name)

    def _between_code(self, ax: str, name: str) -> list[str]:
        """Minor ticks between the names."""
        if not self.between:
            return []
        given = ", ".join(self._mark_styles() or ["length=" + number(_USUAL_LENGTH)])
        return [
            f"{ax}.set_{name}ticks({self.literals(self.between)}, minor=True)",
            f'{ax}.tick_params(axis="{name}", which="minor", {given})',
        ]

    def _mark_styles(self) -> list[str]:
        """Length and colour of the tick marks, where they are unusual."""
        if not self.marks:
            # A logarithmic axis has minor marks unasked.
            return ["length=0"] if self.straight else ['which="both"', "length=0"]
        given = [] if self.mark_length == _USUAL_LENGTH else [f"length={number(self.mark_length)}"]
        return given + ([f"color={colour(self.mark_colour)}"] if self.mark_colour else [])

    def _tick_styles(self, foreground: str) -> list[str]:
        given = []
        if self.side in ("top", "right"):
            side, other = ("top", "bottom") if self.side == "top" else ("right", "left")
            given += [f"{side}=True, label{side}=True, {other}=False, label{other}=False"]
        if not self.ticks:
            return given
        given += ["length=0"] if self.between else self._mark_styles()
        given += [f"labelsize={number(self.size)}"] if self.size != _USUAL_SIZE else []
        given += [f"pad={number(self.pad)}"] if self.pad != USUAL_PAD else []
        tinted = "labelcolor" if self.mark_colour else "colors"
        given += [f"{tinted}={colour(self.colour)}"] if apart(self.colour, foreground) > TINT else []
        return given

    def _labels_code(self, ax: str, name: str) -> list[str]:
        """Ticks with their labels as they are."""
        values, labels = self._ordered()
        rotation = f"rotation={number(self.rotation)}" if self.rotation else ""
        slanted = name == "x" and 0 < abs(self.rotation) < _UPRIGHT
        ends_here = (self.rotation > 0) == (self.side == "bottom")
        anchor = f'ha="{"right" if ends_here else "left"}", rotation_mode="anchor"' if slanted else ""
        at = self.literals(values)
        return [call(f"{ax}.set_{name}ticks", at, f"labels={strings(labels)}", rotation, anchor)]

    def _ordered(self) -> tuple[list[float], list[str]]:
        """Values and labels of the ticks, by value."""
        ticks = sorted(self.ticks, key=lambda tick: tick.value)
        return [tick.value for tick in ticks], [tick.label for tick in ticks]


class Straight(Scale, ABC):
    """What scales have in common along which values are lengths."""

    @property
    def straight(self) -> bool:
        """True."""
        return True

    def plain(self, value: float) -> float:
        """The value itself."""
        return value

    def value_of(self, plain: float) -> float:
        """The value itself."""
        return plain

    def shortened(self, value: float, slack: float) -> float:
        """The shortest decimal within ``slack``."""
        return rounded(value, slack)

    def tidy(self, value: float) -> float:
        """Rounded to decimals."""
        span = abs(self.high - self.low) or 1.0
        digits = int(np.clip(4 - np.floor(np.log10(span)), -6, 12))
        return round(value, digits) + 0.0

    def drawn_values(self) -> list[float]:
        """The ticks, and what lies between them where minor ones are drawn."""
        values = [tick.value for tick in self.ticks]
        if not self.minor or len(values) < _PAIR:
            return values
        step = float(np.min(np.diff(sorted(values))))
        parts = 5 if round(step / 10.0 ** np.floor(np.log10(step)), 3) in _FIFTHS else 4
        low, high = sorted((self.low, self.high))
        count = np.arange(np.floor(low / step) * parts, np.ceil(high / step) * parts + 1)
        return [float(v) for v in count * step / parts if low <= v <= high]

    def kind_code(self, ax: str, name: str) -> list[str]:
        """None: the usual kind."""
        return []


class LinearScale(Straight):
    """Numbers at even distances."""

    kind: Literal["linear"] = "linear"

    @property
    def numeric(self) -> bool:
        """True."""
        return True

    def tick_code(self, ax: str, name: str, length: float) -> list[str]:
        """Nothing where matplotlib does the same, values where it writes them so, else labels too."""
        values, labels = self._ordered()
        if not _formats_so(values, labels):
            return self._labels_code(ax, name)
        return (
            [] if self._located_so(name, length, values) else [call(f"{ax}.set_{name}ticks", numbers(values))]
        )

    def _located_so(self, name: str, length: float, values: list[float]) -> bool:
        """Whether matplotlib would put ticks at these values by itself."""
        per_tick = self.size * (3 if name == "x" else 2)
        bins = int(np.clip(np.floor(length / per_tick), 1, 9))
        low, high = sorted((self.low, self.high))
        usual = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
        slack = 1e-6 * (high - low)
        shown = [v for v in usual if low - slack <= v <= high + slack]
        return len(shown) == len(values) and bool(np.allclose(shown, values, atol=10 * slack))


class CategoryScale(Straight):
    """Names at even distances, counted from 0."""

    kind: Literal["categories"] = "categories"

    @property
    def numeric(self) -> bool:
        """False."""
        return False

    def drawn_values(self) -> list[float]:
        """Those between the names, where marks stand there."""
        return list(self.between) or super().drawn_values()

    def tick_code(self, ax: str, name: str, length: float) -> list[str]:
        """The names at their numbers."""
        return self._labels_code(ax, name)


class LogScale(Scale):
    """Numbers at even distances of their logarithms."""

    kind: Literal["log"] = "log"

    @property
    def numeric(self) -> bool:
        """True."""
        return True

    @property
    def straight(self) -> bool:
        """False."""
        return False

    def plain(self, value: float) -> float:
        """The logarithm to base 10."""
        return float(np.log10(max(value, _LEAST_VALUE)))

    def value_of(self, plain: float) -> float:
        """The power of 10."""
        return float(10.0**plain)

    def shortened(self, value: float, slack: float) -> float:
        """Five significant figures."""
        return float(f"{value:.5g}")

    def shortened_all(self, values: Sequence[float], slacks: Sequence[float]) -> tuple[float, ...]:
        """Each by itself: a pixel is more at larger ones."""
        return tuple(rounded(value, slack) for value, slack in zip(values, slacks, strict=True))

    def tidy(self, value: float) -> float:
        """Four significant figures."""
        return float(f"{value:.4g}")

    def drawn_values(self) -> list[float]:
        """The ticks, and the multiples of each decade where there are few decades."""
        low, high = sorted((self.plain(self.low), self.plain(self.high)))
        if high - low > _MANY_DECADES:
            return [tick.value for tick in self.ticks]
        decades = range(int(np.floor(low)), int(np.ceil(high)) + 1)
        return [m * 10.0**k for k in decades for m in range(1, 10)]

    def kind_code(self, ax: str, name: str) -> list[str]:
        """Makes the axis logarithmic."""
        return [f'{ax}.set_{name}scale("log")']

    def tick_code(self, ax: str, name: str, length: float) -> list[str]:
        """Nothing where all labels are powers of ten, as matplotlib writes them."""
        values, labels = self._ordered()
        plain = all(label.startswith("$10^") for label in labels)
        return [] if plain else [call(f"{ax}.set_{name}ticks", numbers(values), strings(labels))]


def _formats_so(values: list[float], labels: list[str]) -> bool:
    """Whether matplotlib would write these labels by itself: as many decimals as the values need."""
    shortest = max(len(f"{v:.6f}".rstrip("0").partition(".")[2]) for v in values)
    expected = [f"{v:.{shortest}f}".replace("-", "−") for v in values]
    return expected == labels and max(abs(v) for v in values) < _MOST_PLAIN


SCALES: Registry[Scale] = Registry(
    Scale,  # type: ignore[type-abstract]
    "kind",
    "kind of scale",
    {
        "linear": "critic.marks.scales:LinearScale",
        "categories": "critic.marks.scales:CategoryScale",
        "log": "critic.marks.scales:LogScale",
        "dates": "critic.marks.date_scale:DateScale",
    },
    "lookalike.scales",
)
"""The kinds of scales there are."""


def _read_back(value: Any) -> Any:
    return SCALES.read_back(value)


AnyScale = Annotated[SerializeAsAny[Scale], BeforeValidator(_read_back)]
"""A field that holds a scale of any registered kind."""
