"""A batch on model servers that go down, come back, die over one item, or refuse."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from agent.batch.events import Finished, Grew, Paused, WentOn
from agent.batch.job import Job, run_job
from agent.batch.local import run_local
from agent.batch.refining import Wanted
from agent.batch.sizing import Jobs, default_jobs
from agent.commands.session import agent_for
from agent.errors import BatchError
from agent.settings import Settings
from agent.testing import Asked, Fault, ModelServer, Reply
from graph.types import Budget, Search
from renderers.types import Kind
from tests.batches import drawings_of, job, png, rows
from tests.protocol.drawing_model import judge, write
from tests.protocol.test_protocol_command import lookalike

pytestmark = pytest.mark.anyio


def answer(asked: Asked) -> Reply:
    if "Say yes." in asked.texts:
        return Reply("yes")
    return write(asked) if asked.body["model"] == "generator" else judge(asked)


def model_job(source: Path, out: Path, server: ModelServer, jobs: int = 4) -> Job:
    role = {"base_url": server.url, "attempts": 2, "backoff": 0.01}
    settings = Settings(
        generator={**role, "model": "generator"},
        critic={**role, "model": "critic"},
        search=Search(budget=Budget(rounds=1)),
    )
    return job(source, out, lambda: agent_for(settings), settings=settings, jobs=Jobs.fixed(jobs), wanted=SVG)


SVG = Wanted(kind=Kind.SVG)


async def test_an_outage_pauses_the_batch_and_fails_nothing(tmp_path: Path) -> None:
    told = []
    server = ModelServer(answer, models=("generator", "critic"))
    pausing, restarted = asyncio.Event(), asyncio.Event()

    async def outage() -> None:
        server.stop()
        await pausing.wait()
        await server.start()
        restarted.set()

    tasks = []

    def tell(event: object) -> None:
        told.append(event)
        if isinstance(event, Paused):
            pausing.set()
        if sum(isinstance(event, Finished) for event in told) == 3 and not tasks:
            tasks.append(asyncio.create_task(outage()))

    async with server:
        made = model_job(drawings_of(tmp_path / "in", 12), tmp_path / "out", server)
        totals = await run_job(made, run_local, tell)
        await asyncio.gather(*tasks)
    assert (totals.done, totals.failed) == (12, 0)
    paused = [event for event in told if isinstance(event, Paused)]
    assert len(paused) == 1 and "no connection" in paused[0].reason
    assert sum(isinstance(event, WentOn) for event in told) == 1
    assert restarted.is_set()
    assert [row["index"] for row in rows(tmp_path / "out")] == list(range(12))
    assert {row["rounds"] for row in rows(tmp_path / "out")} == {1}


async def test_a_server_that_was_down_from_the_start_is_waited_for(tmp_path: Path) -> None:
    server = ModelServer(answer, models=("generator", "critic"))
    async with server:
        pass
    made = model_job(drawings_of(tmp_path / "in", 2), tmp_path / "out", server)

    async def later() -> None:
        await asyncio.sleep(1.0)
        await server.start()

    totals, _ = await asyncio.gather(run_job(made, run_local, lambda _: None), later())
    await server.kill()
    assert (totals.done, totals.failed) == (2, 0)


@pytest.mark.long
async def test_one_item_that_the_server_cannot_take_fails_alone(tmp_path: Path) -> None:
    """The engine dies over one picture each time; the others are answered."""
    source = drawings_of(tmp_path / "in", 4)
    (source / "0003.png").write_bytes(png(3, (40, 12)))

    def dies_over_it(asked: Asked) -> Reply | Fault:
        return Fault.ENGINE_DIED if "40 x 12" in asked.texts or "40x12" in asked.texts else answer(asked)

    async with ModelServer(dies_over_it, models=("generator", "critic")) as server:
        totals = await run_job(model_job(source, tmp_path / "out", server), run_local, lambda _: None)
    assert (totals.done, totals.failed) == (3, 1)
    (failed,) = [row for row in rows(tmp_path / "out") if row["status"] == "failed"]
    assert failed["id"] == "0003.png" and "falls silent over it" in failed["error"]


async def test_a_wrong_key_ends_the_batch_at_once(tmp_path: Path) -> None:
    source = drawings_of(tmp_path / "in", 30)
    async with ModelServer(answer, models=("generator", "critic"), api_key="right") as server:
        with pytest.raises(BatchError, match="refused the key"):
            await run_job(model_job(source, tmp_path / "out", server), run_local, lambda _: None)
        assert len(server.asked) < 30
    assert rows(tmp_path / "out") == []


async def test_the_command_says_so(tmp_path: Path) -> None:
    """The server is overloaded for its first five questions."""
    drawings_of(tmp_path / "in", 3)
    left = [Fault.OVERLOADED] * 5

    def overloaded_first(asked: Asked) -> Reply | Fault:
        return left.pop() if left else answer(asked)

    async with ModelServer(overloaded_first, models=("generator", "critic")) as server:
        roles = {}
        for role in ("GENERATOR", "CRITIC"):
            roles |= {f"LOOKALIKE_{role}__BASE_URL": server.url, f"LOOKALIKE_{role}__ATTEMPTS": "1"}
        arguments = ("batch", "in", "-o", "out", "--kind", "svg", "--rounds", "0")
        code, _, err = await lookalike(tmp_path, {**os.environ, **roles}, *arguments)
    assert code == 0, err
    assert "32 at a time" in err
    assert err.count("paused: a model server is down") == err.count("going on: the server is back after") > 0
    assert json.loads((tmp_path / "out/summary.json").read_text())["items"] == 3


def test_how_many_at_a_time() -> None:
    urls = ",".join(f"http://127.0.0.1:{port}/v1" for port in range(8001, 8004))
    assert default_jobs(Settings(generator={"base_url": urls})) == Jobs(96, 256)
    assert default_jobs(Settings(generator={"use": "embedded"})) == Jobs.fixed(len(os.sched_getaffinity(0)))


@pytest.mark.parametrize(("slots", "grows"), [(200, True), (1, False)])
async def test_more_at_a_time_while_the_server_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slots: int, grows: bool
) -> None:
    monkeypatch.setattr("agent.batch.growth._LOOK_EVERY", 0.2)
    monkeypatch.setattr("agent.batch.growth._LATE", 60.0)  # other work on this machine should not decide
    told, items = [], 16 if grows else 6

    def slowly(asked: Asked) -> Reply:
        return replace(answer(asked), pause=0.3, piece=100_000)

    async with ModelServer(slowly, models=("generator", "critic"), slots=slots) as server:
        made = model_job(drawings_of(tmp_path / "in", items), tmp_path / "out", server)
        totals = await run_job(replace(made, jobs=Jobs(4, 8)), run_local, told.append)
    assert totals.done == items
    grew = [event.jobs for event in told if isinstance(event, Grew)]
    assert grew == ([6, 8] if grows else [])
