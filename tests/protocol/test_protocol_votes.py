"""Several votes against a server that speaks the real protocol."""

from __future__ import annotations

import json

import numpy as np
import pytest

from agent.testing import Fault, ModelServer, Reply
from critic.consensus import ConsensusCritic
from critic.evidence import EvidenceCritic
from critic.judge import JudgeCritic
from critic.types import Critique
from critic.visual_erm import VisualErmCritic
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from renderers.types import Kind

pytestmark = pytest.mark.anyio

REFERENCE = np.full((60, 90, 3), 255, dtype=np.uint8)
RENDER = REFERENCE.copy()
RENDER[10:30, 10:50] = (200, 0, 0)


class SaysNothing:
    name, varies = "nothing", False

    async def critique(self, kind: Kind, reference: np.ndarray, render: np.ndarray) -> Critique:
        return Critique(critic=self.name, similarity=0.5)


def found(*places: str) -> str:
    errors = [
        {"category": "text_error", "severity": 2, "location": place, "description": "x"} for place in places
    ]
    return json.dumps({"errors": errors})


async def voted(answers, critic=VisualErmCritic, kind=Kind.CHART, dialect="vllm"):
    async with (
        ModelServer(answers) as server,
        ChatClient(
            Endpoint(base_urls=server.url, model="model", backoff=0.01, attempts=2, dialect=dialect)
        ) as client,
    ):
        said = await ConsensusCritic(critic(client), 3).critique(kind, REFERENCE, RENDER)
        return said, [asked.body for asked in server.asked]


@pytest.mark.parametrize("critic", [VisualErmCritic, JudgeCritic])
@pytest.mark.parametrize("kind", list(Kind))
async def test_one_request_brings_all_votes_and_is_never_put_greedily(critic, kind):
    answers = [Reply((found("title", "legend"), found("title"), found("title", "axis")))]
    said, bodies = await voted(answers, critic, kind)
    assert [(item.location, item.agreement) for item in said.discrepancies] == [("title", 1.0)]
    assert [body["n"] for body in bodies] == [3]
    assert bodies[0]["temperature"] >= 0.7
    assert said.usage.calls == 1


async def test_a_server_that_may_not_know_n_is_asked_one_by_one():
    answers = [Reply(found("title")), Reply(found("title", "axis")), Reply(found())]
    said, bodies = await voted(answers, dialect="openai")
    assert [body["n"] for body in bodies] == [1, 1, 1]
    assert [item.location for item in said.discrepancies] == ["title"]
    assert said.usage.calls == 3


@pytest.mark.parametrize("critic", [VisualErmCritic, JudgeCritic])
async def test_another_answer_is_drawn_otherwise_than_the_first_also_behind_votes_and_evidence(critic):
    async with (
        ModelServer([Reply(found("title"))]) as server,
        ChatClient(Endpoint(base_urls=server.url, model="model", dialect="vllm")) as client,
    ):
        held = EvidenceCritic(ConsensusCritic(critic(client), 1), SaysNothing())
        for asked in (held.critique, held.again):
            await asked(Kind.TABLE, REFERENCE, RENDER)
    first, second = (asked.body["temperature"] for asked in server.asked)
    assert first < second == 0.7


async def test_an_answer_that_cannot_be_read_does_not_vote():
    said, bodies = await voted([Reply((found("title"), "no JSON", found("title")))])
    assert [item.agreement for item in said.discrepancies] == [1.0]
    assert (said.failure, said.fallback, len(bodies)) == ("", 0, 1)


async def test_where_no_answer_can_be_read_they_are_asked_for_again():
    said, bodies = await voted([Reply("no JSON"), Reply(found("title"))])
    assert len(bodies) == 2 and len(said.discrepancies) == 1
    said, bodies = await voted([Reply("no JSON")])
    assert len(bodies) == 2 and said.fallback == 25 and said.failure


async def test_a_server_that_is_gone_is_a_failure_and_no_more():
    said, _ = await voted([Fault.WRONG_KEY])
    assert said.failure and not said.discrepancies and said.fallback == 0
