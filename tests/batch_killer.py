"""Runs a batch on fakes and kills it at random moments, over and over; run by a test as a program.

The processes are forked from one that has imported everything, so that a start takes no time.

    python -m tests.batch_killer SOURCE OUT KILLS
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

from agent.batch.sizing import Jobs
from agent.testing import Step
from tests.batches import fake_agents, job, run

STEPS = [Step(severity=30, delay=0.01), Step(severity=3, similarity=0.9, delay=0.01)]
Seen = dict[str, tuple[str, list[tuple[str, int, int]]]]


def batch(source: Path, out: Path) -> None:
    run(job(source, out, fake_agents(STEPS), jobs=Jobs.fixed(3)))


def whole_rows(out: Path) -> list[tuple[str, dict[str, Any]]]:
    """The lines that a reader could take for rows."""
    file = out / "results.jsonl"
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [(line, json.loads(line)) for line in lines if line.endswith("\n")]


def state(folder: Path) -> list[tuple[str, int, int]]:
    """What would tell that a finished item was touched."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.name, path.stat().st_ino, path.stat().st_mtime_ns) for path in files]


def check(out: Path, seen: Seen) -> None:
    """Every finished item is there once, and as it was."""
    rows = whole_rows(out)
    ids = [row["id"] for _, row in rows]
    assert len(set(ids)) == len(ids), f"repeated: {ids}"
    assert seen.keys() <= set(ids), f"lost: {seen.keys() - set(ids)}"
    for line, row in rows:
        now = (line, state(out / row["folder"]))
        assert seen.setdefault(row["id"], now) == now, f"touched: {row['id']}"


def lines(out: Path) -> int:
    file = out / "results.jsonl"
    return file.read_bytes().count(b"\n") if file.exists() else 0


def wait_for(rows: int, out: Path, child: int) -> None:
    """Wait until there are so many rows, or the batch has ended."""
    while lines(out) < rows and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.002)


def main(source: Path, out: Path, kills: int) -> None:
    """Kill within a few rows of the start, so that it takes all of the kills to come to the end."""
    draw = random.Random(7)
    seen: Seen = {}
    killed = at_work = 0
    items = len(list(source.iterdir()))
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            batch(source, out)
            os._exit(0)
        wait_for(len(seen) + draw.randrange(4), out, child)
        time.sleep(draw.uniform(0.0, 0.05))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        check(out, seen)
        at_work += len(seen) < items
    batch(source, out)
    check(out, seen)
    print(json.dumps({"killed": killed, "at_work": at_work, "rows": len(seen)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
