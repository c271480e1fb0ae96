"""``lookalike refine``: pictures to code, corrected until the render looks the same."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from agent.api import RefinementAgent
from agent.commands.choices import KindOption, kind_of, language_of
from agent.commands.failures import MENDABLE, MUST_BE_MENDED, complain, one_line_failures
from agent.commands.inputs import folder_names, name_of, read_picture
from agent.commands.progress import Progress
from agent.refinement import Refinement
from agent.report import write_index
from graph.types import Budget, Search, StopReason
from renderers.types import Kind, Language


def refine(
    pictures: Annotated[
        list[str], typer.Argument(metavar="PICTURE...", help="Picture files; - for standard input.")
    ],
    kind: KindOption = "auto",
    to: Annotated[
        str | None, typer.Option(help="python, html, markdown or svg; by default what the kind needs.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the runs, one folder a picture.")
    ] = Path("lookalike-out"),
    width: Annotated[int, typer.Option("-n", min=1, help="First drafts to choose from.")] = 1,
    rounds: Annotated[int, typer.Option(min=0, help="Revision rounds at most.")] = 3,
    seconds: Annotated[float | None, typer.Option(min=0.001, help="Time budget for each picture.")] = None,
    target: Annotated[float | None, typer.Option(min=0, max=2, help="Stop at this reward (0..2).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a picture.")] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
) -> None:
    """Turn pictures into code, and correct it until its render looks the same."""
    with one_line_failures():
        chosen, language = kind_of(kind), language_of(to)
        search = Search(width=width, target=target, budget=Budget(rounds=rounds, seconds=seconds))
        failed = asyncio.run(_refine_all(pictures, chosen, language, out, search, as_json))
        if len(pictures) > 1 and len(pictures) > failed:
            index = write_index(out)
            if not as_json:
                typer.echo(f"all reports: {index}", err=True)
        if open_report and len(pictures) > failed:
            typer.launch(
                str(
                    write_index(out) if len(pictures) > 1 else out / folder_names(pictures)[0] / "report.html"
                )
            )
    if failed:
        raise typer.Exit(MUST_BE_MENDED)


async def _refine_all(
    pictures: list[str], kind: Kind | None, to: Language | None, out: Path, search: Search, as_json: bool
) -> int:
    """Refine one after the other; returns how many could not be. One bad picture does not stop the others."""
    failed = 0
    async with RefinementAgent(search) as agent:
        for argument, name in zip(pictures, folder_names(pictures), strict=True):
            try:
                done = await _refine_one(agent, argument, kind, to, out / name, quiet=as_json)
            except MENDABLE as error:
                complain(str(error))
                failed += 1
                continue
            if as_json:
                typer.echo(json.dumps(done.to_json()))
            failed += done.result.stop_reason is StopReason.ERROR and done.result.best is None
    return failed


async def _refine_one(
    agent: RefinementAgent,
    argument: str,
    kind: Kind | None,
    to: Language | None,
    folder: Path,
    *,
    quiet: bool,
) -> Refinement:
    picture = await asyncio.to_thread(read_picture, argument)
    with Progress(quiet=quiet) as progress:
        chosen = kind or await agent.akind(picture)
        progress.begin(argument, chosen.value, detected=kind is None)
        async for event in agent.stream(picture, kind=chosen, to=to, out=folder, name=name_of(argument)):
            progress.show(event)
            if isinstance(event, Refinement):
                return event
    raise AssertionError("a stream ends with its refinement")
