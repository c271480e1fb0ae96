"""The server before MCP's reference inspector, which shares no code with it: ``make test-inspector``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LOOKALIKE_TEST_INSPECTOR"), reason="make test-inspector"),
    pytest.mark.skipif(not shutil.which("npx"), reason="npx is not installed"),
]
INSPECTOR = ("npx", "--yes", "@modelcontextprotocol/inspector@2.12.0", "--cli", "--connect-timeout", "60000")
LOOKALIKE = (sys.executable, "-m", "agent.cli", "mcp")
ROOT = Path(__file__).resolve().parents[2]
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 60">
<circle cx="30" cy="30" r="20" fill="{}"/></svg>"""
Ask = Callable[..., Any]


def asked(target: tuple[str, ...], method: str, *options: str) -> Any:
    """What the inspector prints of one request."""
    command = [*INSPECTOR, *target, "--method", method, *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    return json.loads(done.stdout or done.stderr)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("root").resolve()


@pytest.fixture(scope="module")
def ask(place: Path) -> Iterator[Ask]:
    """Asks a server over HTTP: its runs are there from one request to the next."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [*LOOKALIKE, "--http", "--port", port, "--root", str(place)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        url = server.stderr.readline().strip()
        yield lambda method, *options: asked(("--server-url", url, "--transport", "http"), method, *options)
        server.terminate()


def test_a_session_over_http(ask: Ask, place: Path) -> None:
    def call(tool: str, **arguments: object) -> Any:
        given = [f"{name}={value}" for name, value in arguments.items()]
        return ask("tools/call", "--tool-name", tool, "--tool-arg", *given)

    tools = {tool["name"]: tool for tool in ask("tools/list")["tools"]}
    assert len(tools) == 6 and all(tool["outputSchema"]["properties"] for tool in tools.values())
    drawn = call("render_code", code=DRAWING.format("#2050a0"), kind="svg")["structuredContent"]
    assert drawn["status"] == "ok" and Path(drawn["file"]).is_relative_to(place)
    other = call("critique_render", reference=drawn["file"], code=DRAWING.format("#c01020"), kind="svg")
    assert other["structuredContent"]["findings"]
    assert {block["type"] for block in other["content"]} == {"text", "image"}
    run = call("refine_picture", picture=drawn["file"], kind="svg", rounds=0, out="run")["structuredContent"]
    assert run["reward"] == 2 and Path(run["code_file"]).is_file()
    wrong = json.dumps(
        [
            {
                "description": "green",
                "box": [5, 5, 9, 9],
                "cause": "recoloured",
                "part": "fill",
                "wanted": "#208040",
            }
        ]
    )
    more = call("continue_refinement", run="run", discrepancies=wrong, rounds=0)["structuredContent"]
    assert more["candidates"] == 2 and more["notes"]
    runs = json.loads(ask("resources/read", "--uri", "lookalike://runs")["contents"][0]["text"])
    assert [item["name"] for item in runs] == ["run"]
    report = ask("resources/read", "--uri", "lookalike://runs/run/report")["contents"][0]["text"]
    assert "said by an agent" in report
    assert len(ask("prompts/list")["prompts"]) == 4
    refused = call("read_picture", picture="/etc/hostname")
    assert refused["isError"] and "outside of the allowed folders" in refused["content"][0]["text"]


def test_over_standard_input(place: Path) -> None:
    tools = asked((*LOOKALIKE, "--root", str(place)), "tools/list")["tools"]
    assert {tool["name"] for tool in tools} >= {"compare_page", "read_picture"}
