"""Nothing is lost and nothing is done twice, whenever a batch is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batches import folder_of, rows

KILLS = max(10, int(os.environ.get("LOOKALIKE_TEST_KILLS", "0")))
ITEMS = 3 * KILLS // 2


@pytest.mark.long
def test_killed_again_and_again_every_item_is_there_exactly_once(root: Path, tmp_path: Path) -> None:
    folder_of(tmp_path / "in", ITEMS)
    done = subprocess.run(
        [sys.executable, "-m", "tests.batch_killer", tmp_path / "in", tmp_path / "out", str(KILLS)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["rows"] == ITEMS
    assert told["killed"] >= told["at_work"] >= KILLS / 2  # many kills come while there was something to lose
    assert [row["index"] for row in rows(tmp_path / "out")] == list(range(ITEMS))
    assert {row["status"] for row in rows(tmp_path / "out")} == {"done"}
    assert all((tmp_path / "out" / row["code"]).stat().st_size for row in rows(tmp_path / "out"))
    leftovers = list((tmp_path / "out").rglob("*.part"))
    assert not leftovers
