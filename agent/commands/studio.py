"""``lookalike studio``: see the loop work, and say what is wrong, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.commands.choices import ConfigOption, CriticOption, GeneratorOption
from agent.commands.failures import one_line_failures


def studio(
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", help="Where runs are read from and written to.")
    ] = Path("lookalike-out"),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes a free one.")] = 0,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open it in a browser.")] = True,
    generator: GeneratorOption = None,
    critic: CriticOption = None,
    config: ConfigOption = None,
) -> None:
    """Show runs as they happen in the browser, and take what you say is wrong."""
    from agent.commands.extras import needs
    from agent.commands.working import run_work
    from agent.settings import load_settings

    with one_line_failures():
        with needs("studio"):
            from agent.studio.serving import serve
        settings = load_settings(
            {"generator": {"use": generator}, "critic": {"use": critic}}, config
        ).settings

        def ready(address: str) -> None:
            typer.echo(address)
            if open_page:
                typer.launch(address)

        run_work(serve(folder, settings, port, ready))
