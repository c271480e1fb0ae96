"""``lookalike convert``: finished runs in other formats, without refining again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import AssetsOption, DecimalOption, ToOption, decimal_of, formats_of
from agent.commands.failures import MUST_BE_MENDED, SOME_FAILED, complain, one_line_failures
from agent.errors import InputError


def convert(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of finished runs.")],
    to: ToOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the files; of one run, beside its code.")
    ] = None,
    decimal: DecimalOption = "auto",
    pixels: Annotated[
        int, typer.Option("--pixels", min=1, max=8192, help="Width and height of a png of an icon.")
    ] = 512,
    assets: AssetsOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a run.")] = False,
) -> None:
    """Make other formats of finished runs: csv, json, xlsx, latex and so on."""
    from agent.data.assets import folder_of
    from agent.data.convert import convert as convert_run
    from agent.data.finished import DataOptions

    failed = made = 0
    with one_line_failures():
        formats = formats_of(to)
        if assets:
            folder_of(assets)
        if not formats:
            raise InputError("--to says which formats to make, such as --to csv,xlsx")
        if out is not None and len(runs) > 1:
            raise InputError("--out takes the files of one run; leave it out to have each beside its code")
        options = DataOptions(decimal_of(decimal), pixels, assets)
        for run in runs:
            done = convert_run(run, formats, options, out)
            for item in done:
                if item.file is None:
                    complain(f"{run}: no {item.format}: {item.failure}")
                elif not as_json:
                    typer.echo(str(item.file))
            if as_json:
                files = {item.format: str(item.file) for item in done if item.file}
                lost = {item.format: item.failure for item in done if item.failure}
                typer.echo(json.dumps({"run": str(run), "files": files, "files_failed": lost}))
            failed += sum(item.file is None for item in done)
            made += sum(item.file is not None for item in done)
    if failed:
        raise typer.Exit(SOME_FAILED if made else MUST_BE_MENDED)
