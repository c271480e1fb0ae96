"""Blocking work with worker processes, off the event loop: a bounded number of jobs at a time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from renderers.worker.launch import cores

Result = TypeVar("Result")


class WorkerThreads:
    """Threads that wait for worker processes; started when needed, and again after closing."""

    def __init__(self, name: str, count: int | None = None) -> None:
        """Nothing starts before the first job.

        Args:
            name: What the threads are called.
            count: How many jobs run at a time; as many as there are cores by default.
        """
        self._name, self._count = name, count or cores()
        self._threads: ThreadPoolExecutor | None = None

    async def run(self, job: Callable[[threading.Event], Result]) -> Result:
        """Run ``job`` in a thread; the event it is given is set when nobody waits for it any longer."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)
        given_up = threading.Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job, given_up)
        finally:
            given_up.set()

    async def aclose(self, stop: Callable[[], None]) -> None:
        """Call ``stop``, which ends what the threads wait for, and let them go. Safe to call twice."""
        threads, self._threads = self._threads, None
        await asyncio.to_thread(stop)
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)
