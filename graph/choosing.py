"""Policies by name: ours, and those that distributions add or a path leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from renderers.registry import Registry

if TYPE_CHECKING:
    from graph.policies import Policy
    from graph.types import Search

POLICIES: Registry[Callable[..., Policy]] = Registry(
    "lookalike.policies",
    "policy",
    {
        "best_of_n": "graph.policies:best_of_n",
        "reflect": "graph.policies:reflect",
        "beam": "graph.policies:beam",
        "adaptive": "graph.adaptive:Adaptive",
    },
)
"""Each is called with the ``Search``, where it takes an argument, and gives a ``Policy``."""


def policy_of(search: Search) -> Policy:
    """The policy that a search names; see ``Search.policy`` for the default."""
    policy: Policy = POLICIES.make(search.policy or ("adaptive" if search.width > 1 else "beam"), search)
    return policy
