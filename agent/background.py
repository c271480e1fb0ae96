"""An event loop in a thread of its own: a sync face that also works inside a running loop (Jupyter)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class BackgroundLoop:
    """Runs coroutines for a caller that cannot await; browsers and pools live on it between calls."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run ``work`` to its end; an interrupt cancels it, waits for it to tidy up, and is passed on."""
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            self.settle()
            raise

    def settle(self) -> None:
        """Wait until everything cancelled has ended."""
        if self._loop is not None:
            asyncio.run_coroutine_threadsafe(_others_done(), self._loop).result()

    def close(self) -> None:
        """End the loop and its thread. Safe to call twice."""
        loop, thread = self._loop, self._thread
        self._loop = self._thread = None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="lookalike", daemon=True)
            self._thread.start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """The thread's life; it tidies up itself, since the caller's thread may run a loop of its own."""
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


async def _others_done() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    cancelling = [task for task in others if task.cancelling()]
    await asyncio.gather(*cancelling, return_exceptions=True)
