"""Who runs something that asks models learns which of its questions went without an answer, and why.

Generators and critics tell their failures in words, as part of what they return. Whether a server is down,
which no other candidate or picture would escape, must not be guessed from words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from prompts.errors import ModelError

_current: ContextVar[list[ModelError] | None] = ContextVar("lookalike_unanswered", default=None)


@contextmanager
def noting_unanswered() -> Iterator[list[ModelError]]:
    """The errors of all model calls inside, tasks started inside included, as they happen."""
    noted: list[ModelError] = []
    token = _current.set(noted)
    try:
        yield noted
    finally:
        _current.reset(token)


def note_unanswered(error: ModelError) -> None:
    """Say that a call ended without an answer, retries included."""
    noted = _current.get()
    if noted is not None:
        noted.append(error)
