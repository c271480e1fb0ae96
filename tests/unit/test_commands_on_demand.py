"""The command line starts quickly: a command's imports are made when it is called."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

from typer.testing import CliRunner

from agent.cli import app
from agent.commands.on_demand import NAMES

HEAVY = ("numpy", "cv2", "matplotlib", "langgraph", "openai", "playwright", "scipy", "pydantic")


def test_neither_the_version_nor_the_help_loads_what_commands_need(root):
    program = (
        "import sys\nfrom typer.testing import CliRunner\nfrom agent.cli import app\n"
        "for option in ('--version', '--help'):\n"
        "    assert CliRunner().invoke(app, [option]).exit_code == 0\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_help_of_all_shows_each_command_with_its_first_line():
    shown = " ".join(CliRunner().invoke(app, ["--help"]).output.replace("│", " ").split())
    for name in NAMES:
        line = getattr(import_module(f"agent.commands.{name}"), name).__doc__.splitlines()[0]
        assert f"{name} {' '.join(line.split())}" in shown


def test_a_command_that_there_is_not_is_told_so():
    done = CliRunner().invoke(app, ["nothing"])
    assert done.exit_code == 2
    assert "No such command 'nothing'" in done.output
