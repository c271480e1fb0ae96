"""Policies by name."""

from __future__ import annotations

from graph.adaptive import Adaptive
from graph.policies import Beam, Policy
from graph.types import Search


def policy_of(search: Search) -> Policy:
    """The policy that a search names; see ``Search.policy`` for the default."""
    match search.policy or ("adaptive" if search.width > 1 else "beam"):
        case "best_of_n":
            once = search.budget.model_copy(update={"rounds": 0})
            return Beam("best_of_n", search.model_copy(update={"budget": once}))
        case "reflect":
            return Beam("reflect", search.model_copy(update={"width": 1, "beam": 1, "revisions": 1}))
        case "adaptive":
            return Adaptive(search)
        case _:
            return Beam("beam", search)
