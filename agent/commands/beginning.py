"""When a command began: what it loads before its work counts as time that it takes."""

from __future__ import annotations

import time

_moments: list[float] = []


def begin() -> None:
    """The command begins now."""
    _moments[:] = [time.monotonic()]


def began() -> float:
    """The moment from which the first piece of work counts, on ``time.monotonic``'s clock.

    Now for all later ones, and where no command began in this process.
    """
    return _moments.pop() if _moments else time.monotonic()
