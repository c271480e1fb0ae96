"""The script that automatic checks run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("closing", "status"), [("= 3 passed in 1.00s =", 0), ("= 1 failed, 2 passed in 1.00s =", 2)]
)
def test_it_ends_with_the_closing_line_and_status_of_the_tests(
    root: Path, tmp_path: Path, closing: str, status: int
) -> None:
    stand_in = tmp_path / "make"
    stand_in.write_text(f"#!/bin/sh\necho started $CI\necho '{closing}'\necho noise >&2\nexit {status}\n")
    stand_in.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [root / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == status
    assert done.stdout.splitlines()[0] == "started true"
    assert done.stdout.splitlines()[-1] == closing
