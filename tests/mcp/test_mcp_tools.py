"""The tools as a client calls them, in memory."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from mcp import Client
from mcp_types import CallToolResult, ImageContent, ListRootsResult, Root, TextContent
from PIL import Image

from agent.api import RefinementAgent
from agent.mcp.live import is_loopback
from agent.mcp.pictures import shown
from agent.mcp.results import LONGEST_ANSWER, MOST_FINDINGS, Compared, Refined, Rendered, answer, compared
from agent.mcp.server import make_server
from agent.report.run_folder import read_run_folder
from agent.testing import ScriptedCritic, ScriptedGenerator, Step
from critic.types import Box, Critique, Discrepancy

pytestmark = pytest.mark.anyio
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">
<rect width="120" height="120" fill="#fff"/><circle cx="40" cy="40" r="25" fill="#2050a0"/>
<rect x="70" y="70" width="40" height="40" fill="#c01020"/></svg>"""
TABLE = """<table border=1 cellpadding=6><tr><th>Fruit</th><th>Tons</th></tr>
<tr><td>Apple</td><td>12</td></tr></table>"""
PAGE = '<body style="margin:0;background:#fff"><div style="width:200px;height:80px;background:{}"></div>'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("root").resolve()


@pytest.fixture(scope="module")
async def agent() -> AsyncIterator[RefinementAgent]:
    async with RefinementAgent() as made:
        yield made


@pytest.fixture(scope="module")
async def client(place: Path, agent: RefinementAgent) -> AsyncIterator[Client]:
    async with Client(make_server(roots=[place], agent=agent)) as made:
        yield made


def data(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def text(file: str | None) -> str:
    return Path(file or "").read_text(encoding="utf-8")


def complaint(result: CallToolResult) -> str:
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


async def test_a_client_finds_six_typed_tools_resources_and_prompts(client: Client) -> None:
    tools = (await client.list_tools()).tools
    assert {tool.name for tool in tools} == {
        "refine_picture",
        "continue_refinement",
        "critique_render",
        "render_code",
        "compare_page",
        "read_picture",
    }
    for tool in tools:
        assert tool.description and tool.output_schema and tool.output_schema["properties"], tool.name
        assert not {"ctx", "client"} & tool.input_schema["properties"].keys()
    assert len((await client.list_prompts()).prompts) == 4
    said = await client.get_prompt("match_page", {"reference": "a.png", "page": "http://localhost:1"})
    assert "compare_page" in str(said.messages)
    assert [str(item.uri) for item in (await client.list_resources()).resources] == ["lookalike://runs"]


async def test_a_picture_is_rendered_refined_and_mended_as_the_agent_says(
    client: Client, place: Path
) -> None:
    drawn = Rendered.model_validate(
        data(await client.call_tool("render_code", {"code": DRAWING, "kind": "svg"}))
    )
    assert drawn.status == "ok" and drawn.file is not None and Path(drawn.file).is_relative_to(place)
    told: list[tuple[float, float | None, str | None]] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        told.append((done, total, message))

    asked = {"picture": drawn.file, "kind": "svg", "rounds": 0, "out": "run"}
    run = Refined.model_validate(
        data(await client.call_tool("refine_picture", asked, progress_callback=progress))
    )
    assert run.run == str(place / "run") and run.code_file is not None
    assert len(told) == run.candidates and told[0][2] is not None and told[0][2].startswith("candidate 0")
    scale = drawn.width / 120
    wrong = {
        "description": "the disc is green",
        "box": [15 * scale, 15 * scale, 65 * scale, 65 * scale],
        "cause": "recoloured",
        "part": "fill",
        "wanted": "#208040",
    }
    again = {"run": "run", "discrepancies": [wrong], "rounds": 0, "pictures": "whole"}
    result = await client.call_tool("continue_refinement", again)
    better = Refined.model_validate(data(result))
    assert "#208040" in text(better.code_file)
    assert "drawn in #208040 now" in better.notes[0]
    assert sum(isinstance(block, ImageContent) for block in result.content) == 2
    assert read_run_folder(place / "run").candidates[0].discrepancies[0].source == "agent"
    report = await client.read_resource("lookalike://runs/run/report")
    assert "said by an agent" in report.contents[0].text
    assert (await client.read_resource("lookalike://runs/run/code")).contents[0].text.startswith("<svg")


async def test_a_render_is_critiqued_with_crops_of_the_worst_places(client: Client, place: Path) -> None:
    drawn = data(await client.call_tool("render_code", {"code": DRAWING, "kind": "svg"}))
    other = DRAWING.replace("#c01020", "#10c020")
    result = await client.call_tool(
        "critique_render", {"reference": drawn["file"], "code": other, "kind": "svg"}
    )
    found = Compared.model_validate(data(result))
    assert found.reward is not None and found.reward < 2 and found.findings
    assert any(isinstance(block, ImageContent) for block in result.content)
    same = await client.call_tool(
        "critique_render", {"reference": drawn["file"], "render": drawn["file"], "kind": "svg"}
    )
    assert data(same)["similarity"] == 1.0 and data(same)["findings"] == []


async def test_a_table_s_rows_are_read(client: Client) -> None:
    drawn = data(await client.call_tool("render_code", {"code": TABLE, "kind": "table"}))
    read = data(await client.call_tool("read_picture", {"picture": drawn["file"], "kind": "table"}))
    assert read["rows"] == [["Fruit", "Tons"], ["Apple", 12]]


async def test_a_page_is_compared_while_it_is_edited(client: Client, place: Path) -> None:
    (place / "wanted.html").write_text(PAGE.format("#2050a0"))
    (place / "index.html").write_text(PAGE.format("#c01020"))
    first = data(
        await client.call_tool(
            "render_code", {"code": "wanted.html", "kind": "page", "width": 400, "height": 300}
        )
    )
    window = {"reference": first["file"], "width": 400, "height": 300}
    handler = partial(SimpleHTTPRequestHandler, directory=str(place))
    handler.func.log_message = lambda *_: None  # type: ignore[attr-defined]
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/index.html"
        wrong = data(await client.call_tool("compare_page", {**window, "page": url}))
        server.shutdown()
    right = data(await client.call_tool("compare_page", {**window, "page": "wanted.html"}))
    assert wrong["findings"] and not right["findings"]
    assert right["similarity"] > wrong["similarity"]


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:3000/a", True),
        ("http://app.localhost", True),
        ("http://127.0.0.5:1", True),
        ("http://[::1]:80", True),
        ("http://192.0.2.7", False),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1@example.org/", False),
        ("http://[", False),
    ],
)
def test_loopback_is_known_by_name_alone(url: str, here: bool) -> None:
    assert is_loopback(url) is here


