"""How commands do their work: being asked to end is like Ctrl-C, whoever asks and however."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_REQUESTS = (signal.SIGTERM, signal.SIGHUP)
"""A service manager or a cluster, and a terminal that was closed."""


def run_work(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work to its end.

    Raises:
        asyncio.CancelledError: Somebody asked for its end; what was begun has been put away.
        KeyboardInterrupt: The same by Ctrl-C.
    """
    return asyncio.run(_until_asked_to_end(work))


async def _until_asked_to_end(work: Coroutine[Any, Any, T]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
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
