"""Text of models, documents and file names on a terminal: shown, never obeyed."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""All control characters but tab and line feed, and those that turn the direction of writing."""


def harmless(text: str) -> str:
    r"""Text whose control characters are written out: ``\x1b`` sets no title and clears no screen."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def shown(text: str) -> str:
    """Harmless text for Rich, which takes no markup from it."""
    from rich.markup import escape  # the help of a command does without

    return escape(harmless(text))
