"""How commands do their work: being asked to end is like Ctrl-C, whoever asks and however."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from types import FrameType
from typing import Any, TypeVar

from agent.commands.failures import INTERRUPTED
from agent.commands.leaving import Threads

T = TypeVar("T")

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)
"""A service manager or a cluster, and a terminal that was closed."""


def run_work(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end.

    Raises:
        asyncio.CancelledError: Somebody asked for its end; what was begun has been put away.
        KeyboardInterrupt: The same by Ctrl-C.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return asyncio.run(_until_asked_to_end(work))
    asked = _Asked()
    signal.signal(signal.SIGINT, asked.again)
    try:
        return asyncio.run(_until_asked_to_end(work, asked))
    finally:
        if not asked.times:  # else what still waits for threads can be ended in the same way
            signal.signal(signal.SIGINT, signal.default_int_handler)


class _Asked:
    """Ctrl-C: the first time what was begun is put away, the second time there is no waiting for that.

    What was started ends with us (``renderers.isolation.lifeline``), and what was finished is on disk.
    """

    def __init__(self) -> None:
        self.times = 0
        self.end: Callable[[], object] = lambda: None

    def again(self, number: int, frame: FrameType | None) -> None:
        self.times += 1
        if self.times == 1:
            self.end()
            return
        os.write(2, b"lookalike: ended at once; what was finished is on disk\n")
        os._exit(INTERRUPTED)


async def _until_asked_to_end(work: Coroutine[Any, Any, T], asked: _Asked | None = None) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    loop.set_default_executor(Threads())
    if asked is not None:
        asked.end = partial(loop.call_soon_threadsafe, task.cancel)
    # one that is ignored was so by the caller's wish, as with nohup
    requests = [number for number in _REQUESTS if signal.getsignal(number) is not signal.SIG_IGN]
    if threading.current_thread() is not threading.main_thread():
        requests = []  # signals are not for other threads
    for number in requests:
        loop.add_signal_handler(number, task.cancel)
    try:
        return await work
    finally:
        for number in requests:
            loop.remove_signal_handler(number)
