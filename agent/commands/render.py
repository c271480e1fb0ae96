"""``lookalike render``: code to a picture, as the loop draws it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, KindOption, kind_of
from agent.commands.config import settings_of
from agent.commands.failures import one_line_failures
from agent.commands.terminal import harmless


def render(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Code: .py, .svg, .html or .md.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PNG", help="Where the picture goes.")],
    kind: KindOption = "auto",
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size in pixels, such as 640x480.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigOption = None,
) -> None:
    """Draw code the way the loop draws it. Exit code 1 where it does not render."""
    from agent.commands.drawing import draw

    with one_line_failures():
        drawn = draw(file, kind_of(kind), size, out, settings_of(file=config).settings.isolation)
    place = f": {out}" if drawn.image is not None else ""
    if as_json:
        seconds = round(drawn.seconds, 3)
        typer.echo(json.dumps({"status": drawn.status.value, "seconds": seconds, "log": drawn.log}))
    else:
        typer.echo(f"{drawn.status.value} in {drawn.seconds:.2f} s{place}")
        if drawn.log:
            typer.echo(harmless(drawn.log), err=True)
    if not drawn.ok:
        raise typer.Exit(1)
