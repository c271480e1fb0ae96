"""One run as the studio holds it: its task, what it has told, and what a person has said."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Unpack

from agent.api import RefinementAgent
from agent.commands.failures import MENDABLE
from agent.options import Options
from agent.sources import PictureSource
from agent.studio.events import Told, told
from agent.studio.sent import forget
from graph import Answer, Asked


class Session:
    """A run in a folder. It goes on whoever looks at it, and tells all who do the same.

    Attributes:
        folder: The run folder.
        told: All that happened since the studio knows of the run, in order.
        asks: Whether the run waits for a person after each round.
    """

    def __init__(self, agent: RefinementAgent, folder: Path) -> None:
        """Nothing starts yet."""
        self.folder = folder
        self.told: list[Told] = []
        self.asks = False
        self._agent = agent
        self._said: deque[Answer] = deque()
        self._news = asyncio.Condition()
        self._ending = False
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it is at work or waits for a person."""
        return self._task is not None and not self._task.done()

    @property
    def _waits(self) -> bool:
        """Whether a question stays open until a person says something."""
        return self.asks and not self._said

    def start(self, picture: PictureSource, **options: Unpack[Options]) -> None:
        """Begin, or go on; does nothing while it is at work."""
        if not self.running:
            self._task = asyncio.create_task(self._work(picture, options))

    async def say(self, answer: Answer) -> None:
        """Give the run a person's answer, which it takes between rounds."""
        self._said.append(answer)
        async with self._news:
            self._news.notify_all()

    async def wait(self, on: bool) -> None:
        """Let the run wait for a person after each round, or no longer."""
        self.asks = on
        async with self._news:
            self._news.notify_all()

    async def stop(self) -> None:
        """End the run; its best so far is on disk, and it can go on later."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def events(self, after: int) -> AsyncIterator[Told]:
        """All that was told since event number ``after``, then what is told, until the studio ends."""
        while found := await self._since(after):
            for event in found:
                after = event["seq"]
                yield event

    async def _since(self, after: int) -> list[Told]:
        """What was told since event number ``after``; waits for it where that is nothing, unless it ends."""
        async with self._news:
            await self._news.wait_for(lambda: self._ending or len(self.told) > after)
            return self.told[after:]

    async def dismiss(self) -> None:
        """Let all who look go: the studio ends."""
        async with self._news:
            self._ending = True
            self._news.notify_all()

    async def tell(self, what: Told) -> None:
        """Tell all who look."""
        async with self._news:
            self.told.append({"seq": len(self.told) + 1, **what})
            self._news.notify_all()

    async def _work(self, picture: PictureSource, options: Options) -> None:
        """Run to the end; once more for what was said too late to be heard."""
        while await self._run(picture, options) and self._said:
            options = {**options, "resume": True}

    async def _run(self, picture: PictureSource, options: Options) -> bool:
        """Whether the run came to its end."""
        try:
            options = {**options, "out": self.folder, "human": self._answer}
            events = self._agent.stream(picture, **options)
            begun = False
            async with aclosing(events):
                async for event in events:
                    if not begun:
                        begun = True
                        await asyncio.to_thread(forget, self.folder)  # it has its picture now
                    if (found := told(event)) is not None:
                        waits = {"waits": self._waits} if isinstance(event, Asked) else {}
                        await self.tell({**found, **waits})
            return True
        except MENDABLE as error:
            await self.tell({"what": "failed", "message": str(error)})
        except asyncio.CancelledError:
            await asyncio.shield(self.tell({"what": "stopped", "reason": "cancelled", "seconds": None}))
            raise
        except Exception as error:  # one run's fault is not the other runs'
            await self.tell({"what": "failed", "message": f"{type(error).__name__}: {error}"})
        return False

    async def _answer(self, asked: Asked) -> Answer | None:
        """What was said meanwhile; what is said next, where the run is to wait for it."""
        if self._waits:
            async with self._news:
                await self._news.wait_for(lambda: not self._waits)
        return self._said.popleft() if self._said else None
