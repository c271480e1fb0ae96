"""Which mark each entry of a legend names."""

from __future__ import annotations

from collections.abc import Sequence

from critic.marks.base import Mark
from critic.marks.parts import Legend

_APART = 40.0
"""Levels of colour by which a legend's handle may be off what it names: thin handles are blended."""


def named(series: Sequence[Mark], legends: Sequence[Legend]) -> tuple[Mark, ...]:
    """Each legend entry's text given to the series that it stands for: the nearest colour, style first."""
    entries = [entry for legend in legends for entry in legend.entries]
    found = list(series)
    taken: set[int] = set()
    for entry in entries:
        best, score = -1, _APART
        for index, item in enumerate(found):
            if index in taken or not item.traits.named:
                continue
            off = item.handle_gap(entry)
            if off < score:
                best, score = index, off
        if best >= 0:
            taken.add(best)
            found[best] = found[best].model_copy(update={"label": entry.text})
    return tuple(found)
