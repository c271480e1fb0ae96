"""Scattered points as matplotlib calls; groups that are drawn alike in a loop."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from agent.generators.embedded.chart.literals import call, colour, number, numbers, string, strings
from critic.reading.chart.description import Points

_WIDE = 100
_LONG = 40
"""Points from which lists are broken over lines."""


def scatter(ax: str, points: Points) -> list[str]:
    """The call for one group of points."""
    one = len(set(points.colours)) == 1
    same = len(set(points.sizes)) == 1
    code = call(
        f"{ax}.scatter",
        _listed(points.x),
        _listed(points.y),
        f"s={number(points.sizes[0]) if same else _listed(points.sizes)}",
        f"color={colour(points.colours[0])}" if one else f"c={strings(points.colours)}",
        *_style(points),
        f"label={string(points.label)}" if points.label else "",
    )
    return [code]


def alike(one: Points, other: Points) -> bool:
    """Whether two groups differ in no more than their points, colours and labels."""
    return (
        (one.alpha, one.edge, bool(one.label)) == (other.alpha, other.edge, bool(other.label))
        and len(set(one.colours)) == len(set(other.colours)) == 1
        and min(len(one.x), len(other.x)) >= _LONG
    )


def scatter_loop(ax: str, groups: Sequence[Points]) -> list[str]:
    """Groups that are alike: their points in a table by colour, drawn in a loop."""
    name = "groups" + ax.removeprefix("ax")
    labelled = bool(groups[0].label)
    named = labelled and any(colour(g.colours[0]) != string(g.label) for g in groups)
    rows = []
    for group in groups:
        size = number(group.sizes[0]) if len(set(group.sizes)) == 1 else _listed(group.sizes)
        parts = [string(group.label) if named else "", colour(group.colours[0])]
        parts += [_listed(group.x), _listed(group.y), size]
        rows.append("    (\n" + "".join(f"        {part},\n" for part in parts if part) + "    ),")
    label = "label=label" if named else "label=color" if labelled else ""
    drawn = call(f"{ax}.scatter", "x", "y", "s=s", "color=color", *_style(groups[0]), label)
    each = "label, color, x, y, s" if named else "color, x, y, s"
    return [f"{name} = [", *rows, "]", f"for {each} in {name}:\n    {drawn}"]


def _style(points: Points) -> list[str]:
    return [
        f"alpha={number(points.alpha)}" if points.alpha < 1 else "",
        f"edgecolors={string(points.edge)}" if points.edge != "face" else "",
    ]


def _listed(values: Sequence[float]) -> str:
    """A list, over several lines where it is long."""
    text = numbers(values)
    if len(values) < _LONG:
        return text
    lines = textwrap.fill(text[1:-1], _WIDE, initial_indent=" " * 12, subsequent_indent=" " * 12)
    return f"[\n{lines},\n        ]"
