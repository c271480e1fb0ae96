"""Many knobs turned in one trial render, where they show in different places; each keeps its own best."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.knobs import Knob
from agent.generators.embedded.chart.moves import Move
from critic.pixel.chart_geometry import overlap
from critic.reading.chart.description import Chart
from critic.similarity import fit_to, mean_ssim, ssim_map
from critic.types import Box
from renderers.types import Image

Loss = NDArray[np.float32]


class Trial(NamedTuple):
    """What came of a drawing.

    Attributes:
        image: Its pixels, at the reference's size.
        loss: How much likeness is missing at each.
        similarity: The likeness of the whole.
    """

    image: Image
    loss: Loss
    similarity: float


Draw = Callable[[Sequence[Chart]], Awaitable[list[Trial | None]]]
"""Draws charts side by side; None stands for one that does not render, or for which no trial is left."""

_WORTH = 20.0
"""A knob is turned only where at least so many pixels' worth of likeness is missing."""
LEAST_GAIN = 4.0
"""And its best value is kept where it brings back so much."""


def trial_of(reference: Image, image: Image) -> Trial:
    """A drawing beside the reference."""
    fitted = fit_to(reference, image)
    values = ssim_map(reference, fitted)
    return Trial(fitted, np.asarray(1.0 - values, dtype=np.float32), mean_ssim(values))


def within(loss: Loss, box: Box) -> float:
    """The loss in a box, summed."""
    rows = slice(max(0, int(box.y0)), max(0, int(np.ceil(box.y1))))
    columns = slice(max(0, int(box.x0)), max(0, int(np.ceil(box.x1))))
    return float(loss[rows, columns].sum())


class Tuned(NamedTuple):
    """What came of turning knobs: moves to their best values, and the knobs that stand at theirs already."""

    moves: list[Move]
    settled: list[str]


async def tuned(chart: Chart, knobs: list[Knob], loss: Loss, draw: Draw) -> Tuned:
    """Turn each knob to its best value, as far as it shows.

    Args:
        chart: What the knobs turn.
        knobs: What may be turned.
        loss: That of the chart as it is.
        draw: Renders charts.
    """
    batches = [_Batch(b, loss) for b in _batches([k for k in knobs if within(loss, k.box) > _WORTH], loss)]
    for values in (_Batch.given, _Batch.between):
        trials = [(batch, turn) for batch in batches for turn in values(batch)]
        drawn = await draw([batch.turned(chart, turn) for batch, turn in trials])
        for (batch, turn), trial in zip(trials, drawn, strict=True):
            batch.learn(turn, trial)
    return Tuned([m for b in batches for m in b.moves()], [n for b in batches for n in b.settled()])


Turned = list[float | None]
"""A value for each knob of a batch; None for one that is left alone."""


class _Batch:
    """Knobs that show in different places, and the loss of each by its value."""

    def __init__(self, knobs: list[Knob], loss: Loss) -> None:
        self._knobs = knobs
        self._curves = [{0.0: within(loss, knob.box)} for knob in knobs]
        self._whole = True

    def given(self) -> list[Turned]:
        """The values that are always tried."""
        most = max(len(knob.values) for knob in self._knobs)
        return [[k.values[i] if i < len(k.values) else None for k in self._knobs] for i in range(most)]

    def between(self) -> list[Turned]:
        """The values that may be better than those."""
        refined = [
            _between(curve) if knob.smooth and len(curve) > 1 else None
            for knob, curve in zip(self._knobs, self._curves, strict=True)
        ]
        return [refined] if any(value is not None for value in refined) else []

    def turned(self, chart: Chart, values: Turned) -> Chart:
        """The chart with all knobs at a value each."""
        for knob, value in zip(self._knobs, values, strict=True):
            chart = knob.turn(chart, value) if value is not None else chart
        return chart

    def learn(self, values: Turned, trial: Trial | None) -> None:
        """Note what came of values."""
        if trial is None:
            self._whole = False
            return
        for knob, value, curve in zip(self._knobs, values, self._curves, strict=True):
            if value is not None:
                curve[value] = within(trial.loss, knob.box)

    def moves(self) -> list[Move]:
        """The knobs that gain, turned to their best values."""
        return [k.move(best) for k, best in zip(self._knobs, self._best(), strict=True) if best]

    def settled(self) -> list[str]:
        """The knobs that gain nothing."""
        if not self._whole:
            return []
        return [k.name for k, best in zip(self._knobs, self._best(), strict=True) if not best]

    def _best(self) -> list[float]:
        found = []
        for curve in self._curves:
            best = min(curve, key=lambda value: curve[value])
            gain = curve[0.0] - curve[best]
            found.append(best if gain > max(LEAST_GAIN, 0.02 * curve[0.0]) else 0.0)
        return found


def _between(curve: dict[float, float]) -> float | None:
    """Where a parabola through the best value and its neighbours is lowest, or a step beyond the ends."""
    values = sorted(curve)
    best = min(values, key=lambda value: curve[value])
    place = values.index(best)
    if place in (0, len(values) - 1):
        return round(2 * best - values[1 if place == 0 else -2], 2)
    x = np.array(values[place - 1 : place + 2])
    bend, slope, _ = np.polyfit(x, [curve[v] for v in x.tolist()], 2)
    if bend <= 0:
        return None
    lowest = round(float(-slope / (2 * bend)), 2)
    return lowest if abs(lowest - best) > 0.08 * (x[2] - x[0]) else None


def _batches(knobs: list[Knob], loss: Loss) -> list[list[Knob]]:
    """Knobs that show in different places together, those where most is missing first."""
    batches: list[list[Knob]] = []
    for knob in sorted(knobs, key=lambda k: -within(loss, k.box)):
        free = next((b for b in batches if not any(overlap(knob.box, k.box, 2) for k in b)), None)
        if free is None:
            batches.append([knob])
        else:
            free.append(knob)
    return batches
