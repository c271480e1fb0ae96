"""Several servers of one model: least requests in flight first, dead ones left out for a while."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

from prompts.endpoint import Endpoint

_FIRST_REST = 2.0
_LONGEST_REST = 60.0


@dataclass(slots=True)
class Server:
    """One base URL with its client and its health.

    Attributes:
        url: Its base URL.
        client: Talks to it; retries are not its business.
        in_flight: Requests it is working on for us.
        failures: Failures in a row.
        rest_until: Left out until then, on ``time.monotonic``'s clock.
    """

    url: str
    client: AsyncOpenAI
    in_flight: int = 0
    failures: int = 0
    rest_until: float = 0.0

    def failed(self) -> None:
        """It cannot be reached or died: leave it out, longer each time."""
        self.failures += 1
        rest = min(_LONGEST_REST, _FIRST_REST * 2 ** (self.failures - 1))
        self.rest_until = time.monotonic() + rest

    def answered(self) -> None:
        """It is alive."""
        self.failures = 0
        self.rest_until = 0.0


class Pool:
    """The servers of one role."""

    def __init__(self, endpoint: Endpoint) -> None:
        timeouts = endpoint.timeouts
        # The client's own read limit stays behind the stream's finer ones.
        limit = Timeout(timeouts.total, connect=timeouts.connect)
        self.servers = tuple(
            Server(
                url,
                AsyncOpenAI(
                    base_url=url,
                    api_key=endpoint.api_key.get_secret_value() or "none",
                    timeout=limit,
                    max_retries=0,
                    http_client=_http_client(url, limit),
                ),
            )
            for url in endpoint.base_urls
        )

    @contextmanager
    def lease(self, session: str) -> Iterator[Server]:
        """The server for one attempt.

        Among those alive the one with the fewest requests in flight; among equals always the same one for the
        same ``session``, whose prefix cache knows the run's reference picture. Where all are left out, the
        one that has rested longest is tried again.
        """
        now = time.monotonic()
        alive = [server for server in self.servers if server.rest_until <= now]
        if alive:
            server = min(alive, key=lambda item: (item.in_flight, _rank(session, item.url)))
        else:
            server = min(self.servers, key=lambda item: item.rest_until)
        server.in_flight += 1
        try:
            yield server
        finally:
            server.in_flight -= 1

    async def aclose(self) -> None:
        """Close the connections. Safe to call twice."""
        for server in self.servers:
            await server.client.close()


def _rank(session: str, url: str) -> bytes:
    return hashlib.sha256(f"{session}\n{url}".encode()).digest()


def _http_client(url: str, limit: Timeout) -> DefaultAsyncHttpxClient:
    """Proxies of the environment are for the network, not for this machine."""
    return DefaultAsyncHttpxClient(timeout=limit, trust_env=not is_local(url))


def is_local(url: str) -> bool:
    """Whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
