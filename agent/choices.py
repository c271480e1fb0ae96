"""Kinds and languages as a caller names them, and options of calls."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from agent.errors import InputError
from renderers.kinds import KINDS
from renderers.types import LANGUAGES, Kind, Language

if TYPE_CHECKING:  # what reads pictures is loaded when a picture is there
    from critic.reading.kind import KindGuess


def kind_named(value: str) -> Kind:
    """The kind of that name.

    Raises:
        InputError: There is none.
        PluginError: A distribution adds it and it cannot be used.
    """
    if value not in KINDS:
        raise InputError(f"there is no kind {str(value)!r}; choose one of {', '.join(KINDS.names())}")
    return Kind(value)


def kind_found(guess: KindGuess, name: str) -> Kind:
    """The kind that a picture was found to be of.

    Args:
        guess: What its pixels say.
        name: What to call it in the error.

    Raises:
        InputError: It is of none.
    """
    if guess.photo:
        raise InputError(
            f"{name}: a photograph or the like ({guess.reason}), none of {', '.join(KINDS.names())}; "
            "name a kind to have it read as that"
        )
    return guess.kind


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
