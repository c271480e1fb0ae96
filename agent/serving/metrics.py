"""What a vLLM server says of itself under ``/metrics``."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import urllib.request

RUNNING, WAITING = "vllm:num_requests_running", "vllm:num_requests_waiting"


async def fetch(url: str, *, local: bool = True) -> str | None:
    """A page of a server's; None where there is none (yet).

    Args:
        url: Its address.
        local: Whether the server is on this machine, so that no proxy is asked.
    """

    def read() -> str | None:
        handlers = [urllib.request.ProxyHandler({})] if local else []
        try:
            with urllib.request.build_opener(*handlers).open(url, timeout=5) as answer:
                return str(answer.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException, ValueError):
            return None

    return await asyncio.to_thread(read)


def values_of(metrics: str) -> dict[str, float]:
    """The metrics of vLLM's own, those of several engines summed up."""
    values: dict[str, float] = {}
    for line in metrics.splitlines():
        name, _, value = line.rpartition(" ")
        name = name.partition("{")[0]
        if name.startswith("vllm:"):
            with contextlib.suppress(ValueError):
                values[name] = values.get(name, 0.0) + float(value)
    return values
