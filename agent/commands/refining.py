"""The work of ``lookalike refine``: one picture after the other, told as it goes."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typer

from agent.api import RefinementAgent
from agent.choices import kind_found
from agent.commands.asking import TerminalHuman
from agent.commands.failures import MENDABLE, complain
from agent.commands.inputs import folder_names, name_of, read_laid
from agent.commands.progress import Progress
from agent.commands.session import agent_for
from agent.commands.working import run_work
from agent.earlier import earlier_run
from agent.refinement import Refinement
from agent.report import check_index, write_index
from agent.settings import Settings
from critic.reading.kind import KindGuess
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    pictures: list[str]
    kind: Kind | None
    to: tuple[str, ...]
    decimal: str
    out: Path
    as_json: bool
    resume: bool
    open_report: bool
    ask: bool = False


def refine_all(asked: Asked, settings: Settings) -> int:
    """Refine all pictures and show where the reports are; returns how many ended without code."""
    failed = run_work(_refine_each(asked, settings))
    if len(asked.pictures) > failed:
        _show_reports(asked)
    return failed


def _show_reports(asked: Asked) -> None:
    several = len(asked.pictures) > 1
    page = write_index(asked.out) if several else asked.out / folder_names(asked.pictures)[0] / "report.html"
    if several and not asked.as_json:
        typer.echo(f"all reports: {page}", err=True)
    if asked.open_report:
        typer.launch(str(page))


async def _refine_each(asked: Asked, settings: Settings) -> int:
    """Refine one after the other; returns how many could not be. One bad picture does not stop the others."""
    failed = 0
    if len(asked.pictures) > 1:
        check_index(asked.out)
    async with agent_for(settings) as agent:
        for argument, name in zip(asked.pictures, folder_names(asked.pictures), strict=True):
            try:
                done = await _refine_one(agent, asked, argument, asked.out / name)
            except MENDABLE as error:
                complain(str(error))
                failed += 1
                if asked.as_json:
                    typer.echo(
                        json.dumps({"picture": name_of(argument), "best": None, "failure": str(error)})
                    )
                continue
            if asked.as_json:
                typer.echo(json.dumps(done))
            for name, why in done["files_failed"].items():
                complain(f"{argument}: no {name}: {why}")
            if done["failure"]:
                complain(f"{argument}: no code: {done['failure']}")
                failed += 1
    return failed


async def _refine_one(agent: RefinementAgent, asked: Asked, argument: str, folder: Path) -> dict[str, Any]:
    """What one picture came to, and how sure its kind was where that was found out."""
    started = time.monotonic()
    picture = await asyncio.to_thread(read_laid, argument)
    with Progress(quiet=asked.as_json) as progress:
        known = earlier_run(folder) if asked.resume else None
        kind = asked.kind or (known.kind if known else None)
        guess = None if kind else await agent.aguess(picture)
        kind = kind or kind_found(cast(KindGuess, guess), argument)
        progress.begin(argument, kind.value, detected=asked.kind is None)
        async for event in agent.stream(
            picture,
            kind=kind,
            to=asked.to or None,
            decimal=asked.decimal,
            out=folder,
            name=name_of(argument),
            resume=asked.resume,
            started=started,
            human=TerminalHuman(kind, folder) if asked.ask else None,
        ):
            progress.show(event)
            if isinstance(event, Refinement):
                return event.to_json() | {"kind_confidence": round(guess.confidence, 3) if guess else None}
    raise AssertionError("a stream ends with its refinement")
