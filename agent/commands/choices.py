"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from agent.errors import InputError
from renderers.types import Kind, Language

Choice = TypeVar("Choice", bound=StrEnum)

AUTO = "auto"

KindOption = Annotated[str, typer.Option("--kind", help="auto, chart, table, svg or page.")]
ToOption = Annotated[
    str | None, typer.Option("--to", help="python, html, markdown or svg; by default what the kind needs.")
]
WidthOption = Annotated[int | None, typer.Option("-n", help="First drafts to choose from; 1 by default.")]
RoundsOption = Annotated[int | None, typer.Option("--rounds", help="Revision rounds at most; 3 by default.")]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="best_of_n, reflect, beam or adaptive (default for several drafts)."),
]
CandidatesOption = Annotated[
    int | None, typer.Option("--candidates", help="Pieces of code at most for each picture.")
]
CallsOption = Annotated[int | None, typer.Option("--calls", help="Model calls at most for each picture.")]
TokensOption = Annotated[int | None, typer.Option("--tokens", help="Model tokens at most for each picture.")]
SecondsOption = Annotated[float | None, typer.Option("--seconds", help="Time budget for each picture.")]
TargetOption = Annotated[float | None, typer.Option("--target", help="Stop at this reward (0..2).")]
VotesOption = Annotated[
    int | None, typer.Option("--votes", help="Answers of a model critic that are merged; 1 by default.")
]
VermOption = Annotated[
    Path | None,
    typer.Option("--verm-prompts", metavar="DIR", help="A clone of Visual-ERM, to use its own prompts."),
]


def search_flags(
    *,
    width: int | None,
    rounds: int | None,
    policy: str | None,
    candidates: int | None,
    calls: int | None,
    tokens: int | None,
    seconds: float | None,
    target: float | None,
    votes: int | None,
    verm_prompts: Path | None,
) -> dict[str, Any]:
    """What these options set, for ``load_settings``."""
    budget = {
        "rounds": rounds,
        "candidates": candidates,
        "calls": calls,
        "tokens": tokens,
        "seconds": seconds,
    }
    return {
        "search": {"policy": policy, "width": width, "target": target, "budget": budget},
        "critic": {"votes": votes},
        "prompts": {"verm": verm_prompts},
    }


def kind_of(value: str) -> Kind | None:
    """The kind an option names; None for ``auto``."""
    return None if value == AUTO else member(Kind, value, "--kind", [AUTO])


def language_of(value: str | None) -> Language | None:
    """The language an option names; None where it was not given."""
    return None if value is None else member(Language, value, "--to", [])


def member(choices: type[Choice], value: str, option: str, others: list[str]) -> Choice:
    """The choice that an option's value names; ``others`` are values with a meaning of their own."""
    try:
        return choices(value)
    except ValueError:
        known = ", ".join([*others, *(member.value for member in choices)])
        raise InputError(f"{option} {value}: choose one of {known}") from None
