"""``lookalike config``: the settings that hold, and where each is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.failures import one_line_failures
from agent.settings import DEFAULT, environment_name, load_settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file; lookalike.toml by default.")
]


def config(
    file: ConfigOption = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is left at its default.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the settings that hold and where each is from. Keys are never shown."""
    with one_line_failures():
        settings = load_settings(file=file).listed()
    if as_json:
        shown = {item.name: {"value": item.value, "source": item.source} for item in settings}
        typer.echo(json.dumps(shown, indent=2))
        return
    chosen = [item for item in settings if every or item.source != DEFAULT]
    for item in chosen:
        typer.echo(f"{item.name} = {json.dumps(item.value)}  # {item.source}")
    if not every:
        typer.echo(f"# {len(settings) - len(chosen)} settings are at their defaults; --all shows them.")
        example = environment_name("search.width")
        typer.echo(f"# Set them in lookalike.toml or in the environment: {example}=4")
