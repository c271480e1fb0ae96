"""Reads a model's critique out of whatever it wrote. Never raises."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from critic.types import CATEGORIES, Discrepancy, Severity, by_severity
from prompts.thoughts import after_thought
from renderers.types import Kind

MAX_DISCREPANCIES = 100
"""More than any picture needs: what follows is a model repeating itself."""

_MAX_TEXT = 1_000
_MAX_ANSWER = 400_000
_MAX_STARTS = 200

_MEDIUM, _SEVERE = 1.5, 2.5
"""Numbers from which a severity is rounded to 2 and to 3."""

_WORDS: dict[str, Severity] = {
    "minor": 1,
    "low": 1,
    "small": 1,
    "slight": 1,
    "trivial": 1,
    "negligible": 1,
    "cosmetic": 1,
    "medium": 2,
    "moderate": 2,
    "major": 3,
    "high": 3,
    "severe": 3,
    "critical": 3,
    "serious": 3,
    "fatal": 3,
    "\u8f7b": 1,
    "\u4e2d": 2,
    "\u4e25": 3,
    "\u91cd": 3,
}
"""The last four begin Chinese words, which the model's base answers in at times: minor, medium, severe."""

_CATEGORY = ("category", "type", "error_type", "error_category")
_DESCRIPTION = ("description", "desc", "explanation", "detail", "details", "reason", "difference", "issue")
_LOCATION = ("location", "position", "element", "area", "where")
"""What models that are not held to the schema call an entry's parts, the schema's own name first."""

_NO_SEVERITY = frozenset({"0", "0.0", "none", "no"})
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]")
_LITERAL_START = re.compile(r"[{\[]\s*[{']")
_LITERAL_END = re.compile(r"[}\]](?=[ \t]*(?:\n|$))")
_MOST_ENDS = 30
_LONGEST_LITERAL = 20_000
"""Ends of lines at which an object that Python wrote is tried, and letters: some fifty findings."""


def _first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which the first thing said by a name counts: nothing empty overrules what was said."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        made[name] = made.get(name) or value
    return made


_DECODER = json.JSONDecoder(strict=False, object_pairs_hook=_first_of_each)
_ERROR_LIST = re.compile(r'"errors"\s*:\s*\[')
_OBJECT_START = re.compile(r"\{")
_CRITIQUE_START = re.compile(r'\{\s*"(?:errors|[a-z_]{1,40}_error_count)"')


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer says.

    Attributes:
        discrepancies: Most severe first.
        whole: Whether the list of them came to its end; otherwise what is whole of it.
    """

    discrepancies: tuple[Discrepancy, ...]
    whole: bool = True


def parse_critique(text: str, kind: Kind) -> tuple[Discrepancy, ...] | None:
    """The discrepancies in a model's answer, most severe first; None where there is no critique in it."""
    reading = read_critique(text, kind)
    return None if reading is None else reading.discrepancies


def read_critique(text: str, kind: Kind) -> Reading | None:
    """What a model's answer says; None where there is no critique in it, or where it contradicts itself.

    The first whole object with the expected keys counts, as in the published parser. What follows may quote
    the picture and changes nothing; what comes before may do so too, so that an empty object before one with
    findings leaves the answer without a meaning. A thought at the start, fences and text around the JSON are
    passed over; of a truncated answer the whole entries are kept; severities are read from numbers and words
    and clamped to 1..3, 0 is no discrepancy; an unknown category is kept and marked; said twice is said once.
    """
    text = text[:_MAX_ANSWER]
    found = _said(after_thought(text) or text, kind)  # a thought that never ends hides nothing
    if found is None:
        return None
    entries, whole = found
    items: list[Discrepancy] = []
    understood = 0
    for entry in entries:
        item = _discrepancy(entry, kind)
        understood += item is not None
        if item is not None and item not in items and not _is_none(entry):
            items.append(item)
        if len(items) == MAX_DISCREPANCIES:
            break
    if entries and not understood:
        return None  # a list of something else
    return Reading(by_severity(items), whole)


def _said(text: str, kind: Kind) -> tuple[list[Any], bool] | None:
    """The entries of the answer, and whether they are all."""
    critiques, broken = _critiques(text, kind)
    standing = [entries for entries, stands in critiques if stands]
    named = standing or [entries for entries, _ in critiques]
    if broken is not None and not any(standing):
        return _truncated(text[broken:])  # what follows a broken object may be a part of it
    if not named:
        return _bare_list(text) or _truncated(text) or _literal(text, kind)
    if not named[0] and any(named):
        return None
    return named[0], True


