"""What the README says is tried out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.cli import app


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return found


@pytest.fixture
def briefly(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the examples, small, where a run that does not say otherwise is a draft alone."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "pictures").symlink_to(small)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOOKALIKE_SEARCH__BUDGET__ROUNDS", "0")
    return tmp_path


@pytest.mark.long
def test_its_python_runs(root: Path, briefly: Path) -> None:
    code = blocks(root, "python")
    assert code
    for block in code:
        exec(compile(block, "README.md", "exec"), {})


@pytest.mark.long
@pytest.mark.timeout(900)  # a dozen commands, one after the other
def test_its_commands_run(root: Path, briefly: Path) -> None:
    """In this process: what a command loads, a dozen would each load anew."""
    commands = [block for block in blocks(root, "bash") if block.startswith("lookalike ")]
    assert len(commands) == 2
    for line in "".join(commands).splitlines():
        name, *words = shlex.split(line, comments=True)
        arguments = [found for word in words for found in sorted(map(str, Path().glob(word))) or [word]]
        done = CliRunner().invoke(app, arguments)
        assert (name, done.exit_code) == ("lookalike", 0), f"{line}\n{done.output}"
    assert (briefly / "render.png").exists() and (briefly / "lookalike-out/readable_types/best.md").exists()
    assert len((briefly / "icons/results.jsonl").read_text().splitlines()) == 3


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
            if "://" in link:
                continue
            assert (document.parent / link).exists(), f"{name}: {link}"
