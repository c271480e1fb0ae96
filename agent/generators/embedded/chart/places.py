"""Texts, legends, tick labels and drawings laid where the reference has them, to a fraction of a pixel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from agent.generators.embedded.chart.moves import Move, axes_of, with_axes, with_legend, with_text
from agent.generators.embedded.chart.shifts import Grey, Shift, grey, shift_of
from agent.generators.embedded.chart.tuning import LEAST_GAIN, Draw, Trial, within
from critic.pixel.chart_geometry import around
from critic.pixel.chart_texts import placed_texts
from critic.reading.chart.description import Axes, Chart, Legend, Scale, Text
from critic.types import Box

Lay = Callable[[Chart, Shift], Chart]

_NEAR = 0.06
"""Pixels by which something may lie off."""
_TRIALS = 2
"""What is laid by a measured shift lies better, and by what is then left of it best."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Something that can be laid elsewhere.

    Attributes:
        name: What it is, for the reason of the move.
        boxes: Where it is drawn in the reference.
        lay: Makes the chart in which it lies elsewhere by a shift.
        ways: Whether it can be moved across, and down.
        categories: The discrepancy categories that it answers.
    """

    name: str
    boxes: tuple[Box, ...]
    lay: Lay
    ways: tuple[bool, bool] = (True, True)
    categories: tuple[str, ...] = ("style_error", "text_error")

    @property
    def box(self) -> Box:
        """Where it shows."""
        b = around(list(self.boxes))
        return Box(b.x0 - 3, b.y0 - 3, b.x1 + 3, b.y1 + 3)

    def off(self, reference: Grey, render: Grey) -> Shift:
        """How far it must move to lie as in the reference; nothing where that cannot be told."""
        shift = shift_of(reference, render, self.boxes) or (0.0, 0.0)
        across, down = (
            round(v, 2) if w and abs(v) >= _NEAR else 0.0 for v, w in zip(shift, self.ways, strict=True)
        )
        return across, down

    def move(self, shift: Shift) -> Move:
        """It laid elsewhere, as a move."""
        reason = f"{self.name} moved by {shift[0]:+.2f} px across, {shift[1]:+.2f} px down"
        return Move(reason, lambda chart: self.lay(chart, shift), self.box, self.categories)


async def laid(chart: Chart, placings: list[Placing], reference: Grey, now: Trial, draw: Draw) -> list[Move]:
    """The moves that lay everything where it should lie, as far as that shows.

    Args:
        chart: What is drawn.
        placings: What may be laid elsewhere in it.
        reference: The picture to come nearer to.
        now: The chart as it comes out.
        draw: Renders charts.
    """
    sought = await asyncio.to_thread(_sought, placings, reference, now)
    for _ in range(_TRIALS):
        if not any(item.open for item in sought):
            break
        trial = chart
        for item in sought:
            trial = item.placing.lay(trial, item.next) if item.next != (0.0, 0.0) else trial
        (drawn,) = await draw([trial])
        if drawn is None:
            break
        await asyncio.to_thread(_learn, sought, reference, drawn)
    return [item.placing.move(item.best) for item in sought if item.worthwhile]


class _Sought:
    """The search for the place of one thing."""

    def __init__(self, placing: Placing, loss: float, off: Shift) -> None:
        self.placing = placing
        self.best, self.next = (0.0, 0.0), off
        self.open = off != self.best
        self._first = self._loss = loss

    @property
    def worthwhile(self) -> bool:
        return self._first - self._loss > max(LEAST_GAIN, 0.02 * self._first)

    def learn(self, drawn: Trial, reference: Grey, render: Grey) -> None:
        """What came of the next place, and where to lie after that."""
        if not self.open:
            return
        loss = within(drawn.loss, self.placing.box)
        if loss < self._loss:
            self.best, self._loss = self.next, loss
            across, down = self.placing.off(reference, render)
            self.next = (round(self.best[0] + across, 2), round(self.best[1] + down, 2))
        else:
            self.next = self.best
        self.open = self.next != self.best


def _sought(placings: list[Placing], reference: Grey, now: Trial) -> list[_Sought]:
    render = grey(now.image)
    return [_Sought(item, within(now.loss, item.box), item.off(reference, render)) for item in placings]


def _learn(sought: list[_Sought], reference: Grey, drawn: Trial) -> None:
    render = grey(drawn.image)
    for item in sought:
        item.learn(drawn, reference, render)


def placings(chart: Chart) -> list[Placing]:
    """All texts, legends, rows of tick labels and drawings of a chart."""
    found = [_text(item.where, item.text) for item in placed_texts(chart)]
    for index, axes in axes_of(chart):
        found += [_legend(index, which, legend) for which, legend in enumerate(axes.legends)]
        if axes.visible:
            found += [_drawing(index, axes)] if axes.series else []
            found += [
                row for name in ("x", "y") if (row := _labels(index, name, axes, chart.dpi)) is not None
            ]
    return found


def _text(role: str, text: Text) -> Placing:
    def lay(chart: Chart, shift: Shift) -> Chart:
        now = next((i.text for i in placed_texts(chart) if i.text.box == text.box), None)
        if now is None:
            return chart
        return with_text(chart, now, now.model_copy(update={"nudge": _sum(now.nudge, shift)}))

    return Placing(f"{role} {text.text[:30]!r}", (text.box,), lay)


def _sum(one: Shift, other: Shift) -> Shift:
    return round(one[0] + other[0], 2), round(one[1] + other[1], 2)


def _legend(index: int, which: int, legend: Legend) -> Placing:
    def lay(chart: Chart, shift: Shift) -> Chart:
        now = chart.axes[index].legends[which]
        return with_legend(chart, index, which, now.model_copy(update={"nudge": _sum(now.nudge, shift)}))

    return Placing(f"legend {which + 1} of axes {index + 1}", (legend.box,), lay)


def _drawing(index: int, axes: Axes) -> Placing:
    """All that is drawn in an axes: readings may be off as a whole."""
    b = axes.box

    def lay(chart: Chart, shift: Shift) -> Chart:
        now = chart.axes[index]
        box = now.box
        moved = Box(box.x0 + shift[0], box.y0 + shift[1], box.x1 + shift[0], box.y1 + shift[1])
        there = now.model_copy(update={"box": moved})
        return with_axes(
            chart, index, series=tuple(item.moved(there.plane, now.plane) for item in now.series)
        )

    name, inside = f"what is drawn in axes {index + 1}", Box(b.x0 + 5, b.y0 + 5, b.x1 - 5, b.y1 - 5)
    return Placing(name, (inside,), lay, categories=("data_error", "style_error"))


def _labels(index: int, name: str, axes: Axes, dpi: float) -> Placing | None:
    """Tick labels, which can be moved away from their axis."""
    scale: Scale = getattr(axes, name)
    boxes = tuple(tick.box for tick in scale.ticks if tick.box is not None)
    if not boxes:
        return None
    down = name == "x"
    away = 1.0 if scale.side in ("bottom", "right") else -1.0

    def lay(chart: Chart, shift: Shift) -> Chart:
        now: Scale = getattr(chart.axes[index], name)
        pad = round(now.pad + away * shift[down] * 72 / dpi, 2)
        return with_axes(chart, index, **{name: now.model_copy(update={"pad": pad})})

    title = f"tick labels of the {name} axis of axes {index + 1}"
    return Placing(title, boxes, lay, (not down, down))
