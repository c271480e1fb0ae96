"""Names along an axis that are dates, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from critic.marks.date_scale import DateScale, days_of
from critic.reading.chart.moments import moments_of

_OFF = 0.12
"""Part of a step by which a label may stand off its date on an even scale: months differ by a tenth."""


@dataclass(frozen=True)
class NamedDates:
    """Which moment lies where along an axis of names.

    Attributes:
        places: Of the names, in the axis's units, ascending.
        days: Since 1970, of each.
        scale: How moments are written.
    """

    places: tuple[float, ...]
    days: tuple[float, ...]
    scale: DateScale

    @classmethod
    def of(cls, places: Sequence[float], labels: Sequence[str]) -> NamedDates | None:
        """The dates that names tell; None where they are none, or not at even distances."""
        if not places:
            return None
        order = np.argsort(places)
        at, names = [float(places[i]) for i in order], [labels[i] for i in order]
        steps = np.diff(at)
        if (steps <= 0).any():
            return None
        told = moments_of(at, names, _OFF * float(steps.max(initial=0.0)))
        if told is None:
            return None
        return cls(tuple(at), tuple(days_of(m) for m in told.moments), DateScale(known=told.known))

    def at(self, place: float, within: float) -> str:
        """The date at a place, in ISO 8601, as exactly as ``within`` of the axis's units can tell."""
        slope, offset = np.polyfit(self.places, self.days, 1)
        inside = self.places[0] <= place <= self.places[-1]
        day = float(np.interp(place, self.places, self.days)) if inside else slope * place + offset
        return self.scale.date_of(day, abs(float(slope)) * within)
