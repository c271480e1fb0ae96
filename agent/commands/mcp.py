"""``lookalike mcp``: eyes for a coding agent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, CriticOption, GeneratorOption
from agent.commands.failures import one_line_failures


def mcp(
    root: Annotated[
        list[Path] | None,
        typer.Option(
            "--root", help="Folder whose files may be used; repeat it. The working folder by default."
        ),
    ] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP rather than on standard input.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65_535, help="With --http.")] = 8178,
    anywhere: Annotated[
        bool, typer.Option("--anywhere", help="Let compare_page open addresses of other machines.")
    ] = False,
    generator: GeneratorOption = None,
    critic: CriticOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve tools to coding agents by MCP: refine, critique, render, compare a page, read."""
    from agent.commands.extras import needs
    from agent.commands.working import run_work
    from agent.errors import InputError
    from agent.settings import load_settings

    with one_line_failures():
        with needs("mcp"):
            from agent.mcp.server import make_server
        for folder in root or ():
            if not folder.is_dir():
                raise InputError(f"--root {folder}: no such folder")
        settings = load_settings(
            {"generator": {"use": generator}, "critic": {"use": critic}}, config
        ).settings
        server = make_server(settings, tuple(root or ()), anywhere=anywhere)
        if http:
            typer.echo(f"http://127.0.0.1:{port}/mcp", err=True)
            run_work(server.run_streamable_http_async(host="127.0.0.1", port=port))
        else:
            run_work(server.run_stdio_async())
