"""What a model's tokens cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from prompts.usage import Usage

_MILLION = 1_000_000
_FORM = "give dollars a million tokens as PROMPT/ANSWER or PROMPT/ANSWER/CACHED, such as 0.15/0.60"
_NUMBERS = (2, 3)


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens.

    Attributes:
        prompt: Of what is sent.
        answer: Of what is written.
        cached: Of what is sent and was in the server's prefix cache.
    """

    prompt: float
    answer: float
    cached: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """``0.15/0.60``, or ``0.15/0.60/0.075`` where cached tokens cost less.

        Raises:
            ValueError: It is no such price.
        """
        try:
            numbers = [float(part) for part in text.split("/")]
        except ValueError:
            raise ValueError(f"{text!r} is no price; {_FORM}") from None
        if len(numbers) not in _NUMBERS or not all(math.isfinite(n) and n >= 0 for n in numbers):
            raise ValueError(f"{text!r} is no price; {_FORM}")
        prompt, answer, *cached = numbers
        return cls(prompt, answer, cached[0] if cached else prompt)

    def of(self, usage: Usage) -> float:
        """Dollars."""
        fresh = max(0, usage.prompt_tokens - usage.cached_tokens)
        sent = fresh * self.prompt + usage.cached_tokens * self.cached
        return (sent + usage.completion_tokens * self.answer) / _MILLION
