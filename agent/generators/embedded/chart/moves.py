"""Single changes to a chart's description, each for one reason, to be tried against the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import cv2
import numpy as np

from critic.pixel.chart_geometry import box_of
from critic.pixel.chart_texts import Placed, placed_texts
from critic.reading.chart.description import Area, Axes, Chart, Legend, Line, Series, Text
from critic.reading.chart.glyphs import size_of
from critic.reading.chart.words import ink_of
from critic.types import Box
from renderers.types import Image

Change = Callable[[Chart], Chart]
S = TypeVar("S", Line, Area)
_MEASURED = ("data_error", "style_error")
_LEAST_LETTERS = 4
"""Letters of a text from which its length tells its size."""
_UPRIGHT = 90.0
"""Degrees of texts that read upwards."""
_CLEARLY, _SHORT, _CUT = 3, 8, 9
"""Pixels: by how much a text must be longer or shorter, what is too short to be it, and by how much it may be
longer before it is cut off by the place that is looked at."""
_SAME_SIZE, _CHANGED = 0.4, 0.25
"""Points within which a size is a usual one, and below which a change does not show."""
_SMALLER, _LARGER = 0.6, 1.6
"""Times that a size may change at once: beyond, something else was measured."""
_LEAST_SIDE = 4
"""Pixels of a drawing's side below which it lies anywhere."""
_FLAT = 4
"""Levels of contrast below which there is nothing to be found."""
_LIKE, _LIKER = 0.6, 0.03
"""Correlation from which a drawing is found elsewhere, and by how much it must be more than here."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change that may help.

    Attributes:
        reason: What it does, in a short sentence; also its identity among rejected ones.
        change: Makes the new description.
        box: Where it matters, in reference pixels.
        categories: The discrepancy categories it answers.
        answers: Numbers of the discrepancies that it was made for, or that stand where it was measured.
    """

    reason: str
    change: Change
    box: Box
    categories: tuple[str, ...]
    answers: tuple[int, ...] = ()


def with_axes(chart: Chart, index: int, **fields: object) -> Chart:
    """The chart with fields of one of its axes replaced."""
    axes = list(chart.axes)
    axes[index] = axes[index].model_copy(update=fields)
    return chart.model_copy(update={"axes": tuple(axes)})


def with_series(chart: Chart, index: int, which: int, series: Series | None) -> Chart:
    """The chart with one series replaced, or left out where None."""
    items = list(chart.axes[index].series)
    items[which : which + 1] = [] if series is None else [series]
    return with_axes(chart, index, series=tuple(items))


def with_legend(chart: Chart, index: int, which: int, legend: Legend) -> Chart:
    """The chart with one legend of an axes replaced."""
    legends = list(chart.axes[index].legends)
    legends[which] = legend
    return with_axes(chart, index, legends=tuple(legends))


