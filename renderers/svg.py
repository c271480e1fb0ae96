"""SVG: CairoSVG on white, in a kept worker, after lxml has made the document harmless."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from renderers.isolation.levels import Policy
from renderers.kinds import KINDS
from renderers.outcome import finished
from renderers.types import Kind, Language, Render, RenderStatus, Size
from renderers.worker.answer import MAX_PIXELS
from renderers.worker.kept import KeptWorkers
from renderers.worker.threads import WorkerThreads
from renderers.worker.wire import MAX_CODE, Outcome

if TYPE_CHECKING:
    from renderers.service import Tools

_DEFAULT = Size(336, 336)
_WORKER = "renderers.worker.drawing"


class SvgRenderer:
    """Draws SVG at the reference's size."""

    kind = Kind.SVG

    def __init__(
        self, seconds: float = 20.0, workers: int | None = None, policy: Policy | None = None
    ) -> None:
        """Nothing starts before the first render.

        Args:
            seconds: Time limit of one render.
            workers: How many renders run at a time; as many as there are cores by default.
            policy: The isolation asked for; by default the best that the machine offers.
        """
        self._seconds = seconds
        self._kept = KeptWorkers(_WORKER, (policy or Policy()).to_argument())
        self._threads = WorkerThreads("svg", workers)

    @classmethod
    def with_tools(cls, tools: Tools) -> SvgRenderer:
        """The renderer as a service of several makes it."""
        return cls(policy=tools.policy)

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render SVG at ``size`` (336 x 336 by default) on white.

        Raises:
            LanguageError: It draws no such language.
            WorkerError: No worker process starts.
        """
        KINDS[self.kind].check(language)
        return await self._threads.run(partial(self._render, code, size or _DEFAULT))

    def _render(self, code: str, size: Size, given_up: threading.Event) -> Render:
        started = time.perf_counter()
        source = code.encode(errors="replace")
        if len(source) > MAX_CODE:
            log = f"the document has {len(source):,} bytes, more than the {MAX_CODE:,} allowed"
            return Render(RenderStatus.REFUSED, log=log)
        if size.width * size.height > MAX_PIXELS:
            log = f"{size.width} x {size.height} pixels are more than the {MAX_PIXELS:,} allowed"
            return Render(RenderStatus.REFUSED, log=log)
        answer = self._kept.run(source, size.width, size.height, self._seconds, given_up)
        seconds = time.perf_counter() - started
        if answer.image is not None:
            return finished(answer.image, started, answer.note)
        if answer.timed_out:
            return Render(RenderStatus.TIMEOUT, log=f"not drawn within {self._seconds:g} s", seconds=seconds)
        status = RenderStatus.REFUSED if answer.outcome is Outcome.REFUSED else RenderStatus.ERROR
        return Render(status, log=answer.note or "drawing it ended the worker", seconds=seconds)

    async def aclose(self) -> None:
        """End the workers. Safe to call twice."""
        await self._threads.aclose(self._kept.close)
