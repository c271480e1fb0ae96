"""What the README says is tried out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from agent.cli import app


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return found


def test_its_python_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(root / "examples")
    monkeypatch.chdir(tmp_path)
    code = blocks(root, "python")
    assert code
    for block in code:
        exec(compile(block, "README.md", "exec"), {})


def test_its_commands_are_ours(root: Path) -> None:
    """Every option and command shown exists; the files named need not."""
    command = get_command(app)
    assert isinstance(command, TyperGroup)
    shown = [
        shlex.split(line, comments=True)[1:]
        for block in blocks(root, "bash")
        for line in block.splitlines()
        if line.startswith("lookalike ")
    ]
    assert len(shown) >= 5
    for name, *arguments in shown:
        command.commands[name].make_context(name, arguments)


def test_its_targets_are_in_the_makefile(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    said = re.findall(r"^make (\w+)", "\n".join(blocks(root, "bash")), flags=re.MULTILINE)
    assert {"demo", "test", "check"} <= set(said)
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in said)


def test_its_links_lead_somewhere(root: Path) -> None:
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "examples/pictures/README.md",
        "examples/pictures/NOTICES.md",
    ):
        document = root / name
        links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
        for link in links:
            assert (document.parent / link).exists(), f"{name}: {link}"
