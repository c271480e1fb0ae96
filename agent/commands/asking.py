"""``refine --ask``: what a person answers between rounds, in the terminal."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar, get_args

from rich.console import Console

from agent.commands.terminal import shown
from critic.human import HUMAN
from critic.types import CATEGORIES, Box, Cause, Discrepancy, Element, Severity
from graph import Action, Answer, Asked, Candidate
from graph.folder import picture_file
from renderers.types import Kind

ReadLine = Callable[[], Awaitable[str | None]]
"""Reads a line; None at the end of the input."""

T = TypeVar("T")

_MENU = "[enter] go on, [w]rong, [r]eject, [b]ack to another, [a]ccept and end, [s]top: "
_SEVERITIES = {str(value): value for value in get_args(Severity)}
_MEDIUM = "2"
_MOST_SHOWN = 5
_CAUSES = {
    "t": (Cause.TEXT, "text", "it should read: "),
    "c": (Cause.RECOLOURED, "text", "colour of the text, or the line (#rrggbb): "),
    "f": (Cause.RECOLOURED, "fill", "colour that it is filled with (#rrggbb): "),
    "x": (Cause.EXTRA, "part", ""),
    "m": (Cause.MISSING, "part", ""),
}
"""What can be said so that a generator without a model can act on it: the cause, of what, and what to ask
besides."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class TerminalHuman:
    """Shows what there is after each round and reads what a person says of it."""

    def __init__(
        self,
        kind: Kind,
        folder: Path,
        console: Console | None = None,
        read_line: ReadLine | None = None,
    ) -> None:
        """Choose where to ask.

        Args:
            kind: What the picture shows: decides the categories.
            folder: The run folder, whose pictures are named.
            console: Standard error by default.
            read_line: A line of standard input by default.
        """
        self._kind = kind
        self._folder = folder
        self._console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self._read = read_line or read_stdin

    async def __call__(self, asked: Asked) -> Answer | None:
        """What the person says; None, also at the end of the input, lets the run go on by itself."""
        best = asked.best
        if best is None:
            return None
        self._show(asked, best)
        actions: Mapping[str, Callable[[], Awaitable[Answer | None]]] = {
            "w": self._wrong,
            "b": partial(self._back, asked.candidates),
            "r": partial(_done, Answer(rejected=(best.id,))),
            "a": partial(_done, Answer(stop=True, candidate=best.id)),
            "s": partial(_done, Answer(stop=True)),
        }
        while said := await self._line(_MENU):
            action = actions.get(said[0].lower())
            answer = await action() if action else None
            if answer is not None:
                return answer
        return None

    def _show(self, asked: Asked, best: Candidate) -> None:
        drawn = best.render.picture if best.render else None
        picture = f"  {self._folder / picture_file(drawn)}" if drawn else ""
        self._console.print(f"  best so far: candidate {best.id}{shown(picture)}")
        for item in best.discrepancies[:_MOST_SHOWN]:
            yours = " (you said so)" if item.source == HUMAN else ""
            self._console.print(f"    {shown(item.category)}: {shown(item.description)}{yours}")
        if len(best.discrepancies) > _MOST_SHOWN:
            self._console.print(f"    and {len(best.discrepancies) - _MOST_SHOWN} more")
        for action in _answered(asked.candidates):
            verb = "done" if action.done else "not done"
            self._console.print(f"    what you said: {verb}: {shown(action.description)}")
        if asked.stopping is not None:
            self._console.print(f"  the search would end here: {asked.stopping.value}")

    async def _line(self, prompt: str) -> str:
        """What is typed; empty at the end of the input."""
        self._console.print(f"  {prompt}", end="", markup=False)
        said = await self._read()
        if said is None:
            self._console.print()
        return (said or "").strip()

    async def _wrong(self) -> Answer | None:
        """A discrepancy, asked for part by part; None where no words are given."""
        words = await self._line("what is wrong? ")
        if not words:
            return None
        names = CATEGORIES[self._kind]
        numbered = {str(place): name for place, name in enumerate(names, start=1)}
        listed = ", ".join(f"{place} {name}" for place, name in numbered.items())
        category = await self._choice(f"category ({listed}) [1]: ", numbered, "1")
        severity = await self._choice("1 minor, 2 medium, 3 severe [2]: ", _SEVERITIES, _MEDIUM)
        box = _box(await self._line("where: left top right bottom in pixels [the whole]: "))
        cause, value, part = None, "", ""
        if box is not None:
            pressed = await self._line("[t]ext, [c]olour, [f]ill, e[x]tra, [m]issing [only what you wrote]: ")
            cause, part, wanted = _CAUSES.get(pressed[:1].lower(), (None, "", ""))
            value = await self._line(wanted) if wanted else ""
        found = Discrepancy(
            category=category,
            severity=severity,
            description=words,
            box=box,
            cause=cause,
            element=Element(kind=part) if part else None,
            reference=value or None,
            source=HUMAN,
        )
        return Answer(discrepancies=(found,))

    async def _choice(self, prompt: str, known: Mapping[str, T], usual: str) -> T:
        return known.get(await self._line(prompt), known[usual])

    async def _back(self, candidates: Sequence[Candidate]) -> Answer | None:
        known = {str(item.id): item.id for item in candidates if item.render}
        number = known.get(await self._line(f"to which candidate ({', '.join(known)})? "))
        return None if number is None else Answer(candidate=number)


def _answered(candidates: Sequence[Candidate]) -> list[Action]:
    """What the latest round did, or did not do, about what the person had said."""
    by_id = {item.id: item for item in candidates}
    latest = max(item.round for item in candidates)
    return [
        action
        for item in candidates
        if item.round == latest and item.parent is not None
        for action in item.actions
        for found in by_id[item.parent].discrepancies[action.discrepancy or 0 :][:1]
        if action.discrepancy is not None and found.source == HUMAN
    ]


async def _done(answer: Answer) -> Answer:
    return answer


def _box(text: str) -> Box | None:
    """Four numbers as a box; None for anything else."""
    numbers = [float(part) for part in _NUMBER.findall(text)]
    if len(numbers) != len(Box._fields):
        return None
    box = Box(*numbers)
    return None if box.is_empty else box


async def read_stdin() -> str | None:
    """A line of standard input, waited for on the loop: a thread that reads could not be interrupted."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(sys.stdin.fileno(), ready.set)
    except (OSError, ValueError):  # a file is always ready, and epoll takes none
        return sys.stdin.readline() or None
    try:
        await ready.wait()
        return sys.stdin.readline() or None
    finally:
        loop.remove_reader(sys.stdin.fileno())
