"""The command line starts quickly: a command's imports are made when it is called."""

from __future__ import annotations

from importlib import import_module

from typer.testing import CliRunner

from agent.cli import app
from agent.commands.on_demand import NAMES


def test_the_help_of_all_shows_each_command_with_its_first_line():
    shown = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    for name in NAMES:
        module = name.replace("-", "_")
        line = getattr(import_module(f"agent.commands.{module}"), module).__doc__.splitlines()[0]
        assert f"{name} {' '.join(line.split())}" in shown


def test_a_command_that_there_is_not_is_told_so():
    done = CliRunner().invoke(app, ["nothing"])
    assert done.exit_code == 2
    assert "No such command 'nothing'" in done.output
