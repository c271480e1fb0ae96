"""The end of a command, which waits for no thread that is stuck in its work.

A thread cannot be ended from outside. Python would wait at its end for each that a pool has; what matters is
on disk by then, and so the process ends.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

_GRACE = 1.0
"""Seconds that threads have to see that the work is over."""

_busy: set[Future[Any]] = set()


class Threads(ThreadPoolExecutor):
    """A pool of an event loop that does not wait for its threads when it is shut down."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function in a thread; it counts as busy until it has returned, cancelled or not."""
        future = super().submit(fn, *args, **kwargs)
        _busy.add(future)
        future.add_done_callback(_busy.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)


def leave(code: Any) -> None:
    """End the process at once where a thread is stuck; return where none is.

    Args:
        code: The exit code, as ``SystemExit`` has it.
    """
    if not wait(list(_busy), _GRACE).not_done:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
