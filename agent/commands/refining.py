"""The work of ``lookalike refine``: one picture after the other, told as it goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typer

from agent.api import RefinementAgent
from agent.choices import kind_found
from agent.clock import Clock
from agent.commands.asking import TerminalHuman
from agent.commands.beginning import began
from agent.commands.failures import MENDABLE, complain
from agent.commands.inputs import read_laid
from agent.commands.parts import Part, Wanted, apart, parts_of
from agent.commands.progress import Progress
from agent.commands.session import agent_for
from agent.commands.working import run_work
from agent.earlier import earlier_run
from agent.refinement import Refinement
from agent.report import check_index, write_index
from agent.settings import Settings
from agent.sources import PictureSource
from critic.reading.kind import KindGuess
from renderers.kinds import KINDS
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for."""

    pictures: list[str]
    kind: Kind | None
    to: tuple[str, ...]
    decimal: str
    wanted: Wanted
    out: Path
    as_json: bool
    resume: bool
    open_report: bool
    ask: bool = False
    assets: str = ""


def refine_all(asked: Asked, settings: Settings) -> tuple[int, int]:
    """Refine all pictures and show where the reports are; returns how many have code, and how many none."""
    folders, failed = run_work(_refine_each(asked, settings))
    if folders:
        _show_reports(asked, folders, several=len(folders) + failed > 1)
    return len(folders), failed


def _show_reports(asked: Asked, folders: Sequence[Path], *, several: bool) -> None:
    page = write_index(asked.out) if several else folders[0] / "report.html"
    if several and not asked.as_json:
        typer.echo(f"all reports: {page}", err=True)
    if asked.open_report:
        typer.launch(str(page))


async def _refine_each(asked: Asked, settings: Settings) -> tuple[list[Path], int]:
    """Refine one after the other. One bad picture does not stop the others.

    Returns:
        The folders of those that came to code, and how many did not.
    """
    folders, failed = [], 0
    async with agent_for(settings) as agent:
        parts = [part async for part in parts_of(agent, asked.pictures, asked.wanted)]
        if len(parts) > 1:
            check_index(asked.out)
        for whole in parts:
            started = began()
            found = [whole] if asked.kind else await apart(agent, whole, started)
            moments = [started, *(None for _ in found[1:])]
            done = [await _come_to(agent, asked, *one) for one in zip(found, moments, strict=True)]
            folders += [asked.out / part.folder for part, code in zip(found, done, strict=True) if code]
            failed += done.count(False)
    return folders, failed


async def _come_to(agent: RefinementAgent, asked: Asked, part: Part, started: float | None) -> bool:
    """Refine one picture, whose time began then or begins now, and tell what came of it.

    Returns:
        Whether there is code.
    """
    try:
        done = await _refine_one(agent, asked, part, began() if started is None else started)
    except MENDABLE as error:
        complain(str(error))
        if asked.as_json:
            typer.echo(json.dumps({"picture": part.source, "best": None, "failure": str(error)}))
        return False
    if asked.as_json:
        typer.echo(json.dumps(done))
    for name, why in done["files_failed"].items():
        complain(f"{part.label}: no {name}: {why}")
    for note in done["notes"]:
        complain(f"{part.label}: {note}")
    if done["failure"]:
        complain(f"{part.label}: no code: {done['failure']}")
    return not done["failure"]


async def _refine_one(agent: RefinementAgent, asked: Asked, part: Part, started: float) -> dict[str, Any]:
    """What one picture came to, and how sure its kind was where that was found out."""
    folder = asked.out / part.folder
    if part.failure is not None:
        raise part.failure
    picture: PictureSource
    if part.region is not None:
        picture = part.region
    else:
        picture = await asyncio.to_thread(read_laid, part.label)
    with Progress(quiet=asked.as_json, prices=agent.prices) as progress:
        known = earlier_run(folder) if asked.resume else None
        kind = asked.kind or (known.kind if known else None)
        kind = kind or (part.region.kind if part.region else None)
        clock = Clock(part.label, agent.search.budget.seconds, started)
        guess = None if kind else await clock.before(agent.asettled(picture))
        kind = kind or kind_found(cast(KindGuess, guess), part.label)
        progress.begin(part.label, kind.value, detected=asked.kind is None)
        async for event in agent.stream(
            picture,
            kind=kind,
            to=_formats(asked.to, kind, part) or None,
            decimal=asked.decimal,
            assets=asked.assets,
            out=folder,
            name=part.name,
            resume=asked.resume,
            started=started,
            human=TerminalHuman(kind, folder) if asked.ask else None,
        ):
            progress.show(event)
            if isinstance(event, Refinement):
                sure = guess.confidence if guess else part.region.confidence if part.region else None
                where = {"origin": part.region.to_json()} if part.region else {}
                told = {"picture": part.source, "kind_confidence": sure and round(sure, 3)}
                return event.to_json() | told | where
    raise AssertionError("a stream ends with its refinement")


def _formats(names: tuple[str, ...], kind: Kind, part: Part) -> tuple[str, ...]:
    """The formats to write a picture in; a document's tables and figures each in those of its kind."""
    if part.region is None:
        return names
    known = KINDS[kind].targets
    for name in names:
        if name not in known:
            complain(f"{part.label}: a {kind} has no {name}, which is left out")
    return tuple(name for name in names if name in known)
