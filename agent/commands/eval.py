"""``lookalike eval``: what runs came to, by measures of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.choices import ConfigOption
from agent.commands.failures import one_line_failures
from agent.commands.working import run_work
from agent.errors import InputError
from agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from agent.evaluation import Evaluation


def eval(
    out: Annotated[Path, typer.Argument(metavar="RUN_OR_BATCH", help="A run, a folder of runs, or a batch.")],
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Code that the pictures were made from: NAME.py, .html, .md or .json."
        ),
    ] = None,
    neural: Annotated[
        Path | None,
        typer.Option(
            metavar="WEIGHTS",
            help="A folder with clip/, dino/ or alexnet.pth: measure CLIP, DINO, LPIPS too (extra: neural).",
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Measure first drafts and bests against their references, with intervals, and write eval.md."""
    from agent.evaluation import write

    with one_line_failures():
        if reference is not None and not reference.is_dir():
            raise InputError(f"--reference {reference}: no such folder")
        done = run_work(_evaluate(out, reference, neural, load_settings({}, config).settings))
        if not done.runs:
            raise InputError(f"{out}: no run in it can be measured")
        text = write(out, done)
    typer.echo(text)


async def _evaluate(out: Path, reference: Path | None, neural: Path | None, settings: Settings) -> Evaluation:
    from agent.evaluation import evaluate
    from agent.processes import Workplace
    from critic.metrics.neural import Neural

    networks = Neural(neural) if neural is not None else None
    place = Workplace(settings)
    try:
        return await evaluate(out, reference, place, networks)
    finally:
        await place.aclose()