def with_text(chart: Chart, old: Text, new: Text | None) -> Chart:
    """The chart with a text replaced wherever it stands, or left out where None."""

    def swap(text: Text | None) -> Text | None:
        return new if text is not None and text.box == old.box else text

    def swap_all(texts: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(text for text in map(swap, texts) if text is not None)

    axes = tuple(
        a.model_copy(
            update={
                "title": swap(a.title),
                "x_label": swap(a.x_label),
                "y_label": swap(a.y_label),
                "texts": swap_all(a.texts),
            }
        )
        for a in chart.axes
    )
    return chart.model_copy(update={"axes": axes, "texts": swap_all(chart.texts)})


def text_moves(chart: Chart, render: Image) -> list[Move]:
    """Texts that are drawn too large or too small."""
    moves = [_resized(item, render, chart.dpi) for item in placed_texts(chart)]
    return [move for move in moves if move is not None]


def _resized(item: Placed, render: Image, dpi: float) -> Move | None:
    text = item.text
    drawn = ink_of(render, _grown(text.box, 5), margin=0)
    if drawn is None or len(text.text) < _LEAST_LETTERS or text.rotation not in (0.0, _UPRIGHT):
        return None
    upright = text.rotation == 0.0
    want = text.box.width if upright else text.box.height
    have = drawn[0].width if upright else drawn[0].height
    if abs(want - have) < _CLEARLY or have < _SHORT or have >= want + _CUT:
        return None
    thick = text.box.height if upright else text.box.width
    size = round(text.size * want / have, 1)
    usual = size_of(text.text, want, thick, dpi)
    size = usual if abs(usual - size) < _SAME_SIZE else size
    if abs(size - text.size) < _CHANGED or not _SMALLER < size / text.size < _LARGER:
        return None
    new = text.model_copy(update={"size": size})
    reason = f"{item.where}: font size {text.size:g} to {size:g}"
    return Move(reason, lambda chart: with_text(chart, text, new), text.box, ("style_error", "text_error"))


def offset(reference: Image, render: Image, box: Box, reach: int = 7) -> tuple[int, int] | None:
    """How far the render's drawing must move to lie on the reference's; None where it is not found."""
    height, width = reference.shape[:2]
    x0, y0 = max(0, int(box.x0) - 1), max(0, int(box.y0) - 1)
    x1, y1 = min(width, int(box.x1) + 1), min(height, int(box.y1) + 1)
    if x1 - x0 < _LEAST_SIDE or y1 - y0 < _LEAST_SIDE:
        return None
    a0, b0 = max(0, x0 - reach), max(0, y0 - reach)
    a1, b1 = min(width, x1 + reach), min(height, y1 + reach)
    template = cv2.cvtColor(np.ascontiguousarray(reference[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY)
    field = cv2.cvtColor(np.ascontiguousarray(render[b0:b1, a0:a1]), cv2.COLOR_RGB2GRAY)
    if template.std() < _FLAT or field.std() < _FLAT:
        return None
    score = cv2.matchTemplate(field, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(score)
    here = float(score[y0 - b0, x0 - a0])
    if best < _LIKE or best < here + _LIKER:
        return None
    return x0 - a0 - column, y0 - b0 - row


def frame_moves(chart: Chart, reference: Image, render: Image) -> list[Move]:
    """Axes whose spines come out a pixel off: the box moved by half a pixel."""
    found = []
    for index, axes in enumerate(chart.axes):
        if not axes.visible:
            continue
        shifts = []
        box = axes.box
        for name, at in zip(("x0", "y0", "x1", "y1"), box, strict=True):
            strip = _edge_strip(box, name, at)
            shift = offset(reference, render, strip, reach=2)
            along = (shift or (0, 0))[0 if name[0] == "x" else 1]
            shifts.append(0.5 * np.sign(along))
        if any(shifts):
            new = Box(*(v + s for v, s in zip(box, shifts, strict=True)))
            found.append(
                Move(
                    f"axes {index + 1} set to {new.x0:.1f}, {new.y0:.1f} to {new.x1:.1f}, {new.y1:.1f}",
                    _box_change(index, new),
                    box,
                    ("structure_error", "style_error", "data_error"),
                )
            )
    return found


def _box_change(index: int, box: Box) -> Change:
    return lambda chart: with_axes(chart, index, box=box)


def _edge_strip(box: Box, name: str, at: float) -> Box:
    if name[0] == "x":
        return Box(at - 3, box.y0 + 2, at + 4, box.y1 - 2)
    return Box(box.x0 + 2, at - 3, box.x1 - 2, at + 4)


def _grown(box: Box, by: float) -> Box:
    return Box(max(0.0, box.x0 - by), max(0.0, box.y0 - by), box.x1 + by, box.y1 + by)


def axes_of(chart: Chart) -> list[tuple[int, Axes]]:
    """Axes with their places in the description."""
    return list(enumerate(chart.axes))


def linear_axes(chart: Chart) -> list[tuple[int, Axes]]:
    """Those with a frame in which lengths are values."""
    return [(i, a) for i, a in axes_of(chart) if a.visible and a.x.straight and a.y.straight]


def measured_again(
    chart: Chart,
    kind: type[S],
    measure: Callable[[S, Axes], S | None],
    reason: Callable[[S, int], str],
) -> list[Move]:
    """A move for each series of a kind that lies elsewhere when it is measured again.

    Args:
        chart: What was read.
        kind: Of the series.
        measure: The series where it lies; None where it stays.
        reason: Of the move, from what was measured in which axes.
    """
    found = []
    for index, axes in linear_axes(chart):
        for which, old in enumerate(axes.series):
            new = measure(old, axes) if isinstance(old, kind) else None
            if new is not None and new != old:
                change = partial(with_series, index=index, which=which, series=new)
                found.append(Move(reason(new, index + 1), change, box_of(old, axes), _MEASURED))
    return found
