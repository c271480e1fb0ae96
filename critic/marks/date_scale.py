"""Dates along one direction of an axes, as days since the beginning of 1970, which matplotlib counts too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from critic.marks.literals import call, string, strings
from critic.marks.scales import Straight

EPOCH = datetime(1970, 1, 1)
_EXACT = timedelta(milliseconds=1)
"""What a day as a number is off the moment at most: a double holds microseconds."""
_MINUTE = timedelta(minutes=1)
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1440, 720, 60, 15, 5, 1))
"""A day and parts of it to which moments are rounded, the roundest first."""
_UNITS = 2 + len(_STEPS)
"""Those, after the year and the month."""
_ALIKE = 0.8
"""Share of moments that are at the beginning of a unit where they are counted in it."""

Known = Literal["year", "month", "hour"]
"""The longest unit that labels tell: without a year a date is a month and a day, else it is a time of day."""


def days_of(moment: datetime) -> float:
    """A moment as days since 1970."""
    return (moment - EPOCH) / timedelta(days=1)


def moment_of(days: float) -> datetime:
    """The inverse of :func:`days_of`, to the millisecond."""
    found = EPOCH + timedelta(days=days) + _EXACT / 2
    return found - timedelta(microseconds=found.microsecond % 1000)


def roundest(moment: datetime, slack: timedelta) -> datetime:
    """The roundest moment not farther off than a slack: the beginning of a year, a month, a day, an hour."""
    for unit in range(_UNITS):
        for candidate in _near(moment, unit):
            if abs(candidate - moment) <= slack:
                return candidate
    return moment.replace(microsecond=0)


def _near(moment: datetime, unit: int) -> list[datetime]:
    """The beginnings of a unit on both sides of a moment: the year's, the month's, the day's, a part's."""
    month = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if unit == 0:
        return [month.replace(month=1), month.replace(year=month.year + 1, month=1)]
    if unit == 1:
        return [month, (month + timedelta(days=32)).replace(day=1)]
    step = _STEPS[unit - 2]
    return [EPOCH + round((moment - EPOCH) / step) * step]


class DateScale(Straight):
    """Moments at distances as long as the time between them.

    Attributes:
        known: The longest unit that the labels tell; what is longer is made up, and not written as data.
        written: How the labels are written, for ``strftime``; empty where they are not all written alike.
    """

    kind: Literal["dates"] = "dates"
    known: Known = "year"
    written: str = ""

    @property
    def numeric(self) -> bool:
        """True: labels tell moments, which are days."""
        return True

    def shortened(self, value: float, slack: float) -> float:
        """The roundest moment within ``slack`` days."""
        return days_of(roundest(moment_of(value), timedelta(days=slack)))

    def shortened_all(self, values: Sequence[float], slacks: Sequence[float]) -> tuple[float, ...]:
        """To the longest of year, month, day and parts of it that nearly all of them are at."""
        moments = [moment_of(value) for value in values]
        allowed = [timedelta(days=slack) for slack in slacks]
        for unit in range(_UNITS):
            nearest = [min(_near(moment, unit), key=lambda m: abs(m - moment)) for moment in moments]
            pairs = zip(nearest, moments, allowed, strict=True)
            fits = [abs(near - moment) <= slack for near, moment, slack in pairs]
            if sum(fits) >= _ALIKE * len(fits):
                return tuple(
                    days_of(near) if fit else self.shortened(value, slack)
                    for near, fit, value, slack in zip(nearest, fits, values, slacks, strict=True)
                )
        return tuple(values)

    def date_of(self, value: float, within: float) -> str:
        """The roundest moment that near, in ISO 8601."""
        return self.iso(self.shortened(value, within))

    def iso(self, value: float) -> str:
        """A moment in ISO 8601, no more of it than is known: ``2024-03-01``, ``--03-01`` or ``10:30``."""
        moment = moment_of(value)
        time = f"{moment:%H:%M}"
        if self.known == "hour":
            return time
        day = f"{moment:%Y-%m-%d}" if self.known == "year" else f"--{moment:%m-%d}"
        return day if time == "00:00" else f"{day} {time}"

    def tidy(self, value: float) -> float:
        """As it is: the ends of the axis were rounded to moments when its labels were read."""
        return value

    def literal(self, value: float) -> str:
        """A ``datetime64``, as exact as a minute."""
        return f"np.datetime64({string(_numpy(value))})"

    def literals(self, values: Sequence[float]) -> str:
        """An array of ``datetime64``."""
        written = [_numpy(value) for value in values]
        unit = "m" if any("T" in text for text in written) else "D"
        return f'np.array({strings(written)}, dtype="datetime64[{unit}]")'

    def tick_code(self, ax: str, name: str, length: float) -> list[str]:
        """The moments, and how they are written; each label where they are not written alike."""
        values, _ = self._ordered()
        if not self.written or self.rotation:
            return self._labels_code(ax, name)
        return [
            call(f"{ax}.set_{name}ticks", self.literals(values)),
            f"{ax}.{name}axis.set_major_formatter(mdates.DateFormatter({string(self.written)}))",
        ]


def _numpy(value: float) -> str:
    """A moment as NumPy reads it: a day where it is one."""
    text = f"{roundest(moment_of(value), _MINUTE / 2):%Y-%m-%dT%H:%M}"
    return text.removesuffix("T00:00")
