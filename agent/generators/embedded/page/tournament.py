"""Many variants tried in a few renders: each line keeps the one that looks most like the reference there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.page.variants import Variant
from agent.generators.embedded.types import Bench
from critic.reading.page import LaidLine, Page
from critic.similarity import ssim_map
from critic.types import Box
from renderers.types import Image

_AROUND = 4
"""Pixels beside a window that the likeness at its rim depends on."""

_LEAST_GAIN = 2.0
_OTHER_FACE = 0.04
"""Likeness that a change must bring: so many pixels; for another face or weight such a part of the window."""


@dataclass(frozen=True, slots=True)
class Winner:
    """A line's best variant."""

    index: int
    change: str
    line: LaidLine
    gain: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What trial renders are made and judged by.

    Attributes:
        reference: The picture.
        current: Likeness of the page as it is.
        write: Writes a page.
    """

    reference: Image
    current: NDArray[np.float32]
    write: Callable[[Page], str]


def likeness(reference: Image, render: Image) -> NDArray[np.float32]:
    """How alike the pictures are at each pixel: the similarity that a run is judged by, and colour."""
    apart = np.abs(reference.astype(np.float32) - render.astype(np.float32)).max(axis=2) / 255
    return np.asarray(ssim_map(reference, render) - apart, dtype=np.float32)


def within(values: NDArray[np.float32], box: Box) -> float:
    """Sum of the values inside a box."""
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    return float(values[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1].sum())


def window_of(line: LaidLine) -> Box:
    """Where a line's change shows."""
    low = max(line.ink.y1, line.baseline + 0.2 * line.size)
    return Box(line.ink.x0 - 8, line.ink.y0 - 2, line.ink.x1 + 8, low + 2)


def _price(line: LaidLine, changed: LaidLine, box: Box) -> float:
    """What a change must at least bring."""
    same = (
        line.family is changed.family
        and line.text == changed.text
        and bool(line.spacing) == bool(changed.spacing)
        and _weights(line) == _weights(changed)
    )
    return _LEAST_GAIN + (0.0 if same else _OTHER_FACE * box.width * box.height)


def _weights(line: LaidLine) -> list[tuple[bool, bool]]:
    """Which of its spans are bold, and which slanted: of small words either may look nearer by chance."""
    return [(span.bold, span.italic) for span in line.spans]


async def play(
    page: Page,
    variants: dict[int, list[Variant]],
    trial: Trial,
    bench: Bench,
    probes: int,
) -> list[Winner]:
    """Try the variants, one of every line in each trial render; lines without a better one are left out.

    Args:
        page: The page as it is.
        variants: What to try, by the line's index.
        trial: What the trials are compared with.
        bench: Trial renders.
        probes: How many to make at most.
    """
    best: dict[int, Winner] = {}
    for turn in range(min(probes, max((len(tried) for tried in variants.values()), default=0))):
        lines = list(page.lines)
        for index, tried in variants.items():
            if turn < len(tried):
                lines[index] = tried[turn][1]
        image = await bench.image_of(trial.write(page.model_copy(update={"lines": tuple(lines)})))
        if image is None or image.shape != trial.reference.shape:
            continue
        playing = {index: tried[turn] for index, tried in variants.items() if turn < len(tried)}
        boxes = [window_of(page.lines[index]) for index in playing]
        reached = await asyncio.to_thread(_reached, trial.reference, image, boxes)
        for (index, variant), box, now in zip(playing.items(), boxes, reached, strict=True):
            gain = now - within(trial.current, box) - _price(page.lines[index], variant[1], box)
            if gain > (best[index].gain if index in best else 0.0):
                best[index] = Winner(index, *variant, gain)
    return list(best.values())


def _reached(reference: Image, image: Image, boxes: list[Box]) -> list[float]:
    """The sum of likeness in each box; only the boxes are looked at, for they are a small part of a page."""
    return [_likeness_within(reference, image, box) for box in boxes]


def _likeness_within(reference: Image, image: Image, box: Box) -> float:
    """``within(likeness(reference, image), box)``."""
    x0, y0 = max(0, int(box.x0) - _AROUND), max(0, int(box.y0) - _AROUND)
    x1, y1 = int(box.x1) + 1 + _AROUND, int(box.y1) + 1 + _AROUND
    first, second = (np.ascontiguousarray(picture[y0:y1, x0:x1]) for picture in (reference, image))
    if min(first.shape[:2]) <= 2 * _AROUND:
        return within(likeness(reference, image), box)
    moved = Box(max(0.0, box.x0) - x0, max(0.0, box.y0) - y0, box.x1 - x0, box.y1 - y0)
    return within(likeness(first, second), moved)