async def test_files_outside_of_the_roots_are_out_of_reach(client: Client, place: Path) -> None:
    outside = place.parent / "outside.png"
    Image.new("RGB", (40, 40)).save(outside)
    (place / "link.png").symlink_to(outside)
    for name in (str(outside), "../outside.png", "link.png"):
        assert "outside of the allowed folders" in complaint(
            await client.call_tool("read_picture", {"picture": name})
        )
    for page in ("http://192.0.2.7/", "file:///etc/hostname", "ftp://localhost/x"):
        said = await client.call_tool("compare_page", {"reference": "link.png", "page": page})
        assert "outside" in complaint(said)
    Image.new("RGB", (40, 40)).save(place / "own.png")
    said = await client.call_tool("compare_page", {"reference": "own.png", "page": "http://192.0.2.7/"})
    assert "not on this machine" in complaint(said)
    assert "no such file" in complaint(await client.call_tool("read_picture", {"picture": "none.png"}))
    assert "no run" in complaint(await client.call_tool("continue_refinement", {"run": "none"}))


async def test_the_client_s_roots_are_allowed(agent: RefinementAgent, tmp_path: Path) -> None:
    named, other = tmp_path / "named", tmp_path / "other folder"
    for folder in (named, other):
        folder.mkdir()
        Image.new("RGB", (40, 40), "white").save(folder / "a.png")

    async def roots(_: object) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=other.as_uri())])

    for mode in ("auto", "legacy"):
        server = make_server(roots=[named], agent=agent)
        async with Client(server, list_roots_callback=roots, mode=mode) as client:
            asked = {"reference": str(named / "a.png"), "render": str(other / "a.png"), "kind": "svg"}
            assert data(await client.call_tool("critique_render", asked))["similarity"] == 1.0


async def ended(folder: Path) -> None:
    with anyio.fail_after(60):
        while read_run_folder(folder).run.stop_reason is None:  # noqa: ASYNC110 - another task writes it
            await anyio.sleep(0.01)


async def test_a_call_that_is_given_up_leaves_its_best_on_disk(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    steps = [Step(9, 0.5), Step(8, 0.6, delay=60)]
    async with RefinementAgent(generator=ScriptedGenerator(steps), critic=ScriptedCritic()) as agent:
        agent._renderers.render = _drawn  # type: ignore[method-assign]
        async with Client(make_server(roots=[tmp_path], agent=agent)) as client:
            drafted = anyio.Event()

            async def progress(*_: object) -> None:
                drafted.set()

            async def call() -> None:
                asked = {"picture": "a.png", "kind": "svg", "out": "run"}
                await client.call_tool("refine_picture", asked, progress_callback=progress)

            async with anyio.create_task_group() as group:
                group.start_soon(call)
                await drafted.wait()
                group.cancel_scope.cancel()
            await ended(tmp_path / "run")
    run = read_run_folder(tmp_path / "run")
    assert (
        run.run.stop_reason == "cancelled"
        and run.best is not None
        and (tmp_path / "run" / "best.svg").is_file()
    )


def test_the_largest_answer_is_bounded() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2500, 3000, 3), dtype=np.uint8)
    found = tuple(
        Discrepancy(
            category="text_error",
            severity=3,
            description="x" * 9000,
            location="y" * 9000,
            box=Box(0, 0, 3000, 2500),
        )
        for _ in range(500)
    )
    said = Critique(critic="c", discrepancies=found, similarity=0.1)
    result = compared("page", said, 0.0, "/a" * 900)
    assert len(result.findings) == MOST_FINDINGS and result.more_findings == 500 - MOST_FINDINGS
    for which, most in (("none", LONGEST_ANSWER), ("crops", 300_000), ("whole", 200_000)):
        whole = answer(result, shown(which, noise, noise, found))
        assert len(str(whole.content)) < most + LONGEST_ANSWER
        assert sum(isinstance(block, ImageContent) for block in whole.content) <= 3


async def _drawn(kind: object, code: str, language: object, size: object = None) -> Any:
    from agent.testing import ScriptedRenderer
    from renderers.types import Size

    return await ScriptedRenderer().render(kind, code, language, Size(16, 16))  # type: ignore[arg-type]
