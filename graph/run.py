"""Runs the search for one picture."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command, StateSnapshot

from graph.acceptance import best_of
from graph.build import Graph, build, serializer
from graph.context import RunContext
from graph.errors import FolderError, NothingDrafted
from graph.events import Asked, Critiqued, Event, Rejudged, Resumed, Stopped
from graph.human import Answer, checked
from graph.state import merge, merge_all
from graph.types import Candidate, Result, Search, StopReason

_STEPS_A_ROUND = 6


async def stream(
    context: RunContext, graph: Graph | None = None, thread: str | None = None
) -> AsyncGenerator[Event, Answer | None]:
    """Run the search; yields what happens, last ``Stopped`` with the result.

    Where the context says that somebody is asked, ``Asked`` is answered by sending an ``Answer``; the search
    goes on by itself where nothing is sent.

    A run that is known by ``thread`` to the graph's checkpointer goes on where it was, told by ``Resumed``;
    one that had come to its end is looked at anew, so that a larger budget carries it further.

    Args:
        context: The live objects of the run.
        graph: The compiled graph; by default one without checkpoints.
        thread: Name of the run among the checkpoints.

    Raises:
        FolderError: The checkpoints are damaged.
        NothingDrafted: Every first draft failed for a reason that must be mended.
        WrongAnswer: What was sent cannot be followed; the run can go on from there.
    """
    graph = graph or build(InMemorySaver(serde=serializer()) if context.asks else None)
    config: RunnableConfig = {
        "recursion_limit": steps_allowed(context.search),
        "configurable": {"thread_id": thread or "run"},
    }
    candidates: tuple[Candidate, ...] = ()
    source: dict[str, Any] | Command[Any] | None = {"candidates": (), "stop": None}
    if thread is not None and graph.checkpointer:
        try:
            kept = await graph.aget_state(config)
            candidates = _complete(kept)
            seconds = float(kept.values.get("seconds", 0.0))
            resumed = context.resumed(candidates, seconds) if kept.values else context
        except sqlite3.Error:
            raise
        except Exception as error:  # whatever damaged or forged checkpoints hold
            raise FolderError(
                f"the run's checkpoints are damaged ({type(error).__name__}); start anew without resuming"
            ) from error
        if kept.values:
            source, context = None if kept.next else {"stop": None}, resumed
            yield Resumed(candidates)
    while True:
        stop: StopReason | None = None
        told: AsyncGenerator[Any, None] = graph.astream(  # type: ignore[assignment]
            source,
            config,
            context=context,
            stream_mode="custom",
            durability="sync" if graph.checkpointer else None,
        )
        async with aclosing(told):  # else what is at work goes on, and writes to checkpoints that are closed
            async for event in told:
                if isinstance(event, StopReason):
                    stop = event
                    continue
                if isinstance(event, Critiqued | Rejudged):
                    candidates = merge(candidates, (event.candidate,))
                yield event
        if stop is not None or not context.asks:
            break
        asked, best = context.clock(), best_of(candidates)
        kept = await graph.aget_state(config)
        answer = yield Asked(candidates, best[0] if best else None, kept.values.get("stopping"))
        source = Command(resume=checked(answer, candidates).model_dump(mode="json"))
        context = context.delayed(context.clock() - asked)
    yield Stopped(_result(context, candidates, stop or StopReason.NO_RENDER))


def steps_allowed(search: Search) -> int:
    """Steps of the graph that a search may take: more than it can."""
    return _STEPS_A_ROUND * (search.budget.rounds + 2)


def _complete(kept: StateSnapshot) -> tuple[Candidate, ...]:
    """The complete candidates of a run that was cut off, those of the unfinished round included."""
    done = [task.result["candidates"] for task in kept.tasks if task.result and "candidates" in task.result]
    return merge_all(tuple(kept.values.get("candidates", ())), done)


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


def _result(context: RunContext, candidates: tuple[Candidate, ...], reason: StopReason) -> Result:
    result = result_of(context, candidates, reason)
    if result.stop_reason is StopReason.ERROR and not any(item.code for item in candidates):
        raise NothingDrafted(result.error)
    return result
