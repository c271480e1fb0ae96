"""Differences between the texts of two charts."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from critic.pixel.chart_pixels import Mask, count_in, glyphs_differ, without
from critic.reading.chart.description import Axes, Chart, Scale, Text
from critic.types import Box, Discrepancy
from renderers.types import Image

_STRETCH = 0.025
"""Share by which the same text may be longer, drawn by another version of a font library."""
_FEW = 5
"""So many differing pixels under a text are no difference."""


class Placed(NamedTuple):
    """A text with its role, as a person would name it."""

    role: str
    text: Text


def placed_texts(chart: Chart) -> list[Placed]:
    """All texts of a chart but legends and tick labels."""
    found = [Placed("text", text) for text in chart.texts]
    for index, axes in enumerate(chart.axes):
        where = f" of axes {index + 1}" if len(chart.axes) > 1 else ""
        for role, text in (("title", axes.title), ("x label", axes.x_label), ("y label", axes.y_label)):
            if text is not None:
                found.append(Placed(role + where, text))
        found += [Placed("text in the plot" + where, text) for text in axes.texts]
    return found


def union(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    return Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))


def _apart(one: Box, other: Box) -> float:
    return max(
        abs((one.x0 + one.x1) - (other.x0 + other.x1)) / 2
        - 0.5 * abs((one.x1 - one.x0) - (other.x1 - other.x0)),
        abs((one.y0 + one.y1) - (other.y0 + other.y1)) / 2,
    )


def compare_texts(
    reference: Chart, render: Chart, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    """Texts paired by role and place; what they explain is taken out of ``different``."""
    ours, theirs = placed_texts(reference), placed_texts(render)
    found: list[Discrepancy] = []
    left = list(theirs)
    for item in ours:
        mate = _mate(item, left)
        if mate is not None:
            left.remove(mate)
            said = _pair(item, mate, images, different)
        elif count_in(different, item.text.box, 1) > _FEW:
            said = Discrepancy(
                category="text_error",
                severity=2,
                location=item.role,
                box=item.text.box,
                description=f"the {item.role} {item.text.text!r} is missing",
            )
        else:
            said = None
        if said is not None:
            found.append(said)
            without(different, said.box or item.text.box, 4)
    for item in left:
        if count_in(different, item.text.box, 1) > _FEW:
            found.append(
                Discrepancy(
                    category="text_error",
                    severity=2,
                    location=item.role,
                    box=item.text.box,
                    description=f"the {item.role} {item.text.text!r} is not in the reference",
                )
            )
            without(different, item.text.box, 4)
    return found


def _mate(item: Placed, others: list[Placed]) -> Placed | None:
    near = [o for o in others if _apart(item.text.box, o.text.box) < 12]
    if not near:
        near = [o for o in others if o.text.text == item.text.text and _apart(item.text.box, o.text.box) < 60]
    if not near and item.role[:4] in ("titl", "x la", "y la"):
        near = [o for o in others if o.role == item.role]
    return min(
        near, key=lambda o: (o.text.text != item.text.text, _apart(item.text.box, o.text.box)), default=None
    )


def _pair(item: Placed, mate: Placed, images: tuple[Image, Image], different: Mask) -> Discrepancy | None:
    one, other = item.text, mate.text
    box = union(one.box, other.box)
    changed = count_in(different, box, 1)
    if changed <= _FEW:
        return None
    wide = (one.box.x1 - one.box.x0, other.box.x1 - other.box.x0)
    tall = (one.box.y1 - one.box.y0, other.box.y1 - other.box.y0)
    if one.rotation:
        wide, tall = tall, wide
    same_size = abs(one.size - other.size) <= 0.4
    same_length = abs(wide[0] - wide[1]) <= max(2, _STRETCH * wide[0])
    same_shape = same_length and abs(tall[0] - tall[1]) <= 1 + same_size
    if same_length and same_size and plain(one.text) == plain(other.text) and not same_shape:
        # Neighbours' ink made one box taller: what it says and how long it is agree.
        return None
    if plain(one.text) != plain(other.text):
        if same_shape and not glyphs_differ(*images, one.box, other.box):
            return _moved(item, mate, box)
        description = f"reference {one.text!r}, render {other.text!r}"
    elif same_shape:
        if not glyphs_differ(*images, one.box, other.box):
            return _moved(item, mate, box)
        if one.colour != other.colour and _far_colours(one.colour, other.colour):
            return Discrepancy(
                category="style_error",
                severity=1,
                location=item.role,
                box=box,
                description=f"text colour: reference {one.colour}, render {other.colour}",
            )
        description = f"the {item.role} {one.text!r} is drawn with other characters"
    elif not same_size or abs(wide[0] / max(wide[1], 1) - tall[0] / max(tall[1], 1)) < 0.12:
        return Discrepancy(
            category="style_error",
            severity=1,
            location=item.role,
            box=box,
            description=f"font size: reference {one.size:g}, render {other.size:g}",
        )
    else:
        description = f"the {item.role} {one.text!r} is {wide[0]:.0f} px wide, the render's {wide[1]:.0f} px"
    return Discrepancy(
        category="text_error", severity=2, location=item.role, box=box, description=description
    )


def plain(text: str) -> str:
    """A text as OCR cannot mistake it: without spaces, dashes alike."""
    return "".join(text.split()).replace("−", "-").replace("–", "-").replace("—", "-")


def _far_colours(one: str, other: str) -> bool:
    return max(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5)) > 80


def _moved(item: Placed, mate: Placed, box: Box) -> Discrepancy | None:
    dx = (item.text.box.x0 + item.text.box.x1 - mate.text.box.x0 - mate.text.box.x1) / 2
    dy = (item.text.box.y0 + item.text.box.y1 - mate.text.box.y0 - mate.text.box.y1) / 2
    if max(abs(dx), abs(dy)) < 2:
        return None
    return Discrepancy(
        category="style_error",
        severity=1,
        location=item.role,
        box=box,
        description=f"the {item.role} {item.text.text!r} should be moved by {dx:+.0f} px across, "
        f"{dy:+.0f} px down",
    )


def compare_ticks(
    index: int, many: bool, one: Axes, other: Axes, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    """Axis ranges and tick labels, one discrepancy an axis."""
    found = []
    ticks_only = different.copy()
    for label in (one.title, one.x_label, one.y_label, other.title, other.x_label, other.y_label):
        if label is not None:
            without(ticks_only, label.box, 3)
    for name, ours, theirs in (("x", one.x, other.x), ("y", one.y, other.y)):
        strip = tick_strip(one, name, ours, theirs)
        where = f"{name} axis" + (f" of axes {index + 1}" if many else "")
        said = None
        if count_in(ticks_only, strip) > _FEW:
            said = _axis_pair(name, where, ours, theirs, strip)
            if said is None and count_in(ticks_only, strip) > 24:
                said = Discrepancy(
                    category="text_error",
                    severity=1,
                    location=where,
                    box=strip,
                    description=f"tick labels of the {where} look different",
                )
        if said is not None:
            found.append(said)
            _explain(different, ticks_only, strip)
    return found


def _explain(different: Mask, ticks_only: Mask, strip: Box) -> None:
    """Takes a strip's own pixels out, and leaves those of the labels beside the ticks."""
    own = np.zeros_like(different)
    own[max(0, int(strip.y0) - 3) : int(strip.y1) + 3, max(0, int(strip.x0) - 3) : int(strip.x1) + 3] = True
    different &= ~(own & ticks_only)


