"""Fences that are not as CommonMark has them, as some models set them, and numbers before lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent

_QUOTE = re.compile(r" {0,3}> ?")
_FENCE = re.compile(r" {0,3}(?:`{3}|~{3})")
_FENCE_LINE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_QUOTED_FENCE = re.compile(r" {0,3}> ?(?:`{3}|~{3})")
_ROOTS = r"!doctype|\?xml|svg|html|head|body|table|style|div|main|section|header"
"""What markup begins with; anything else in angle brackets may be a word of a text."""

_FILLED_FENCE = re.compile(
    rf"( {{0,3}})(`{{3,}}|~{{3,}})([\w+-]*)[ \t]*((?:import|from)[ \t]+\w.*|<(?i:{_ROOTS})\b.*)"
)
"""A fence with the first line of the code behind it: of Python, or of markup."""

_NUMBERED = re.compile(r"[ \t]*(\d{1,9})(?:[ \t]*[:|.)\u2502](?=[ \t]|$)|(?=[ \t]|$))(.*)")
"""A line with its number, of no more digits than lines have: Python refuses to read thousands of them."""

_FEWEST_NUMBERED = 3
"""Lines in a row that are numbers of lines: two may be data."""


def plain_fences(text: str) -> str:
    """The text with fences on lines of their own, and out of quotes where no other block is there."""
    lines = text.split("\n")
    if not any(_FENCE.match(line) for line in lines):
        lines = list(_unquoted(lines))
    return "\n".join(_set_apart(lines))


def _unquoted(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        mark = _QUOTE.match(line)
        inside = bool(mark) and (inside or bool(_QUOTED_FENCE.match(line)))
        yield line[mark.end() :] if mark and inside else line


def _set_apart(lines: list[str]) -> Iterator[str]:
    """The lines, with the code behind a fence on a line of its own; within a block nothing opens another."""
    block = ""
    for line in lines:
        fence = _FENCE_LINE.fullmatch(line)
        if block:
            ends = fence is not None and not fence[2].strip() and fence[1].startswith(block)
            block = "" if ends else block
            yield line
        elif filled := _FILLED_FENCE.fullmatch(line):
            indent, block, label, code = filled.groups()
            yield f"{indent}{block}{label}"
            yield f"{indent}{code.rstrip().removesuffix(block)}"
            if code.rstrip().endswith(block):
                yield f"{indent}{block}"
                block = ""
        else:
            block = fence[1] if fence is not None else ""
            yield line


def without_numbers(code: str) -> str:
    """The code without the numbers of its lines, where every line that is not blank has its own."""
    found = [(line, _NUMBERED.fullmatch(line)) for line in code.split("\n") if line.strip()]
    numbers = [int(match[1]) for _, match in found if match]
    in_a_row = all(after == before + 1 for before, after in pairwise(numbers))
    if len(numbers) < len(found) or len(numbers) < _FEWEST_NUMBERED or not in_a_row:
        return code
    return dedent("\n".join(match[2] for _, match in found if match))
