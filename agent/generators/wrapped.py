"""What stands in an answer as JSON: code that is wrapped in it, and edits that are written as it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

_BEGINS = re.compile(r"(?:^|>)[ \t]*([\[{])", re.MULTILINE)
"""Where JSON may begin: on a line of its own, or after the tag of a tool call."""

_MOST = 5
"""Places at which it is tried: code has lines that begin so, too."""

_DECODER = json.JSONDecoder(strict=False)


def values(text: str) -> Iterator[Any]:
    """The JSON values in a text, in order."""
    done = 0
    for match in islice(_BEGINS.finditer(text), _MOST):
        if match.start(1) < done:
            continue
        try:
            value, done = _DECODER.raw_decode(text, match.start(1))
        except (ValueError, RecursionError):
            continue
        yield value


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a value, outer ones first."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from objects(item)


def strings(value: Any) -> Iterator[str]:
    """All texts that stand for something in an object of a value; a list of texts is lines of one."""
    for item in objects(value):
        for under in item.values():
            if isinstance(under, str):
                yield under
            elif isinstance(under, list) and under and all(isinstance(line, str) for line in under):
                yield "\n".join(under)