def tick_strip(axes: Axes, name: str, ours: Scale, theirs: Scale) -> Box:
    """Where tick labels stand: beside the axes, as far as the labels reach."""
    b = axes.box
    if name == "x":
        strip = Box(b.x0 - 14, b.y1 + 2, b.x1 + 14, b.y1 + 30)
        strip = Box(b.x0, b.y0 - 24, b.x1, b.y0 - 1) if ours.side == "top" else strip
    else:
        strip = Box(b.x0 - 48, b.y0 - 8, b.x0 - 1, b.y1 + 8)
        strip = Box(b.x1 + 2, b.y0, b.x1 + 48, b.y1) if ours.side == "right" else strip
    for tick in (*ours.ticks, *theirs.ticks):
        if tick.box is not None and _apart(tick.box, strip) < 60:
            strip = union(strip, tick.box)
    return strip


def _axis_pair(name: str, where: str, ours: Scale, theirs: Scale, strip: Box) -> Discrepancy | None:
    labels, others = [t.label for t in ours.ticks], [t.label for t in theirs.ticks]
    if ours.kind != theirs.kind and ours.numeric and theirs.numeric:
        return Discrepancy(
            category="structure_error",
            severity=3,
            location=where,
            box=strip,
            description=f"scale of the {where}: reference {ours.kind}, render {theirs.kind}",
        )
    span = abs(ours.high - ours.low) or 1.0
    comparable = ours.kind == theirs.kind and ours.numeric and theirs.numeric
    off = max(abs(ours.low - theirs.low), abs(ours.high - theirs.high)) / span
    if comparable and (off > 0.02 if ours.kind == "linear" else _log_off(ours, theirs) > 0.03):
        return Discrepancy(
            category="data_error",
            severity=2,
            location=where,
            box=strip,
            description=f"range of the {where}: reference {ours.low:.4g} to {ours.high:.4g}, "
            f"render {theirs.low:.4g} to {theirs.high:.4g}",
        )
    changed = [(a, b) for a, b in zip(labels, others, strict=False) if plain(a) != plain(b)]
    if labels and (len(labels) != len(others) or changed):
        if len(labels) != len(others):
            text = f"reference {labels}, render {others}"
        else:
            text = "; ".join(f"reference {a!r}, render {b!r}" for a, b in changed[:6])
        return Discrepancy(
            category="text_error",
            severity=2,
            location=where,
            box=strip,
            description=f"tick labels of the {where}: {text}",
        )
    if abs(ours.size - theirs.size) > 0.9:
        return Discrepancy(
            category="style_error",
            severity=1,
            location=where,
            box=strip,
            description=f"font size of tick labels: reference {ours.size:g}, render {theirs.size:g}",
        )
    return None


def _log_off(ours: Scale, theirs: Scale) -> float:
    values = [math.log10(max(v, 1e-300)) for v in (ours.low, ours.high, theirs.low, theirs.high)]
    span = abs(values[1] - values[0]) or 1.0
    return max(abs(values[0] - values[2]), abs(values[1] - values[3])) / span
