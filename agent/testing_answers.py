"""What a test's model server is asked and what it may answer, the faults among it.

Imported from ``agent.testing``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What can go wrong with one request."""

    PROMPT_TOO_LONG = "prompt_too_long"
    MAX_TOKENS_TOO_LARGE = "max_tokens_too_large"
    BAD_REQUEST = "bad_request"
    UNKNOWN_MODEL = "unknown_model"
    PICTURE_URL = "picture_url"
    WRONG_KEY = "wrong_key"
    WRONG_METHOD = "wrong_method"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    ENGINE_DIED = "engine_died"
    ENGINE_DIED_STREAMING = "engine_died_streaming"
    DROPPED = "dropped"
    SLOW_FIRST_BYTE = "slow_first_byte"
    STALLED = "stalled"
    CUT = "cut"
    MALFORMED_JSON = "malformed_json"
    EMPTY_CHOICE = "empty_choice"
    NO_CHOICE = "no_choice"
    NOT_THE_PROTOCOL = "not_the_protocol"


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer.

    Attributes:
        text: What each choice says; a tuple gives each choice its own, the last one repeated.
        finish_reason: ``length`` for one that ran into ``max_tokens``.
        cached_tokens: Reported as served from the prefix cache.
        piece: Characters in one event of the stream.
        pause: Seconds before each event.
        endless: Say ``text`` over and over until the client hangs up.
        choices: Choices given at most, for a server that knows no ``n``.
    """

    text: str | tuple[str, ...] = "ok"
    finish_reason: str = "stop"
    cached_tokens: int = 0
    piece: int = 40
    pause: float = 0.0
    endless: bool = False
    choices: int | None = None

    def texts(self, n: int) -> list[str]:
        """A text for each of ``n`` choices."""
        n = n if self.choices is None else min(n, self.choices)
        given = (self.text,) if isinstance(self.text, str) else self.text
        return [given[min(index, len(given) - 1)] for index in range(n)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One chat request as it arrived."""

    body: dict[str, Any]
    headers: dict[str, str]
    time: float = field(default_factory=time.monotonic)

    @property
    def texts(self) -> str:
        """All text of the messages, one part a line."""
        parts: list[str] = []
        for message in self.body["messages"]:
            content = message["content"]
            parts += [content] if isinstance(content, str) else [p["text"] for p in content if "text" in p]
        return "\n".join(parts)

    @property
    def pictures(self) -> list[str]:
        """The data URLs of the pictures, in order."""
        contents = [m["content"] for m in self.body["messages"] if isinstance(m["content"], list)]
        return [p["image_url"]["url"] for content in contents for p in content if p["type"] == "image_url"]


Script = Callable[[Asked], Reply | Fault]
"""Decides the answer to a request."""


def scripted(answers: Iterable[Reply | Fault]) -> Script:
    """Give the answers in order; the last one is repeated for ever after."""
    waiting = list(answers)

    def answer(asked: Asked) -> Reply | Fault:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return answer
