"""``lookalike config``: the settings that hold, and where each is from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.commands.choices import ConfigOption
from agent.commands.failures import complain, one_line_failures

if TYPE_CHECKING:
    from agent.settings import Loaded


def settings_of(flags: Mapping[str, Any] | None = None, file: Path | None = None) -> Loaded:
    """The settings that hold for a command; says it of a settings file that was found.

    Raises:
        ConfigError: A value cannot be used.
    """
    from agent.settings import load_settings

    loaded = load_settings(flags, file)
    if loaded.note:
        complain(loaded.note)
    return loaded


def config(
    file: ConfigOption = None,
    every: Annotated[bool, typer.Option("--all", help="Also what is left at its default.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print the settings that hold and where each is from. Keys are never shown."""
    from agent.settings import DEFAULT, environment_name

    with one_line_failures():
        settings = settings_of(file=file).listed()
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
