"""Dates as the labels of an axis write them, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y-%m",
    "%b %Y",
    "%B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%d %B %Y",
    "%b-%y",
    "%b '%y",
)
"""How dates with a year are written; days and months alone name no moment, and years alone are numbers."""

_FEWEST = 2
"""Labels from which there is a scale between them."""

_OFF = 0.12
"""Part of a step by which a label may stand off its date on an even scale: months differ by a tenth."""

_DAY = 86_400.0


@dataclass(frozen=True)
class DateScale:
    """Which moment lies where along an axis.

    Attributes:
        places: Of the labels, in the axis's units, ascending.
        moments: Seconds since 1970 of each.
    """

    places: tuple[float, ...]
    moments: tuple[float, ...]

    @classmethod
    def of(cls, places: Sequence[float], labels: Sequence[str]) -> DateScale | None:
        """The scale that labels of an axis make; None where they are no dates, or not at even distances."""
        dates = next(filter(None, (_read(labels, written) for written in _FORMATS)), None)
        if dates is None or len(dates) < _FEWEST:
            return None
        epoch = datetime(1970, 1, 1)
        pairs = sorted(
            (place, (date - epoch).total_seconds()) for place, date in zip(places, dates, strict=True)
        )
        at, moments = np.array(pairs).T
        if (np.diff(at) <= 0).any() or (np.diff(moments) <= 0).any():
            return None
        slope, offset = np.polyfit(at, moments, 1)
        if np.abs(slope * at + offset - moments).max() > _OFF * float(np.diff(moments).max()):
            return None
        return cls(tuple(at.tolist()), tuple(moments.tolist()))

    def at(self, place: float, within: float) -> str:
        """The date at a place, in ISO 8601, to the day or as far as ``within`` of the axis's units can tell.

        The first of a year or a month is taken where it is near enough.
        """
        slope, offset = np.polyfit(self.places, self.moments, 1)
        inside = self.places[0] <= place <= self.places[-1]
        moment = float(np.interp(place, self.places, self.moments)) if inside else slope * place + offset
        slack = max(abs(slope) * within, 1.0)
        found = datetime(1970, 1, 1) + timedelta(seconds=moment)
        for candidate in _round_dates(found):
            if abs((candidate - found).total_seconds()) <= slack:
                return candidate.date().isoformat()
        if slack >= _DAY / 2:
            return (found + timedelta(hours=12)).date().isoformat()
        return found.isoformat(sep=" ", timespec="minutes")


def _read(labels: Sequence[str], written: str) -> list[datetime] | None:
    try:
        return [datetime.strptime(" ".join(label.split()), written) for label in labels]
    except ValueError:
        return None


def _round_dates(moment: datetime) -> list[datetime]:
    """Dates that people have data of, the roundest first, on both sides of a moment."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    next_month = (month + timedelta(days=32)).replace(day=1)
    years = [month.replace(month=1), month.replace(year=month.year + 1, month=1)]
    return [*years, month, next_month, day, day + timedelta(days=1)]
