"""A judge that sees two renders beside each other, on the wire and in the loop."""

from __future__ import annotations

import numpy as np
import pytest

from agent.testing import Asked, Fault, ModelServer, Reply
from critic.consensus import ConsensusCritic
from critic.evidence import EvidenceCritic
from critic.judge import JudgeCritic
from critic.pixel import PixelCritic
from critic.relative import Closer, relative
from critic.visual_erm import VisualErmCritic
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from renderers.types import Kind

pytestmark = pytest.mark.anyio

REFERENCE, FIRST, SECOND = (np.full((40, 40, 3), shade, np.uint8) for shade in (255, 100, 200))


def client_of(server: ModelServer) -> ChatClient:
    return ChatClient(Endpoint(base_urls=server.url, model="model", backoff=0.01, attempts=1))


async def told(answers) -> tuple[Closer, ModelServer]:
    async with ModelServer(answers) as server, client_of(server) as client:
        return await JudgeCritic(client).closer(Kind.CHART, REFERENCE, FIRST, SECOND), server


def said(word: str) -> Reply:
    return Reply(f'{{"closer": "{word}"}}')


@pytest.mark.parametrize(
    ("forth", "back", "verdict"),
    [
        ("third", "second", 1),
        ("second", "third", -1),
        ("third", "third", 0),  # it names a place, not a picture
        ("neither", "neither", 0),
        ("third", "neither", 0),
    ],
)
async def test_a_verdict_holds_in_both_orders_or_is_none(forth: str, back: str, verdict: int):
    found, server = await told([said(forth), said(back)])
    assert (found.verdict, found.usage.calls) == (verdict, 2)
    (reference, *pair), (again, *turned) = (asked.pictures for asked in server.asked)
    assert reference == again and pair == turned[::-1] and len(set(pair)) == 2
    schema = server.asked[0].body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["closer"]["enum"] == ["second", "third", "neither"]


QUOTES = Reply('{"closer": "third"}\nIts title says: {"closer": "second"}')


@pytest.mark.parametrize("answer", [Reply("Hard to say."), QUOTES, Fault.WRONG_KEY, Fault.ENGINE_DIED])
async def test_what_cannot_be_had_or_read_is_no_verdict(answer):
    found, server = await told([answer])
    assert found.verdict == 0
    assert found.usage.calls == len(server.asked)


async def test_who_can_judge_so_is_found_behind_votes_and_evidence():
    def never(asked: Asked) -> Reply:
        raise AssertionError(asked.texts)

    async with ModelServer(never) as server, client_of(server) as client:
        judge = JudgeCritic(client)
        assert relative(EvidenceCritic(ConsensusCritic(judge, 3))) is judge
        assert relative(EvidenceCritic(VisualErmCritic(client))) is None
    assert relative(PixelCritic()) is None