def _critiques(text: str, kind: Kind) -> tuple[list[tuple[list[Any], bool]], int | None]:
    """The whole critiques in the text, with whether each stands on lines of its own; where one is broken."""
    found: list[tuple[list[Any], bool]] = []
    broken, position = None, 0
    for _ in range(_MAX_STARTS):
        match = _OBJECT_START.search(text, position)
        if match is None:
            break
        value, end = _decode(text, match.start())
        entries = _entries_of(value, kind)
        if entries is not None:
            found.append((entries, _stands_alone(text, match.start(), end)))
        elif value is None and broken is None and not found and _CRITIQUE_START.match(text, match.start()):
            broken = match.start()
        position = end if value is not None else match.start() + 1
    return found, broken


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is said on the lines where it begins and ends: what is quoted stands in a line."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    line_end = text.find("\n", end)
    after = text[end : line_end if line_end >= 0 else len(text)]
    return not before.strip() and not after.strip()


def _entries_of(value: Any, kind: Kind) -> list[Any] | None:
    """The error list of an object with the expected keys; counts without a list say nothing."""
    if not isinstance(value, dict):
        return None
    counts = [value[name] for name in (f"{category}_count" for category in CATEGORIES[kind]) if name in value]
    errors = value.get("errors")
    if isinstance(errors, list) and errors:
        return errors
    if "errors" not in value and (grouped := _by_category(value, kind)):
        return grouped
    left_out = bool(counts) and "errors" not in value
    says_none = (errors == [] or left_out) and not any(counts)
    return [] if says_none and not _holds_findings(value) else None


def _holds_findings(value: Any) -> bool:
    """Whether an object lies somewhere in a value whose list of errors has some."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            errors = inner.get("errors")
            if isinstance(errors, list) and errors:
                return True
            waiting += inner.values()
        elif isinstance(inner, list):
            waiting += inner
    return False


def _literal(text: str, kind: Kind) -> tuple[list[Any], bool] | None:
    """The entries of the first object or list that is written as Python writes it, with ' for "."""
    start = _LITERAL_START.search(text)
    if start is None:
        return None
    text = text[start.start() : start.start() + _LONGEST_LITERAL]
    for match in islice(_LITERAL_END.finditer(text), _MOST_ENDS):
        with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            value = ast.literal_eval(text[: match.end()])
            entries = value if isinstance(value, list) else _entries_of(value, kind)
            return None if entries is None else (entries, True)
    return None


def _by_category(value: dict[Any, Any], kind: Kind) -> list[Any]:
    """The entries of an object that has a list for each category."""
    lists = {name: value[name] for name in CATEGORIES[kind] if isinstance(value.get(name), list)}
    return [
        {"category": name, **(entry if isinstance(entry, dict) else {"description": entry})}
        for name, entries in lists.items()
        for entry in entries
    ]


def _bare_list(text: str) -> tuple[list[Any], bool] | None:
    """A list of entries without the object around it."""
    start = text.find("[")
    value = _decode(text, start)[0] if start >= 0 else None
    return (value, True) if isinstance(value, list) and any(map(_is_entry, value)) else None


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and not {*_CATEGORY, *_DESCRIPTION}.isdisjoint(value)


def _truncated(text: str) -> tuple[list[Any], bool] | None:
    """The whole entries of the first error list; all of them where the list is closed."""
    match = _ERROR_LIST.search(text)
    if match is None:
        return None
    whole, position = _whole_objects(text, match.end())
    return (whole, text[position : position + 1] == "]") if whole else None


def _whole_objects(text: str, position: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while True:
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
        value, end = _decode(text, position)
        if value is None:
            return found, position
        found.append(value)
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
    named, description = _text(_first(entry, _CATEGORY)), _text(_first(entry, _DESCRIPTION))
    if not named and not description:
        return None
    category = _category(named, kind)
    return Discrepancy(
        category=category,
        severity=_severity(entry.get("severity")),
        location=_text(_first(entry, _LOCATION)),
        description=description or named,
        unknown_category=category not in CATEGORIES[kind],
    )


def _first(entry: dict[Any, Any], names: tuple[str, ...]) -> Any:
    """What stands under the first of the names that has something."""
    return next((entry[name] for name in names if entry.get(name)), None)


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
        word = _WORD.search(value[:_MAX_TEXT].lower())
        if word and word.group() in _WORDS:
            return _WORDS[word.group()]
        number = re.search(r"-?\d+(?:\.\d+)?", value[:40])
        value = float(number.group()) if number else None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return 2
    return 1 if value < _MEDIUM else 2 if value < _SEVERE else 3


def _is_none(entry: Any) -> bool:
    """Whether an entry says that something is no discrepancy."""
    severity = entry.get("severity") if isinstance(entry, dict) else None
    return not isinstance(severity, bool | None) and str(severity).strip().lower() in _NO_SEVERITY


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
