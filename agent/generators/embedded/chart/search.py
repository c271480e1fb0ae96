"""The search of one revision: trial renders, and what each of them showed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.knobs import Knob
from agent.generators.embedded.chart.moves import Move
from agent.generators.embedded.chart.tuning import loss_of, tuned
from agent.generators.embedded.types import Bench
from critic.pixel.chart import compare
from critic.pixel.chart_geometry import overlap
from critic.reading.chart import Chart
from critic.similarity import similarity
from critic.types import Discrepancy
from renderers.types import Image

_GAIN = 2e-5
"""A move must raise the similarity by more than this to be kept."""
_PRICE = 1e-7
"""And by so much for each character that it adds: nobody keeps pages of numbers for what nobody sees."""
_WHOLE = 2e-4
"""And a whole revision by more than this to be offered."""
_TRIALS, _FEWER = 34, 14
"""Trial renders in one revision; and where each takes long, because much is drawn."""
_MUCH = 20_000
"""Characters of code that draw so much."""
_MANY = 5
"""Axes in one figure that do."""
_SECONDS = 12.0
"""No trial is begun after so many seconds."""
_PROOF = 14.0
"""And after so many nothing is taken back: whoever asked for the revision judges it anyway."""


class Search:
    """The best description so far, and what was tried on the way."""

    def __init__(self, chart: Chart, reference: Image, render: Image, bench: Bench) -> None:
        """Start from a chart and its render.

        Args:
            chart: What is to become better.
            reference: What it should look like.
            render: What it looks like, at the reference's size.
            bench: For trial renders.
        """
        self.chart = chart
        self.image = render
        self.kept: list[Move] = []
        self.refused: list[Move] = []
        self._reference, self._bench = reference, bench
        self._similarity = similarity(reference, render)
        self._first_chart, self._first_image, self._first = chart, render, self._similarity
        much = len(chart.axes) >= _MANY or len(write(chart)) > _MUCH
        self._most = _FEWER if much else _TRIALS
        self._trials, self._started = 0, time.perf_counter()

    @property
    def open(self) -> bool:
        """Whether another trial may begin."""
        return self._trials < self._most and time.perf_counter() - self._started < _SECONDS

    async def together(self, moves: list[Move]) -> None:
        """Measured moves as one; one by one where the whole does not help."""
        chart = self.chart
        for move in moves:
            chart = move.change(chart)
        if len(moves) > 1 and await self._better(chart):
            self.kept += moves
            return
        for move in moves:
            if self.open:
                await self.one(move)

    async def one(self, move: Move) -> None:
        """Keep a move if it helps."""
        if await self._better(move.change(self.chart)):
            self.kept.append(move)
        else:
            self.refused.append(move)

    async def tune(self, knobs: list[Knob], refused: set[str]) -> None:
        """Turn knobs to where their own places look best, as far as the whole gains."""
        loss = await asyncio.to_thread(loss_of, self._reference, self.image)
        moves = await tuned(self.chart, knobs, self._reference, loss, self._draw)
        await self.together([move for move in moves if move.reason not in refused])

    @property
    def worthwhile(self) -> bool:
        """Whether what was kept is worth a round of its own; a word set right always is."""
        words = any(move.categories == ("text_error",) for move in self.kept)
        return bool(self.kept) and (words or self._similarity > self._first + _WHOLE)

    async def prove(self, bold: Callable[[Move], bool]) -> None:
        """Take back what makes the pixel critic find more than before.

        First what was moved where it finds something new, then bold moves, then half.
        """
        before = await self._found_in(self._first_image)
        after = await self._found_in(self.image)
        if _severity(after) <= _severity(before):
            return
        known = {item.description for item in before}
        new = [item.box for item in after if item.description not in known and item.box is not None]
        for part in (
            [m for m in self.kept if not any(overlap(m.box, box) for box in new)],
            [m for m in self.kept if not bold(m)],
            self.kept[: len(self.kept) // 2],
        ):
            if time.perf_counter() - self._started > _PROOF:
                return
            if part and len(part) < len(self.kept) and await self._holds(part, _severity(before)):
                return
        self.kept = []

    async def _holds(self, part: list[Move], before: int) -> bool:
        chart = self._first_chart
        for move in part:
            chart = move.change(chart)
        image = await self._bench.image_of(write(chart))
        if image is None:
            return False
        value = await asyncio.to_thread(similarity, self._reference, image)
        if value < self._first or _severity(await self._found_in(image)) > before:
            return False
        self.kept, self.chart, self.image, self._similarity = part, chart, image, value
        return True

    async def _found_in(self, image: Image) -> list[Discrepancy]:
        return await asyncio.to_thread(compare, self._reference, image, self._bench.reader)

    async def _draw(self, chart: Chart) -> Image | None:
        if not self.open:
            return None
        self._trials += 1
        return await self._bench.image_of(write(chart))

    async def _better(self, chart: Chart) -> bool:
        image = None if chart == self.chart else await self._draw(chart)
        if image is None:
            return False
        value = await asyncio.to_thread(similarity, self._reference, image)
        longer = max(0, len(write(chart)) - len(write(self.chart)))
        if value <= self._similarity + _GAIN + _PRICE * longer:
            return False
        self._similarity, self.chart, self.image = value, chart, image
        return True


def _severity(found: list[Discrepancy]) -> int:
    return sum(item.severity for item in found)
