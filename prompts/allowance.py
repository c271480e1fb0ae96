"""What a run may still spend on models, shared by all calls of the run through a context variable.

The chat client reserves before each attempt and settles after it, so that concurrent candidates, retries and
re-asks together never spend more than the run may.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from prompts.errors import BudgetSpentError
from prompts.usage import Usage


@dataclass(slots=True)
class Allowance:
    """The bounds of one run and what it has spent; None is no bound.

    Attributes:
        calls: Requests that may be sent in all, retries included.
        tokens: Prompt and completion tokens in all.
        deadline: On ``time.monotonic``'s clock; no attempt runs and no retry waits beyond it.
        spent: What has been spent so far, failed attempts included.
    """

    calls: int | None = None
    tokens: int | None = None
    deadline: float | None = None
    spent: Usage = field(default_factory=Usage)
    _refused: Literal["calls", "tokens", "seconds"] | None = field(default=None, init=False)
    _reserved_calls: int = field(default=0, init=False)
    _reserved_tokens: int = field(default=0, init=False)

    @property
    def seconds_left(self) -> float | None:
        """Time until the deadline, not below 0; None where there is none."""
        return None if self.deadline is None else max(0.0, self.deadline - time.monotonic())

    @property
    def tokens_left(self) -> int | None:
        """Tokens that are neither spent nor promised to a call in flight."""
        return None if self.tokens is None else self.tokens - self.spent.tokens - self._reserved_tokens

    @property
    def exhausted(self) -> Literal["calls", "tokens", "seconds"] | None:
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

    def reserve(self, tokens: int) -> None:
        """Promise one call and at most ``tokens`` to an attempt.

        Raises:
            BudgetSpentError: There is not that much left.
        """
        self._refused = self._short_of(tokens)
        if self._refused is not None:
            raise BudgetSpentError(self._refused)
        self._reserved_calls += 1
        self._reserved_tokens += tokens

    def _short_of(self, tokens: int) -> Literal["calls", "tokens", "seconds"] | None:
        if self.calls is not None and self.spent.calls + self._reserved_calls >= self.calls:
            return "calls"
        left = self.tokens_left
        if left is not None and tokens > left:
            return "tokens"
        return "seconds" if self.seconds_left == 0.0 else None

    def settle(self, reserved_tokens: int, usage: Usage) -> None:
        """Replace a reservation by what the attempt really cost."""
        self._reserved_calls -= 1
        self._reserved_tokens -= reserved_tokens
        self.spent = self.spent + usage


_current: ContextVar[Allowance | None] = ContextVar("lookalike_allowance", default=None)


def current_allowance() -> Allowance:
    """The allowance of the run that is going on here; boundless outside a run."""
    return _current.get() or Allowance()


@contextmanager
def allowing(allowance: Allowance) -> Iterator[Allowance]:
    """Every model call inside, tasks started inside included, draws on ``allowance``."""
    token = _current.set(allowance)
    try:
        yield allowance
    finally:
        _current.reset(token)
