"""Second scales up the right side of axes, and which of the marks are measured on them.

Which mark belongs to which side is nowhere drawn: names, colours and customs tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from critic.marks.bars import Bars
from critic.marks.findings import Scene
from critic.marks.planes import Cartesian
from critic.marks.scales import LinearScale, Scale
from critic.marks.twin import Twin
from critic.reading.chart.colours import apart, rgb_of, saturation
from critic.reading.chart.description import Axes, Series, Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.labels import grown, inside_box, right_label_of
from critic.reading.chart.scales import read_scale

_LEAST = 3
"""Labels that make a scale: any two are on one."""
_AGREEING = 0.9
"""Share of the labels that agree with it."""
_SPANNED = 0.6
"""Share of the side that its labels span: numbers that name the entries of a legend stand close."""
_SAME_SHARE = 0.02
"""Share of its range by which an end differs from that of the scale on the left, if it is another one."""
_TOP, _ASIDE = 40, 60
"""Pixels above axes, and to both sides of their right edge, in which a name of the scale stands."""
_VIVID, _SAME = 60, 60
"""Levels between the channels of a colour that is no grey, and between two colours that are one, blended."""
_AT_EDGE = 2.5
"""Pixels from an end of the axes within which the middle of a label is that of the tick there."""
_PAIR = 2
"""Marks from which one may be on the right without a sign of it."""


class Right(NamedTuple):
    """A scale at the right of axes.

    Attributes:
        axes: Their place among all.
        scale: What the labels make.
        title: What it is called, turned beside the labels.
        used: The texts that are its labels and title.
    """

    axes: int
    scale: Scale
    title: Text | None
    used: tuple[Text, ...]


def right_scales(picture: Scene, axes: Sequence[Axes]) -> list[Right]:
    """The second scales of a picture.

    Args:
        picture: With the texts that belong to no axes yet.
        axes: What was found.
    """
    if any(mark.traits.explains for one in axes for mark in one.series):
        return []
    found = [_right_of(picture, index, one) for index, one in enumerate(axes) if _may_have(one)]
    return [right for right in found if right is not None]


def _right_of(picture: Scene, index: int, one: Axes) -> Right | None:
    """The scale at the right of axes, and the texts that are its own."""
    texts = list(picture.texts)
    frame = Frame.of(one.box, one.frame)._replace(gridded=False)
    scale, _, used = read_scale(
        picture.image, frame, "right", texts, picture.background, picture.reader, picture.dpi
    )
    if not _is_scale(scale, one):
        return None
    scale = _to_edges(scale, one)
    title = right_label_of(picture.image, frame, used, texts, picture.reader)
    beside = [t for t in texts if title is not None and inside_box(t, grown(title.box, 4))]
    return Right(index, scale, title, (*used, *beside))


def with_twins(
    axes: Sequence[Axes], rights: Sequence[Right], texts: Sequence[Text]
) -> tuple[list[Axes], list[Text]]:
    """The axes, each followed by its twin where marks are measured on the right, and the texts that are left.

    Args:
        axes: What was found, with the names of their marks.
        rights: Their second scales.
        texts: What belongs to none of them.
    """
    found: list[Axes] = []
    left = list(texts)
    for index, one in enumerate(axes):
        right = next((r for r in rights if r.axes == index), None)
        pair = None if right is None else _parted(one, right, texts)
        found += pair or [one]
        left += [] if right is None or pair else right.used
    return found, left


def _may_have(one: Axes) -> bool:
    """Whether axes are of the usual kind, with numbers at their left and marks that can be on either side."""
    marks = any(mark.traits.named for mark in one.series)
    return one.visible and marks and one.y.numeric and one.y.side == "left" and bool(one.y.ticks)


def _parted(one: Axes, right: Right, texts: Sequence[Text]) -> list[Axes] | None:
    """Axes and their twin; None where nothing is measured on the right."""
    on_right = _on_right(one, right.scale, right.title, [t for t in texts if _names_right(t, one)])
    if not on_right:
        return None
    before, after = (Cartesian(one.box, one.x, y) for y in (one.y, right.scale))
    moved = tuple(mark.moved(before, after) for mark in one.series if mark in on_right)
    base = one.model_copy(update={"series": tuple(mark for mark in one.series if mark not in on_right)})
    twin = Axes(
        box=one.box,
        x=one.x.model_copy(update={"ticks": (), "between": (), "minor": False}),
        y=right.scale,
        face=one.face,
        frame=one.frame,
        spine=one.spine,
        y_label=right.title,
        series=moved,
        projection=Twin(),
    )
    return [base, twin]


def _is_scale(scale: Scale, one: Axes) -> bool:
    """Whether labels make a scale that goes up, and not the one on the left once more."""
    labelled = [tick.pixel for tick in scale.ticks if tick.label]
    if len(labelled) < _LEAST or not isinstance(scale, LinearScale) or scale.confidence < _AGREEING:
        return False
    spanned = (max(labelled) - min(labelled)) / one.box.height
    ends = ((scale.low, one.y.low), (scale.high, one.y.high))
    other = any(abs(a - b) > _SAME_SHARE * abs(scale.high - scale.low) for a, b in ends)
    return spanned >= _SPANNED and scale.high > scale.low and other


def _to_edges(scale: Scale, one: Axes) -> Scale:
    """The scale from tick to tick where these stand at the axes' ends: labels without marks are a bit off."""
    given = {}
    for name, edge in (("low", one.box.y1), ("high", one.box.y0)):
        tick = min(scale.ticks, key=lambda tick: abs(tick.pixel - edge))
        if abs(tick.pixel - edge) <= _AT_EDGE:
            given[name] = tick.value
    return scale.model_copy(update=given)


def _names_right(text: Text, one: Axes) -> bool:
    """Whether a text stands where ECharts names a scale: above its upper end."""
    middle = (text.box.x0 + text.box.x1) / 2
    return abs(middle - one.box.x1) <= _ASIDE and 0 <= one.box.y0 - text.box.y1 <= _TOP


def _on_right(one: Axes, scale: Scale, title: Text | None, above: Sequence[Text]) -> list[Series]:
    """The marks that are measured on the right, by what the scale is called, its colour, or what is usual."""
    marks = [mark for mark in one.series if mark.traits.named]
    names = [text.text for text in (*above, *([title] if title else []))]
    found = [mark for mark in marks if any(_alike(mark.label, name) for name in names)]
    if not found:
        shades = [scale.colour, *([title.colour] if title else [])]
        vivid = [shade for shade in shades if saturation(rgb_of(shade)) > _VIVID]
        found = [mark for mark in marks if any(apart(mark.palette[0], shade) < _SAME for shade in vivid)]
    if found or len(marks) < _PAIR:
        return found
    if one.y_label is not None:
        rest = [mark for mark in marks if not _alike(mark.label, one.y_label.text)]
        if 0 < len(rest) < len(marks):
            return rest
    bars = [mark for mark in marks if isinstance(mark, Bars)]
    if bars and len(bars) < len(marks):
        return [mark for mark in marks if mark not in bars]
    entries = [entry.text for legend in one.legends for entry in legend.entries]
    ordered = sorted(marks, key=lambda m: entries.index(m.label) if m.label in entries else len(entries))
    return ordered[-1:]


def _alike(label: str, name: str) -> bool:
    """Whether two names share a word."""
    one, other = (set(re.findall(r"[^\W\d_]{3,}", text.lower())) for text in (label, name))
    return bool(one & other)
