"""``lookalike batch`` as a user runs it: real parts, exit codes, interrupts, bad folders."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import CliRunner, Result

from agent.batch.events import Began, Counted, Ended, Finished, Gathering
from agent.batch.items import Item
from agent.batch.lock import locked
from agent.batch.refining import Wanted
from agent.batch.selection import Selection
from agent.batch.sizing import Jobs
from agent.batch.sources import Source
from agent.cli import app
from agent.errors import BatchError
from agent.testing import Step
from graph.types import Draft, Revision, Task
from renderers.types import Kind, RenderStatus
from tests.batches import fake_agents, folder_of, job, png, rows, run

QUICK = ("--kind", "svg", "--rounds", "0")


def lookalike(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def icons(small: Path, tmp_path: Path) -> Path:
    """Two real icons and a text that calls itself one."""
    (tmp_path / "in").mkdir()
    for name in ("telescope", "cable_car"):
        shutil.copy(small / "svg" / f"{name}.png", tmp_path / "in")
    (tmp_path / "in" / "letter.png").write_text("Dear picture")
    return tmp_path / "in"


def test_a_folder_of_pictures_and_rubbish(icons: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = lookalike("batch", icons, "-o", out, *QUICK)
    assert done.exit_code == 0, done.output
    made = rows(out)
    assert [(row["id"], row["status"]) for row in made] == [
        *(("cable_car.png", "done"), ("letter.png", "failed"), ("telescope.png", "done"))
    ]
    assert "not a picture" in made[1]["error"] and made[0]["reward"] > 1
    assert {"results.parquet", "summary.json", "gallery.html"} <= {path.name for path in out.iterdir()}
    assert "1 of 3 items failed" in done.stderr and "--retry-failed" in done.stderr
    assert "failed letter.png: " in done.stderr and "2 done of 3, 1 failed" in done.stderr
    assert "\x1b" not in done.stderr

    shutil.copy(icons / "telescope.png", icons / "letter.png")
    before = (out / made[0]["folder"] / "run.json").stat().st_mtime_ns
    again = lookalike("batch", icons, "-o", out, *QUICK)
    assert again.exit_code == 0 and rows(out) == made
    retried = lookalike("batch", icons, "-o", out, *QUICK, "--retry-failed", "--json")
    assert retried.exit_code == 0, retried.output
    events = [json.loads(line) for line in retried.stdout.splitlines()]
    assert [event["event"] for event in events if event["event"] != "counted"] == [
        *("began", "item", "gathering", "ended")
    ]
    assert events[-1]["totals"]["done"] == 3
    assert [row["status"] for row in rows(out)] == ["done"] * 3
    assert (out / made[0]["folder"] / "run.json").stat().st_mtime_ns == before


def test_lean_keeps_no_runs(icons: Path, tmp_path: Path) -> None:
    done = lookalike("batch", icons, "-o", tmp_path / "out", *QUICK, "--lean", "--limit", "1")
    assert done.exit_code == 0, done.output
    (row,) = rows(tmp_path / "out")
    assert (tmp_path / "out" / row["code"]).read_text().startswith("<svg")
    assert not (tmp_path / "out/items").exists() and not (tmp_path / "out/.running").exists()


def test_all_failed_is_something_to_mend(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    assert lookalike("batch", tmp_path / "a.png", "-o", tmp_path / "out").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{in}/none",), "no such source"),
        (("{in}/empty",), "is empty"),
        (("{in}", "--shard", "4/4"), "i counting from 0"),
        (("{in}", "--shard", "half"), "i counting from 0"),
        (("{in}", "--where", "size=3"), "give kind="),
        (("{in}", "--where", "kind=photo"), "give kind="),
        (("{in}", "--kind", "photo"), "choose one of auto, chart"),
        (("{in}", "--where", "kind=table", "--shard", "1/2"), "no item is chosen"),
        (("{in}", "-o", "{in}/a.png"), "cannot be written"),
        (("{in}", "-o", "/proc/none"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "in" / "empty").mkdir(parents=True)
    (tmp_path / "in" / "a.png").write_bytes(png())
    filled = [argument.replace("{in}", str(tmp_path / "in")) for argument in arguments]
    out = () if "-o" in filled else ("-o", tmp_path / "out")
    done = lookalike("batch", *filled, *out)
    assert done.exit_code == 2
    assert said in done.stderr
    assert sum(line.startswith("lookalike: ") for line in done.stderr.splitlines()) == 1


def test_a_second_batch_is_kept_out_and_a_killed_one_keeps_nobody_out(tmp_path: Path) -> None:
    folder_of(tmp_path / "in", 1)
    script = "import sys, time; from pathlib import Path; from agent.batch.lock import locked\n"
    script += "with locked(Path(sys.argv[1])): print('mine', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", script, tmp_path / "out"], stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline() == b"mine\n"
    try:
        done = lookalike("batch", tmp_path / "in", "-o", tmp_path / "out")
        assert done.exit_code == 2
        assert f"another batch is writing there (process {holder.pid})" in done.stderr
    finally:
        holder.kill()
        holder.communicate()
    with locked(tmp_path / "out"):
        pass


def test_another_batch_s_folder_is_refused(tmp_path: Path) -> None:
    one, other = folder_of(tmp_path / "one", 2), folder_of(tmp_path / "other", 2)
    out = tmp_path / "out"
    run(job(one, out))
    with pytest.raises(BatchError, match="holds a batch that is not this one \\(source was"):
        run(job(other, out))
    with pytest.raises(BatchError, match="lean was False, not True"):
        run(job(one, out, wanted=Wanted(kind=Kind.CHART, lean=True)))
    (out / "batch.json").unlink()
    assert run(job(other, out)).done == 2  # the ids are the same, so there is nothing to do


def test_selections_may_change_from_run_to_run(tmp_path: Path) -> None:
    source, out = folder_of(tmp_path / "in", 6), tmp_path / "out"
    assert run(job(source, out, selection=Selection(limit=2))).done == 2
    told: list[object] = []
    done = run(job(source, out, selection=Selection(limit=3, seed=1)), told.append).done
    assert done <= 5 and Counted(done) in told
    told.clear()
    assert run(job(source, out), told.append).done == 6
    assert Counted(6) in told
    assert [row["index"] for row in rows(out)] == list(range(6))


def test_a_folder_may_grow_between_two_runs(tmp_path: Path) -> None:
    source, out = folder_of(tmp_path / "in", 3), tmp_path / "out"
    run(job(source, out))
    before = rows(out)
    (source / "!first.png").write_bytes(png(9))
    (source / "zlast.png").write_bytes(png(10))
    run(job(source, out))
    assert rows(out)[:3] == before
    assert {row["id"] for row in rows(out)[3:]} == {"!first.png", "zlast.png"}
    indices = [row["index"] for row in rows(out)]
    assert indices == sorted(set(indices)) and len(indices) == 5
    assert json.loads((out / "summary.json").read_text())["items"] == 5


class Backwards:
    """A generator that takes less time for each next item."""

    name = "backwards"
    samples = True

    def __init__(self) -> None:
        self.left = 6

    async def draft(self, task: Task, seed: int) -> Draft:
        self.left -= 1
        await asyncio.sleep(0.1 * self.left)
        return Draft(code=Step().to_code(seed))

    async def revise(self, revision: Revision) -> Draft:
        return Draft(code="")


def test_results_come_in_the_order_of_the_source_whichever_item_is_done_first(tmp_path: Path) -> None:
    told = []
    run(
        job(folder_of(tmp_path / "in", 6), tmp_path / "out", fake_agents(Backwards()), jobs=Jobs.fixed(6)),
        told.append,
    )
    finished = [event.row.index for event in told if isinstance(event, Finished)]
    assert finished != sorted(finished)
    assert [row["index"] for row in rows(tmp_path / "out")] == list(range(6))
    assert isinstance(told[0], Began) and told[0].jobs == 6
    assert Counted(6) in told
    assert isinstance(told[-2], Gathering) and isinstance(told[-1], Ended)


def test_one_broken_item_costs_one_item(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 4)
    (source / "0001.png").write_bytes(b"text")
    (source / "0002.png").write_bytes(png()[:300])
    totals = run(job(source, tmp_path / "out"))
    assert (totals.done, totals.failed) == (2, 2)
    broken = run(job(source, tmp_path / "out2", fake_agents([Step(status=RenderStatus.TIMEOUT)])))
    assert (broken.done, broken.failed) == (0, 4)


class Counting(Source):
    """A source that counts what has been read."""

    read: ClassVar[int] = 0

    def items(self, *, pictures: bool = True) -> Iterator[Item]:
        for item in super().items(pictures=pictures):
            Counting.read += pictures
            yield item


def test_reading_goes_no_further_ahead_than_refining(tmp_path: Path) -> None:
    made = job(folder_of(tmp_path / "in", 40), tmp_path / "out", jobs=Jobs.fixed(3))
    source = made.source
    counting = Counting(source.name, source.form, source.root, source.files)
    ahead = []

    def tell(event: object) -> None:
        if isinstance(event, Finished):
            ahead.append(Counting.read - len(ahead))

    run(replace(made, source=counting), tell)
    assert len(ahead) == 40 and max(ahead) <= 3 * 3


def test_ctrl_c_ends_in_order_and_the_same_command_goes_on(icons: Path, tmp_path: Path) -> None:
    for number in range(5):
        shutil.copy(icons / "telescope.png", icons / f"more{number}.png")
    command = [
        sys.executable,
        "-m",
        "agent.cli",
        "batch",
        icons,
        "-o",
        tmp_path / "out",
        *QUICK,
        "--jobs",
        "1",
    ]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        while not ((tmp_path / "out/results.jsonl").exists() and rows(tmp_path / "out")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert "interrupted; what was finished is on disk" in said and "Traceback" not in said
    kept = rows(tmp_path / "out")
    assert 0 < len(kept) < 8
    done = lookalike("batch", icons, "-o", tmp_path / "out", *QUICK)
    assert done.exit_code == 0, done.output
    made = rows(tmp_path / "out")
    assert len(made) == 8 and all(row in made for row in kept)


def test_a_terminal_sees_one_line_that_follows(icons: Path, tmp_path: Path) -> None:
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "agent.cli", "batch", icons, "-o", tmp_path / "out", *QUICK]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(child)
    seen = b""
    try:
        while piece := os.read(parent, 4096):
            seen += piece
    except OSError:
        pass  # the other end is closed
    os.close(parent)
    assert process.wait(60) == 0
    assert b"2 done of 3, 1 failed, reward" in seen and b"a minute" in seen
