"""``lookalike batch``: a dataset in, refined code for every picture out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from agent.batch.job import Engine, Job, run_job
from agent.batch.local import run_local
from agent.batch.refining import Wanted
from agent.batch.selection import Selection, kinds_of, shard_of
from agent.batch.sizing import Jobs, default_jobs
from agent.batch.sources import open_source
from agent.batch.totals import Totals
from agent.commands.batch_progress import BatchProgress
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
from agent.commands.failures import MUST_BE_MENDED, complain, one_line_failures
from agent.commands.session import agent_for
from agent.commands.working import run_work
from agent.errors import ConfigError
from agent.settings import Settings


class EngineName(StrEnum):
    """Where items are refined."""

    LOCAL = "local"
    RAY = "ray"


def batch(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Folder or pattern of pictures, JSONL, CSV, Parquet, WebDataset .tar, or a saved dataset.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the results; the same one goes on with them.")
    ] = Path("lookalike-batch"),
    kind: KindOption = "auto",
    to: ToOption = None,
    column: Annotated[
        str | None, typer.Option(help="Column that holds the pictures; found by its name by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="This many items at most.")] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="i/n", help="One of n parts of the source; i counts from 0.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="kind=...", help="Only these kinds: kind=chart,table.")
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(metavar="SEED", help="Begin items in another order; with --limit, a sample.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Items at a time; by default a core each, or what the model servers take."),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="local: this process. ray: the processes of a Ray cluster.")
    ] = EngineName.LOCAL,
    address: Annotated[
        str | None,
        typer.Option(
            help="Of a Ray cluster; auto is the one of this machine. By default one is started here."
        ),
    ] = None,
    lean: Annotated[bool, typer.Option("--lean", help="Keep code and scores only.")] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Refine items again that failed earlier.")
    ] = False,
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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object an event.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Refine every picture of a dataset. Whatever interrupts it, the same command goes on with it."""
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
    with one_line_failures():
        settings = settings_of(flags, config).settings
        opened = open_source(source, column, without=out)
        selection = Selection(
            limit, shard_of(shard) if shard is not None else None, kinds_of(where or ()), shuffle
        )
        with _engine(engine, address) as (run, cluster):
            job = Job(
                source=opened,
                out=out,
                settings=settings,
                agent=partial(agent_for, _anywhere(settings)),
                jobs=Jobs.fixed(jobs) if jobs else default_jobs(settings, cluster),
                wanted=Wanted(kind_of(kind), language_of(to), lean),
                selection=selection,
                retry_failed=retry_failed,
            )
            with BatchProgress(as_json=as_json) as progress:
                totals = run_work(run_job(job, run, progress.tell))
    _conclude(totals, out, as_json)


@contextmanager
def _engine(name: EngineName, address: str | None) -> Iterator[tuple[Engine, int | None]]:
    """The engine, and the cores of its cluster if it has one. Ray is imported only where it is asked for.

    Raises:
        ConfigError: The options do not go together, or Ray is not installed.
        BatchError: There is no such cluster.
    """
    if name is EngineName.LOCAL:
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
