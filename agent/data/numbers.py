"""Numbers as tables write them, in the picture's locale: 1,234.5 and 1.234,5, 1 234, (45), 12%, 3 EUR."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import NamedTuple

_DASHES = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{FIGURE DASH}": "-", "\N{HYPHEN}": "-"}
)
_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_UNIT = r"[€$£¥₹₩₽₺₪฿]|[A-Z]{2}\$|(?:EUR|USD|GBP|JPY|CHF|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK)\b"
_PERCENT = {"%": 100, "‰": 1000}
_MISSING = frozenset(
    {"", "-", "--", "---", "—", "n/a", "na", "n.a.", "nan", "null", "none", "…", "...", "..", "."}
)
"""What stands in a cell that has no value, in lower case, dashes of all kinds written alike."""

_OTHER = {".": ",", ",": "."}
"""The mark of the other of the two usual locales, which groups digits where this one begins the fraction."""


class Number(NamedTuple):
    """A number that a text shows.

    Attributes:
        value: The number; 0.12 for ``12%``.
        unit: A currency or a percent sign that is written at it; empty for none.
        decimals: Digits after the decimal mark, as written.
        grouped: Whether its thousands are set apart.
    """

    value: int | float
    unit: str = ""
    decimals: int = 0
    grouped: bool = False

    @property
    def plain(self) -> int | str:
        """It with a decimal point and no more, to the digits that are written."""
        if isinstance(self.value, int):
            return self.value
        digits = self.decimals + round(math.log10(_PERCENT.get(self.unit, 1)))
        written = f"{self.value:.{digits}f}"
        return written if float(written) == self.value else repr(self.value)


def decimal_mark(texts: Iterable[str]) -> str:
    """The decimal mark that most texts agree with, ``.`` or ``,``; the point where nothing tells.

    ``1,234`` and ``1.234`` alone tell nothing: three digits may be a fraction or a group.
    """
    votes = {".": 0, ",": 0}
    for text in texts:
        for mark, other in _OTHER.items():
            votes[mark] += bool(_telling(mark, other).search(text.translate(_DASHES)))
    return "," if votes[","] > votes["."] else "."


def number_in(text: str, decimal: str = ".") -> Number | None:
    """The number that a text is; None where it is anything else, such as ``007``, ``3-4`` or ``12 (3)``.

    Args:
        text: A cell or a label.
        decimal: The decimal mark of its locale, ``.`` or ``,``.
    """
    bare = text.strip().translate(_DASHES)
    in_brackets = re.fullmatch(r"\((.+)\)", bare)
    if in_brackets:  # how accountants write what is owed
        bare = in_brackets[1].strip()
    match = _pattern(decimal).fullmatch(bare)
    if match is None or (in_brackets and match["sign"]):
        return None
    digits = re.sub(r"[^\d]", "", match["whole"]) or "0"
    fraction, power = match["fraction"] or "", match["power"] or ""
    unit = match["before"] or match["after"] or ""
    negative = bool(in_brackets) or "-" in (match["sign"] or "")
    plain = f"{'-' if negative else ''}{digits}"
    grouped = not (match["whole"] or "0").isdigit()
    value = float(f"{plain}.{fraction or 0}{power}")
    if not math.isfinite(value):
        return None
    if unit in _PERCENT:
        return Number(round(value / _PERCENT[unit], len(fraction) + 3), unit, len(fraction), grouped)
    return Number(value if fraction or power else int(plain), unit, len(fraction), grouped)


def is_missing(text: str) -> bool:
    """Whether a text says that there is no value."""
    return text.strip().translate(_DASHES).lower() in _MISSING


def _pattern(decimal: str) -> re.Pattern[str]:
    """A number in a locale, with what may stand round it."""
    groups = rf"[{_SPACES}{_APOSTROPHES}{re.escape(_OTHER[decimal])}]"
    mark = re.escape(decimal)
    return re.compile(
        rf"(?P<sign>[-+]?)\s*(?P<before>{_UNIT})?\s*"
        rf"(?P<whole>[1-9]\d{{0,2}}(?:(?P<group>{groups})\d{{3}})(?:(?P=group)\d{{3}})*|0|[1-9]\d*|(?={mark}\d))"
        rf"(?:{mark}(?P<fraction>\d*))?(?P<power>[eE][-+]?\d{{1,3}})?"
        rf"[{_SPACES}]?(?P<after>[%‰]|{_UNIT})?"
    )


def _telling(mark: str, other: str) -> re.Pattern[str]:
    """Numbers that can only be read with ``mark`` before the fraction."""
    one, two = re.escape(mark), re.escape(other)
    alone = r"(?<![\d.,])"
    return re.compile(
        rf"{alone}\d+{one}(?:\d{{1,2}}|\d{{4,}})(?![\d.,])"  # 12,5: no group of three
        rf"|{alone}0{one}\d+(?![\d.,])"  # 0,125: nothing to group
        rf"|\d{two}\d{{3}}{one}\d"  # 1.234,5
        rf"|{alone}\d{{1,3}}(?:{two}\d{{3}}){{2,}}(?![\d.,])"  # 1.234.567
        rf"|{alone}\d{{4,}}{one}\d{{3}}(?![\d.,])"  # 1234,567: would be grouped from the left
    )
