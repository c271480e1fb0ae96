"""A studio that is killed at any moment loses no run that had begun; one that is ended ends quietly."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from agent.report.run_folder import is_run_folder, read_run_folder
from tests.studio.conftest import Studio
from tests.studio.in_page import drawing

KILLS = 2
LATEST = 2.0
"""Seconds after the picture at which it is killed at the latest: a quick machine has drafted by then."""


def client_of(studio: Studio) -> httpx.Client:
    origin = studio.url.split("/", 3)
    return httpx.Client(
        base_url=studio.url, headers={"origin": "/".join(origin[:3])}, timeout=120, trust_env=False
    )


def followed(client: httpx.Client, name: str) -> str:
    """Name of the event that a run ends with."""
    with client.stream("GET", f"api/runs/{name}/events") as answer:
        for line in answer.iter_lines():
            what = json.loads(line.removeprefix("data:"))["what"] if line.startswith("data:") else ""
            if what in ("stopped", "failed"):
                return str(what)
    return "cut off"


def test_killed_at_random_moments_every_run_comes_to_its_end(
    start: Callable[[Path], Studio], tmp_path: Path
) -> None:
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for number in range(KILLS):
        studio = start(tmp_path)
        with client_of(studio) as client:
            asked = {"name": f"p{number}.png", "kind": "svg", "rounds": 2}
            assert client.post("api/runs", params=asked, content=drawing()).status_code == 201
            time.sleep(chance.uniform(0, LATEST))
        studio.kill()
    begun = [f"p{number}" for number in range(KILLS)]  # what was taken is kept, also before its run began
    last = start(tmp_path)
    with client_of(last) as client:
        assert sorted(item["name"] for item in client.get("api/runs").json()) == begun, f"seed {seed}"
        for name in begun:
            assert client.post(f"api/runs/{name}/go-on", json={"rounds": 1}).status_code == 200, (
                f"seed {seed}"
            )
            assert followed(client, name) == "stopped", f"seed {seed}"
    for name in begun:
        run = read_run_folder(tmp_path / name)
        assert run.run.stop_reason and run.best is not None, f"seed {seed}"
        numbers = [item.id for item in run.candidates]
        assert numbers == list(range(len(numbers))), f"seed {seed}"
        assert not list((tmp_path / name).rglob("*.part")), f"seed {seed}"
    with client_of(last) as client:
        ends_quietly(last, client)


def ends_quietly(studio: Studio, client: httpx.Client) -> None:
    """Asked to end while somebody looks at a run that waits, it does, and keeps the run."""
    asked = {"name": "waits.png", "kind": "svg", "rounds": 0, "ask": True}
    name = client.post("api/runs", params=asked, content=drawing()).json()["name"]
    with client.stream("GET", f"api/runs/{name}/events") as answer:
        lines = answer.iter_lines()
        while "asked" not in next(lines):
            pass
        said = studio.close()
        assert not any(lines), "the stream is over"
    assert said == "lookalike: interrupted; what was finished is on disk\n"
    assert read_run_folder(studio.folder / name).run.stop_reason == "cancelled"


def test_killed_while_the_kind_is_found_the_picture_is_still_offered(
    start: Callable[[Path], Studio], tmp_path: Path
) -> None:
    studio = start(tmp_path)
    with client_of(studio) as client:
        asked = {"name": "early.png", "rounds": 0}  # no kind is named: it has to be found
        assert client.post("api/runs", params=asked, content=drawing()).status_code == 201
    studio.kill()
    assert not is_run_folder(tmp_path / "early"), "it was killed too late to say anything"
    again = start(tmp_path)
    with client_of(again) as client:
        assert [item["name"] for item in client.get("api/runs").json()] == ["early"]
        state = client.get("api/runs/early/state").json()
        assert client.get(f"api/runs/early/{state['reference']}").headers["content-type"] == "image/png"
        assert client.post("api/runs/early/go-on", json={"rounds": 2}).status_code == 200
        assert followed(client, "early") == "stopped"
        other = client.post("api/runs/early/again", params={"kind": "svg", "rounds": 0}).json()["name"]
        assert followed(client, other) == "stopped"
    assert read_run_folder(tmp_path / "early").run.stop_reason and not list(tmp_path.glob("early/sent*"))
