"""The thought that some models put before their answer."""

from __future__ import annotations

_MARKS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("\u25c1think\u25b7", "\u25c1/think\u25b7"),
    ("<|channel|>analysis", "<|channel|>final<|message|>"),
)
"""How a thought begins and ends: Qwen, GLM and InternVL; what models are told to write; Seed; Magistral;
Kimi-VL; the harmony format. A server with a reasoning parser keeps it apart."""


def after_thought(text: str) -> str | None:
    """What follows a thought at the start, its only place; None where that never ends.

    The same words anywhere else are the answer's own: a title, a comment or a description may hold them.
    """
    head = text.lstrip()
    for begin, end in _MARKS:
        if head.startswith(begin):
            _, mark, tail = head.partition(end)
            return tail if mark else None
    return text
