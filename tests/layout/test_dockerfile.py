"""The image of the command: what it copies is there, and hadolint has nothing to say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from agent.layout import PACKAGES


def test_all_that_is_built_is_copied(root: Path) -> None:
    text = (root / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    copied = {
        name for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE) for name in line.split()
    }
    assert set(PACKAGES) | {"lookalike.py", "pyproject.toml"} <= copied
    kept = set(re.findall(r"^!(\S+)$", (root / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    assert copied == kept
    assert all((root / name).exists() for name in copied)


def test_hadolint_has_nothing_to_say(root: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "hadolint"), str(root / "deploy" / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
