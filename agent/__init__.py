"""What a user touches: command line, Python API, generators, reports.

Nothing is imported before it is used, so that the command line can first check that the packages are ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from agent.layout import check_imports

if TYPE_CHECKING:
    from agent.api import RefinementAgent
    from agent.errors import AgentError, InputError
    from agent.refinement import Refinement
    from critic.types import Discrepancy
    from graph.human import Answer
    from graph.types import Budget, Search, StopReason
    from renderers.types import Kind, Language

_HOMES = {
    "AgentError": "agent.errors",
    "Answer": "graph.human",
    "Discrepancy": "critic.types",
    "Budget": "graph.types",
    "InputError": "agent.errors",
    "Kind": "renderers.types",
    "Language": "renderers.types",
    "Refinement": "agent.refinement",
    "RefinementAgent": "agent.api",
    "Search": "graph.types",
    "StopReason": "graph.types",
}

__all__ = [
    "AgentError",
    "Answer",
    "Budget",
    "Discrepancy",
    "InputError",
    "Kind",
    "Language",
    "Refinement",
    "RefinementAgent",
    "Search",
    "StopReason",
]


def __getattr__(name: str) -> object:
    """Import a public name from its home on first use, once it is sure that our packages are ours."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    check_imports()
    return getattr(import_module(_HOMES[name]), name)
