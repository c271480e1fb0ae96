"""The moment by which work must end, kept once and seen by whatever is done until then.

A thread that reads a picture cannot be cancelled from outside: what takes long looks at the deadline as it
goes. It is a context variable, and so holds in every task and thread that is started within ``until``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

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


async def within(seconds: float | None, work: Awaitable[T]) -> T:
    """``await work``, cut after so many seconds; None is without end.

    What it does in a thread looks at the deadline itself, and is left behind where it does not.

    Raises:
        OutOfTime: The seconds are over.
    """
    if seconds is None:
        return await work
    timeout = asyncio.timeout(seconds)
    try:
        with until(seconds):
            async with timeout:
                return await work
    except TimeoutError:
        if timeout.expired():
            raise OutOfTime from None
        raise


@contextmanager
def in_time(lock: threading.Lock | threading.RLock) -> Iterator[None]:
    """Hold a lock, waiting for it no longer than there is time: whoever has it may be stuck.

    Raises:
        OutOfTime: The deadline has passed, and another still has it.
    """
    left = seconds_left()
    if not lock.acquire(timeout=-1 if left is None else left):
        raise OutOfTime
    try:
        yield
    finally:
        lock.release()
