"""One scorer for a whole process, for trainers that know only functions: any thread may call.

A trainer may fork after the first score. What the parent had started is not the child's, so that each process
gets a scorer of its own.
"""

from __future__ import annotations

import asyncio
import atexit
import ctypes
import importlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from agent.background import BackgroundLoop
from agent.processes import default_processes
from agent.rewards.scorer import Scorer
from agent.rewards.types import Request, Score
from agent.settings import load_settings

_AT_A_TIME = 32
"""Answers in hand at a time; renders and critiques wait for their turn by themselves."""


@dataclass(slots=True)
class _Shared:
    """What one process has.

    Attributes:
        process: Its number; another one has inherited this and may not use it.
    """

    process: int
    loop: BackgroundLoop
    scorer: Scorer


_lock = threading.Lock()
_by_choice: dict[tuple[str, bool], _Shared] = {}


def score_all(requests: Sequence[Request], terms: str = "guarded", *, spread: bool = True) -> list[Score]:
    """Score answers, and wait for it.

    Args:
        requests: The answers.
        terms: See ``agent.rewards.types.TERMS``.
        spread: Over processes, as many as there are cores; not where the trainer itself has processes for
            rewards.

    Raises:
        ConfigError: The settings or the terms cannot be used.
    """
    shared = _shared(terms, spread)
    return shared.loop.run(gathered(shared.scorer, requests))


async def ascore_all(
    requests: Sequence[Request], terms: str = "guarded", *, spread: bool = True
) -> list[Score]:
    """``score_all`` for callers that can await, whatever loop they run."""
    return await asyncio.to_thread(score_all, requests, terms, spread=spread)


async def gathered(scorer: Scorer, requests: Sequence[Request]) -> list[Score]:
    """The scores of answers, in their order, so many in hand at a time."""
    gate = asyncio.Semaphore(_AT_A_TIME)

    async def one(request: Request) -> Score:
        async with gate:
            return await scorer.score(request)

    return list(await asyncio.gather(*(one(request) for request in requests)))


def _shared(terms: str, spread: bool) -> _Shared:
    global _lock
    key = (terms, spread)
    known = _by_choice.get(key)
    if known is not None and known.process == os.getpid():
        return known
    with _lock:
        known = _by_choice.get(key)
        if known is None or known.process != os.getpid():
            settings = load_settings({}).settings
            scorer = Scorer(settings, terms, _processes(spread))
            known = _by_choice[key] = _Shared(os.getpid(), BackgroundLoop(), scorer)
        return known


_began_in = os.getpid()


def _processes(spread: bool) -> int | None:
    """How many processes to score in; None for this one.

    One that was forked cannot draw itself: the thread pools of OpenCV and others do not survive a fork.
    """
    return default_processes() if spread else 1 if os.getpid() != _began_in else None


def close() -> None:
    """End what this process has started. Called at its end by itself; safe to call twice."""
    with _lock:
        ours = [key for key, shared in _by_choice.items() if shared.process == os.getpid()]
        for shared in [_by_choice.pop(key) for key in ours]:
            shared.loop.run(shared.scorer.aclose())
            shared.loop.close()


def _after_fork() -> None:
    """A lock that another thread held at the fork would never be freed in the child."""
    global _lock
    _lock = threading.Lock()
    for inherited in _by_choice.values():
        # its end would wait for a thread that only the parent has: never freed, not at the exit either
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(inherited))
    _by_choice.clear()


# Pools end before what atexit knows runs, and without them nothing here can be ended in order: a process that
# scored here would never end. What threading itself calls, last registered first, comes before, if it is
# registered after the pools' own.
for name in ("thread", "process"):
    importlib.import_module(f"concurrent.futures.{name}")
getattr(threading, "_register_atexit", atexit.register)(close)
os.register_at_fork(after_in_child=_after_fork)
