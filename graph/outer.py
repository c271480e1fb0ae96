"""The search as a graph that opens its run itself, for tools that have no live objects to give.

Its input is a job as plain values, which LangGraph Studio shows as a form; the search is its subgraph, with
the same questions, answers and checkpoints.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from pydantic import BaseModel, ConfigDict, Field

from graph.build import build
from graph.context import RunContext
from graph.run import result_of, steps_allowed
from graph.types import Budget, Result, Search

_MOST_ROUNDS, _MOST_DRAFTS = 50, 16


class Job(BaseModel):
    """What is to be refined, and how; what a form shows to whoever starts a run."""

    model_config = ConfigDict(extra="forbid")

    picture: Annotated[str, Field(min_length=1, description="path of the picture on this machine")]
    kind: Annotated[str, Field(description="chart, table, svg or page; found out where none is named")] = ""
    to: Annotated[str, Field(description="format to write; the kind's first one by default")] = ""
    out: Annotated[str, Field(description="run folder; one of its own by default")] = ""
    width: Annotated[int, Field(ge=1, le=_MOST_DRAFTS, description="first drafts")] = 1
    rounds: Annotated[int, Field(ge=0, le=_MOST_ROUNDS)] = 3
    seconds: Annotated[float | None, Field(gt=0, description="at most; no limit by default")] = None
    ask: Annotated[bool, Field(description="whether it waits for an answer after each round")] = True

    def search(self, base: Search) -> Search:
        """How to search: as the base does, within this job's bounds."""
        bounds = {"rounds": self.rounds, "seconds": self.seconds}
        budget: Budget = base.budget.model_copy(update=bounds)
        return base.model_copy(update={"width": self.width, "budget": budget})


class Outcome(BaseModel):
    """What came of a job."""

    folder: str = ""
    code: str = ""
    reward: float | None = None
    similarity: float | None = None
    stop_reason: str = ""


class _State(Job, Outcome):
    """What the outer graph carries between its nodes.

    Attributes:
        opened: The job with all that was found out: kind, format and folder.
    """

    opened: Job | None = None


class Opened(NamedTuple):
    """A run that was opened for a job.

    Attributes:
        context: What the search works with.
        job: What of the job was found out is in it, too: kind, format and folder.
        ended: Writes down what came of the run.
    """

    context: RunContext
    job: Job
    ended: Callable[[Result], Awaitable[Outcome]]


OuterGraph = CompiledStateGraph[Any, None, Any, Any]
Opener = Callable[[Job, bool], AbstractAsyncContextManager[Opened]]
"""Opens the run of a job: anew, or, where told that it is open already, the one that its folder holds."""


def build_for(opener: Opener, checkpointer: BaseCheckpointSaver[Any] | None = None) -> OuterGraph:
    """The search as the subgraph of one that takes a job and gives an outcome.

    Args:
        opener: Makes the live objects of a run.
        checkpointer: Keeps the state after each step; tools that bring their own give none.
    """
    search = build()

    async def begin(state: _State) -> dict[str, Any]:
        async with opener(Job(**state.model_dump(include=set(Job.model_fields))), False) as run:
            return {"opened": run.job}

    async def refine(state: _State, config: RunnableConfig) -> dict[str, Any]:
        """Runs again from its start when an answer is there: the search then goes on where it asked."""
        assert state.opened is not None
        async with opener(state.opened, True) as run:
            context = replace(run.context, asks=state.ask)
            kept = (await search.aget_state(config)).values
            if kept:
                context = context.resumed(kept.get("candidates", ()), float(kept.get("seconds", 0.0)))
            bound = RunnableConfig(recursion_limit=steps_allowed(context.search))
            done = await search.ainvoke({"candidates": (), "stop": None}, bound, context=context)
            return (await run.ended(result_of(context, done["candidates"], done["stop"]))).model_dump()

    graph = StateGraph(_State, input_schema=Job, output_schema=Outcome)
    graph.add_node("open", begin)
    graph.add_node("refine", refine)
    graph.add_edge(START, "open")
    graph.add_edge("open", "refine")
    return graph.compile(checkpointer=checkpointer)
