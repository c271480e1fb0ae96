"""``lookalike refine``: pictures to code, corrected until the render looks the same."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from agent.api import RefinementAgent
from agent.commands.choices import (
    CallsOption,
    CandidatesOption,
    CriticOption,
    GeneratorOption,
    KindOption,
    PolicyOption,
    RoundsOption,
    SecondsOption,
    TargetOption,
    TokensOption,
    ToOption,
    VermOption,
    VotesOption,
    WidthOption,
    kind_of,
    language_of,
    search_flags,
)
from agent.commands.config import ConfigOption, settings_of
from agent.commands.failures import MENDABLE, MUST_BE_MENDED, complain, one_line_failures
from agent.commands.inputs import folder_names, name_of, read_picture
from agent.commands.progress import Progress
from agent.commands.session import agent_for
from agent.commands.working import run_work
from agent.earlier import earlier_run
from agent.refinement import Refinement
from agent.report import check_index, write_index
from agent.settings import Settings
from graph.types import StopReason
from renderers.types import Kind, Language


def refine(
    pictures: Annotated[
        list[str], typer.Argument(metavar="PICTURE...", help="Picture files; - for standard input.")
    ],
    kind: KindOption = "auto",
    to: ToOption = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the runs, one folder a picture.")
    ] = Path("lookalike-out"),
    width: WidthOption = None,
    rounds: RoundsOption = None,
    policy: PolicyOption = None,
    candidates: CandidatesOption = None,
    calls: CallsOption = None,
    tokens: TokensOption = None,
    seconds: SecondsOption = None,
    target: TargetOption = None,
    votes: VotesOption = None,
    generator: GeneratorOption = None,
    critic: CriticOption = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with runs that were cut off, or with a larger budget."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a picture.")] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Turn pictures into code, and correct it until its render looks the same."""
    with one_line_failures():
        job = _Job(pictures, kind_of(kind), language_of(to), out, as_json, resume)
        flags = search_flags(
            width=width,
            rounds=rounds,
            policy=policy,
            candidates=candidates,
            calls=calls,
            tokens=tokens,
            seconds=seconds,
            target=target,
            votes=votes,
            verm_prompts=verm_prompts,
            generator=generator,
            critic=critic,
        )
        failed = run_work(_refine_all(job, settings_of(flags, config).settings))
        if len(pictures) > failed:
            _show_reports(job, open_report)
    if failed:
        raise typer.Exit(MUST_BE_MENDED)


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for."""

    pictures: list[str]
    kind: Kind | None
    to: Language | None
    out: Path
    as_json: bool
    resume: bool


def _show_reports(job: _Job, open_report: bool) -> None:
    several = len(job.pictures) > 1
    page = write_index(job.out) if several else job.out / folder_names(job.pictures)[0] / "report.html"
    if several and not job.as_json:
        typer.echo(f"all reports: {page}", err=True)
    if open_report:
        typer.launch(str(page))


async def _refine_all(job: _Job, settings: Settings) -> int:
    """Refine one after the other; returns how many could not be. One bad picture does not stop the others."""
    failed = 0
    if len(job.pictures) > 1:
        check_index(job.out)
    async with agent_for(settings) as agent:
        for argument, name in zip(job.pictures, folder_names(job.pictures), strict=True):
            try:
                done = await _refine_one(agent, job, argument, job.out / name)
            except MENDABLE as error:
                complain(str(error))
                failed += 1
                continue
            if job.as_json:
                typer.echo(json.dumps(done.to_json()))
            failed += done.result.stop_reason is StopReason.ERROR and done.result.best is None
    return failed


async def _refine_one(agent: RefinementAgent, job: _Job, argument: str, folder: Path) -> Refinement:
    picture = await asyncio.to_thread(read_picture, argument)
    with Progress(quiet=job.as_json) as progress:
        known = earlier_run(folder) if job.resume else None
        kind = job.kind or (known.kind if known else await agent.akind(picture))
        progress.begin(argument, kind.value, detected=job.kind is None)
        async for event in agent.stream(
            picture, kind=kind, to=job.to, out=folder, name=name_of(argument), resume=job.resume
        ):
            progress.show(event)
            if isinstance(event, Refinement):
                return event
    raise AssertionError("a stream ends with its refinement")
