"""The work of ``lookalike batch``: from what was asked for to a job, its engine and its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import typer

from agent.batch.job import Engine, Job, run_job
from agent.batch.local import run_local
from agent.batch.refining import Wanted
from agent.batch.selection import Selection, kinds_of, shard_of
from agent.batch.sizing import Jobs, default_jobs
from agent.batch.sources import open_source
from agent.batch.totals import Totals
from agent.commands.batch_progress import BatchProgress
from agent.commands.failures import MUST_BE_MENDED, complain
from agent.commands.session import agent_for
from agent.commands.working import run_work
from agent.errors import ConfigError
from agent.settings import Settings
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    source: str
    out: Path
    column: str | None
    kind: Kind | None
    to: tuple[str, ...]
    lean: bool
    limit: int | None
    shard: str | None
    where: tuple[str, ...]
    shuffle: int | None
    jobs: int | None
    on_ray: bool
    address: str | None
    retry_failed: bool
    as_json: bool


def run_batch(asked: Asked, settings: Settings) -> None:
    """Refine every picture and say where the results are.

    Raises:
        ConfigError: The options do not go together.
        InputError: An option cannot be used.
        BatchError: The source or the folder cannot be used.
        typer.Exit: Nothing came of it.
    """
    opened = open_source(asked.source, asked.column, without=asked.out)
    part = shard_of(asked.shard) if asked.shard is not None else None
    selection = Selection(asked.limit, part, kinds_of(asked.where), asked.shuffle)
    with _engine(asked.on_ray, asked.address) as (run, cluster):
        job = Job(
            source=opened,
            out=asked.out,
            settings=settings,
            agent=partial(agent_for, _anywhere(settings)),
            jobs=Jobs.fixed(asked.jobs) if asked.jobs else default_jobs(settings, cluster),
            wanted=Wanted(asked.kind, asked.to, asked.lean),
            selection=selection,
            retry_failed=asked.retry_failed,
        )
        with BatchProgress(as_json=asked.as_json) as progress:
            totals = run_work(run_job(job, run, progress.tell))
    _conclude(totals, asked.out, asked.as_json)


@contextmanager
def _engine(on_ray: bool, address: str | None) -> Iterator[tuple[Engine, int | None]]:
    """The engine, and the cores of its cluster if it has one. Ray is imported only where it is asked for.

    Raises:
        ConfigError: The options do not go together, or Ray is not installed.
        BatchError: There is no such cluster.
    """
    if not on_ray:
        if address is not None:
            raise ConfigError("--address is that of a Ray cluster; give --engine ray with it")
        yield run_local, None
        return
    if find_spec("ray") is None:
        raise ConfigError("--engine ray needs Ray, which is not installed: pip install 'lookalike[ray]'")
    from agent.batch.ray_engine import RayEngine, connected

    with connected(address) as cores:
        yield RayEngine(cores), cores


def _anywhere(settings: Settings) -> Settings:
    """The settings as they hold in a process whose working directory is another."""
    prompts = settings.prompts
    paths = {
        name: path and path.absolute()
        for name, path in (("directory", prompts.directory), ("verm", prompts.verm))
    }
    return settings.model_copy(update={"prompts": prompts.model_copy(update=paths)})


def _conclude(totals: Totals, out: Path, as_json: bool) -> None:
    """Say where to look; exit code 2 only where nothing at all came of it."""
    if not as_json:
        typer.echo(f"results: {out / 'results.jsonl'}  gallery: {out / 'gallery.html'}", err=True)
    if totals.failed:
        complain(
            f"{totals.failed:,} of {totals.items:,} items failed, each with its reason in "
            f"{out / 'results.jsonl'}; the same command with --retry-failed tries them again"
        )
    if totals.failed and not totals.done:
        raise typer.Exit(MUST_BE_MENDED)
