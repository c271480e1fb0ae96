"""The search of one revision: trial renders, and what each of them showed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.frames import Framing, frames_by_labels
from agent.generators.embedded.chart.knobs import Knob
from agent.generators.embedded.chart.moves import Move
from agent.generators.embedded.chart.places import laid, placings
from agent.generators.embedded.chart.shifts import grey
from agent.generators.embedded.chart.tuning import LEAST_GAIN, Trial, trial_of, tuned, within
from agent.generators.embedded.types import Bench
from critic.deadline import seconds_left
from critic.pixel.chart import compare
from critic.pixel.chart_geometry import overlap
from critic.reading.chart import Chart
from critic.similarity import similarity
from critic.types import Box, Discrepancy
from renderers.types import Image

_GAIN = 2e-5
"""A move must raise the similarity by more than this to be kept."""
_PRICE = 1e-7
"""And by so much for each character that it adds: nobody keeps pages of numbers for what nobody sees."""
_WHOLE = 2e-4
"""And a whole revision by more than this to be offered."""
_TRIALS, _FEWER = 34, 14
"""Trial renders in one revision; and where each takes long, because much is drawn."""
_ABREAST = 2
"""Of these side by side."""
_MUCH = 20_000
"""Characters of code that draw so much."""
_MANY = 5
"""Axes in one figure that do."""
_PROOFS = 8
"""Sets of moves that are proven one after the other: two searches by halves among a dozen moves."""
_CULPRITS = 2
"""So many moves may each be what makes the critic find more."""


def could_gain(reference: Image, render: Image) -> bool:
    """Whether enough likeness is missing for a revision to be worth while."""
    return similarity(reference, render) < 1 - _WHOLE


class Search:
    """The best description so far, and what was tried on the way.

    Attributes:
        chart: That description.
        now: What it comes out as.
        kept: The moves that led to it, in order.
        refused: Moves that brought nothing.
        settled: Names of knobs that stand at their best.
    """

    def __init__(self, chart: Chart, reference: Image, render: Image, bench: Bench) -> None:
        """Start from a chart and its render.

        Args:
            chart: What is to become better.
            reference: What it should look like.
            render: What it looks like, at the reference's size.
            bench: For trial renders.
        """
        self.chart, self.now = chart, trial_of(reference, render)
        self.kept: list[Move] = []
        self.refused: list[Move] = []
        self.settled: list[str] = []
        self._reference, self._bench = reference, bench
        self._grey = grey(reference)
        self._first_chart, self._first = chart, self.now
        much = len(chart.axes) >= _MANY or len(write(chart)) > _MUCH
        self._most = _FEWER if much else _TRIALS
        self._trials = 0
        self._drawn: dict[str, Trial | None] = {}
        self._places = asyncio.Semaphore(_ABREAST)

    @property
    def open(self) -> bool:
        """Whether another trial may begin: by their count, so that a busy machine comes to the same code."""
        return self._trials < self._most and seconds_left() != 0.0

    async def together(self, moves: list[Move]) -> None:
        """Measured moves as one; where the whole does not help, those that do in their own places."""
        if len(moves) > 1:
            chart = _changed(self.chart, moves)
            (trial,) = await self._draw([chart])
            if trial is None:
                return
            if self._gains(chart, trial):
                self.kept += moves
                return
            part = [move for move in moves if self._gain_in(move.box, trial) > 0]
            self.refused += [move for move in moves if move not in part]
            if 1 < len(part) < len(moves):
                await self.together(part)
                return
            moves = part
        await self.each(moves)

    async def each(self, moves: Sequence[Move]) -> None:
        """Keep every move that helps; each is tried on what those before it have led to.

        Most help nothing, so that the next one is tried beside each.
        """
        waiting = deque(moves)
        while waiting and self.open:
            beside: list[tuple[Move, Chart]] = []
            while waiting and len(beside) < _ABREAST:
                move = waiting.popleft()
                chart = move.change(self.chart)
                if chart == self.chart:
                    self.refused.append(move)
                else:
                    beside.append((move, chart))
            trials = await self._draw([chart for _, chart in beside])
            for place, ((move, chart), trial) in enumerate(zip(beside, trials, strict=True)):
                if not self._gains(chart, trial):
                    tried = trial is not None or self.open
                    self.refused += [move] if tried else []
                    continue
                self.kept.append(move)
                waiting.extendleft(other for other, _ in reversed(beside[place + 1 :]))
                break

    async def tune(self, knobs: list[Knob], refused: set[str]) -> None:
        """Turn knobs to where their own places look best, as far as the whole gains."""
        found = await tuned(self.chart, knobs, self.now.loss, self._draw)
        self.settled += found.settled
        await self.together([move for move in found.moves if move.reason not in refused])

    async def lay(self, refused: set[str]) -> None:
        """Texts, legends and tick labels where the reference has them."""
        moves = await laid(self.chart, placings(self.chart), self._grey, self.now, self._draw)
        await self.together([move for move in moves if move.reason not in refused])

    async def frame(self, refused: set[str]) -> None:
        """Frames and limits by where the labels lie, each axes in the way that suits it best."""
        found = await asyncio.to_thread(frames_by_labels, self.chart, self._reference, self.now.image)
        ways = [[item for item in way if item.name not in refused] for way in found]
        ways = [way for way in ways if way]
        ways += [[item._replace(stays=False) for item in way] for way in ways]
        trials = await self._draw([_changed(self.chart, [item.move for item in way]) for way in ways])
        best: dict[str, tuple[float, Framing | None]] = {}
        for way, trial in zip(ways, trials, strict=True):
            if trial is None:
                return
            for item in way:
                gain = self._gain_in(item.move.box, trial)
                if gain > best.setdefault(item.name, (LEAST_GAIN, None))[0]:
                    best[item.name] = gain, item
        self.settled += [name for name, (_, item) in best.items() if item is None]
        moves = [item.move for _, item in best.values() if item is not None]
        await self.together([move for move in moves if move.reason not in refused])

    def _gain_in(self, box: Box, trial: Trial) -> float:
        return within(self.now.loss, box) - within(trial.loss, box)

    @property
    def worthwhile(self) -> bool:
        """Whether what was kept is worth a round of its own; a word set right always is."""
        words = any(move.categories == ("text_error",) for move in self.kept)
        return bool(self.kept) and (words or self.now.similarity > self._first.similarity + _WHOLE)

    async def prove(self, bold: Callable[[Move], bool]) -> None:
        """Take back what makes the pixel critic find more than before.

        First what was moved where it finds something new, or bold moves, if that leaves most; else the first
        move that it minds, and the next.
        """
        before = _severity(found := await self._found_in(self._first.image))
        after = await self._found_in(self.now.image)
        if _severity(after) <= before:
            return
        known = {(item.cause, item.element) for item in found}
        new = [i.box for i in after if (i.cause, i.element) not in known and i.box is not None]
        for part in (
            [m for m in self.kept if not any(overlap(m.box, box) for box in new)],
            [m for m in self.kept if not bold(m)],
        ):
            if len(self.kept) / 2 <= len(part) < len(self.kept) and await self._holds(part, before):
                return
        await self._sift(before)

    async def _sift(self, before: int) -> None:
        """Go back to the start, and keep all moves but those that make the critic find more."""
        good: list[Move] = []
        rest, self.kept = self.kept, []
        proofs = 0
        for _ in range(_CULPRITS):
            fine, minded = 0, len(rest)
            while minded - fine > 1:
                proofs += 1
                if proofs > _PROOFS or seconds_left() == 0.0:
                    return
                half = (fine + minded) // 2
                if await self._holds([*good, *rest[:half]], before):
                    fine = half
                else:
                    minded = half
            good, rest = [*good, *rest[:fine]], rest[minded:]
            if not rest or await self._holds([*good, *rest], before):
                return

    async def _holds(self, part: list[Move], before: int) -> bool:
        chart = _changed(self._first_chart, part)
        trial = await self._trial_of(write(chart))
        if trial is None or trial.similarity < self._first.similarity:
            return False
        if _severity(await self._found_in(trial.image)) > before:
            return False
        self.kept, self.chart, self.now = part, chart, trial
        return True

    async def _found_in(self, image: Image) -> Sequence[Discrepancy]:
        return await asyncio.to_thread(compare, self._reference, image, self._bench.reader)

    async def _draw(self, charts: Sequence[Chart]) -> list[Trial | None]:
        return list(await asyncio.gather(*(self._one(write(chart)) for chart in charts)))

    async def _one(self, code: str) -> Trial | None:
        """What code comes out as; None where it does not render, or no trial is left."""
        async with self._places:
            if code not in self._drawn:
                if not self.open:
                    return None
                self._trials += 1
                self._drawn[code] = await self._trial_of(code)
            return self._drawn[code]

    async def _trial_of(self, code: str) -> Trial | None:
        image = await self._bench.image_of(code)
        return None if image is None else await asyncio.to_thread(trial_of, self._reference, image)

    def _gains(self, chart: Chart, trial: Trial | None) -> bool:
        """Go on from a chart if what came of it is better."""
        if trial is None:
            return False
        longer = max(0, len(write(chart)) - len(write(self.chart)))
        if trial.similarity <= self.now.similarity + _GAIN + _PRICE * longer:
            return False
        self.chart, self.now = chart, trial
        return True


def _changed(chart: Chart, moves: Sequence[Move]) -> Chart:
    for move in moves:
        chart = move.change(chart)
    return chart


def _severity(found: Sequence[Discrepancy]) -> int:
    return sum(item.severity for item in found)
