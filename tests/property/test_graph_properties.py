"""What holds for every run, whatever the generator and the critic do."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver

from agent.testing import Step
from graph import Budget, GraphError, Result, Search, build, serializer
from graph.acceptance import best_of
from prompts.usage import Usage
from renderers.types import RenderStatus
from tests.loop import Loop

STEPS = st.lists(
    st.builds(
        Step,
        severity=st.integers(0, 80),
        similarity=st.floats(0, 1).map(lambda value: round(value, 4)),
        status=st.sampled_from([RenderStatus.OK, RenderStatus.OK, RenderStatus.OK, RenderStatus.ERROR]),
        code=st.sampled_from([True, True, True, False]),
        usage=st.builds(Usage, calls=st.just(1), prompt_tokens=st.just(7)),
        error=st.sampled_from(["", "", "", "gone"]),
    ),
    min_size=1,
    max_size=12,
)
SEARCHES = st.builds(
    Search,
    policy=st.sampled_from([None, "best_of_n", "reflect", "beam", "adaptive"]),
    width=st.integers(1, 4),
    beam=st.integers(1, 2),
    revisions=st.integers(1, 2),
    patience=st.integers(1, 3),
    budget=st.builds(
        Budget,
        rounds=st.integers(0, 4),
        candidates=st.none() | st.integers(1, 9),
        calls=st.none() | st.integers(1, 9),
        tokens=st.sampled_from([None, 7, 20, 60]),
    ),
)
QUICK = settings(max_examples=40, deadline=None)


def _run(steps: list[Step], search: Search) -> tuple[Result | None, list[dict[str, object]]]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            result = Loop(steps, Path(folder), search).run()
        except GraphError:
            result = None
        text = (Path(folder) / "trajectory.jsonl").read_text()
        return result, [json.loads(line) for line in text.splitlines()]


@QUICK
@given(STEPS, SEARCHES)
def test_best_never_regresses_and_no_budget_is_exceeded(steps: list[Step], search: Search) -> None:
    result, lines = _run(steps, search)
    assert len({line["id"] for line in lines}) == len(lines)
    if result is None:
        return
    assert result.rounds <= search.budget.rounds
    for bound, spent in (
        (search.budget.candidates, len(result.candidates)),
        (search.budget.calls, result.usage.calls),
        (search.budget.tokens, result.usage.tokens),
    ):
        assert bound is None or spent <= bound
    best = (0.0, 0.0)
    for count in range(1, len(result.candidates) + 1):
        now = best_of(result.candidates[:count])
        score = (now[0].reward, now[0].similarity) if now else (0.0, 0.0)
        assert score >= best
        best = score
    for candidate in result.candidates:
        if candidate.accepted and candidate.parent is not None:
            parent = result.candidates[candidate.parent]
            assert candidate.reward >= parent.reward - 1e-9
            assert candidate.similarity >= parent.similarity - 1e-9


@QUICK
@given(STEPS, SEARCHES)
def test_state_round_trips_through_a_checkpoint(steps: list[Step], search: Search) -> None:
    async def run() -> None:
        graph = build(InMemorySaver(serde=serializer()))
        with tempfile.TemporaryDirectory() as folder:
            try:
                result = await Loop(steps, Path(folder), search).arun(graph, "thread")
            except GraphError:
                return
        kept = (await graph.aget_state({"configurable": {"thread_id": "thread"}})).values
        assert tuple(kept["candidates"]) == result.candidates

    asyncio.run(run())


@QUICK
@given(STEPS, SEARCHES)
def test_the_same_script_gives_the_same_run(steps: list[Step], search: Search) -> None:
    first, second = _run(steps, search)[0], _run(steps, search)[0]
    assert _without_times(first) == _without_times(second)


def _without_times(result: Result | None) -> object:
    return result and [
        (item.id, item.parent, item.round, item.reward, item.similarity, item.accepted, item.failure)
        for item in result.candidates
    ]
