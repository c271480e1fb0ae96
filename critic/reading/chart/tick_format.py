"""How the numbers of tick labels are written: with separators, a currency, a unit or a factor."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from critic.reading.chart.numbers import decimals_of, is_power, number_of

_FACTORS = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
"""What a letter behind a number multiplies it by: d3's and Plotly's SI prefixes, and what papers write."""
_UNITS = ("%", "°", "°C", "°F", "€", "$", "£", "¥")
_BEFORE = ("$", "€", "£", "¥")
_PARTS = re.compile(r"(?P<before>[^\d.+−–-]*)(?P<core>[-+−–]?[\d., ]*\d)\s*(?P<behind>\D*)")
_GROUPED = re.compile(r"[-+−–]?\d{1,3}(,\d{3})+(\.\d+)?")
_LETTERS = re.compile(r"[^\W\d_]{1,4}")
_MONTH = 3
_MONTHS = tuple(name.lower() for name in calendar.month_abbr[1:])
_CHECKED = 3
"""Labels from which what all have behind their numbers is a unit."""
_USUAL = 0.5
"""Share of the labels other than zero that a currency, a unit or a factor stands with."""


class TickFormat(NamedTuple):
    """How numbers are written.

    Attributes:
        before: What stands before each.
        behind: What stands behind each.
        grouped: Whether thousands are parted by commas.
        decimals: Digits after the point.
        powers: Whether they are powers of ten.
        zero: Whether what stands behind the others stands behind zero too.
    """

    before: str = ""
    behind: str = ""
    grouped: bool = False
    decimals: int = 0
    powers: bool = False
    zero: bool = True

    @property
    def factor(self) -> float:
        """What the numbers are multiplied by."""
        return _FACTORS.get(self.behind, 1.0)

    def number(self, label: str) -> float | None:
        """The number that a label shows; None where it is none."""
        text = label.strip()
        stripped = text.removeprefix(self.before) if self.before else text
        found = self.behind and stripped.endswith(self.behind)
        core = stripped.removesuffix(self.behind).strip() if found else stripped
        value = number_of(core)
        return None if value is None else value * (self.factor if found else 1.0)

    def text(self, value: float) -> str:
        """A number as it is written."""
        plain = value / self.factor
        digits = f"{plain:,.{self.decimals}f}" if self.grouped else f"{plain:.{self.decimals}f}"
        behind = self.behind if plain or self.zero else ""
        sign, digits = ("−", digits[1:]) if digits.startswith("-") else ("", digits)
        return f"{sign}{self.before}{digits}{behind}"


def format_of(labels: Sequence[str]) -> TickFormat:
    """How most of some labels are written."""
    parts = [(label, found) for label in labels if (found := _PARTS.fullmatch(label.strip()))]
    others = [found for _, found in parts if number_of(found["core"]) != 0]
    before = _common([found["before"].strip() for found in others], _BEFORE)
    behind = _common([found["behind"].strip() for found in others], (*_UNITS, *_FACTORS))
    cores = [found["core"] for _, found in parts if number_of(found["core"]) is not None]
    zeros = [found for _, found in parts if number_of(found["core"]) == 0]
    if not behind and len(parts) == len(labels) >= _CHECKED:
        behind = _unit([found["behind"].strip() for found in others])
    return TickFormat(
        before,
        behind,
        any(_GROUPED.fullmatch(core) for core in cores),
        int(np.median([decimals_of(core) for core in cores])) if cores else 0,
        sum(is_power(label) for label in labels) * 2 >= max(1, len(labels)),
        all(found["behind"].strip() == behind for found in zeros),
    )


def _unit(found: list[str]) -> str:
    """A unit that is not known, where all have the same: letters, but no month's name, which makes dates."""
    same = set(found)
    unit = found[0] if len(same) == 1 else ""
    return unit if _LETTERS.fullmatch(unit) and unit.lower()[:_MONTH] not in _MONTHS else ""


def _common(found: list[str], known: Sequence[str]) -> str:
    """What most have, where it is known; else nothing."""
    if not found:
        return ""
    best, count = Counter(found).most_common(1)[0]
    return best if best in known and count > _USUAL * len(found) else ""
