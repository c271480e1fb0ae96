"""``lookalike rewardbench``: how well a critic finds errors that are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.choices import ConfigOption, VermOption
from agent.commands.failures import one_line_failures
from agent.commands.working import run_work
from agent.errors import InputError
from agent.settings import load_settings

if TYPE_CHECKING:
    from agent.rewardbench.run import Judged

_GIVEN = "given"
_MATCHERS = ("rules", "judge")


def rewardbench(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Pairs with known errors, as VC-RewardBench has them.")
    ],
    critic: Annotated[
        str,
        typer.Option(
            help="pixel, visual-erm, judge, my_package:MyCritic, or given: the file's own pred_json."
        ),
    ] = "pixel",
    matcher: Annotated[
        str, typer.Option(help="rules: category, place and words. judge: a language model, as published.")
    ] = "rules",
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder for the results; the same one goes on with them.")
    ] = Path("lookalike-rewardbench"),
    rl_wire: Annotated[
        bool,
        typer.Option("--rl-wire", help="Ask a model as in a run, not on the benchmark's own wire."),
    ] = False,
    published: Annotated[
        bool,
        typer.Option("--published", help="Judge as the published script does, its omissions included."),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Pairs at a time; a core each, or 8 of a model's, by default.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="This many pairs at most.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as one JSON object.")] = False,
    verm_prompts: VermOption = None,
    config: ConfigOption = None,
) -> None:
    """Ask a critic about every pair, match what it says with what is known, and print F1 and correlation."""
    from agent.rewardbench.asked import judge_all
    from agent.rewardbench.report import to_json, write_report
    from agent.rewardbench.run import BAD
    from critic.rewardbench.scores import summarise

    with one_line_failures():
        if matcher not in _MATCHERS:
            raise InputError(f"--matcher {matcher}: choose one of {', '.join(_MATCHERS)}")
        if published and matcher != "judge":
            raise InputError("--published is a way of judging; give --matcher judge with it")
        given = critic == _GIVEN
        flags = {"critic": {"use": None if given else critic}, "prompts": {"verm": verm_prompts}}
        settings = load_settings(flags, config).settings
        judged = run_work(
            judge_all(
                file,
                out,
                matcher,
                settings,
                given=given,
                rl_wire=rl_wire,
                published=published,
                jobs=jobs,
                limit=limit,
            )
        )
        if not judged.pairs:
            raise InputError(f"{file}: no pair could be judged; {out / BAD} says why")
        summary = summarise(judged.pairs, published=published)
        text = write_report(out, critic, summary, judged.pairs)
    typer.echo(json.dumps(to_json(summary)) if as_json else text)
    _tell_rest(judged, out / BAD)


def _tell_rest(judged: Judged, why: Path) -> None:
    if judged.bad:
        typer.echo(f"lookalike: {judged.bad:,} rows could not be judged; {why} says why", err=True)
    if judged.unannotated:
        typer.echo(f"lookalike: {judged.unannotated:,} rows are not annotated and were passed over", err=True)
