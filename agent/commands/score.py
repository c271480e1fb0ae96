"""``lookalike score``: the reward for reinforcement learning, for a file of answers or over HTTP."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, CriticOption
from agent.commands.failures import MUST_BE_MENDED, one_line_failures
from agent.commands.working import run_work
from agent.errors import InputError, ServeError
from agent.rewards.types import TERMS
from agent.settings import Settings, load_settings


def score(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.jsonl]", help="Lines with answer, reference and kind."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the scored lines go; beside FILE by default.")
    ] = None,
    terms: Annotated[str, typer.Option(help=f"What makes the score: {', '.join(TERMS)}.")] = "guarded",
    critic: CriticOption = None,
    processes: Annotated[int | None, typer.Option(min=1, help="As many as cores by default.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Answer POST /score instead, until ended.")] = False,
    host: Annotated[str, typer.Option(help="With --serve: address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="With --serve; 0 takes a free one.")] = 8177,
    config: ConfigOption = None,
) -> None:
    """Score answers as a trainer would: render their code, compare with the reference, say how good it is."""
    from agent.processes import default_processes
    from agent.rewards.files import score_file

    with one_line_failures():
        if terms not in TERMS:
            raise InputError(f"--terms {terms}: choose one of {', '.join(TERMS)}")
        settings = load_settings({"critic": {"use": critic}}, config).settings
        count = processes or default_processes()
        if serve == (file is not None):
            raise InputError("give either FILE.jsonl or --serve")
        if file is None:
            _serve(settings, terms, count, host, port)
            return
        target = out or file.with_suffix(".scored.jsonl")
        done = run_work(score_file(file, target, settings, terms=terms, processes=count))
    typer.echo(f"{done.rows:,} scored, mean {done.mean:.4f}; {done.bad:,} could not be: {target}", err=True)
    if not done.rows:
        raise typer.Exit(MUST_BE_MENDED)


def _serve(settings: Settings, terms: str, processes: int, host: str, port: int) -> None:
    from agent.background import BackgroundLoop
    from agent.rewards.scorer import Scorer
    from agent.rewards.server import RewardServer
    from agent.rewards.shared import gathered

    signal.signal(signal.SIGTERM, _interrupt)
    loop, scorer = BackgroundLoop(), Scorer(settings, terms, processes)
    try:
        server = RewardServer(host, port, lambda requests: loop.run(gathered(scorer, requests)))
    except OSError as error:
        raise ServeError(f"{host}:{port}: cannot be listened at ({error.strerror})") from error
    typer.echo(f"http://{host}:{server.server_address[1]}/score", err=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()
        loop.run(scorer.aclose())
        loop.close()


def _interrupt(number: int, frame: object) -> None:
    """Being asked to end is like Ctrl-C."""
    raise KeyboardInterrupt
