"""Values along the spokes of a radar chart: what the numbers beside its rings say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.marks.scales import LinearScale, Tick
from critic.marks.texts import Text
from critic.marks.web import Web
from critic.reading.chart.numbers import number_of, rounded

_USUAL_SIZE = 10.0
"""Points, of the numbers at rings."""
_UNEVEN = 0.15
"""Share of a step by which rings may stand unevenly."""
_ON_RIM = 2
"""Pixels from the rim within which the last ring is the rim: each was found to a pixel."""
_STEPPED = 3
"""Rings from which the last one can be off the step of the others."""
_APART = 4.0
"""Pixels between two numbers at least: nearer ones do not tell which way they run."""
_OFF_LINE = 6.0
"""Pixels by which the middle of a number may stand off: lines that it touches make its box up to 11 wider."""
_AS_RINGS = 0.15
"""Share by which the distance of numbers may be off that of rings: middles are off by 6 of 40 pixels."""
_SLIM = 0.55
"""Widths of a letter in its height below which a longer text is set at a slant: upright ones have 0.7."""
_BESIDE_RING = 0.55
"""Steps of the rings by which numbers may stand off theirs, where a scale from 0 on is as near as another."""
_AT_CENTRE = 2.0
"""Pixels from the centre within which a scale begins there: rings are found to one."""
_TELLING = 3
"""Numbers that tell a scale, where there are as many rings."""
_AGREEING = 0.5
"""Share of the numbers that must agree on a scale: upright ones nearly all do; slanted ones are misread."""
_FRACTION = 2.0
"""Of a pixel's value: to so much are limits and values of rings rounded."""


class Radial(NamedTuple):
    """The direction outwards.

    Attributes:
        scale: Its values and ticks.
        angle: Degrees, counter-clockwise from the right, of the row of numbers; None where there is none.
    """

    scale: LinearScale
    angle: float | None


class _Row(NamedTuple):
    """Numbers at even distances on a straight line.

    Attributes:
        texts: Those that agree.
        values: What they say.
        per_unit: Pixels from a value to the next whole one.
        start: How far outwards from the centre the value 0 stands, as the numbers' middles tell it.
    """

    texts: list[Text]
    values: NDArray[np.float64]
    per_unit: float
    start: float


def radial(web: Web, rings: list[float], numbers: Sequence[Text]) -> Radial:
    """Values outwards, by the numbers beside the rings; shares of the radius where there are none.

    Args:
        web: The spokes.
        rings: Radii in pixels, from the inside.
        numbers: Texts that are numbers, near the web.
    """
    row = _row(web, rings, numbers)
    if row is None:
        step = 1.0 / len(rings)
        ticks = tuple(Tick(pixel=r, value=round((k + 1) * step, 4)) for k, r in enumerate(rings))
        return Radial(LinearScale(low=0.0, high=1.0, ticks=ticks, side="left"), None)
    per_unit, zero = _on_rings(row, rings)
    slack = _FRACTION / per_unit

    def value(radius: float) -> float:
        return rounded((radius - zero) / per_unit, slack)

    boxes = {float(v): t.box for v, t in zip(row.values, row.texts, strict=True)}
    ticks = tuple(
        Tick(pixel=ring, value=value(ring), label=f"{value(ring):g}", box=boxes.get(value(ring)))
        for ring in _even(rings)
    )
    # Single digits tell their size badly.
    size = min(float(np.median([t.size for t in row.texts])), _USUAL_SIZE)
    on_rim = bool(ticks) and abs(ticks[-1].pixel - web.radius) <= _ON_RIM
    high = ticks[-1].value if on_rim else (web.radius - zero) / per_unit
    scale = LinearScale(low=value(0.0), high=high, ticks=ticks, side="left", size=size)
    return Radial(scale, _angle(web, row, per_unit, zero))


def is_slanted(text: Text) -> bool:
    """Whether a text is too slim for its letters to be upright: along an oblique axis OCR reads anything."""
    letters = sum(c.isalnum() for c in text.text)
    return letters > 1 and text.box.width < _SLIM * letters * text.box.height


def _row(web: Web, rings: list[float], numbers: Sequence[Text]) -> _Row | None:
    """The numbers of which most agree on a place for each value; some are misread."""
    upright = [t for t in numbers if not is_slanted(t)]
    known = [(t, v) for t in upright if (v := number_of(t.text)) is not None]
    places = np.array([t.box.centre for t, _ in known]).reshape(-1, 2)
    values = np.array([v for _, v in known])
    best: NDArray[np.bool_] | None = None
    for i, j in combinations(range(len(known)), 2):
        way = places[j] - places[i]
        if values[i] == values[j] or np.hypot(*way) < _APART:
            continue
        expected = places[i] + np.outer((values - values[i]) / (values[j] - values[i]), way)
        agree = np.hypot(*(places - expected).T) <= _OFF_LINE
        best = agree if best is None or agree.sum() > best.sum() else best
    if best is None or best.sum() < max(_AGREEING * len(known), min(_TELLING, len(rings))):
        return None
    (along, start) = (np.polyfit(values[best], places[best][:, axis], 1) for axis in (0, 1))
    slope = np.array([along[0], start[0]])
    per_unit = float(np.hypot(*slope))
    outwards = (np.array([along[1], start[1]]) - (web.x, web.y)) @ slope / per_unit
    return _Row(
        [t for (t, _), a in zip(known, best, strict=True) if a], values[best], per_unit, float(outwards)
    )


def _on_rings(row: _Row, rings: list[float]) -> tuple[float, float]:
    """Pixels for a unit, and from the centre to the value 0, as rings tell them: numbers stand beside."""
    if len(rings) < _STEPPED:
        return row.per_unit, row.start
    step = float(np.median(np.diff(rings)))
    distinct = np.unique(row.values)
    between = row.per_unit * float(np.min(np.diff(distinct)))
    if abs(between / step - 1) > _AS_RINGS:
        return row.per_unit, row.start
    per_unit = step / float(np.min(np.diff(distinct)))
    starts = np.subtract.outer(rings, per_unit * row.values).reshape(-1)
    # As the numbers' middles have it for those in the middle, where an error of slope is least.
    middle = float(np.median(row.values))
    wanted = row.start + (row.per_unit - per_unit) * middle
    close = starts[np.abs(starts - wanted) < _BESIDE_RING * step]
    # Numbers beside rings stand off them; most scales begin with 0 at the centre.
    if len(close) and np.abs(close).min() <= _AT_CENTRE:
        return per_unit, 0.0
    return per_unit, float(starts[np.abs(starts - wanted).argmin()])


def _angle(web: Web, row: _Row, per_unit: float, zero: float) -> float:
    """Where numbers must be anchored at their lower left corners to stand where they do."""
    far_out = row.values * per_unit + zero > web.radius / 2
    at = np.array([(t.box.x0 - web.x, web.y - t.box.y1) for t in row.texts])
    at = at[far_out] if far_out.any() else at
    return float(np.degrees(np.arctan2(np.median(at[:, 1]), np.median(at[:, 0]))))


def _even(rings: list[float]) -> list[float]:
    """Rings without a last one that does not go on at the step of the others: the rim is no ring then."""
    if len(rings) < _STEPPED:
        return rings
    step = float(np.median(np.diff(rings[:-1])))
    return rings if abs(rings[-1] - rings[-2] - step) <= _UNEVEN * step else rings[:-1]
