"""Charts: matplotlib code, run by Agg in a child of a warm fork server."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from renderers.isolation.levels import Policy
from renderers.kinds import KINDS
from renderers.outcome import finished
from renderers.types import Kind, Language, Render, RenderStatus, Size
from renderers.worker.answer import WorkerAnswer
from renderers.worker.pool import ForkPool
from renderers.worker.threads import WorkerThreads
from renderers.worker.wire import MAX_CODE, Outcome

if TYPE_CHECKING:
    from renderers.service import Tools

_ZYGOTE = "renderers.worker.zygote"
_LOG_KEPT = 4000
SECONDS = 30.0
"""Time limit of one render."""


class ChartRenderer:
    """Runs matplotlib code and takes the last figure, at the reference's size where its shape allows."""

    kind = Kind.CHART

    def __init__(
        self, seconds: float = SECONDS, workers: int | None = None, policy: Policy | None = None
    ) -> None:
        """Nothing starts before the first render.

        Args:
            seconds: Time limit of one render.
            workers: How many renders run at a time; as many as there are cores by default.
            policy: The isolation asked for; by default the best that the machine offers.
        """
        self._seconds = seconds
        self._pool = ForkPool(_ZYGOTE, (policy or Policy()).to_argument())
        self._threads = WorkerThreads("chart", workers)

    @classmethod
    def with_tools(cls, tools: Tools) -> ChartRenderer:
        """The renderer as a service of several makes it."""
        return cls(policy=tools.policy)

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Run ``code`` in a child process and take its figure.

        Raises:
            LanguageError: It draws no such language.
            WorkerError: No worker process starts.
        """
        KINDS[self.kind].check(language)
        return await self._threads.run(partial(self._render, code, size))

    def _render(self, code: str, size: Size | None, given_up: threading.Event) -> Render:
        started = time.perf_counter()
        source = code.encode(errors="replace")
        if len(source) > MAX_CODE:
            log = f"the script has {len(source):,} bytes, more than the {MAX_CODE:,} allowed"
            return Render(RenderStatus.REFUSED, log=log)
        width, height = (size.width, size.height) if size else (0, 0)
        answer = self._pool.run(source, width, height, self._seconds, given_up)
        return self._judge(answer, started)

    def _judge(self, answer: WorkerAnswer, started: float) -> Render:
        log = "\n".join(part for part in (answer.printed.strip(), answer.note.strip()) if part)[-_LOG_KEPT:]
        if answer.outcome is Outcome.PIXELS and answer.image is not None:
            return finished(answer.image, started, log)
        seconds = time.perf_counter() - started
        if answer.timed_out:
            line = f"the script ran longer than {self._seconds:g} s"
            return Render(RenderStatus.TIMEOUT, log=f"{log}\n{line}".strip(), seconds=seconds)
        if answer.outcome is Outcome.REFUSED:
            return Render(RenderStatus.REFUSED, log=log, seconds=seconds)
        if answer.outcome is None:
            log = f"{log}\n{_ending(answer.exit)}".strip()
        return Render(RenderStatus.ERROR, log=log, seconds=seconds)

    async def aclose(self) -> None:
        """End the fork server. Safe to call twice."""
        await self._threads.aclose(self._pool.close)


def _ending(status: int | None) -> str:
    """What a child's exit status means, in words."""
    if status is None or not os.WIFSIGNALED(status):
        return "the script ended its process without giving a figure"
    name = signal.Signals(os.WTERMSIG(status)).name
    return f"the script's process was ended by {name}"
