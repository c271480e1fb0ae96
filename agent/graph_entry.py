"""The entry for LangGraph's own tools, named in ``langgraph.json``: a run is begun from a picture's path."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from agent.api import RefinementAgent
from agent.earlier import begun_run
from agent.errors import InputError
from agent.options import Options
from agent.settings import load_settings
from agent.sources import PictureSource
from graph.outer import Job, Opened, Opener, Outcome, OuterGraph, build_for
from graph.types import Result

_RUNS = Path("lookalike-out")
"""Where the run folders of jobs lie that name none: the command's own place."""


def graph() -> OuterGraph:
    """The search with what the settings say, for tools that bring their own checkpointer."""
    return build_for(opener_of(lambda: RefinementAgent(settings=load_settings().settings)))


def opener_of(agent_made: Callable[[], RefinementAgent]) -> Opener:
    """Opens runs with an agent of their own, which ends when they wait for a person: nothing lives between.

    Args:
        agent_made: Makes the agent.
    """

    @asynccontextmanager
    async def opened(job: Job, again: bool) -> AsyncIterator[Opened]:
        async with agent_made() as agent:
            search = job.search(agent.search)
            folder = Path(job.out) if job.out else _free(Path(job.picture).stem)
            picture, options = _asked(job, folder, again)
            async with agent.opening.opened(picture, options, search, begun_run) as run:

                async def ended(result: Result) -> Outcome:
                    done = await run.ended(result)
                    return Outcome(
                        folder=str(done.folder),
                        code=done.code,
                        reward=done.reward,
                        similarity=done.similarity,
                        stop_reason=result.stop_reason.value,
                    )

                task = run.context.task
                found = {"kind": task.kind.value, "to": task.language.value, "out": str(folder)}
                yield Opened(run.context, job.model_copy(update=found), ended)

    return opened


def _asked(job: Job, folder: Path, again: bool) -> tuple[PictureSource, Options]:
    """The picture of a job, and its options; the one that the folder holds where it was opened before.

    Raises:
        InputError: It was, and the folder is gone.
    """
    options = Options(out=folder, kind=job.kind or None, to=job.to or None, resume=again)
    if not again:
        return job.picture, options
    earlier = begun_run(folder)
    if earlier is None:
        raise InputError(f"{folder}: the run's folder is gone, so that it cannot go on")
    options["name"] = earlier.picture
    return earlier.laid, options


def _free(stem: str) -> Path:
    """A run folder of that name where none is yet."""
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(folder for name in names if not (folder := _RUNS / name).exists())
