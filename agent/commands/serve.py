"""``lookalike serve``: both model servers on the GPUs of this machine."""

from __future__ import annotations

import asyncio
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from agent.commands.failures import one_line_failures
from agent.commands.working import run_work
from agent.errors import ServeError
from agent.serving.gpus import find_gpus, imagined
from agent.serving.plan import Options, Plan, plan
from agent.serving.run import Fleet, Process

_DEFAULTS = Options()


def serve(
    extra: Annotated[
        list[str] | None, typer.Argument(metavar="[-- FLAGS]", help="More flags for every `vllm serve`.")
    ] = None,
    generator: Annotated[
        str, typer.Option(help='Model to generate with, a name or a folder; "" for none.')
    ] = _DEFAULTS.generator,
    critic: Annotated[
        str, typer.Option(help='Model to critique with, a name or a folder; "" for none.')
    ] = _DEFAULTS.critic,
    host: Annotated[str, typer.Option(help="Where the servers listen.")] = _DEFAULTS.host,
    port: Annotated[int, typer.Option(min=1, max=65000, help="First port.")] = _DEFAULTS.port,
    context: Annotated[
        int, typer.Option(min=1024, help="Tokens of prompt and answer together.")
    ] = _DEFAULTS.context,
    ngram: Annotated[
        bool, typer.Option("--ngram", help="The generator guesses ahead from the code in its prompt.")
    ] = False,
    generator_flags: Annotated[
        str, typer.Option(metavar="FLAGS", help="More flags for the generator's `vllm serve`.")
    ] = "",
    critic_flags: Annotated[
        str, typer.Option(metavar="FLAGS", help="More flags for the critic's `vllm serve`.")
    ] = "",
    router: Annotated[bool, typer.Option(help="A router before several replicas.")] = True,
    wait: Annotated[float, typer.Option(min=1, help="Seconds that a server may take to start.")] = 1800.0,
    logs: Annotated[Path | None, typer.Option(help="Folder for the servers' output.")] = None,
    gpus: Annotated[
        str | None, typer.Option(metavar="GiB,...", help="With --dry-run: as if there were these GPUs.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the commands and start nothing.")] = False,
) -> None:
    """Start the generator's and the critic's server on this machine's GPUs, until Ctrl-C."""
    options = Options(
        generator,
        critic,
        host,
        port,
        context,
        router,
        extra=tuple(extra or ()),
        generator_extra=tuple(shlex.split(generator_flags)),
        critic_extra=tuple(shlex.split(critic_flags)),
        ngram=ngram,
    )
    with one_line_failures():
        if gpus is not None and not dry_run:
            raise ServeError("--gpus is for --dry-run only; CUDA_VISIBLE_DEVICES chooses among real GPUs")
        found = imagined(gpus) if gpus else find_gpus()
        if not dry_run and shutil.which("vllm") is None:
            raise ServeError("vLLM is not installed here: pip install 'lookalike[vllm]' on the GPU machine")
        planned = plan(found, options, has_router=dry_run or shutil.which("vllm-router") is not None)
        if dry_run:
            _print_plan(planned)
            return
        folder = logs or Path(tempfile.mkdtemp(prefix="lookalike-serve-"))
        try:
            run_work(_serve(planned, options.host, folder, wait))
        except ServeError as error:
            typer.echo(error.details, err=True)
            raise


def _print_plan(planned: Plan) -> None:
    for number, stage in enumerate(planned.stages, start=1):
        when = "" if number == 1 else ", once those before are healthy"
        typer.echo(f"# step {number}{when}")
        for server in stage:
            typer.echo(server.shell())
    _print_environment(planned)


def _print_environment(planned: Plan) -> None:
    for note in planned.notes:
        typer.echo(f"# note: {note}")
    typer.echo("# then, where lookalike runs:")
    for line in planned.environment_lines():
        typer.echo(line)


async def _serve(planned: Plan, host: str, logs: Path, wait: float) -> None:
    console = Console(stderr=True, highlight=False)

    def tell(process: Process) -> None:
        if not console.is_terminal:
            console.print(
                f"{process.server.name}: {process.state} after {process.seconds:.0f} s", markup=False
            )

    console.print(f"logs: {logs}", markup=False)
    async with Fleet(planned, host, logs, tell) as fleet:
        showing = asyncio.create_task(_show(fleet, console)) if console.is_terminal else None
        try:
            await fleet.start(wait)
            _print_environment(planned)
            await fleet.watch()
        finally:
            if showing is not None:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
            console.print("ending the servers ...")


async def _show(fleet: Fleet, console: Console) -> None:
    """A compact table that follows the servers."""
    with Live(console=console, transient=True, auto_refresh=False) as live:
        while True:
            table = Table(box=None, pad_edge=False, show_header=False)
            for process in fleet.processes:
                load = process.load or process.server.environment.get("CUDA_VISIBLE_DEVICES", "")
                table.add_row(process.server.name, str(process.state), f"{process.seconds:.0f} s", load)
            live.update(table, refresh=True)
            await asyncio.sleep(1.0)
