"""Starts the planned servers, waits until they are healthy, watches them, and ends them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from agent.errors import ServeError
from agent.serving.metrics import RUNNING, WAITING, fetch, values_of
from agent.serving.plan import Plan, Server
from renderers.isolation import lifeline

_POLL = 0.5
_GRACE = 20.0
_TAIL_LINES = 15


class State(StrEnum):
    """How a server is doing."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    ENDED = "ended"


@dataclass(slots=True)
class Process:
    """One server as it runs.

    Attributes:
        server: What was planned.
        log: Where its output goes.
        state: How it is doing.
        load: What it is working on, from its metrics.
    """

    server: Server
    log: Path
    state: State = State.WAITING
    load: str = ""
    popen: subprocess.Popen[bytes] | None = None
    started: float = field(default=0.0)

    @property
    def seconds(self) -> float:
        """Since it was started."""
        return time.monotonic() - self.started if self.started else 0.0


class Fleet:
    """All servers of a plan. Use as an async context manager: on the way out every one is ended."""

    def __init__(
        self, plan: Plan, host: str, logs: Path, changed: Callable[[Process], None] = lambda process: None
    ) -> None:
        """Nothing starts yet.

        Args:
            plan: What to start.
            host: Where the servers listen.
            logs: Folder for their output.
            changed: Told of each change of state.
        """
        logs.mkdir(parents=True, exist_ok=True)
        self.processes = [Process(server, logs / f"{server.name}.log") for server in plan.servers]
        self._stages = plan.stages
        self._host = host
        self._changed = changed
        self._lifeline = os.pipe()

    async def __aenter__(self) -> Fleet:
        """Nothing to do."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every server; at once where the end is asked for again meanwhile."""
        try:
            await self.stop()
        except asyncio.CancelledError:
            for process in self.processes:
                _signal(process, signal.SIGKILL)
            raise
        finally:
            for descriptor in self._lifeline:
                os.close(descriptor)

    async def start(self, seconds: float) -> None:
        """Start stage after stage and wait for each to be healthy.

        Raises:
            ServeError: A server ended, or was not healthy in time; with the end of its log.
        """
        waiting = iter(self.processes)
        for stage in self._stages:
            processes = [next(waiting) for _ in stage]
            for process in processes:
                self._launch(process)
            await asyncio.gather(*(self._healthy(process, seconds) for process in processes))

    def _launch(self, process: Process) -> None:
        server = process.server
        environment = {**os.environ, **server.environment}
        if shutil.which(server.command[0], path=environment.get("PATH")) is None:
            raise ServeError(
                f"{server.command[0]} is not installed here: pip install 'lookalike[vllm]' on the GPU machine"
            )
        try:
            with process.log.open("wb") as log:
                process.popen = subprocess.Popen(
                    [sys.executable, "-I", lifeline.__file__, str(self._lifeline[0]), *server.command],
                    pass_fds=[self._lifeline[0]],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            raise ServeError(f"{server.command[0]} cannot be started: {error}") from error
        process.started = time.monotonic()
        self._set(process, State.STARTING)

    async def _healthy(self, process: Process, seconds: float) -> None:
        url = f"http://{self._host}:{process.server.port}/health"
        while await fetch(url) is None:
            if process.popen is not None and process.popen.poll() is not None:
                self._set(process, State.ENDED)
                raise ServeError(f"{process.server.name} ended while starting", tail(process.log))
            if process.seconds > seconds:
                told = f"{process.server.name} is not healthy after {seconds:.0f} s (--wait)"
                raise ServeError(told, tail(process.log))
            await asyncio.sleep(_POLL)
        self._set(process, State.READY)

    async def watch(self, every: float = 2.0) -> None:
        """Look after the servers until one ends.

        Raises:
            ServeError: One ended; with the end of its log.
        """
        while True:
            for process in self.processes:
                if process.popen is None or process.popen.poll() is not None:
                    self._set(process, State.ENDED)
                    raise ServeError(f"{process.server.name} ended", tail(process.log))
                metrics = await fetch(f"http://{self._host}:{process.server.port}/metrics")
                process.load = load_of(metrics or "")
            await asyncio.sleep(every)

    async def stop(self) -> None:
        """End every server and what it started: politely first, then for certain. Safe to call twice."""
        running = [process for process in self.processes if process.popen is not None]
        for process in reversed(running):
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + _GRACE
        while any(_alive(process) for process in running) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        for process in running:
            _signal(process, signal.SIGKILL)
            if process.popen is not None:
                await asyncio.to_thread(process.popen.wait)
                process.popen = None
                self._set(process, State.ENDED)

    def _set(self, process: Process, state: State) -> None:
        if process.state is not state:
            process.state = state
            self._changed(process)


def _alive(process: Process) -> bool:
    return process.popen is not None and process.popen.poll() is None


def _signal(process: Process, number: signal.Signals) -> None:
    """To the whole group: vLLM's engine is a child of its server."""
    if process.popen is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.popen.pid, number)


def tail(log: Path) -> str:
    """The last lines of a log."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([*lines[-_TAIL_LINES:], f"(all of it: {log})"])


def load_of(metrics: str) -> str:
    """Requests and prefix-cache hits, in a few words, from vLLM's metrics."""
    values = values_of(metrics)
    if RUNNING not in values:
        return ""
    running, waiting = values[RUNNING], values.get(WAITING, 0.0)
    told = f"{running:.0f} running, {waiting:.0f} waiting"
    asked = values.get("vllm:prefix_cache_queries_total", 0.0)
    if asked:
        told += f", {values.get('vllm:prefix_cache_hits_total', 0.0) / asked:.0%} of the prompts cached"
    return told
