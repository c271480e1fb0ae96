"""The block of measurements in a prompt: bounded, and the same in every round, for the prefix cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from critic.deadline import OutOfTime
from critic.reading import Reader
from critic.reading.canvas import Canvas, canvas_of
from critic.types import Box
from graph.types import Task
from prompts.messages import neutralise
from renderers.kinds import KINDS
from renderers.types import Image

Measured = tuple[str, Sequence[str]]
"""A heading, and lines under it: the first matter most."""

Measure = Callable[[Canvas, Reader], Sequence[Measured]]
"""What a kind's module gives: its readings in lines of text."""

_LONGEST = 6_000
"""Characters of the whole block: some 2,500 tokens, as much as two pictures."""

_LONGEST_LINE = 600
"""Characters of a line: the values of 60 points."""

_SURE = 0.9
"""OCR's confidence from which a text is told without it."""

_COLOURS = 8
_LEAST_SHARE = 0.002
"""Of the picture: a legend's handle, a short line."""


class Hints:
    """Reads pictures for a model; each picture once."""

    def __init__(self, reader: Reader) -> None:
        """Share the ``reader`` of the run, which remembers what it read."""
        self._reader = reader

    async def of(self, task: Task) -> str:
        """What can be measured in the task's picture; empty where its kind has no readers or time is over."""
        path = KINDS[task.kind].hints
        if not path:
            return ""
        measure = cast(Measure, KINDS[task.kind].part("hints"))
        try:
            return await asyncio.to_thread(self._read, task, measure)
        except OutOfTime:
            return ""

    def _read(self, task: Task, measure: Measure) -> str:
        canvas = canvas_of(task.reference, task.kind, self._reader)
        return written(measure(canvas, self._reader))


def written(measured: Sequence[Measured], longest: int = _LONGEST) -> str:
    """The block: as many whole lines as fit, every part getting a share of the room.

    Args:
        measured: The parts, what matters most first.
        longest: Characters.
    """
    parts = [(heading, [_bounded(line) for line in lines]) for heading, lines in measured if lines]
    told: list[str] = []
    for number, (heading, lines) in enumerate(parts):
        room = longest // (len(parts) - number)
        block, left = [f"{heading}:"], 0
        size = len(block[0])
        for place, line in enumerate(lines):
            size += len(line) + 3
            if size > room:
                left = len(lines) - place
                break
            block.append(f"- {line}")
        if left:
            block.append(f"- and {left} more")
        told.append("\n".join(block))
        longest -= len(told[-1])
    return neutralise("\n\n".join(told))


def texts(canvas: Canvas, reader: Reader, scale: float = 1.0) -> Measured:
    """The texts that OCR read, with their places, and how sure it is where it is not."""
    lines = sorted(reader.lines(canvas.pixels), key=lambda line: (line.box.y0, line.box.x0))
    return "Texts", [f'"{line.text}" at {place(line.box, scale)}{sureness(line.score)}' for line in lines]


def colours(image: Image) -> Measured:
    """The flat colours of a picture, with the share of the pixels that have each."""
    packed = image.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, counts = np.unique(packed, return_counts=True)
    order = np.argsort(-counts)[:_COLOURS]
    shares = [(int(found[at]), counts[at] / packed.size) for at in order]
    told = ", ".join(f"#{value:06x} {share:.1%}" for value, share in shares if share >= _LEAST_SHARE)
    return "Flat colours, by share of the picture", [told] if told else []


def place(box: Box, scale: float = 1.0) -> str:
    """A box in words."""
    x0, y0, x1, y1 = (round(value * scale) for value in box)
    return f"x {x0} to {x1}, y {y0} to {y1}"


def sureness(score: float) -> str:
    """How sure a reading is; empty where it is."""
    return "" if score >= _SURE else f" ({score:.0%} sure)"


def _bounded(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ... (cut)"
