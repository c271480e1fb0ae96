"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from agent.errors import InputError
from renderers.types import Kind, Language

Choice = TypeVar("Choice", bound=StrEnum)

AUTO = "auto"

KindOption = Annotated[str, typer.Option("--kind", help="auto, chart, table, svg or page.")]


def kind_of(value: str) -> Kind | None:
    """The kind an option names; None for ``auto``."""
    return None if value == AUTO else _member(Kind, value, "--kind", [AUTO])


def language_of(value: str | None) -> Language | None:
    """The language an option names; None where it was not given."""
    return None if value is None else _member(Language, value, "--to", [])


def _member(choices: type[Choice], value: str, option: str, others: list[str]) -> Choice:
    try:
        return choices(value)
    except ValueError:
        known = ", ".join([*others, *(member.value for member in choices)])
        raise InputError(f"{option} {value}: choose one of {known}") from None
