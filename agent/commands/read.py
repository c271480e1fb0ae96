"""``lookalike read``: what is read from a picture before any code is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import KindOption, kind_of
from agent.commands.failures import one_line_failures


def read(
    picture: Annotated[str, typer.Argument(metavar="PICTURE", help="A picture file; - for standard input.")],
    kind: KindOption = "auto",
    show: Annotated[
        bool, typer.Option("--show", help="Draw what was seen over the picture, and open it.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="PNG", help="Where that picture goes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole description as JSON.")] = False,
) -> None:
    """Say what is seen in a picture: frames, ticks, texts, marks, cells, boxes, shapes."""
    from agent.commands.reading import drawn_over, reading_of, summary

    with one_line_failures():
        found = reading_of(picture, kind_of(kind))
        place = drawn_over(found, picture, out) if show or out else None
    typer.echo(found.description.model_dump_json(indent=2) if as_json else summary(found))
    if place is not None:
        typer.echo(f"what was seen: {place}", err=True)
        if show:
            typer.launch(str(place))
