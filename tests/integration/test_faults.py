"""Every write of a run, a batch and an export fails once, as disks fail: told in a line, nothing lost."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from agent.batch.export import export
from agent.batch.export_columns import Export
from agent.batch.export_examples import Wanted
from agent.commands.failures import MENDABLE
from agent.testing import ScriptedGenerator, Step
from renderers.types import Kind
from tests.batches import FakeAgent, folder_of, job, noise, rows, run
from tests.faults import failing

CODES = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE)
STEPS = (Step(severity=10), Step(severity=4))
ITEMS = 1


def refine(folder: Path, *, resume: bool = False) -> object:
    async def once() -> object:
        async with FakeAgent(ScriptedGenerator(STEPS)) as agent:
            return await agent.arefine(noise(1), kind=Kind.CHART, out=folder, resume=resume)

    return asyncio.run(once())


def batch(source: Path, out: Path) -> None:
    run(job(source, out))


def steps_of(work, folder: Path) -> int:
    with failing(folder, 0, 0) as faults:
        work()
    return faults.count


def fails(work, folder: Path, at: int, code: int) -> bool:
    """Whether the work ends with an error when this step fails, which then is one that is told in a line."""
    with failing(folder, at, code):
        try:
            work()
        except MENDABLE as error:
            assert str(error).strip()
            return True
    return False


def halves(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def spread(count: int) -> list[tuple[int, int]]:
    """Every step, with the ways of failing in turn."""
    return [(at, CODES[at % len(CODES)]) for at in range(1, count + 1)]


def test_every_write_of_a_run(tmp_path):
    count = steps_of(lambda: refine(tmp_path / "whole"), tmp_path / "whole")
    assert count > 15
    failed = 0
    for at, code in spread(count):
        folder = tmp_path / f"{at}"
        failed += fails(lambda folder=folder: refine(folder), folder, at, code)
        assert not halves(folder) if folder.exists() else True
        assert refine(folder, resume=True).result.best is not None
        assert (folder / "best.py").exists()
        assert (folder / "report.html").exists()
    assert failed > count / 2


def test_every_write_of_a_batch(tmp_path):
    source = folder_of(tmp_path / "in", ITEMS)
    count = steps_of(lambda: batch(source, tmp_path / "whole"), tmp_path / "whole")
    assert count > 30
    for at, code in spread(count):
        out = tmp_path / f"{at}"
        fails(lambda out=out: batch(source, out), out, at, code)
        run(job(source, out, retry_failed=True))
        assert [row["status"] for row in rows(out)] == ["done"] * ITEMS
        assert (out / "gallery.html").exists()
        assert not halves(out)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_every_write_of_an_export(form, tmp_path):
    out = tmp_path / "out"
    batch(folder_of(tmp_path / "in", ITEMS), out)
    file = tmp_path / "there" / f"sft.{form}"
    write = lambda: export(out, Export.SFT, file, wanted=Wanted(min_similarity=0))  # noqa: E731
    write()
    whole = file.read_bytes()
    count = steps_of(write, file.parent)
    assert count
    for at, code in spread(count):
        fails(write, file.parent, at, code)
        assert file.read_bytes() == whole
        assert not halves(file.parent)
