"""How many items are refined at a time: as many as keep the servers, or else the cores, busy."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from agent.serving.metrics import RUNNING, WAITING, fetch, values_of
from agent.settings import Settings
from prompts.endpoint import Endpoint
from prompts.pool import is_local
from renderers.worker.launch import cores

_A_SERVER = 32
"""Items to begin with for each server: it batches their requests, and each item also renders."""

_MOST = 256
"""More would only fill memory: by then this process is what is slow, and Ray spreads it over more."""


_MOST_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Jobs:
    """Items refined at a time.

    Attributes:
        first: To begin with.
        most: As long as the servers have nothing waiting, more are begun, up to this many.
    """

    first: int
    most: int

    @staticmethod
    def fixed(count: int) -> Jobs:
        """So many from beginning to end."""
        return Jobs(count, count)

    def shared_by(self, workers: int) -> Jobs:
        """What each of several processes refines at a time; all of them together at least as many as this.

        What is sent to a process is refined again when that one is lost, so it is sent no more than a few
        times as many as it begins with.
        """
        first = -(-self.first // workers)
        return Jobs(first, min(-(-self.most // workers), _MOST_AHEAD * first))


def endpoints_of(settings: Settings) -> tuple[Endpoint, ...]:
    """The endpoints of the models that the settings choose; none where no model is asked."""
    chosen = []
    if settings.generator.chosen != "embedded":
        chosen.append(settings.generator.endpoint())
    if settings.critic.chosen != "pixel":
        chosen.append(settings.critic.endpoint())
    return tuple(endpoint for endpoint in chosen if endpoint is not None)


def default_jobs(settings: Settings, cluster: int | None = None) -> Jobs:
    """How many items to refine at a time.

    Without a model server the work is this machine's: an item a core. With one it is the server's: 32 for
    each of the generator's addresses (of the critic's where only that is served) to begin with, and more, up
    to 256, as long as the servers have room.

    Args:
        settings: Name the servers.
        cluster: The cores of a cluster, on each of which a process refines items; None for this process
            alone.
    """
    endpoints = endpoints_of(settings)
    here = cluster or cores()
    if not endpoints:
        return Jobs.fixed(here)
    most = _MOST * (cluster or 1)
    return Jobs(max(here, min(most, _A_SERVER * len(endpoints[0].base_urls))), max(here, most))


async def have_room(endpoints: tuple[Endpoint, ...], items: int) -> bool:
    """Whether more items would find the servers free.

    They would where no server has a request waiting, and most of the items in flight are with a server rather
    than with this machine. A server that says nothing about it, as only vLLM does, is taken to be busy.

    Args:
        endpoints: The models.
        items: How many items are in flight.
    """
    urls = {url for endpoint in endpoints for url in endpoint.base_urls}
    told = await asyncio.gather(*map(_metrics, urls))
    idle = all(values.get(WAITING) == 0.0 for values in told)
    return bool(told) and idle and 2 * sum(values.get(RUNNING, 0.0) for values in told) >= items


async def _metrics(url: str) -> dict[str, float]:
    parts = urlsplit(url)
    page = urlunsplit((parts.scheme, parts.netloc, parts.path.removesuffix("/v1") + "/metrics", "", ""))
    return values_of(await fetch(page, local=is_local(url)) or "")
