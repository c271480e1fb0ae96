"""The entry for LangGraph's own tools, named in ``langgraph.json``."""

from __future__ import annotations

from graph.build import Graph, build


def graph() -> Graph:
    """The search, for tools that bring their own checkpointer."""
    return build()
