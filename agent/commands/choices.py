"""Options that several commands share. Nothing heavy is imported for them: help is to be quick."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from agent.errors import InputError

if TYPE_CHECKING:
    from renderers.types import Kind

Choice = TypeVar("Choice", bound=StrEnum)

AUTO = "auto"

KindOption = Annotated[
    str, typer.Option("--kind", help="auto, chart, table, svg, page, or one that a plugin adds.")
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="FORMAT,...",
        help="python, html, markdown, svg; beside it csv, json, xlsx, latex ...; the kind's code by default.",
    ),
]
GeneratorOption = Annotated[
    str | None,
    typer.Option(
        "--generator", help="embedded, lvlm, mixed, a plugin's, or a path such as my_package:MyGenerator."
    ),
]
CriticOption = Annotated[
    str | None,
    typer.Option(
        "--critic", help="pixel, visual-erm, judge, a plugin's, or a path such as my_package:MyCritic."
    ),
]
WidthOption = Annotated[int | None, typer.Option("-n", help="First drafts to choose from; 1 by default.")]
RoundsOption = Annotated[int | None, typer.Option("--rounds", help="Revision rounds at most; 3 by default.")]
PolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="best_of_n, reflect, beam, adaptive, a plugin's, or a path."),
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
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Settings file; by default a lookalike.toml that you trust."
    ),
]
PagesOption = Annotated[
    str | None,
    typer.Option("--pages", metavar="1-4,7", help="Pages of a PDF, all by default; frames of an animation."),
]
PriceOption = Annotated[
    str | None,
    typer.Option(
        "--price",
        metavar="PROMPT/ANSWER",
        help="Dollars a million tokens, such as 0.15/0.60, to count the cost; the settings have it by role.",
    ),
]
DecimalOption = Annotated[
    str, typer.Option("--decimal", help="Decimal mark of the picture's numbers: auto, point or comma.")
]
AssetsOption = Annotated[
    str,
    typer.Option(
        "--assets",
        metavar="DIR",
        help="A page's pictures as files in this folder beside its code, not as data.",
    ),
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
    price: str | None,
    verm_prompts: Path | None,
    generator: str | None,
    critic: str | None,
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
        "generator": {"use": generator, "price": price},
        "critic": {"use": critic, "votes": votes, "price": price},
        "prompts": {"verm": verm_prompts},
    }


def kind_of(value: str) -> Kind | None:
    """The kind an option names; None for ``auto``.

    Raises:
        InputError: There is no such kind.
    """
    from renderers.kinds import KINDS
    from renderers.types import Kind

    if value != AUTO and value not in KINDS:
        raise InputError(f"--kind {value}: choose one of {', '.join((AUTO, *KINDS.names()))}")
    return None if value == AUTO else Kind(value)


def formats_of(value: str | None) -> tuple[str, ...]:
    """The formats that an option names, with commas between them; none where it was not given.

    Raises:
        InputError: There is no such format.
    """
    from renderers.formats import FORMATS

    names = [name.strip() for name in (value or "").split(",")] if value is not None else []
    for name in names:
        if name not in FORMATS:
            raise InputError(f"--to {value}: choose from {', '.join(FORMATS.names())}")
    return tuple(dict.fromkeys(names))


def kinds_of(value: str | None) -> tuple[Kind, ...]:
    """The kinds that an option names, with commas between them; none where it was not given.

    Raises:
        InputError: There is no such kind.
    """
    from renderers.kinds import KINDS
    from renderers.types import Kind

    names = [name.strip() for name in value.split(",")] if value is not None else []
    for name in names:
        if name not in KINDS:
            raise InputError(f"--only {value}: choose from {', '.join(KINDS.names())}")
    return tuple(Kind(name) for name in names)


def decimal_of(value: str) -> str:
    """The decimal mark that an option names; empty for ``auto``.

    Raises:
        InputError: It names none.
    """
    marks = {AUTO: "", "point": ".", "comma": ",", ".": ".", ",": ","}
    if value not in marks:
        raise InputError(f"--decimal {value}: choose one of auto, point, comma")
    return marks[value]


def member(choices: type[Choice], value: str, option: str, others: list[str]) -> Choice:
    """The choice that an option's value names; ``others`` are values with a meaning of their own."""
    try:
        return choices(value)
    except ValueError:
        known = ", ".join([*others, *(member.value for member in choices)])
        raise InputError(f"{option} {value}: choose one of {known}") from None
