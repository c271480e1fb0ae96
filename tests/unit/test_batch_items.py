"""One item, one row: whatever its picture, its render or its model comes to."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from agent.batch.breaker import Breaker
from agent.batch.items import Item
from agent.batch.job import run_job
from agent.batch.local import run_local
from agent.batch.refining import ServerDown, Wanted, failed_row, refine_item
from agent.batch.rows import Row, RowStatus
from agent.errors import BatchError
from agent.testing import ScriptedGenerator, Step
from graph.checkpoints import FILE
from graph.types import Draft, Revision
from prompts.errors import EndpointError, NothingSaidError, RequestError
from prompts.unanswered import note_unanswered
from prompts.usage import Usage
from renderers.types import Kind, RenderStatus
from tests.batches import ONE_STEP, FakeAgent, fake_agents, folder_of, job, noise, png, rows, run

CHART = Wanted(kind=Kind.CHART)


def refine(picture: Path | bytes | None, out: Path, steps=ONE_STEP, wanted: Wanted = CHART, **more) -> Row:
    out.mkdir(exist_ok=True)

    async def made() -> Row:
        async with fake_agents(steps)() as agent:
            return await refine_item(agent, Item("a b", 3, "somewhere", picture, **more), out, wanted)

    return asyncio.run(made())


def encoded(image: PILImage.Image, form: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def rgb() -> PILImage.Image:
    return PILImage.fromarray(noise(1, (24, 12)))


def rotated() -> bytes:
    exif = PILImage.Exif()
    exif[0x0112] = 6
    return encoded(rgb(), "JPEG", exif=exif)


def huge() -> bytes:
    """A picture whose header says 30,000 x 30,000 pixels."""
    data = encoded(rgb())
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


GOOD = {
    "plain": lambda: encoded(rgb()),
    "animated": lambda: encoded(rgb(), "GIF", save_all=True, append_images=[rgb().rotate(90)]),
    "cmyk": lambda: encoded(rgb().convert("CMYK"), "JPEG"),
    "deep": lambda: encoded(PILImage.fromarray(np.arange(400, dtype=np.uint16).reshape(20, 20))),
    "rotated": rotated,
    "transparent": lambda: encoded(PILImage.new("RGBA", (8, 8), (255, 0, 0, 40))),
}
BAD = {
    "text": (lambda: b"This is not a picture.", "not a picture"),
    "empty": (lambda: b"", "empty"),
    "truncated": (lambda: encoded(rgb())[:-200], "damaged"),
    "huge": (huge, "900000000 pixels"),
    "folder": (None, "folder"),
}


@pytest.mark.parametrize("name", GOOD)
def test_odd_pictures_are_refined(tmp_path: Path, name: str) -> None:
    (tmp_path / "odd.png").write_bytes(GOOD[name]())
    row = refine(tmp_path / "odd.png", tmp_path / "out")
    assert row.status is RowStatus.DONE and row.error == "" and row.reward > 1
    assert row.reference is not None
    with PILImage.open(tmp_path / "out" / row.reference) as kept:
        assert kept.mode == "RGB"
        assert name != "rotated" or kept.size == (12, 24)


@pytest.mark.parametrize("name", BAD)
def test_bad_pictures_fail_with_the_reason(tmp_path: Path, name: str) -> None:
    make, said = BAD[name]
    source = tmp_path / "bad.png"
    source.write_bytes(make()) if make else source.mkdir()
    row = refine(source, tmp_path / "out")
    assert row.status is RowStatus.FAILED
    assert said in row.error and " object at " not in row.error
    assert (row.id, row.index, row.source, row.folder, row.sha256) == ("a b", 3, "somewhere", None, "")
    missing = refine(source.parent / "missing.png", tmp_path / "out")
    assert "no such file" in missing.error


def test_a_row_without_a_picture_fails_with_its_fault(tmp_path: Path) -> None:
    assert refine(None, tmp_path / "out", fault="no JSON").error == "no JSON"


def test_the_row_tells_the_run(tmp_path: Path) -> None:
    step = Step(severity=30, usage=Usage(calls=1, prompt_tokens=5, completion_tokens=2))
    better = Step(severity=3, similarity=0.9, usage=step.usage)
    row = refine(png(), tmp_path, (step, better), code="print()")
    assert (row.kind, row.language, row.stop_reason) == ("chart", "python", "rounds")
    assert (row.first_reward, row.reward) == (pytest.approx(1.4), pytest.approx(1.94))
    assert row.rewards == (row.first_reward, row.reward)
    assert (row.rounds, row.candidates, row.usage.tokens, row.usage.calls) == (1, 2, 14, 2)
    assert row.folder is not None and row.code is not None and row.render is not None
    folder = tmp_path / row.folder
    assert {"report.html", "run.json", "trajectory.jsonl", "best.py", "best.png"} <= {
        path.name for path in folder.iterdir()
    }
    assert (tmp_path / row.code).read_text() == better.to_code(1)
    assert (folder / "reference_code.txt").read_text() == "print()"
    assert row.reference == f"{row.folder}/pictures/{row.sha256}.png"
    assert (folder / FILE).exists(), "a person can go on with it"


def test_lean_keeps_the_code_only(tmp_path: Path) -> None:
    row = refine(png(), tmp_path, wanted=Wanted(kind=Kind.CHART, lean=True))
    assert (row.folder, row.render, row.reference) == (None, None, None)
    assert row.code is not None and row.code.startswith("code/")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / row.code]
    assert row.reward > 1 and row.sha256


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(status=RenderStatus.ERROR), "scripted error"),
        (Step(status=RenderStatus.TIMEOUT), "scripted timeout"),
        (Step(code=False), "no_render"),
        (Step(error="the generator is broken"), "the generator is broken"),
    ],
)
def test_what_never_rendered_failed(tmp_path: Path, step: Step, said: str) -> None:
    row = refine(png(), tmp_path, (step,))
    assert row.status is RowStatus.FAILED and said in row.error
    assert not list(tmp_path.rglob(FILE)), "its checkpoints would only end it again"
    assert row.reward == 0 and row.code is None


class Unanswered:
    """A generator whose model gives no answer."""

    name = "unanswered"
    samples = True

    def __init__(self, error) -> None:
        self._error = error

    async def draft(self, task, seed):
        note_unanswered(self._error)
        raise self._error

    async def revise(self, revision):
        raise AssertionError("there is nothing to revise")


async def refine_unanswered(error, out: Path) -> Row:
    async with fake_agents(Unanswered(error))() as agent:
        return await refine_item(agent, Item("a", 0, "a", png()), out, CHART)


def test_a_server_that_is_down_is_not_the_item_s_fault(tmp_path: Path) -> None:
    with pytest.raises(ServerDown, match="no connection"):
        asyncio.run(refine_unanswered(EndpointError("no connection"), tmp_path))


class Away:
    """A critic whose server is away."""

    name = "away"
    varies = False

    async def critique(self, kind, reference, render):
        error = EndpointError("no connection")
        note_unanswered(error)
        raise error


def test_an_item_that_nobody_could_judge_begins_anew_once_the_server_is_back(tmp_path: Path) -> None:
    """Its run has ended, with a draft: gone on with, it would be done without a critique."""

    async def twice() -> Row:
        item = Item("a", 0, "a", png())
        async with FakeAgent(ScriptedGenerator(ONE_STEP), critic=Away()) as agent:
            with pytest.raises(ServerDown):
                await refine_item(agent, item, tmp_path, CHART)
        async with fake_agents()() as agent:
            return await refine_item(agent, item, tmp_path, CHART)

    row = asyncio.run(twice())
    assert row.status is RowStatus.DONE and row.reward is not None and not row.error


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_model_that_refuses_every_item_ends_the_batch(tmp_path: Path, status: int) -> None:
    with pytest.raises(BatchError, match="no item can be refined: the key"):
        asyncio.run(refine_unanswered(RequestError("the key", status), tmp_path))


def test_a_model_that_refuses_one_item_fails_it(tmp_path: Path) -> None:
    row = asyncio.run(refine_unanswered(RequestError("too long", 400), tmp_path))
    assert row.status is RowStatus.FAILED and "too long" in row.error


def test_a_server_that_says_nothing_to_one_item_is_not_down(tmp_path: Path) -> None:
    row = asyncio.run(refine_unanswered(NothingSaidError("the answer is empty"), tmp_path))
    assert row.status is RowStatus.FAILED and "the answer is empty" in row.error


def test_a_failed_run_begins_anew_when_it_is_retried(tmp_path: Path) -> None:
    """Also one that ended by an error, whose checkpoints would only end it again."""
    source, out = folder_of(tmp_path / "in", 2), tmp_path / "out"
    assert run(job(source, out, fake_agents([Step(error="out of luck")]))).failed == 2
    assert not list(out.rglob("checkpoints*"))
    assert run(job(source, out)).failed == 2
    assert run(job(source, out, retry_failed=True)).done == 2


class SlowAtRevising(ScriptedGenerator):
    """Takes so long over a revision that it never ends."""

    def __init__(self) -> None:
        super().__init__(ONE_STEP)
        self.asked = asyncio.Event()

    async def revise(self, revision: Revision) -> Draft:
        self.asked.set()
        await asyncio.sleep(600)
        return Draft(code="")


def test_an_interrupted_run_goes_on_and_a_finished_item_is_not_begun_again(tmp_path: Path) -> None:
    source = folder_of(tmp_path / "in", 3)
    quick = fake_agents([Step(severity=50), Step(severity=5, similarity=0.9)])

    async def interrupted() -> None:
        slow = SlowAtRevising()
        made = job(source, tmp_path / "out", fake_agents(slow))
        task = asyncio.create_task(run_job(made, run_local, lambda _: None))
        await slow.asked.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(interrupted())
    assert rows(tmp_path / "out") == []
    assert run(job(source, tmp_path / "out", quick)).done == 3
    rewards = [row["first_reward"] for row in rows(tmp_path / "out")]
    assert 1.8 in rewards and 1.0 in rewards  # the first drafts of before, and of now


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs Linux")
def test_a_disk_that_is_really_full(root: Path, tmp_path: Path) -> None:
    """On a file system of 0.9 megabytes, which is then enlarged."""
    folder_of(tmp_path / "in", 24)
    (tmp_path / "disk").mkdir()
    script = f"""
        set -e
        mount -t tmpfs -o size=900k tmpfs {tmp_path}/disk || exit 77
        batch() {{
            {sys.executable} -c 'from pathlib import Path; from tests.batches import job, run
run(job(Path("{tmp_path}/in"), Path("{tmp_path}/disk/out")))'
        }}
        batch && exit 1
        mount -o remount,size=60m {tmp_path}/disk
        batch
        cat {tmp_path}/disk/out/results.jsonl
    """
    done = subprocess.run(
        ["unshare", "-rm", "bash", "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip("no file system can be made here")
    assert done.returncode == 0, done.stderr
    assert "BatchError" in done.stderr and "can no longer be written" in done.stderr
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["index"] for row in made] == list(range(24))
    assert {row["status"] for row in made} == {"done"}


def failed(item: str, error: str) -> Row:
    return failed_row(Item(item, 0, item, None), CHART, error)


def test_the_breaker_retries_what_an_outage_hit_and_gives_up_what_causes_one() -> None:
    """One item takes the server down whenever it is asked; the server comes back each time."""
    told = []
    calls: dict[str, int] = {}

    async def all_items() -> list[Row]:
        down_until = 0.0
        loop = asyncio.get_running_loop()

        async def answers() -> bool:
            return loop.time() >= down_until

        async def attempt(name: str) -> Row:
            nonlocal down_until
            calls[name] = calls.get(name, 0) + 1
            await asyncio.sleep(0.01)
            if name == "poison":
                down_until = loop.time() + 0.02
            if loop.time() < down_until:
                raise ServerDown("no connection")
            return failed(name, "stands for any row")

        async with Breaker(answers, told.append, first_wait=0.005) as breaker:
            names = ["poison", *(f"item{number}" for number in range(20))]
            limit = asyncio.Semaphore(4)

            async def one(name: str) -> Row:
                async with limit:
                    return await breaker.run(lambda: attempt(name), lambda error: failed(name, error))

            return await asyncio.gather(*map(one, names))

    poisoned, *others = asyncio.run(asyncio.wait_for(all_items(), 30))
    assert "falls silent over it" in poisoned.error
    assert {row.error for row in others} == {"stands for any row"}
    kinds = [type(event).__name__ for event in told]
    assert kinds[0] == "Paused" and kinds == ["Paused", "WentOn"] * (len(kinds) // 2)


def test_batch_json_holds_no_key(tmp_path: Path) -> None:
    run(job(folder_of(tmp_path / "in", 1), tmp_path / "out"))
    kept = json.loads((tmp_path / "out/batch.json").read_text())
    assert kept["format"] == "pictures" and "api_key" not in json.dumps(kept)
