"""Builds the LangGraph state machine."""

from __future__ import annotations

from functools import cache
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph import nodes
from graph.context import RunContext
from graph.state import CandidateState, SearchState

Graph = CompiledStateGraph[Any, RunContext, Any, Any]

_STATE_TYPES = (
    ("critic.elements", "Cause"),
    ("graph.human", "Answer"),
    ("graph.outer", "Job"),
    ("graph.types", "Candidate"),
    ("graph.types", "StopReason"),
    ("graph.types", "Work"),
    ("renderers.types", "RenderStatus"),
)


def build(checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """The search as a compiled graph: drafts fan out, candidates run side by side, rounds repeat.

    Args:
        checkpointer: Keeps the state after each step, so that a killed run can go on.
    """
    return _search().copy({"checkpointer": checkpointer})


@cache
def _search() -> Graph:
    """The search without checkpoints; compiled once, as that takes longer than a candidate may."""
    graph = StateGraph(SearchState, context_schema=RunContext)
    graph.add_node("plan", nodes.plan)
    graph.add_node("candidate", nodes.candidate, input_schema=CandidateState)
    graph.add_edge(START, "plan")
    graph.add_node("ask", nodes.ask)
    graph.add_edge("candidate", "plan")
    graph.add_edge("ask", "plan")
    return graph.compile()


class _Strict(JsonPlusSerializer):
    """Reads what it writes, and none of the forms of old or of other serialisers."""

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The value.

        Raises:
            ValueError: It is in a form in which nothing of ours is kept.
        """
        if data[0] not in _FORMS:
            raise ValueError(f"nothing is kept as {data[0]}")
        return super().loads_typed(data)


_FORMS = frozenset({"null", "bytes", "msgpack"})


def serializer() -> JsonPlusSerializer:
    """Strict msgpack for checkpoints: only the types of our state are ever revived."""
    return _Strict(allowed_msgpack_modules=_STATE_TYPES)
