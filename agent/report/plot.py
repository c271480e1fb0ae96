"""The reward and the similarity by round, as geometry for an inline SVG.

Both share one axis: a reward is 1 + something in 0..1 where anything rendered, so reward 1.9 and similarity
0.9 stand at the same height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from agent.report import words
from agent.report.run_folder import CandidateRecord, RunFolder

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 44.0, 36.0, 46.0
_STRIP = 22.0
"""Height under the axis in which failed candidates stand."""
_STEPS = ((0.5, 0.2), (0.25, 0.1), (0.11, 0.05))
"""Rewards that a plot spans, the most first, and the steps of its rows where it spans more."""
_FINEST = 0.02
"""The step where it spans less than all of them."""
_ROOM_FOR_WORDS = 8
"""Rounds below which there is room for a word at the first."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A candidate's reward in the plot: kept, tried (rejected) or failed."""

    candidate: int
    state: str
    x: float
    y: float
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line with its labels."""

    at: float
    label: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A value written beside a line."""

    x: float
    y: float
    text: str
    anchor: str
    line: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything the template draws; points are SVG coordinate lists."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    reward: str
    similarity: str
    after: str
    attempts: tuple[str, ...]
    dots: tuple[Dot, ...]
    squares: tuple[tuple[float, float], ...]
    labels: tuple[Label, ...]

    @property
    def states(self) -> set[str]:
        """The kinds of dots there are, for the legend."""
        return {dot.state for dot in self.dots}


class _Scale:
    def __init__(self, folder: RunFolder, width: float, height: float) -> None:
        self.rounds = max(item.round for item in folder.candidates)
        self.left, self.right = _LEFT, width - _RIGHT
        self.failures = not all(item.judged or item.idle for item in folder.candidates)
        self.top, self.bottom = _TOP, height - _BOTTOM - (_STRIP if self.failures else 0)
        self.low = _lowest(folder)
        self.spread = _spread(folder)

    def column(self, number: float) -> float:
        """Where a round stands; a single one in the middle."""
        room = self.right - self.left
        return self.left + room * (number + 0.5) / (self.rounds + 1)

    def x(self, item: CandidateRecord) -> float:
        return round(self.column(item.round + self.spread[item.id]), 1)

    def row(self, value: float) -> float:
        """Where a value of 0..1 stands."""
        return round(
            self.bottom - (self.bottom - self.top) * (max(value, self.low) - self.low) / (1 - self.low), 1
        )

    def reward(self, item: CandidateRecord) -> float:
        return self.row(item.standing[0] - 1.0) if item.judged else self.bottom + _STRIP * 0.65


def plot(folder: RunFolder, width: float, height: float) -> Plot | None:
    """The plot of a run at a size in pixels; None where there is nothing to plot."""
    if not folder.candidates:
        return None
    scale = _Scale(folder, width, height)
    path = [folder.by_id[key] for key in folder.path_to_best if folder.by_id[key].judged]
    return Plot(
        width=width,
        height=height,
        left=scale.left,
        right=scale.right,
        top=scale.top,
        bottom=scale.bottom,
        rows=_rows(scale),
        columns=_columns(scale),
        reward=_points([(scale.x(item), scale.reward(item)) for item in path]),
        similarity=_points([(scale.x(item), scale.row(item.standing[1])) for item in path]),
        after=_after(scale, path),
        attempts=_attempts(scale, folder),
        dots=tuple(_dot(scale, folder, item) for item in folder.candidates if not item.idle),
        squares=tuple((scale.x(item), scale.row(item.standing[1])) for item in path),
        labels=_labels(scale, path),
    )


def _lowest(folder: RunFolder) -> float:
    """Bottom of the axis: a little under all values, so that small gains can be seen."""
    shown = [
        value
        for item in folder.candidates
        if item.judged
        for value in (item.standing[0] - 1, item.standing[1])
    ]
    least = min(shown, default=0.0)
    return max(0.0, min(0.9, math.floor((least - 0.02) * 10) / 10))


def _spread(folder: RunFolder) -> dict[int, float]:
    """How far beside its round's line each candidate stands: the kept one on it, the others around it."""
    beside: dict[int, float] = {}
    for number in {item.round for item in folder.candidates}:
        here = [item.id for item in folder.candidates if item.round == number]
        middle = next((key for key in here if key in folder.path_to_best), here[0])
        others = [key for key in here if key != middle]
        step = min(0.16, 0.7 / max(1, len(here)))
        beside[middle] = 0.0
        for place, key in enumerate(others):
            beside[key] = step * (place // 2 + 1) * (1 if place % 2 == 0 else -1)
    return beside


def _rows(scale: _Scale) -> tuple[Tick, ...]:
    room = 1 - scale.low
    step = next((step for most, step in _STEPS if room > most), _FINEST)
    values = [
        1 - step * number for number in range(round(room / step) + 1) if 1 - step * number > scale.low - 1e-9
    ]
    return tuple(Tick(scale.row(value), f"{1 + value:.2f}", f"{value:.2f}") for value in values)


def _columns(scale: _Scale) -> tuple[Tick, ...]:
    every = max(1, math.ceil((scale.rounds + 1) / 10))
    first = "draft" if scale.rounds < _ROOM_FOR_WORDS else "0"
    return tuple(
        Tick(round(scale.column(number), 1), str(number) if number else first)
        for number in range(0, scale.rounds + 1, every)
    )


def _dot(scale: _Scale, folder: RunFolder, item: CandidateRecord) -> Dot:
    title = f"Candidate {item.id}, round {item.round}: "
    if not item.judged:
        why = "not judged" if item.rendered else item.status or "no render"
        return Dot(item.id, "failed", scale.x(item), scale.reward(item), title + why)
    kept = item.id in folder.path_to_best
    title += f"reward {words.reward(item.reward)}, similarity {words.similarity(item.similarity)}, "
    title += "kept" if kept else "not kept"
    return Dot(item.id, "kept" if kept else "tried", scale.x(item), scale.reward(item), title)


def _attempts(scale: _Scale, folder: RunFolder) -> tuple[str, ...]:
    """Lines from a parent to each revision that was not kept."""
    lines = []
    for item in folder.candidates:
        parent = folder.parent(item)
        if parent is not None and item.id not in folder.path_to_best and not item.idle:
            ends = [(scale.x(parent), scale.reward(parent)), (scale.x(item), scale.reward(item))]
            lines.append(_points(ends))
    return tuple(lines)


def _after(scale: _Scale, path: list[CandidateRecord]) -> str:
    """The best reward carried on to the last round, where later rounds did not beat it."""
    if not path or path[-1].round >= scale.rounds:
        return ""
    level = scale.reward(path[-1])
    return _points([(scale.x(path[-1]), level), (scale.column(scale.rounds), level)])


def _labels(scale: _Scale, path: list[CandidateRecord]) -> tuple[Label, ...]:
    labels = []
    for item in path if len(path) <= 1 else (path[0], path[-1]):
        over = item.standing[0] - 1 >= item.standing[1]
        x = scale.x(item)
        for line, y, text, above in (
            ("reward", scale.reward(item), words.reward(item.reward), over),
            ("similarity", scale.row(item.standing[1]), words.similarity(item.similarity), not over),
        ):
            if not above and y > scale.bottom - 18:
                labels.append(Label(x + 11, y - 5, text, "start", line))
            else:
                labels.append(Label(x, y - 9 if above else y + 18, text, "middle", line))
    return tuple(labels)


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
