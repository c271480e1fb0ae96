"""Sizes of texts that are one size, each measured a little off."""

from __future__ import annotations

from critic.reading.chart.description import Axes, Text

_MAJORITY = 3
"""Titles from which the middle one of their sizes outvotes one that was misread."""
_ONE_SIZE = 1.0
"""Points by which measures of one size differ."""


def with_common_titles(axes: list[Axes]) -> list[Axes]:
    """Titles in one size: neighbours' ink may have made one look larger."""
    sizes = [a.title.size for a in axes if a.title]
    if len(sizes) < _MAJORITY:
        return axes
    usual = float(sorted(sizes)[len(sizes) // 2])
    return [
        a.model_copy(update={"title": a.title.model_copy(update={"size": usual})}) if a.title else a
        for a in axes
    ]


def evened(texts: list[Text]) -> tuple[Text, ...]:
    """Texts whose sizes differ by a point or less, as measured, in the most common of their sizes."""
    sizes = [t.size for t in texts]
    usual = max(set(sizes), key=sizes.count, default=0.0)
    near = (abs(size - usual) <= _ONE_SIZE for size in sizes)
    return tuple(
        t.model_copy(update={"size": usual}) if is_near else t for t, is_near in zip(texts, near, strict=True)
    )
