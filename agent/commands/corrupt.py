"""``lookalike corrupt``: pairs of pictures whose differences are known, to measure and to train with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, KindOption, kind_of
from agent.commands.failures import MUST_BE_MENDED, one_line_failures
from agent.commands.working import run_work
from agent.errors import InputError
from agent.settings import load_settings


def corrupt(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(metavar="SOURCES...", help="Code: .py, .svg and .html files, or folders of them."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the pairs; the same one goes on.")
    ] = Path("lookalike-pairs"),
    kind: KindOption = "auto",
    each: Annotated[int, typer.Option("-n", min=1, help="Pairs of each source.")] = 4,
    pairs: Annotated[
        int | None, typer.Option(min=1, help="Pairs in all, the sources taken in turn; instead of -n.")
    ] = None,
    errors: Annotated[str, typer.Option(metavar="LEAST-MOST", help="Errors of a pair.")] = "1-3",
    untouched: Annotated[float, typer.Option(help="Share of pairs with no error in them.")] = 0.0,
    seed: Annotated[int, typer.Option(help="The same one gives the same pairs.")] = 0,
    processes: Annotated[
        int | None, typer.Option(min=1, help="At a time; as many as cores by default.")
    ] = None,
    natural: Annotated[
        Path | None,
        typer.Option(
            metavar="RUNS", help="Take pairs from finished runs: what a generator really got wrong."
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Put known errors into code, and write the pictures before and after with what is wrong and where."""
    from agent.injection.card import write_card
    from agent.injection.natural import natural as from_runs
    from agent.injection.run import PAIRS, REJECTED, Recipe, orders
    from agent.injection.run import corrupt as make_pairs
    from agent.processes import default_processes

    with one_line_failures():
        if (natural is None) == (not sources):
            raise InputError("give either SOURCES or --natural RUNS")
        tally = from_runs(natural, out) if natural is not None else None
        if tally is None:
            settings = load_settings({}, config).settings
            least, most = _span(errors)
            recipe = Recipe(seed, least, most, untouched)
            paths, chosen = list(sources or ()), kind_of(kind)
            wanted = orders(paths, chosen, recipe, out, each=each, most=pairs)
            tally = run_work(make_pairs(wanted, out, processes or default_processes(), settings))
        write_card(out)
    typer.echo(
        f"{tally.made:,} pairs written to {out / PAIRS}"
        + (f", {tally.there:,} were there" if tally.there else "")
        + (f", {tally.rejected:,} could not be made: {out / REJECTED}" if tally.rejected else ""),
        err=True,
    )
    if not (tally.made or tally.there):
        raise typer.Exit(MUST_BE_MENDED)


def _span(errors: str) -> tuple[int, int]:
    """The least and the most errors of a pair, as ``1-3`` or ``2``."""
    least, _, most = errors.partition("-")
    if not least.isdecimal() or (most and not most.isdecimal()):
        raise InputError(f"--errors {errors}: give a number or two, such as 1-3")
    return int(least), int(most or least)
