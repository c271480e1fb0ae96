"""Pages and frames as they are asked for, such as ``1-4,7``."""

from __future__ import annotations

import re

from agent.errors import InputError

_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6})?)?")


def numbers_in(pages: str, count: int, name: str, what: str = "pages") -> list[int]:
    """The numbers that are asked for, each once.

    Args:
        pages: Such as ``3``, ``1-4,7`` or ``5-``.
        count: How many there are.
        name: Of the file, for an error message.
        what: They are.

    Raises:
        InputError: There are no such ones.
    """
    found: list[int] = []
    for part in pages.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise InputError(f"--pages {pages}: give numbers and ranges, such as 1-4,7")
        first = int(match[1])
        last = int(match[2]) if match[2] else count if "-" in part else first
        if not 1 <= first <= last <= count:
            raise InputError(f"--pages {pages}: {name} has {what} 1 to {count}")
        found += range(first, last + 1)
    return list(dict.fromkeys(found))
