"""The MCP server: tools, resources and prompts around one agent."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp_types import ToolAnnotations

from agent.api import RefinementAgent
from agent.mcp.prompts import add_prompts
from agent.mcp.tools import Tools
from agent.report.run_folder import read_run_folder
from agent.settings import Settings
from graph.folder import TRAJECTORY

INSTRUCTIONS = (
    "Eyes for work on pictures: turns pictures of charts, tables, icons and web pages into code, and tells "
    "how a render differs from a reference. Answers hold numbers, findings and file paths; ask for pictures "
    "only where words do not do. Boxes are left, top, right, bottom in the reference's pixels."
)
_LONGEST_FILE = 2_000_000


def make_server(
    settings: Settings | None = None,
    roots: Sequence[Path] = (),
    *,
    anywhere: bool = False,
    agent: RefinementAgent | None = None,
) -> MCPServer:
    """The server, ready to run on any transport.

    Args:
        settings: What the agent is made of.
        roots: Folders whose files may be read and written, beside those that the client names.
        anywhere: Whether ``compare_page`` may open addresses of other machines.
        agent: An agent that its owner closes; one of its own by default.
    """
    own = agent or RefinementAgent(settings=settings)

    @asynccontextmanager
    async def lifespan(server: MCPServer[Any]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if agent is None:
                await own.aclose()

    server: MCPServer[Any] = MCPServer(
        "lookalike",
        instructions=INSTRUCTIONS,
        version=importlib.metadata.version("lookalike"),
        lifespan=lifespan,
        log_level="WARNING",
    )
    tools = Tools(own, tuple(roots), anywhere=anywhere)
    _add_tools(server, tools)
    _add_resources(server, tools)
    add_prompts(server)
    return server


def _add_tools(server: MCPServer[Any], tools: Tools) -> None:
    looks = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    writes = ToolAnnotations(destructive_hint=False, open_world_hint=False)
    server.add_tool(tools.refine_picture, annotations=writes)
    server.add_tool(tools.critique_render, annotations=looks)
    server.add_tool(tools.render_code, annotations=writes)
    server.add_tool(tools.compare_page, annotations=looks)
    server.add_tool(tools.read_picture, annotations=looks)
    server.add_tool(tools.continue_refinement, annotations=writes)


def _add_resources(server: MCPServer[Any], tools: Tools) -> None:
    def folder_of(name: str) -> Path:
        if name not in tools.runs:
            raise ResourceError(
                f"no run {name!r} of this server; there are {', '.join(tools.runs) or 'none'}"
            )
        return tools.runs[name]

    @server.resource("lookalike://runs", mime_type="application/json")
    def runs() -> str:
        """The runs that this server has made or continued."""
        return json.dumps([_summary(name, folder) for name, folder in tools.runs.items()])

    @server.resource("lookalike://runs/{name}/report", mime_type="text/html")
    def report(name: str) -> str:
        """A run's report: reference beside render, round by round."""
        return _text(folder_of(name) / "report.html")

    @server.resource("lookalike://runs/{name}/code", mime_type="text/plain")
    def code(name: str) -> str:
        """A run's best code."""
        return read_run_folder(folder_of(name)).best_code

    @server.resource("lookalike://runs/{name}/trajectory", mime_type="application/jsonl")
    def trajectory(name: str) -> str:
        """A run's candidates, a line each."""
        return _text(folder_of(name) / TRAJECTORY)


def _summary(name: str, folder: Path) -> dict[str, Any]:
    run = read_run_folder(folder).run
    return {
        "name": name,
        "folder": str(folder),
        "picture": run.picture,
        "kind": run.kind,
        "reward": run.reward,
        "stop_reason": run.stop_reason,
    }


def _text(file: Path) -> str:
    if not file.is_file() or file.stat().st_size > _LONGEST_FILE:
        raise ResourceError(f"{file}: not there, or too large to send; open the file itself")
    return file.read_text("utf-8", "replace")
