"""Runs the search for one picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from langchain_core.runnables import RunnableConfig

from graph.acceptance import best_of
from graph.build import Graph, build
from graph.context import RunContext
from graph.errors import NothingDrafted
from graph.events import Critiqued, Event, Stopped
from graph.state import merge
from graph.types import Candidate, Result, StopReason

_STEPS_A_ROUND = 4


async def stream(
    context: RunContext, graph: Graph | None = None, thread: str | None = None
) -> AsyncIterator[Event]:
    """Run the search; yields what happens, last ``Stopped`` with the result.

    Args:
        context: The live objects of the run.
        graph: The compiled graph; by default one without checkpoints.
        thread: Name of the run among the checkpoints; goes on where it was when it is known.

    Raises:
        NothingDrafted: Every first draft failed for a reason that must be mended.
    """
    graph = graph or build()
    config: RunnableConfig = {
        "recursion_limit": _STEPS_A_ROUND * (context.search.budget.rounds + 2),
        "configurable": {"thread_id": thread or "run"},
    }
    resuming = thread is not None and graph.checkpointer and (await graph.aget_state(config)).values
    candidates: tuple[Candidate, ...] = tuple(resuming.get("candidates", ())) if resuming else ()
    state: dict[str, Any] = dict(resuming or {})
    source = None if resuming else {"candidates": (), "round": 0, "stop": None}
    parts: AsyncIterator[Any] = graph.astream(
        source, config, context=context, stream_mode=["custom", "values"], subgraphs=True
    )
    async for namespace, mode, payload in parts:
        if mode == "custom":
            if isinstance(payload, Critiqued):
                candidates = merge(candidates, (payload.candidate,))
            yield payload
        elif not namespace:
            state = payload
    yield Stopped(_result(context, tuple(state.get("candidates", candidates)), state.get("stop")))


def result_of(context: RunContext, candidates: tuple[Candidate, ...], reason: StopReason) -> Result:
    """The result of a run that ended in ``reason`` with these candidates."""
    best = best_of(candidates)
    failures = [candidate.failure for candidate in candidates if candidate.failure]
    return Result(
        candidates=candidates,
        best=best[0] if best else None,
        first=candidates[0] if candidates else None,
        stop_reason=reason,
        rounds=max((candidate.round for candidate in candidates), default=0),
        seconds=context.elapsed,
        error=failures[-1] if failures and reason is StopReason.ERROR else "",
    )


def _result(context: RunContext, candidates: tuple[Candidate, ...], reason: StopReason | None) -> Result:
    result = result_of(context, candidates, reason or StopReason.NO_RENDER)
    if result.stop_reason is StopReason.ERROR and not any(item.code for item in candidates):
        raise NothingDrafted(result.error)
    return result
