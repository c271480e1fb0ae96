"""``lookalike doctor``: one screen on what works here, what does not, and what to do about it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Annotated

import typer

from agent.commands.choices import ConfigOption
from agent.commands.config import settings_of
from agent.commands.failures import one_line_failures

if TYPE_CHECKING:
    from agent.doctor import Check

_COLOURS = {"ok": "green", "weak": "yellow", "missing": "red"}


def doctor(
    file: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look over browser, fonts, OCR, isolation and model servers. Exit code 1 where something is missing."""
    from agent.commands.working import run_work
    from agent.doctor import Verdict, examine

    with one_line_failures():
        checks = run_work(examine(settings_of(file=file).settings))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(check) for check in checks], indent=2))
    else:
        _show(checks)
    if any(check.verdict is Verdict.MISSING for check in checks):
        raise typer.Exit(1)


def _show(checks: list[Check]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    width = max(len(check.name) for check in checks)
    for check in checks:
        line = Text(f"{check.verdict.value:8}", style=_COLOURS[check.verdict.value])
        line.append(f"{check.name:{width}}  {check.detail}", style="default")
        console.print(line)
        if check.remedy:
            console.print(f"{'':8}{'':{width}}  -> {check.remedy}", markup=False)
