"""The command line: ``lookalike``."""

from __future__ import annotations

# ruff: noqa: E402 - nothing of ours may be imported before the check that it is ours
from agent.layout import exit_unless_ours

exit_unless_ours()

from typing import Annotated

import typer

from agent.commands.beginning import begin
from agent.commands.on_demand import CommandsOnDemand

app = typer.Typer(
    name="lookalike",
    cls=CommandsOnDemand,
    help="Turns a picture into code and corrects itself until the render looks the same.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # drawing boxes around the help takes longer than all else about it
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

        typer.echo(f"lookalike {importlib.metadata.version('lookalike')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turns a picture into code and corrects itself until the render looks the same."""


def run() -> None:
    """The command, to its end: one that waits for no thread that is stuck in its work."""
    begin()
    try:
        app()
    except SystemExit as end:
        from agent.commands.leaving import leave

        leave(end.code)
        raise


if __name__ == "__main__":
    run()
