"""The moment by which work must end, kept once and seen by whatever is done until then.

A thread that reads a picture cannot be cancelled from outside: what takes long looks at the deadline as it
goes. It is a context variable, and so holds in every task and thread that is started within ``until``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("lookalike_deadline", default=None)


class OutOfTime(Exception):  # noqa: N818 - an outcome, not an error: the work's caller says what comes of it
    """The time for the work is over."""


@contextmanager
def until(seconds: float) -> Iterator[None]:
    """Give the work within so many seconds from now, or fewer where an earlier deadline holds already."""
    moment, earlier = time.monotonic() + seconds, _deadline.get()
    token = _deadline.set(moment if earlier is None else min(moment, earlier))
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float | None:
    """Time until the deadline, not below 0; None where there is none."""
    deadline = _deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())


def check_deadline() -> None:
    """Go on only while there is time.

    Raises:
        OutOfTime: The deadline has passed.
    """
    deadline = _deadline.get()
    if deadline is not None and time.monotonic() >= deadline:
        raise OutOfTime
