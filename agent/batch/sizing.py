"""How many items are refined at a time."""

from __future__ import annotations

from agent.settings import Settings
from prompts.endpoint import Endpoint
from renderers.worker.launch import cores

_A_SERVER = 32
"""Items in flight that keep one model server busy: it batches their requests, and each item also renders."""

_MOST = 256
"""More would only fill memory: by then this process is what is slow, and Ray spreads it over more."""


def endpoints_of(settings: Settings) -> tuple[Endpoint, ...]:
    """The endpoints of the models that the settings choose; none where no model is asked."""
    chosen = []
    if settings.generator.chosen != "embedded":
        chosen.append(settings.generator.endpoint())
    if settings.critic.chosen != "pixel":
        chosen.append(settings.critic.endpoint())
    return tuple(endpoint for endpoint in chosen if endpoint is not None)


def default_jobs(settings: Settings) -> int:
    """How many items to refine at a time.

    Without a model server the work is this machine's: an item a core. With one it is the server's: 32 for
    each of the generator's addresses (of the critic's where only that is served), 256 at most.
    """
    endpoints = endpoints_of(settings)
    if not endpoints:
        return cores()
    return max(cores(), min(_MOST, _A_SERVER * len(endpoints[0].base_urls)))
