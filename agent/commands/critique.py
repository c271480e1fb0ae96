"""``lookalike critique``: where a render differs from its reference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.choices import ConfigOption, CriticOption, KindOption, VermOption, kind_of
from agent.commands.config import settings_of
from agent.commands.failures import one_line_failures
from agent.commands.terminal import harmless

if TYPE_CHECKING:
    from agent.settings import Settings
    from critic.types import Critique
    from renderers.types import Kind


def critique(
    reference: Annotated[
        str, typer.Argument(metavar="REF", help="The picture to reproduce; - for standard input.")
    ],
    render: Annotated[str, typer.Argument(metavar="RENDER", help="The picture to compare with it.")],
    kind: KindOption = "auto",
    critic: CriticOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Say where RENDER differs from REF, with the reward and the similarity."""
    from agent.commands.working import run_work
    from critic.reward import reward

    with one_line_failures():
        settings = settings_of(
            {"critic": {"use": critic}, "prompts": {"verm": verm_prompts}}, config
        ).settings
        said = run_work(_critique(reference, render, kind_of(kind), settings))
    if as_json:
        typer.echo(json.dumps(to_json(said)))
        return
    if not said.happened:
        typer.echo(harmless(f"not judged: {said.failure}"))
        return
    ink = "" if said.ink is None else f", {said.ink:.1%} of the ink agrees"
    typer.echo(f"reward {reward(said):.2f}, similarity {said.similarity:.4f}{ink}")
    for item in said.discrepancies:
        typer.echo(harmless(f"  [{item.severity}] {item.category} {item.location}: {item.description}"))
    if not said.discrepancies:
        typer.echo("  no discrepancies")


async def _critique(reference: str, render: str, kind: Kind | None, settings: Settings) -> Critique:
    from agent.commands.inputs import read_picture
    from agent.commands.session import agent_for

    first, second = read_picture(reference), read_picture(render)
    async with agent_for(settings) as agent:
        return await agent.acritique(first, second, kind=kind)


def to_json(said: Critique) -> dict[str, object]:
    """The object that ``lookalike critique --json`` prints: scripts rely on its keys.

    A critique that did not happen has no scores, and says why.
    """
    from critic.reward import reward

    keys = {"category", "severity", "location", "description", "box"}
    return {
        "reward": reward(said) if said.happened else None,
        "similarity": said.similarity if said.happened else None,
        "ink": said.ink,
        "notes": list(said.notes),
        "failure": said.failure,
        "discrepancies": [item.model_dump(mode="json", include=keys) for item in said.discrepancies],
    }
