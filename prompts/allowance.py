"""What a run may still spend on models, shared by all calls of the run through a context variable.

The chat client reserves before each attempt and settles after it, so that concurrent candidates, retries and
re-asks together never spend more than the run may.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from prompts.errors import BudgetSpentError
from prompts.usage import Usage

Bound = Literal["calls", "tokens", "seconds"]


@dataclass(slots=True)
class Allowance:
    """The bounds of one run and what it has spent; None is no bound.

    Attributes:
        calls: Requests that may be sent in all, retries included.
        tokens: Prompt and completion tokens in all.
        deadline: On ``time.monotonic``'s clock; no attempt runs and no retry waits beyond it.
        spent: What has been spent so far, failed attempts included.
        session: Names the run to routers, which keep it on the server that has its prefix cached.
    """

    calls: int | None = None
    tokens: int | None = None
    deadline: float | None = None
    spent: Usage = field(default_factory=Usage)
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    _refused: Bound | None = field(default=None, init=False)
    _reserved_calls: int = field(default=0, init=False)
    _reserved_tokens: int = field(default=0, init=False)
    _settled: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    @property
    def seconds_left(self) -> float | None:
        """Time until the deadline, not below 0; None where there is none."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    @property
    def exhausted(self) -> Bound | None:
        """The bound that a call was refused for, or the first reached: the run's stop reason."""
        if self._refused is not None:
            return self._refused
        if self.calls is not None and self.spent.calls >= self.calls:
            return "calls"
        if self.tokens is not None and self.spent.tokens >= self.tokens:
            return "tokens"
        if self.seconds_left == 0.0:
            return "seconds"
        return None

    async def reserve(self, least: int, most: int) -> int:
        """Promise one call and up to ``most`` tokens to an attempt; answers how many tokens.

        Where other calls in flight hold back what this one lacks, it waits for them: they reserve for the
        longest answer and mostly give much of it back.

        Args:
            least: Fewer tokens than this are of no use.
            most: Tokens wanted.

        Raises:
            BudgetSpentError: There is not even ``least`` left.
        """
        while True:
            if self.seconds_left == 0.0:
                raise self._refusal("seconds")
            granted = self._granted(least, most)
            if granted is not None:
                self._reserved_calls += 1
                self._reserved_tokens += granted
                return granted
            self._settled.clear()
            try:
                async with asyncio.timeout(self.seconds_left):
                    await self._settled.wait()
            except TimeoutError:
                raise self._refusal("seconds") from None

    def _granted(self, least: int, most: int) -> int | None:
        """How many tokens an attempt gets now; None while it should wait."""
        waiting_helps = self._reserved_calls > 0
        if self.calls is not None and self.spent.calls + self._reserved_calls >= self.calls:
            raise self._refusal("calls")  # a call in flight will have been a call
        if self.tokens is None:
            return most
        left = self.tokens - self.spent.tokens - self._reserved_tokens
        if left >= most:
            return most
        if waiting_helps:
            return None
        if left < least:
            raise self._refusal("tokens")
        return left

    def _refusal(self, bound: Bound) -> BudgetSpentError:
        self._refused = bound
        return BudgetSpentError(bound)

    def settle(self, reserved_tokens: int, usage: Usage) -> None:
        """Replace a reservation by what the attempt really cost."""
        self._reserved_calls -= 1
        self._reserved_tokens -= reserved_tokens
        self.spent = self.spent + usage
        self._settled.set()


_current: ContextVar[Allowance | None] = ContextVar("lookalike_allowance", default=None)


def current_allowance() -> Allowance:
    """The allowance of the run that is going on here; a boundless one outside a run."""
    return _current.get() or Allowance()


@contextmanager
def allowing(allowance: Allowance) -> Iterator[Allowance]:
    """Every model call inside, tasks started inside included, draws on ``allowance``."""
    token = _current.set(allowance)
    try:
        yield allowance
    finally:
        _current.reset(token)
