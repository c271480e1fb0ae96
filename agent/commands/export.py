"""``lookalike export``: what a batch or a run has found, as a file to train on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, member
from agent.commands.config import settings_of
from agent.commands.failures import one_line_failures
from agent.errors import InputError

_BEST = 2
"""The highest reward there is."""


def export(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder of a batch, of several runs, or of one.")
    ],
    what: Annotated[
        str, typer.Option("--as", metavar="WHAT", help="sft, preferences, critiques or rewards.")
    ],
    form: Annotated[
        str | None, typer.Option("--format", help="jsonl or parquet; by the file's ending, else parquet.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="OUT/<what>.<format> by default.")
    ] = None,
    min_reward: Annotated[
        float | None, typer.Option(help="Leave out code with less reward (0..2): of pairs, the chosen one's.")
    ] = None,
    min_margin: Annotated[
        float | None, typer.Option(help="Of preferences: leave out pairs nearer in reward than this.")
    ] = None,
    min_similarity: Annotated[
        float | None,
        typer.Option(help="Of sft: leave out code less like its picture (0..1); 0.85 by default."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write a batch's or a run's examples for training, as Hugging Face datasets loads them."""
    from agent.batch.export import export as write
    from agent.batch.export import reasons
    from agent.batch.export_columns import Export
    from agent.batch.export_examples import Wanted
    from agent.batch.export_files import Format
    from prompts.library import Templates

    with one_line_failures():
        chosen = member(Export, what, "--as", [])
        if min_margin is not None and chosen is not Export.PREFERENCES:
            raise InputError(f"--min-margin is for --as preferences, not for {chosen}")
        if min_similarity is not None and chosen is not Export.SFT:
            raise InputError(f"--min-similarity is for --as sft, not for {chosen}")
        wanted = Wanted(_bounded("--min-reward", min_reward), _bounded("--min-margin", min_margin))
        if min_similarity is not None:
            if not 0 <= min_similarity <= 1:
                raise InputError(f"--min-similarity {min_similarity:g}: a similarity is between 0 and 1")
            wanted = replace(wanted, min_similarity=min_similarity)
        templates = Templates(settings_of(file=config).settings.prompts.directory)
        form_ = None if form is None else member(Format, form, "--format", [])
        done = write(out, chosen, file, form_, wanted, templates)
    if as_json:
        typer.echo(json.dumps(done.to_json()))
        return
    typer.echo(f"{done.examples:,} examples: {done.file}")
    if done.left_out:
        typer.echo(f"left out: {reasons(done.left_out)}", err=True)


def _bounded(option: str, value: float | None) -> float:
    if value is not None and not 0 <= value <= _BEST:
        raise InputError(f"{option} {value:g}: a reward is between 0 and {_BEST}")
    return value or 0.0
