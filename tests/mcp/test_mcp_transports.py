"""The server as clients start it: as a process on standard input, and over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio
import pytest
import uvicorn
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from agent.mcp.server import make_server

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'


async def test_over_standard_input(tmp_path: Path) -> None:
    command = ["-m", "agent.cli", "mcp", "--root", str(tmp_path)]
    async with Client(StdioServerParameters(command=sys.executable, args=command, cwd=ROOT)) as client:
        assert len((await client.list_tools()).tools) == 6
        done = await client.call_tool("render_code", {"code": DOT, "kind": "svg"})
    assert done.structured_content is not None and done.structured_content["status"] == "ok"


async def test_over_http(tmp_path: Path) -> None:
    app = make_server(roots=[tmp_path]).streamable_http_app()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    async with anyio.create_task_group() as group:
        group.start_soon(server.serve)
        while not server.started:  # noqa: ASYNC110 - it tells nobody
            await anyio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with Client(f"http://127.0.0.1:{port}/mcp") as client:
            done = await client.call_tool("render_code", {"code": DOT, "kind": "svg"})
        server.should_exit = True
    assert done.structured_content is not None and done.structured_content["status"] == "ok"
