"""Many knobs turned in one trial render, where they show in different places; each keeps its own best."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.chart.knobs import Knob
from agent.generators.embedded.chart.moves import Move
from critic.pixel.chart_geometry import overlap
from critic.reading.chart.description import Chart
from critic.similarity import fit_to, ssim_map
from critic.types import Box
from renderers.types import Image

Loss = NDArray[np.float32]
Draw = Callable[[Chart], Awaitable[Image | None]]

_WORTH = 20.0
"""A knob is turned only where at least so many pixels' worth of likeness is missing."""
_LEAST_GAIN = 4.0
"""And its best value is kept where it brings back so much."""


def loss_of(reference: Image, image: Image) -> Loss:
    """How much likeness is missing at each pixel."""
    return np.asarray(1.0 - ssim_map(reference, fit_to(reference, image)), dtype=np.float32)


def within(loss: Loss, box: Box) -> float:
    """The loss in a box, summed."""
    rows = slice(max(0, int(box.y0)), max(0, int(np.ceil(box.y1))))
    columns = slice(max(0, int(box.x0)), max(0, int(np.ceil(box.x1))))
    return float(loss[rows, columns].sum())


async def tuned(chart: Chart, knobs: list[Knob], reference: Image, loss: Loss, draw: Draw) -> list[Move]:
    """The moves that turn each knob to its best value, as far as it shows.

    Args:
        chart: What the knobs turn.
        knobs: What may be turned.
        reference: The picture to come nearer to.
        loss: That of the chart as it is.
        draw: Renders a chart; None where it does not render or no trial is left.
    """
    found: list[Move] = []
    for batch in _batches([k for k in knobs if within(loss, k.box) > _WORTH], loss):
        curves = [{0.0: within(loss, knob.box)} for knob in batch]
        for turn in range(max(len(knob.values) for knob in batch)):
            if not await _try(chart, batch, curves, [_at(k.values, turn) for k in batch], reference, draw):
                return found
        refined = [_between(c) if k.smooth else None for k, c in zip(batch, curves, strict=True)]
        if any(value is not None for value in refined):
            await _try(chart, batch, curves, refined, reference, draw)
        for knob, curve in zip(batch, curves, strict=True):
            best = min(curve, key=lambda value: curve[value])
            if curve[0.0] - curve[best] > max(_LEAST_GAIN, 0.02 * curve[0.0]):
                found.append(knob.move(best))
    return found


def _at(values: tuple[float, ...], turn: int) -> float | None:
    return values[turn] if turn < len(values) else None


async def _try(
    chart: Chart,
    batch: list[Knob],
    curves: list[dict[float, float]],
    values: list[float | None],
    reference: Image,
    draw: Draw,
) -> bool:
    """Draws all knobs at a value each and notes the loss of each; False where nothing could be drawn."""
    for knob, value in zip(batch, values, strict=True):
        chart = knob.turn(chart, value) if value is not None else chart
    image = await draw(chart)
    if image is None:
        return False
    loss = loss_of(reference, image)
    for knob, value, curve in zip(batch, values, curves, strict=True):
        if value is not None:
            curve[value] = within(loss, knob.box)
    return True


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
