"""``lookalike regions``: the tables and figures that are found on a page or a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import PagesOption
from agent.commands.failures import MUST_BE_MENDED, complain, one_line_failures


def regions(
    file: Annotated[Path, typer.Argument(metavar="PICTURE|PDF", help="A picture or a document.")],
    pages: PagesOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a region.")] = False,
) -> None:
    """Show which tables and figures are found, and where; ``refine`` takes them one by one."""
    from agent.documents.region import regions_of
    from critic.reading import Reader

    found = False
    with one_line_failures():
        for region in regions_of(file, Reader(), pages):
            found = True
            box = ", ".join(f"{edge:.0f}" for edge in region.box)
            typer.echo(json.dumps(region.to_json()) if as_json else f"{region.name}: {box}")
    if not found:
        complain(f"{file}: no table or figure found")
        raise typer.Exit(MUST_BE_MENDED)
