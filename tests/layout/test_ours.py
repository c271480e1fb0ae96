"""The check at start that the packages are ours."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.errors import LayoutError
from agent.layout import PACKAGES, check_layout


def start(path: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Start the command with a folder on the path, before our own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(path), str(root)])}
    command = [sys.executable, "-P", "-c", "import lookalike; lookalike.main()", "--version"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def claim(folder: Path, name: str, listed: str) -> None:
    """Pretend that a distribution of this name installed this file."""
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (metadata / "RECORD").write_text(f"{listed},sha256=x,1\n{metadata.name}/RECORD,,\n")


def test_our_own_packages_pass() -> None:
    check_layout()


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_from_elsewhere_stops_the_command(tmp_path: Path, root: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("raise SystemExit('the wrong package was imported')\n")
    done = start(tmp_path, root)
    assert done.returncode == 2
    assert f"hides our package {name!r}" in done.stderr and str(tmp_path) in done.stderr
    assert "virtual environment" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_local_module_is_told_to_who_imports_ours(tmp_path: Path, root: Path) -> None:
    (tmp_path / "prompts.py").write_text("")
    (tmp_path / "mine.py").write_text("from agent import RefinementAgent\n")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, str(tmp_path / "mine.py")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert f"{tmp_path / 'prompts.py'} hides our package 'prompts'" in done.stderr
    assert "Rename or move" in done.stderr


@pytest.mark.parametrize("listed", ["graph/__init__.py", "prompts.py"])
def test_another_distribution_with_one_of_our_names_stops_the_command(
    tmp_path: Path, root: Path, listed: str
) -> None:
    claim(tmp_path, "other", listed)
    done = start(tmp_path, root)
    assert done.returncode == 2
    assert "distribution 'other'" in done.stderr
    assert "Traceback" not in done.stderr


def test_names_that_only_begin_like_ours_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim(tmp_path, "other", "graphs/__init__.py")
    claim(tmp_path, "another", "other/graph/__init__.py")
    monkeypatch.syspath_prepend(tmp_path)
    check_layout()


def test_a_claim_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim(tmp_path, "other", "critic/__init__.py")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LayoutError, match=r"'other'.*'critic'"):
        check_layout()


def test_the_check_costs_little() -> None:
    spent = []
    for _ in range(5):
        before = time.process_time()
        check_layout()
        spent.append(time.process_time() - before)
    assert min(spent) < 0.1
