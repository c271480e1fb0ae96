"""Kinds and languages as a caller names them, and options of calls."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from agent.errors import InputError
from renderers.kinds import KINDS
from renderers.types import LANGUAGES, Kind, Language


def kind_named(value: str) -> Kind:
    """The kind of that name.

    Raises:
        InputError: There is none.
        PluginError: A distribution adds it and it cannot be used.
    """
    if value not in KINDS:
        raise InputError(f"there is no kind {str(value)!r}; choose one of {', '.join(KINDS.names())}")
    return Kind(value)


def language_named(kind: Kind, value: str | None) -> Language:
    """The language of that name in which a kind can be written; the kind's first one where none is named.

    Raises:
        InputError: It cannot be written so.
        PluginError: A distribution adds it and it cannot be used.
    """
    known = LANGUAGES[kind]
    for language in known:
        if value is None or language == value:
            return language
    raise InputError(f"a {kind} cannot be written as {value}; choose {' or '.join(known)}")


def check_options(given: Iterable[str], known: Iterable[str]) -> None:
    """Make sure that each option of a call is one that there is.

    Raises:
        InputError: One is not; names what it may have been meant for.
    """
    known = tuple(known)
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f" (did you mean {near[0]!r}?)" if near else ""
            raise InputError(f"there is no option {name!r}{meant}; choose from {', '.join(known)}")
