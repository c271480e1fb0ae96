"""Stops endless answers: too long, or the same passage over and over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Cut = Literal["", "length", "repetition"]

MAX_CHARACTERS = 200_000
"""No picture needs code this long."""

_WINDOW = 3_000
_LONGEST_PERIOD = 250
_CHECK_EVERY = 500


@dataclass(slots=True)
class AnswerGuard:
    """Collects one answer and says when enough is enough.

    Attributes:
        cut: Why the answer was cut; empty while it is not.
    """

    cut: Cut = ""
    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _checked: int = 0
    _tail: str = ""

    @property
    def text(self) -> str:
        """The answer so far; where it repeated itself, with the passage once."""
        return "".join(self._pieces)

    def add(self, piece: str) -> None:
        """Take in a piece; ``cut`` is set when the answer should go no further."""
        if self.cut or not piece:
            return
        self._pieces.append(piece)
        self._length += len(piece)
        self._tail = (self._tail + piece)[-_WINDOW:]
        if self._length >= MAX_CHARACTERS:
            self._pieces = [self.text[:MAX_CHARACTERS]]
            self.cut = "length"
        elif self._length - self._checked >= _CHECK_EVERY:
            self._checked = self._length
            self._check_repetition()

    def _check_repetition(self) -> None:
        period = repeating_period(self._tail) if len(self._tail) == _WINDOW else None
        if period is None:
            return
        text, unit = self.text, self._tail[-period:]
        end = len(text)
        while end >= 2 * period and text[end - 2 * period : end - period] == unit:
            end -= period
        self._pieces = [text[:end]]
        self.cut = "repetition"


def repeating_period(text: str) -> int | None:
    """The shortest period that all of ``text`` repeats with, 250 characters at most; None if it does not.

    A text with a passage of that length repeats it at least a dozen times within a window of 3,000.
    """
    for period in range(1, min(_LONGEST_PERIOD, len(text) // 2) + 1):
        if text[period:] == text[:-period]:
            return period
    return None
