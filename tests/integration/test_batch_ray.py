"""Batches on a real Ray cluster: two nodes, each with processes of its own, on this machine."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PILImage
from PIL import ImageDraw
from typer.testing import CliRunner

from agent.batch.events import Event, Finished, Paused, Waiting, WentOn
from agent.batch.job import Job, run_job
from agent.batch.refining import Wanted
from agent.batch.sizing import Jobs
from agent.batch.totals import Totals
from agent.cli import app
from agent.commands.session import agent_for
from agent.errors import BatchError
from agent.testing import Asked, ModelServer, Reply
from renderers.types import Kind
from tests.batch_killer import state
from tests.batches import folder_of, job, png, rows, run
from tests.protocol.test_batch_outage import answer, model_job
from tests.ray_jobs import Noting, deadly_agents, deadly_once_agents, slow_agents

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.data.context")  # Ray warns of itself

SAME = ("id", "index", "status", "kind", "language", "stop_reason", "reward", "first_reward", "similarity")
SAME += ("rewards", "rounds", "candidates", "folder", "code", "render", "reference", "sha256")


def test_without_ray_a_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    folder_of(tmp_path / "in", 1)
    done = CliRunner().invoke(app, ["batch", str(tmp_path / "in"), "--engine", "ray"])
    assert done.exit_code == 2
    assert "pip install 'lookalike[ray]'" in done.output


def test_an_address_without_ray_is_refused(tmp_path: Path) -> None:
    folder_of(tmp_path / "in", 1)
    done = CliRunner().invoke(app, ["batch", str(tmp_path / "in"), "--address", "auto"])
    assert done.exit_code == 2
    assert "--engine ray" in done.output


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", "no Ray cluster at 127.0.0.1:1: nothing answers there"),
        ("nowhere.invalid:6379", "no Ray cluster at nowhere.invalid:6379: nothing answers there"),
        ("ray://127.0.0.1:10001", "Ray Client"),
        ("cluster", "give HOST:PORT"),
    ],
)
def test_no_cluster_at_the_address(tmp_path: Path, address: str, said: str) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: make test-ray")
    folder_of(tmp_path / "in", 1)
    command = ["batch", str(tmp_path / "in"), "--engine", "ray", "--address", address]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert said in done.output
    assert sum(line.startswith("lookalike: ") for line in done.output.splitlines()) == 1


def test_something_else_answers_at_the_address(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: make test-ray")
    folder_of(tmp_path / "in", 1)
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        command = ["batch", str(tmp_path / "in"), "--engine", "ray", "--address", address]
        done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert f"no Ray cluster at {address}" in done.output


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    pytest.importorskip("ray", reason="Ray is not installed: make test-ray")
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "object_store_memory": 100_000_000}
    made = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
    made.add_node(**node)
    yield made
    made.shutdown()


def on_cluster(
    job: Job, cluster: Any, tell: Callable[[Event], None] = lambda event: None, in_place: bool = True
) -> Totals:
    from agent.batch.ray_engine import RayEngine, connected

    with connected(cluster.address) as cores:
        return asyncio.run(run_job(job, RayEngine(cores, in_place), tell))


def shapes(folder: Path) -> Path:
    """Small pictures, and a text that calls itself one."""
    folder.mkdir()
    for number, colour in enumerate(("crimson", "teal", "navy")):
        image = PILImage.new("RGB", (48, 48), "white")
        box = (6 + number, 8, 38, 40 - number)
        draw = ImageDraw.Draw(image)
        (draw.ellipse if number % 2 else draw.rectangle)(box, fill=colour)
        image.save(folder / f"{number}.png")
    (folder / "letter.png").write_text("Dear picture")
    return folder


@pytest.mark.parametrize("in_place", [True, False], ids=["shared disk", "no shared disk"])
def test_the_same_rows_and_files_as_in_one_process(tmp_path: Path, cluster: Any, in_place: bool) -> None:
    source = shapes(tmp_path / "in")

    def job_in(out: Path) -> Job:
        made = job(source, out, jobs=Jobs.fixed(2), wanted=Wanted(kind=Kind.SVG))
        return replace(made, agent=partial(agent_for, made.settings))

    here, there = tmp_path / "here", tmp_path / "there"
    run(job_in(here))
    totals = on_cluster(job_in(there), cluster, in_place=in_place)
    assert (totals.done, totals.failed) == (3, 1)
    assert [{name: row[name] for name in SAME} for row in rows(there)] == [
        {name: row[name] for name in SAME} for row in rows(here)
    ]
    for row in rows(here):
        if row["folder"]:
            assert (there / row["code"]).read_bytes() == (here / row["code"]).read_bytes()
            assert [file for file, *_ in state(there / row["folder"])] == [
                file for file, *_ in state(here / row["folder"])
            ]
    assert (there / "gallery.html").exists()


def test_a_node_is_lost_and_nothing_else(tmp_path: Path, cluster: Any) -> None:
    source, log = folder_of(tmp_path / "in", 18), tmp_path / "log"
    node = cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
    finished: list[str] = []
    lost: set[str] = set()

    def tell(event: Event) -> None:
        """Lose the node when it has items that have a draft, but no revision yet."""
        if isinstance(event, Finished):
            finished.append(event.row.sha256)
            lost.update(asked_once(log, node.node_id) if not lost else ())
            if lost and node in cluster.worker_nodes:
                cluster.remove_node(node, allow_graceful=False)

    agents = partial(slow_agents, log)
    totals = on_cluster(job(source, tmp_path / "out", agents, jobs=Jobs.fixed(6)), cluster, tell)
    assert (totals.done, totals.failed) == (18, 0)
    assert [row["index"] for row in rows(tmp_path / "out")] == list(range(18))
    assert len(finished) == 18
    assert lost & {picture for other, picture in lines_of(log) if other != node.node_id}


def asked_once(log: Path, node: str) -> set[str]:
    pictures = Counter(picture for other, picture in lines_of(log) if other == node)
    return {picture for picture, count in pictures.items() if count == 1}


def lines_of(log: Path) -> list[list[str]]:
    return [line.split() for line in log.read_text().splitlines()]


def test_reading_goes_no_further_ahead_than_refining(tmp_path: Path, cluster: Any) -> None:
    made = job(folder_of(tmp_path / "in", 40), tmp_path / "out", partial(slow_agents, tmp_path / "log"))
    source, notes = made.source, tmp_path / "read"
    noting = Noting(source.name, source.form, source.root, source.files, str(notes))
    ahead: list[int] = []

    def tell(event: Event) -> None:
        if isinstance(event, Finished):
            ahead.append(len(notes.read_text().split()) - len(ahead))

    on_cluster(replace(made, source=noting, jobs=Jobs.fixed(4)), cluster, tell)
    assert len(ahead) == 40
    assert max(ahead) < 25  # twice what is refined, and what is being written


@pytest.mark.parametrize(
    ("in_place", "drafts"), [(True, 1), (False, 2)], ids=["shared disk", "no shared disk"]
)
def test_a_run_goes_on_in_another_process(tmp_path: Path, cluster: Any, in_place: bool, drafts: int) -> None:
    """From its last checkpoint, where the other process sees it; else from its beginning."""
    log = tmp_path / "log"
    made = job(folder_of(tmp_path / "in", 1), tmp_path / "out", partial(deadly_once_agents, log))
    assert on_cluster(made, cluster, in_place=in_place).done == 1
    assert log.read_text().split().count("draft") == drafts
    (row,) = rows(tmp_path / "out")
    assert row["candidates"] == 2 and row["first_similarity"] < row["similarity"] == 0.9


@pytest.mark.parametrize("in_place", [True, False], ids=["shared disk", "no shared disk"])
def test_lean_and_what_failed_is_tried_again(tmp_path: Path, cluster: Any, in_place: bool) -> None:
    source, out = folder_of(tmp_path / "in", 3), tmp_path / "out"
    (source / "0001.png").write_text("Dear picture")
    lean = job(source, out, wanted=Wanted(kind=Kind.CHART, lean=True))
    totals = on_cluster(lean, cluster, in_place=in_place)
    assert (totals.done, totals.failed) == (2, 1)
    before = rows(out)
    assert "not a picture" in before[1]["error"]
    assert not (out / "items").exists() and not (out / ".running").exists()
    assert all((out / row["code"]).stat().st_size for row in (before[0], before[2]))

    (source / "0001.png").write_bytes(png(1))
    totals = on_cluster(replace(lean, retry_failed=True), cluster, in_place=in_place)
    assert (totals.done, totals.failed) == (3, 0)
    after = rows(out)
    assert [after[0], after[2]] == [before[0], before[2]] and after[1]["status"] == "done"


def test_an_outage_of_the_model_server_pauses_the_batch(tmp_path: Path, cluster: Any) -> None:
    from agent.batch.ray_engine import RayEngine, connected

    told: list[Event] = []
    outages: list[asyncio.Task[None]] = []

    def answer_until_it_is_down(asked: Asked) -> Reply:
        if len(server.asked) >= 12 and not outages:
            outages.append(asyncio.create_task(outage()))
        return answer(asked)

    server = ModelServer(answer_until_it_is_down, models=("generator", "critic"))

    async def outage() -> None:
        server.stop()
        await asyncio.sleep(0.8)
        await server.start()

    async def batch(cores: int) -> Totals:
        async with server:
            made = model_job(folder_of(tmp_path / "in", 16), tmp_path / "out", server)
            totals = await run_job(made, RayEngine(cores), told.append)
            await asyncio.gather(*outages)
            return totals

    with connected(cluster.address) as cores:
        totals = asyncio.run(batch(cores))
    assert outages
    assert (totals.done, totals.failed) == (16, 0)
    changes = [event for event in told if isinstance(event, Paused | WentOn)]
    assert isinstance(changes[0], Paused) and "no connection" in changes[0].reason
    assert isinstance(changes[1], WentOn)


def test_a_wrong_key_ends_the_batch(tmp_path: Path, cluster: Any) -> None:
    from agent.batch.ray_engine import RayEngine, connected

    async def batch(cores: int) -> None:
        async with ModelServer(answer, models=("generator", "critic"), api_key="right") as server:
            made = model_job(folder_of(tmp_path / "in", 6), tmp_path / "out", server)
            await run_job(made, RayEngine(cores), lambda event: None)

    with connected(cluster.address) as cores, pytest.raises(BatchError, match="refused the key"):
        asyncio.run(batch(cores))
    assert rows(tmp_path / "out") == []


def test_no_room_on_the_cluster_is_told(
    tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    from agent.batch.ray_engine import RayEngine, connected

    monkeypatch.setattr("agent.batch.ray_engine._ROOM_AFTER", 1.0)
    told: list[Event] = []

    @ray.remote(num_cpus=1)
    class Other:
        def here(self) -> bool:
            return True

    with connected(cluster.address) as cores:
        others = [Other.remote() for _ in range(cores)]
        ray.get([other.here.remote() for other in others])

        def tell(event: Event) -> None:
            told.append(event)
            if isinstance(event, Waiting):
                for other in others:
                    ray.kill(other)

        asyncio.run(run_job(job(folder_of(tmp_path / "in", 1), tmp_path / "out"), RayEngine(cores), tell))
    (waited,) = [event for event in told if isinstance(event, Waiting)]
    assert "each needs a CPU of the Ray cluster, of which 0 are free" in waited.reason
    assert rows(tmp_path / "out")[0]["status"] == "done"


def test_an_item_that_ends_processes_fails_alone(tmp_path: Path, cluster: Any) -> None:
    source = folder_of(tmp_path / "in", 5)
    totals = on_cluster(job(source, tmp_path / "out", deadly_agents, jobs=Jobs.fixed(4)), cluster)
    assert (totals.done, totals.failed) == (4, 1)
    failed = rows(tmp_path / "out")[2]
    assert failed["status"] == "failed"
    assert "process ended 3 times" in failed["error"]


def test_a_killed_and_an_interrupted_driver_are_gone_on_with(
    root: Path, tmp_path: Path, cluster: Any
) -> None:
    source, out = folder_of(tmp_path / "in", 10), tmp_path / "out"
    kept: dict[str, Any] = {}
    for end in (signal.SIGKILL, signal.SIGINT):
        driver = subprocess.Popen(
            [sys.executable, "-m", "tests.ray_driver", source, out, cluster.address],
            cwd=root,
            stderr=subprocess.PIPE,
        )
        wait_for(len(kept) + 2, out, driver)
        driver.send_signal(end)
        _, said = driver.communicate(timeout=60)
        assert driver.returncode in (-signal.SIGKILL, 130), said.decode()
        assert kept.items() <= kept_rows(out).items()
        kept = kept_rows(out)
    assert 4 <= len(kept) < 10
    totals = on_cluster(job(source, out, partial(slow_agents, tmp_path / "log"), jobs=Jobs.fixed(2)), cluster)
    assert totals.done == 10
    assert kept.items() <= kept_rows(out).items()
    assert [row["index"] for row in rows(out)] == list(range(10))


def wait_for(count: int, out: Path, driver: subprocess.Popen[bytes]) -> None:
    file = out / "results.jsonl"
    while driver.poll() is None and (not file.exists() or file.read_bytes().count(b"\n") < count):
        time.sleep(0.05)


def kept_rows(out: Path) -> dict[str, Any]:
    """The whole rows by id, each with what would tell that its files were touched."""
    lines = (out / "results.jsonl").read_text().splitlines(keepends=True)
    made = [json.loads(line) for line in lines if line.endswith("\n")]
    assert len({row["id"] for row in made}) == len(made)
    return {row["id"]: (row, state(out / row["folder"])) for row in made}
