"""The studio's server: who may speak to it, and that nothing is lost where much happens at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from PIL import Image

from agent.api import RefinementAgent
from agent.studio import guard
from agent.studio.app import make_app
from agent.studio.hub import Hub
from agent.testing import ScriptedCritic, ScriptedGenerator, ScriptedRenderer, Step

pytestmark = pytest.mark.anyio
TOKEN = "token-of-this-test"
RUNS = 20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (16, 16), "white").save(file, format="PNG")
    return file.getvalue()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A studio whose generator, critic and renderer are scripted, and a client before it."""
    generator = ScriptedGenerator([Step(9, 0.5), Step(6, 0.6), Step(3, 0.7)])
    async with RefinementAgent(generator=generator, critic=ScriptedCritic()) as agent:
        agent._renderers.render = ScriptedRenderer().render  # type: ignore[method-assign]
        app = make_app(Hub(agent, folder), TOKEN)
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=f"{base}/{TOKEN}/", headers={"origin": base}, limits=limits, timeout=60, trust_env=False
        ) as client:
            yield client
        server.should_exit = True
        await serving


async def seen(
    client: httpx.AsyncClient, name: str, after: int = 0, upto: int | None = None
) -> list[dict[str, Any]]:
    """Events of a run, up to its end or a number of them."""
    events = []
    async with client.stream("GET", f"api/runs/{name}/events", params={"after": after}) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                events.append(json.loads(line.removeprefix("data:")))
                if events[-1]["what"] in ("stopped", "failed") or len(events) == upto:
                    break
    return events


async def test_twenty_runs_at_once_lose_no_event(tmp_path: Path) -> None:
    async with served(tmp_path) as client:

        async def one(number: int) -> list[dict[str, Any]]:
            asked = {"name": f"p{number}.png", "kind": "svg", "rounds": 2}
            begun = await client.post("api/runs", params=asked, content=picture())
            name = begun.json()["name"]
            some = await seen(client, name, upto=3)  # a connection that breaks off, and one that goes on
            return some + await seen(client, name, after=3)

        told = await asyncio.gather(*map(one, range(RUNS)))
        again = await seen(client, "p0")
        listed = (await client.get("api/runs")).json()
    assert again == told[0], "who comes late is told the same"
    assert len(listed) == RUNS and {item["stop_reason"] for item in listed} == {"rounds"}
    for events in told:
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        steps = [event["what"] for event in events if event.get("id") is not None]
        assert steps == ["drafting", "drafted", "rendered", "critiqued"] * 3
        assert events[-1]["what"] == "stopped"


async def test_a_batch_s_runs_are_listed_by_their_path(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        begun = await client.post("api/runs", params={"name": "x.png", "kind": "svg"}, content=picture())
        await seen(client, begun.json()["name"])
    (tmp_path / "batch" / "runs").mkdir(parents=True)
    (tmp_path / "x").rename(tmp_path / "batch" / "runs" / "x")
    async with served(tmp_path) as client:
        assert [item["name"] for item in (await client.get("api/runs")).json()] == ["batch/runs/x"]
        state = (await client.get("api/runs/batch/runs/x/state")).json()
        shown = await client.get("api/runs/batch/runs/x/view")
        drawn = await client.get(f"api/runs/batch/runs/x/{state['candidates'][0]['picture']}")
        await client.post("api/runs/batch/runs/x/say", json={"candidate": 0, "stop": True})
        events = await seen(client, "batch/runs/x")
    assert "Candidate 0" in shown.text and drawn.headers["content-type"] == "image/png"
    assert events[0]["what"] == "resumed" and events[-1]["reason"] == "person"


async def test_who_may_not_speak_to_it_is_sent_away(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        base = str(client.base_url).removesuffix(f"{TOKEN}/")
        assert (await client.get("")).status_code == 200
        for path in ("", "token-of-another/", "api/runs"):
            assert (await client.get(base + path)).status_code == 403
        assert (await client.get("", headers={"host": "evil.example:80"})).status_code == 403
        for origin in ("https://evil.example", "null", ""):
            refused = await client.post("api/runs", content=picture(), headers={"origin": origin})
            assert refused.status_code == 403
        headers = (await client.get("")).headers
        assert (
            "default-src 'none'" in headers["content-security-policy"]
            and headers["referrer-policy"] == "no-referrer"
        )


async def test_what_is_sent_is_bounded_announced_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LARGEST_BODY", 1000)

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100

    async with served(tmp_path) as client:
        for body in (b"x" * 2000, unannounced()):
            assert (await client.post("api/runs", content=body)).status_code == 413


async def test_a_folder_is_opened_where_there_is_a_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("typer.launch", opened.append)
    monkeypatch.setattr("agent.studio.app.has_desktop", lambda: len(desktops) > 0)
    desktops: list[str] = []
    async with served(tmp_path) as client:
        begun = await client.post("api/runs", params={"name": "x.png", "kind": "svg"}, content=picture())
        name = begun.json()["name"]
        await seen(client, name)
        refused = await client.post(f"api/runs/{name}/open")
        assert "open-folder" not in (await client.get("")).text
        desktops.append("a screen")
        assert "open-folder" in (await client.get("")).text
        taken = await client.post(f"api/runs/{name}/open")
    assert refused.status_code == 422 and str(tmp_path / name) in refused.text
    assert taken.status_code == 200 and opened == [str(tmp_path / name)]


async def test_a_run_is_begun_again_in_another_folder(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        begun = await client.post("api/runs", params={"name": "x.png", "kind": "svg"}, content=picture())
        await seen(client, begun.json()["name"])
        asked = {"kind": "chart", "rounds": 0}
        again = (await client.post("api/runs/x/again", params=asked)).json()["name"]
        events = await seen(client, again)
        states = [(await client.get(f"api/runs/{name}/state")).json() for name in ("x", again)]
    assert again == "x-2" and events[-1]["what"] == "stopped"
    assert [(state["picture"], state["kind"]) for state in states] == [("x.png", "svg"), ("x.png", "chart")]
    assert states[0]["reference"] == states[1]["reference"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "api/runs?name=a.png", b"no picture", 422),
        ("POST", "api/runs?rounds=9999", b"", 422),
        ("POST", "api/runs?unheard=of", b"", 422),
        ("GET", "api/runs/..%2F..%2Fetc/state", b"", 422),
        ("GET", "api/runs/none/state", b"", 422),
        ("GET", "static/app.py", b"", 404),
        ("POST", "api/runs/none/say", b"{}", 422),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path, method: str, path: str, content: bytes, status: int
) -> None:
    async with served(tmp_path) as client:
        answer = await client.request(method, path, content=content)
    assert answer.status_code == status and "\n" not in answer.text and "Traceback" not in answer.text
