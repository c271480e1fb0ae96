"""The command line: ``lookalike``."""

from __future__ import annotations

# ruff: noqa: E402 - nothing of ours may be imported before the check that it is ours
from agent.layout import exit_unless_ours

exit_unless_ours()

import importlib.metadata
from typing import Annotated

import typer

from agent.commands.batch import batch
from agent.commands.config import config
from agent.commands.critique import critique
from agent.commands.doctor import doctor
from agent.commands.export import export
from agent.commands.refine import refine
from agent.commands.render import render
from agent.commands.serve import serve

app = typer.Typer(
    name="lookalike",
    help="Turns a picture into code and corrects itself until the render looks the same.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (refine, batch, critique, render, doctor, export, serve, config):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lookalike {importlib.metadata.version('lookalike')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turns a picture into code and corrects itself until the render looks the same."""


if __name__ == "__main__":
    app()
