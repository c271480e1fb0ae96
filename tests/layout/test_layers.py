"""The layers hold, and the contracts that say so would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from agent.layout import PACKAGES

LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(root: Path, tmp_path: Path) -> Path:
    for name in PACKAGES:
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold(root: Path) -> None:
    done = lint(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("critic/types.py", "import graph.types"),
        ("renderers/types.py", "import prompts.errors"),
        ("prompts/errors.py", "import renderers.types"),
        ("critic/types.py", "import langgraph.graph"),
    ],
)
def test_an_import_against_the_layers_is_noticed(copied: Path, module: str, line: str) -> None:
    changed = copied / module
    changed.write_text(changed.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint(copied)
    assert done.returncode != 0
    assert "1 broken" in done.stdout


def test_every_package_is_built_checked_and_typed(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(project["hatch"]["build"]["targets"]["wheel"]["only-include"]) == {*PACKAGES, "lookalike.py"}
    assert set(project["importlinter"]["root_packages"]) == set(PACKAGES)
    assert set(project["mypy"]["packages"]) == set(PACKAGES)
    assert all((root / name / "py.typed").is_file() for name in PACKAGES)
