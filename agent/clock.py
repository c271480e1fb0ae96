"""A budget's seconds outside of the search: what comes before it and after it is bounded too."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from agent.errors import InputError
from critic.deadline import OutOfTime, within

T = TypeVar("T")

_LAST = 2.0
"""Seconds that each of the last measurements may take when the budget's are over."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time for one picture.

    Attributes:
        name: The picture's, for messages.
        seconds: The budget's; None is without end.
        started: When they began, on ``time.monotonic``'s clock.
    """

    name: str
    seconds: float | None
    started: float

    @property
    def left(self) -> float | None:
        """Seconds left, not below 0."""
        if self.seconds is None:
            return None
        return max(0.0, self.seconds - (time.monotonic() - self.started))

    async def before(self, work: Awaitable[T]) -> T:
        """``await`` what must be known before anything can be drafted.

        Raises:
            InputError: The time is over.
        """
        try:
            return await within(self.left, work)
        except OutOfTime:
            raise InputError(
                f"{self.name}: no code: the {self.seconds:g} seconds were over before it had been looked at; "
                "allow more"
            ) from None

    async def after(self, work: Awaitable[T]) -> T | None:
        """``await`` what is worth knowing about a finished run; None where there is no time for it."""
        left = self.left
        try:
            return await within(None if left is None else max(left, _LAST), work)
        except OutOfTime:
            return None
