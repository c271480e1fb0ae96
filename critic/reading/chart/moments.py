"""Dates as the labels of an axis write them: each one tells a part, and all of them together the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from critic.marks.date_scale import EPOCH, Known

_WHOLE = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y-%m",
    "%b %Y",
    "%B %Y",
    "%b %d %Y",
    "%B %d %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b-%y",
    "%b '%y",
    "%H:%M %b %d %Y",
)
"""How dates with a year are written; a comma counts as a space."""
_PARTS = (
    "%Y",
    "%B",
    "%b",
    "%b %d",
    "%B %d",
    "%d %b",
    "%d %B",
    "%a %d",
    "%m-%d",
    "%m-%d %H",
    "%d %H:%M",
    "%H:%M",
    "%I:%M %p",
    "%I %p",
    "%d",
)
"""How parts of a date are written, beside others that tell the rest; the first that fits holds."""
_FIELDS = {"%Y": "year", "%y": "year", "%m": "month", "%b": "month", "%B": "month", "%d": "day"}
_FIELDS |= {"%H": "hour", "%I": "hour", "%M": "minute"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_YEARS = range(2000, 2028)
"""Years of which one is taken where none is told: each order of weekdays, with a leap day and without."""
_FEWEST, _FEWEST_PARTS = 2, 3
"""Labels from which there is a scale between them, and where each tells a part only: two fit anything."""
_NAMED = 0.3
"""Part of what a label may be off its moment by which it may be farther off than as one of names at even
distances: months that stand as evenly as names are such."""


class Told(NamedTuple):
    """What one label tells of a moment."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    weekday: int | None = None


class Moments(NamedTuple):
    """The moments of labels, the longest unit that they tell, and how they are written, if all alike."""

    moments: tuple[datetime, ...]
    known: Known
    written: str = ""


def moments_of(places: Sequence[float], labels: Sequence[str], within: float) -> Moments | None:
    """The moments that labels tell; None where they are no dates, or not at distances like time's.

    Args:
        places: Where the labels are along the axis, ascending, in any unit.
        labels: Their texts.
        within: Part of that unit by which a label may be off its moment.
    """
    if len(labels) < _FEWEST:
        return None
    found = (*_alike(labels), *_pieced(labels))
    apart = [(_off(places, one.moments), at) for at, one in enumerate(found)]
    best = min(apart, default=None)
    if best is None or best[0] > min(within, _off_even(places) + _NAMED * within):
        return None
    return found[best[1]]


def tells_date(label: str) -> bool:
    """Whether a text can be a part of a date."""
    return _told(label)[0] is not None


def _alike(labels: Sequence[str]) -> Iterator[Moments]:
    """The readings of labels that all tell a whole date in one way of writing."""
    for written in _WHOLE:
        try:
            moments = tuple(datetime.strptime(_plain(label), written) for label in labels)
        except ValueError:
            continue
        yield Moments(moments, "year", _same_written(moments, labels, written))


def _pieced(labels: Sequence[str]) -> Iterator[Moments]:
    """The readings of labels that each tell a part, or a date in ways of their own."""
    if len(labels) < _FEWEST_PARTS:
        return
    parts = [_told(label) for label in labels]
    told = [part for part, _ in parts if part is not None]
    if len(told) < len(labels) or all(part.month is None and part.minute is None for part in told):
        return
    years = {part.year for part in told if part.year is not None}
    known: Known = (
        "year" if years else "hour" if all(p.month is None and p.day is None for p in told) else "month"
    )
    formats = {written for _, written in parts}
    alike = next(iter(formats)) if len(formats) == 1 else ""
    for year in {year - back for year in years for back in (0, 1, 2)} or _YEARS:
        for month in range(1, 13) if told[0].month is None else (1,):
            moments = _ascending(told, datetime(year, month, 1) - timedelta(minutes=1))
            if moments is not None:
                yield Moments(moments, known, _same_written(moments, labels, alike) if alike else "")
            if known == "hour":
                return


def _plain(label: str) -> str:
    """A label in one line, with a space between a name and its number."""
    spaced = re.sub(r"(?<=[A-Za-z]{3})(?=\d)", " ", label.replace(",", " "))
    return " ".join(spaced.split())


def _told(label: str) -> tuple[Told | None, str]:
    """What a label tells, and how it is written."""
    plain = _plain(label)
    weekday = _DAYS.index(plain[:3].lower()) if plain[:3].lower() in _DAYS else None
    for written in (*_WHOLE, *_PARTS):
        try:
            # Without a year the 29th of February is none of 1900.
            moment = (
                datetime.strptime(f"2000 {plain}", f"%Y {written}")
                if _yearless(written)
                else (datetime.strptime(plain, written))
            )
        except ValueError:
            continue
        fields = {field: getattr(moment, field) for code, field in _FIELDS.items() if code in written}
        return Told(**fields, weekday=weekday), written
    return None, ""


def _yearless(written: str) -> bool:
    return "%Y" not in written and "%y" not in written


def _ascending(told: Sequence[Told], before: datetime) -> tuple[datetime, ...] | None:
    """The first moments after one another at which the labels can be."""
    found = []
    for part in told:
        moment = next((m for m in _candidates(part, before) if m > before), None)
        if moment is None or (part.weekday is not None and moment.weekday() != part.weekday):
            return None
        found.append(moment)
        before = moment
    return tuple(found)


def _candidates(part: Told, before: datetime) -> Iterator[datetime]:
    """Moments like a label's from the year, month or day of another on."""
    hour, minute = part.hour or 0, part.minute or 0
    years = (part.year,) if part.year is not None else (before.year, before.year + 1)
    try:
        if part.year is not None or part.month is not None:
            yield from (datetime(year, part.month or 1, part.day or 1, hour, minute) for year in years)
        elif part.day is not None:
            months = (before.replace(day=1) + timedelta(days=32 * k) for k in range(3))
            yield from (datetime(month.year, month.month, part.day, hour, minute) for month in months)
        else:
            yield from (before.replace(hour=hour, minute=minute) + timedelta(days=k) for k in range(2))
    except ValueError:
        return


def _off(places: Sequence[float], moments: Sequence[datetime]) -> float:
    """How far the places are off those of the moments on one even scale, at most."""
    seconds = np.array([(moment - EPOCH).total_seconds() for moment in moments])
    if (np.diff(seconds) <= 0).any():
        return float("inf")
    at = np.array(places)
    slope, offset = np.polyfit(seconds - seconds[0], at, 1)
    return float(np.abs(slope * (seconds - seconds[0]) + offset - at).max()) if slope > 0 else float("inf")


def _off_even(places: Sequence[float]) -> float:
    """How far places are off even distances, at most: those of names are at such."""
    at, count = np.array(places), np.arange(len(places))
    return float(np.abs(np.polyval(np.polyfit(count, at, 1), count) - at).max())


def _same_written(moments: Sequence[datetime], labels: Sequence[str], written: str) -> str:
    """The way of writing, where it gives the labels as they are."""
    same = all(f"{moment:{written}}" == label for moment, label in zip(moments, labels, strict=True))
    return written if same else ""
