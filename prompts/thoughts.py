"""The thought that some models put before their answer."""

from __future__ import annotations

_BEGIN, _END = "<think>", "</think>"


def after_thought(text: str) -> str | None:
    """What follows a think block at the start, its only place; None where that block never ends.

    The same words anywhere else are the answer's own: a title, a comment or a description may hold them.
    """
    if not text.lstrip().startswith(_BEGIN):
        return text
    _, mark, tail = text.partition(_END)
    return tail if mark else None
