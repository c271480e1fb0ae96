"""What each kind's embedded generator looks like, and the bench it works on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from critic.reading import Reader
from graph.types import Draft, Revision, Task
from renderers.types import Image, Render

Narrow = Callable[[str, float], Awaitable[Render]]
"""Renders a page's code in a window of a part of the reference's width."""

Probe = Callable[[str], Awaitable[Render]]
"""Renders a piece of code at the reference's size, for a reviser that measures what a change would do."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What an embedded generator works with: the readings of a run, and trial renders.

    Attributes:
        reader: The readings of the run.
        probe: Draws a piece of code as the run will, and gives it at the working resolution.
        scale: Pixels of the reference in one at the working resolution, which all pictures here have.
        narrow: Draws a page in a narrower window; None where nobody asks how code gives way.
    """

    reader: Reader
    probe: Probe
    scale: float = 1.0
    narrow: Narrow | None = None

    async def image_of(self, code: str) -> Image | None:
        """The pixels of ``code``, or None where it does not render."""
        render = await self.probe(code)
        return render.image if render.ok else None


class KindGenerator(Protocol):
    """One kind's way from a picture to code and from discrepancies to better code."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code, from the pixels alone; seeds other than 0 try other readings."""
        ...

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Code that mends the discrepancies, by cause and element or place; says for each what was done."""
        ...

    async def heed(self, revision: Revision, bench: Bench) -> Draft:
        """The code changed as a person said, whatever the pixels say; see ``embedded.told``."""
        ...
