"""Async work on a stream, so much of it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def bounded(
    source: AsyncIterator[T], function: Callable[[T], Awaitable[R]], at_a_time: int
) -> AsyncIterator[R]:
    """Apply an async function to what comes, and give the results in the order in which they end.

    No more is taken from ``source`` than is worked on.
    """
    running: set[asyncio.Task[R]] = set()
    coming: asyncio.Task[T] | None = None
    more = True
    try:
        while more or running:
            if more and coming is None and len(running) < at_a_time:
                coming = asyncio.ensure_future(_next(source))
            waiting: set[asyncio.Task[R] | asyncio.Task[T]] = {*running, *([coming] if coming else ())}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if coming is not None and coming.done():
                try:
                    running.add(asyncio.ensure_future(_apply(function, coming.result())))
                except StopAsyncIteration:
                    more = False
                coming = None
            for task in [task for task in running if task.done()]:
                running.discard(task)
                yield task.result()
    finally:
        for left in (*running, *([coming] if coming else ())):
            left.cancel()


async def _next(source: AsyncIterator[T]) -> T:
    return await anext(source)


async def _apply(function: Callable[[T], Awaitable[R]], value: T) -> R:
    return await function(value)


async def as_stream(values: Iterable[T]) -> AsyncIterator[T]:
    """The values one after the other."""
    for value in values:
        yield value
