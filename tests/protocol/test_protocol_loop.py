"""The whole loop on served models of which every fifth call fails, each time in another way."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.generators.lvlm import LvlmGenerator
from agent.testing import Asked, Fault, ModelServer, Reply
from critic.visual_erm import VisualErmCritic
from graph.context import RunContext
from graph.events import Stopped
from graph.folder import RunFolder
from graph.run import stream
from graph.types import Budget, Result, Search, StopReason, Task
from prompts.allowance import Allowance
from prompts.client import ChatClient
from prompts.endpoint import Endpoint, Timeouts
from renderers.service import Renderers
from renderers.types import Kind, Language
from tests.protocol.drawing_model import judge, reference, write

pytestmark = pytest.mark.anyio

FAULTS = (
    Fault.RATE_LIMITED,
    Fault.ENGINE_DIED,
    Fault.CUT,
    Fault.DROPPED,
    Fault.MALFORMED_JSON,
    Fault.OVERLOADED,
    Fault.EMPTY_CHOICE,
    Fault.ENGINE_DIED_STREAMING,
    Fault.NO_CHOICE,
    Fault.STALLED,
    Fault.SLOW_FIRST_BYTE,
    Reply("I would rather talk about the weather."),
    Reply('```svg\n<svg xmlns="http://www.w3.org/2000/svg" view', finish_reason="length"),
    Fault.PROMPT_TOO_LONG,
)


class Flaky:
    """Every fifth call fails, in the next way."""

    def __init__(self) -> None:
        self.calls = itertools.count(1)
        self.faults = itertools.cycle(FAULTS)

    def __call__(self, asked: Asked) -> Reply | Fault:
        if next(self.calls) % 5 == 0:
            fault = next(self.faults)
            if fault is not Fault.PROMPT_TOO_LONG or len(asked.body["messages"]) > 1:
                return fault
            return (
                Fault.ENGINE_DIED
            )  # a first question that is too long would always be, and is no passing fault
        return write(asked) if asked.body["model"] == "generator" else judge(asked)


@asynccontextmanager
async def models_on(server: ModelServer):
    """Generator and critic, both on one server."""
    quick = Timeouts(connect=20, first_token=6, idle=6, total=60)  # a busy machine answers late, not never
    made = [
        ChatClient(Endpoint(base_urls=server.url, model=name, timeouts=quick, backoff=0.01))
        for name in ("generator", "critic")
    ]
    async with made[0] as generator, made[1] as critic:
        yield LvlmGenerator(generator), VisualErmCritic(critic)


async def run(path: Path, models, render, search: Search) -> Result:
    """One refinement by the real loop."""
    task = Task(Kind.SVG, Language.SVG, reference())
    budget = search.budget
    allowance = Allowance(calls=budget.calls, tokens=budget.tokens)
    folder = RunFolder(path, task.reference, task.language)
    context = RunContext(task, *models, render, folder, search, allowance=allowance)
    if budget.seconds is not None:
        allowance.deadline = context.started + budget.seconds
    async for event in stream(context):
        if isinstance(event, Stopped):
            check(budget, event.result, path, context.elapsed)
            assert event.result.usage.calls <= allowance.spent.calls
            if event.result.stop_reason is not StopReason.SECONDS:  # else a call may be cut off half-way
                assert event.result.usage == allowance.spent
            return event.result
    raise AssertionError("a run ends with its result")


def check(budget: Budget, result: Result, path: Path, seconds: float) -> None:
    """It kept within its budget, and every candidate is there once."""
    ids = [candidate.id for candidate in result.candidates]
    assert ids == list(range(len(ids)))
    lines = (path / "trajectory.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == ids
    assert result.rounds <= budget.rounds
    assert budget.candidates is None or len(ids) <= budget.candidates
    assert budget.calls is None or result.usage.calls <= budget.calls
    assert budget.tokens is None or result.usage.tokens <= budget.tokens
    assert budget.seconds is None or seconds < budget.seconds + 30.0  # to tidy up, on a busy machine


BUDGETS = (
    Budget(rounds=2),
    Budget(rounds=3, calls=9),
    Budget(rounds=3, tokens=14_000),
    Budget(rounds=3, seconds=3),
    Budget(rounds=3, candidates=4),
)


MANY = 20


@pytest.mark.long
async def test_many_refinements_on_flaky_servers_all_end_well(tmp_path):
    async with (
        ModelServer(Flaky(), models=("generator", "critic"), slow=40) as server,
        models_on(server) as models,
        Renderers() as renderers,
    ):

        async def refine(number: int) -> Result:
            search = Search(width=2, budget=BUDGETS[number % len(BUDGETS)])
            return await run(tmp_path / str(number), models, renderers.render, search)

        done = []
        for first in range(0, MANY, 10):
            done += await asyncio.gather(*(refine(number) for number in range(first, first + 10)))
    assert len(done) == MANY
    assert all(result.best for result in done if result.stop_reason is not StopReason.SECONDS)
    failed = [result for result in done if result.stop_reason is StopReason.ERROR]
    assert len(failed) < MANY / 5
    assert all(result.error for result in failed)
    whole = [result for result in done if result.stop_reason not in (StopReason.SECONDS, StopReason.ERROR)]
    assert sum(result.best.reward > result.first.reward for result in whole) > len(whole) / 2
    spent = sum(result.usage.calls for result in done)
    assert spent <= len(server.asked)


async def test_a_run_whose_server_dies_ends_with_its_best_so_far_and_says_why(tmp_path):
    def answer(asked: Asked) -> Reply:
        if len(server.asked) == 7:
            server.stop()
        return write(asked) if asked.body["model"] == "generator" else judge(asked)

    async with (
        ModelServer(answer, models=("generator", "critic")) as server,
        models_on(server) as models,
        Renderers() as renderers,
    ):
        result = await run(tmp_path, models, renderers.render, Search(budget=Budget(rounds=9)))
    assert result.best is not None
    assert result.best.reward > result.first.reward
    assert result.stop_reason is StopReason.ERROR
    assert "connection" in result.error
