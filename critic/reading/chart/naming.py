"""Which mark each entry of a legend names."""

from __future__ import annotations

from collections.abc import Sequence

from critic.marks.base import Mark
from critic.marks.parts import Legend

_APART = 40.0
"""Levels of colour by which a legend's handle may be off what it names: thin handles are blended."""


def named(series: Sequence[Mark], legends: Sequence[Legend]) -> tuple[Mark, ...]:
    """Each legend entry's text given to the series that it stands for: the nearest pairs first."""
    entries = [entry for legend in legends for entry in legend.entries]
    found = list(series)
    gaps = sorted(
        (mark.handle_gap(entry), number, index)
        for number, entry in enumerate(entries)
        for index, mark in enumerate(found)
        if mark.traits.named
    )
    said: set[int] = set()
    taken: set[int] = set()
    for gap, number, index in gaps:
        if gap < _APART and number not in said and index not in taken:
            said.add(number)
            taken.add(index)
            found[index] = found[index].model_copy(update={"label": entries[number].text})
    return tuple(found)
