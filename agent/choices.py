"""Kinds and languages as a caller names them, and options of calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from agent.errors import InputError
from renderers.formats import FORMATS
from renderers.kinds import KINDS
from renderers.libraries import Libraries
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


class Targets(NamedTuple):
    """What a picture is to become.

    Attributes:
        language: What its code is written in.
        formats: What else is made of the finished run.
    """

    language: Language
    formats: tuple[str, ...] = ()


def targets_named(kind: Kind, to: str | Sequence[str] | None) -> Targets:
    """The formats of those names: the first that is one for code is written, the others are made of it.

    Raises:
        InputError: The kind cannot be had as one of them.
        PluginError: A distribution adds one and it cannot be used.
    """
    names = [to] if isinstance(to, str) else list(dict.fromkeys(to or ()))
    known = KINDS[kind].targets
    for name in names:
        if name not in known:
            raise InputError(f"a {kind} cannot be written as {name}; choose from {', '.join(known)}")
    language = next((name for name in names if name in LANGUAGES[kind]), None)
    others = tuple(name for name in names if name != language)
    return Targets(language_named(kind, language), others)


def asked_within(kind: Kind, targets: Targets) -> str:
    """The format that a model is asked to write within the kind's own language; empty for none.

    It is the first of those that were asked for whose libraries are set up: without them it could not be
    drawn, and is made of the finished run.
    """
    if kind is not Kind.PAGE:
        return ""
    libraries = Libraries()
    names = (name for name in targets.formats if FORMATS[name].packages)
    return next((name for name in names if libraries.has(FORMATS[name].packages)), "")


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
