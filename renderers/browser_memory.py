"""Bounds the memory of each of a browser's processes, whatever it is that fills it.

What a document takes to draw cannot be told from how it is written: decoded pictures, layers, filters and
boxes all take their share. The kernel refuses a process of the browser more memory of its own than
``MOST_DATA``; before that, and where the memory is shared between processes, a process that holds more than
``MOST_HELD`` is ended, and the document that was drawn in it is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

MOST_HELD = 2 << 30
"""Bytes in memory; a page of 50 million pixels of pictures, the most that is allowed, takes about a third."""

MOST_DATA = 4 << 30
"""Bytes that a process may ask for; an empty page's has asked for 0.7 GB of which it uses a tenth."""

_FIRST_LOOK = 0.25
"""Seconds before the first look: what is drawn by then, as most is, costs nothing."""

_LOOK_EVERY = 0.1
_KIB = 1024
_COUNTED = ("RssAnon:", "RssShmem:")
"""Lines of ``/proc/PID/status``: what is a process's own, and what it shares without a file."""


class Memory:
    """Watches a browser; knows how many of its processes were ended for the memory they held."""

    def __init__(self, browser: int) -> None:
        """Watch the browser with this process id."""
        self._browser = browser
        self.ended = 0

    @contextlib.asynccontextmanager
    async def bounded(self) -> AsyncIterator[None]:
        """While something is drawn: end what holds too much."""
        watch = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        await asyncio.sleep(_FIRST_LOOK)
        while True:
            await asyncio.to_thread(self._look)
            await asyncio.sleep(_LOOK_EVERY)

    def _look(self) -> None:
        for process in _tree(self._browser):
            if _held(process) > MOST_HELD:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                    self.ended += 1


def _tree(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _held(process: int) -> int:
    """Bytes that a process holds in memory; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith(_COUNTED))
