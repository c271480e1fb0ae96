"""``lookalike trust``: from now on obey a settings file that lies in a folder one works in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.failures import one_line_failures
from agent.settings import FILE, parsed, read_settings_file
from agent.trust import trust as say_yes


def trust(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The settings file.")] = Path(FILE),
) -> None:
    """Obey the settings file of this folder from now on, as it is; look at it first."""
    with one_line_failures():
        content = read_settings_file(file)
        parsed(file, content)
        say_yes(file, content)
    typer.echo(f"{file.resolve()} holds from now on, until it is changed")
