"""Serving the studio on this machine alone, until it is asked to end."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from agent.api import RefinementAgent
from agent.errors import ServeError
from agent.settings import Settings
from agent.studio.app import make_app
from agent.studio.hub import Hub

_HOST = "127.0.0.1"
_TOKEN_BYTES = 24


async def serve(folder: Path, settings: Settings, port: int, ready: Callable[[str], None]) -> None:
    """Serve the runs of a folder.

    Args:
        folder: Made where there is none.
        settings: What the agent is made of.
        port: Where to listen; 0 takes a free one.
        ready: Is told the address, token and all.

    Raises:
        ServeError: The port cannot be listened at.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, port))
            listening.listen()  # who comes before the server is up waits rather than being refused
        except OSError as error:
            raise ServeError(f"{_HOST}:{port}: cannot be listened at ({error.strerror})") from error
        async with RefinementAgent(settings=settings) as agent:
            hub = Hub(agent, folder)
            config = uvicorn.Config(
                make_app(hub, token), log_level="error", ws="none", timeout_graceful_shutdown=1
            )
            server = _Server(config)
            serving = asyncio.create_task(server.serve([listening]))
            ready(f"http://{_HOST}:{listening.getsockname()[1]}/{token}/")
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                server.should_exit = True
                await hub.dismiss()
                await serving
                raise


class _Server(uvicorn.Server):
    """One that leaves signals to the command, which ends its work by them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield
