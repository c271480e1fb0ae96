"""Reads a model's critique out of whatever it wrote. Never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from critic.types import CATEGORIES, Discrepancy, Severity, by_severity
from renderers.types import Kind

MAX_DISCREPANCIES = 100
"""More than any picture needs: what follows is a model repeating itself."""

_MAX_TEXT = 1_000
_MAX_ANSWER = 400_000
_MAX_STARTS = 200

_WORDS: dict[str, Severity] = {
    "minor": 1,
    "low": 1,
    "small": 1,
    "medium": 2,
    "moderate": 2,
    "major": 3,
    "high": 3,
    "severe": 3,
    "critical": 3,
}
_DECODER = json.JSONDecoder(strict=False)
_ERROR_LIST = re.compile(r'"errors"\s*:\s*\[')
_OBJECT_START = re.compile(r"\{")


def parse_critique(text: str, kind: Kind) -> tuple[Discrepancy, ...] | None:
    """The discrepancies in a model's answer, most severe first; None where there is no critique in it.

    Thought blocks, fences and text around the JSON are passed over; of a truncated answer the whole entries
    are kept; severities are read from numbers and words and clamped to 1..3; an unknown category is kept
    and marked; said twice is said once.
    """
    answer = _after_thought(text[:_MAX_ANSWER])
    entries = _entries(answer)
    if entries is None:
        return None
    found: list[Discrepancy] = []
    for entry in entries:
        item = _discrepancy(entry, kind)
        if item is not None and item not in found:
            found.append(item)
        if len(found) == MAX_DISCREPANCIES:
            break
    if not found and entries:
        return None  # a list of something else
    return by_severity(found)


def _after_thought(text: str) -> str:
    """What follows the last thought block; a block that never ends hides nothing."""
    head, mark, tail = text.rpartition("</think>")
    return tail if mark and tail.strip() else head or text


def _entries(text: str) -> list[Any] | None:
    """The error list of the last whole critique in the text, else what is whole of a truncated one."""
    found: list[Any] | None = None
    position = 0
    for _ in range(_MAX_STARTS):
        match = _OBJECT_START.search(text, position)
        if match is None:
            break
        value, end = _decode(text, match.start())
        entries = _entries_of(value)
        if entries is not None:
            found = entries
        position = end if value is not None else match.start() + 1
    if found is not None:
        return found
    return _bare_list(text) or _truncated(text)


def _entries_of(value: Any) -> list[Any] | None:
    if not isinstance(value, dict):
        return None
    errors = value.get("errors")
    if isinstance(errors, list):
        return errors
    counts = [count for name, count in value.items() if name.endswith("_error_count")]
    if counts and "errors" not in value and not any(counts):
        return []  # it counted nothing and left the empty list out
    return None


def _bare_list(text: str) -> list[Any] | None:
    """A list of entries without the object around it."""
    start = text.find("[")
    value = _decode(text, start)[0] if start >= 0 else None
    return value if isinstance(value, list) and any(isinstance(item, dict) for item in value) else None


def _truncated(text: str) -> list[Any] | None:
    match = _ERROR_LIST.search(text)
    if match is None:
        return None
    whole = list(_whole_objects(text, match.end()))
    return whole or None


def _whole_objects(text: str, position: int) -> Iterator[Any]:
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        value, end = _decode(text, position)
        if value is None:
            return
        yield value
        position = end


def _decode(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at ``start`` and where it ends; None where there is none."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):  # ValueError: not JSON, or an integer of absurd length
        return None, start


def _discrepancy(entry: Any, kind: Kind) -> Discrepancy | None:
    if isinstance(entry, str):
        entry = {"description": entry}
    if not isinstance(entry, dict):
        return None
    named = _text(entry.get("category") or entry.get("type"))
    description = _text(entry.get("description"))
    if not named and not description:
        return None
    category = _category(named, kind)
    return Discrepancy(
        category=category,
        severity=_severity(entry.get("severity")),
        location=_text(entry.get("location")),
        description=description or named,
        unknown_category=category not in CATEGORIES[kind],
    )


def _category(named: str, kind: Kind) -> str:
    """The kind's own spelling where the name is one of its categories, else as the model wrote it."""
    key = re.sub(r"[\s\-]+", "_", named.strip().lower())
    known = CATEGORIES[kind]
    for candidate in (key, f"{key}_error"):
        if candidate in known:
            return candidate
    return named or "unknown"


def _severity(value: Any) -> Severity:
    """A number or a word, clamped to 1..3; the middle where it cannot be told."""
    if isinstance(value, str):
        word = re.search(r"[a-z]+", value.lower())
        if word and word.group() in _WORDS:
            return _WORDS[word.group()]
        number = re.search(r"-?\d+(?:\.\d+)?", value[:40])
        value = float(number.group()) if number else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return 2
    return 1 if value < 1.5 else 2 if value < 2.5 else 3


def _text(value: Any) -> str:
    """One line of valid text; anything else than text written out, nothing as nothing."""
    if value is None:
        return ""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""
    text = text[: 4 * _MAX_TEXT].encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    return " ".join(text.split())[:_MAX_TEXT]
