"""The chat client against a server that speaks the real protocol and fails in every way seen of vLLM."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agent.testing import Asked, Fault, ModelServer, Reply
from prompts.allowance import Allowance, allowing
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Endpoint, Sampling, Timeouts
from prompts.errors import (
    BudgetSpentError,
    ContextOverflowError,
    EndpointError,
    NothingSaidError,
    RequestError,
)
from prompts.faults import _hint
from prompts.messages import Message

pytestmark = pytest.mark.anyio

QUESTION = ChatRequest(messages=(Message("user", ("What is this?",)),))


def endpoint(*servers: ModelServer, **changes: object) -> Endpoint:
    return Endpoint.model_validate(
        {"base_urls": [server.url for server in servers], "model": "model", "backoff": 0.01, **changes}
    )


async def ask(server: ModelServer, request: ChatRequest = QUESTION, **changes: object):
    async with ChatClient(endpoint(server, **changes)) as client:
        return await client.chat(request)


async def test_an_answer_arrives_whole_with_its_cost():
    async with ModelServer([Reply("x" * 95, cached_tokens=7)]) as server:
        answer = await ask(server)
    assert answer.text == "x" * 95
    assert answer.usage.calls == 1
    assert answer.usage.completion_tokens == 3
    assert answer.usage.cached_tokens == 7
    assert answer.usage.prompt_tokens > 0
    assert 0 < answer.first_token_seconds <= answer.usage.seconds


async def test_several_answers_to_one_prompt_stay_apart():
    async with ModelServer([Reply(("first " * 20, "second " * 20, "third"))]) as server:
        answer = await ask(server, ChatRequest(messages=QUESTION.messages, n=3))
    assert [choice.text for choice in answer.choices] == ["first " * 20, "second " * 20, "third"]
    assert answer.usage.calls == len(server.asked) == 1


HELPED = [
    Fault.RATE_LIMITED,
    Fault.OVERLOADED,
    Fault.ENGINE_DIED,
    Fault.ENGINE_DIED_STREAMING,
    Fault.DROPPED,
    Fault.SLOW_FIRST_BYTE,
    Fault.STALLED,
    Fault.CUT,
    Fault.MALFORMED_JSON,
    Fault.EMPTY_CHOICE,
    Fault.NO_CHOICE,
    Fault.NOT_THE_PROTOCOL,
]
PATIENT = Timeouts()
IMPATIENT = {
    Fault.SLOW_FIRST_BYTE: Timeouts(first_token=1.5),
    Fault.STALLED: Timeouts(idle=1.5),
}
"""Only where the clock is what matters, and not so short that a busy machine is mistaken for a fault."""


@pytest.mark.parametrize("fault", HELPED)
async def test_a_passing_fault_is_retried_and_counted(fault: Fault):
    async with ModelServer([fault, Reply("fine")], slow=20) as server:
        answer = await ask(server, timeouts=IMPATIENT.get(fault, PATIENT))
    assert answer.text == "fine"
    assert answer.usage.calls == len(server.asked) == 2


@pytest.mark.parametrize("fault", HELPED)
async def test_a_lasting_fault_ends_as_one_clear_error_after_the_attempts(fault: Fault):
    async with ModelServer([fault], slow=20) as server:
        with pytest.raises(EndpointError, match="model at http") as caught:
            await ask(server, timeouts=IMPATIENT.get(fault, PATIENT), attempts=2)
    assert len(server.asked) == 2
    assert caught.value.usage.calls == 2


async def test_what_is_empty_each_time_is_told_from_no_answer():
    async with ModelServer([Fault.EMPTY_CHOICE]) as server:
        with pytest.raises(NothingSaidError, match="the answer is empty"):
            await ask(server, attempts=2)


@asynccontextmanager
async def answering(body: bytes, kind: str) -> AsyncIterator[str]:
    """A server that gives every request one answer; its address."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\n" % kind.encode())
            writer.write(b"Content-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(one, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"role": "assistant", "content": "fine"}, "fine"),
        ({"content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": "fine"}]}, "fine"),
        ({"content": "fine", "reasoning_content": "is it?"}, "fine"),
        ({"content": None, "reasoning_content": "is it?"}, "did not answer; raise sampling.max_tokens"),
        ({"content": None}, "the answer is empty"),
        (None, "the server sent what is no answer"),
    ],
)
async def test_a_server_that_does_not_stream_is_understood(message: dict[str, Any] | None, said: str):
    choices = [{} if message is None else {"index": 0, "message": message, "finish_reason": None}]
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    body = json.dumps({"id": "1", "object": "chat.completion", "choices": choices, "usage": usage})
    async with answering(body.encode(), "application/json; charset=utf-8") as url, asking(url) as client:
        if said == "fine":
            answer = await client.chat(QUESTION)
            assert (answer.text, answer.choices[0].whole) == ("fine", True)
            assert (answer.usage.calls, answer.usage.tokens) == (1, 9)
        else:
            with pytest.raises(EndpointError, match=said):
                await client.chat(QUESTION)


def asking(url: str) -> ChatClient:
    return ChatClient(Endpoint.model_validate({"base_urls": url, "model": "model", "backoff": 0.01}))


REFUSED = [
    (Fault.PROMPT_TOO_LONG, ContextOverflowError, 400, "longer than the model's context"),
    (Fault.MAX_TOKENS_TOO_LARGE, RequestError, 400, "max_tokens"),
    (Fault.BAD_REQUEST, RequestError, 400, "2 pictures"),
    (Fault.UNKNOWN_MODEL, RequestError, 404, "does not exist"),
    (Fault.PICTURE_URL, RequestError, 500, "cannot load a picture"),
    (Fault.WRONG_KEY, RequestError, 401, "refused the key"),
    (Fault.WRONG_METHOD, RequestError, 405, "Method Not Allowed"),
]


@pytest.mark.parametrize(("fault", "error", "status", "words"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_a_retry_cannot_help_is_not_retried(fault, error, status, words):
    async with ModelServer([fault, Reply("never asked for")]) as server:
        with pytest.raises(error, match=words) as caught:
            await ask(server)
    assert len(server.asked) == 1
    assert caught.value.status == status


async def test_a_wrong_key_is_named_but_not_shown():
    async with ModelServer(api_key="right") as server:
        with pytest.raises(RequestError) as caught:
            await ask(server, api_key="wr0ng-s3cret")
    assert "wr0ng-s3cret" not in str(caught.value)
    assert "wr0ng-s3cret" not in repr(endpoint(server, api_key="wr0ng-s3cret"))


async def test_an_answer_that_ran_into_max_tokens_is_kept_and_marked():
    async with ModelServer([Reply("cut off he", finish_reason="length")]) as server:
        answer = await ask(server)
    assert answer.choices[0].finish_reason == "length"
    assert not answer.choices[0].whole


async def test_an_endless_repetition_is_cut_and_said_once():
    async with ModelServer([Reply("<tr><td>again</td></tr>\n", endless=True, piece=24)]) as server:
        answer = await asyncio.wait_for(ask(server), 20)
    assert answer.choices[0].cut == "repetition"
    assert len(answer.text) < 100
    assert answer.usage.completion_tokens > 50


async def test_an_endless_varied_answer_is_cut_by_its_length(monkeypatch):
    monkeypatch.setattr("prompts.guard.MAX_CHARACTERS", 5_000)
    text = "".join(f"{number}, " for number in range(10_000))
    async with ModelServer([Reply(text, piece=100)]) as server:
        answer = await ask(server)
    assert answer.choices[0].cut == "length"
    assert answer.text == text[:5_000]


async def test_the_server_says_when_to_come_back():
    async with ModelServer([Fault.RATE_LIMITED, Reply()], retry_after=1) as server:
        await ask(server)
    first, second = server.asked
    assert second.time - first.time >= 1.0  # of its own accord it asks again after a hundredth of that


async def test_no_retry_waits_beyond_the_deadline():
    async with ModelServer([Fault.RATE_LIMITED, Reply()], retry_after=600) as server:
        started = time.monotonic()
        with allowing(Allowance(deadline=started + 90)), pytest.raises(EndpointError):
            await ask(server)
    assert time.monotonic() - started < 60
    assert len(server.asked) == 1


async def test_an_answer_in_progress_ends_at_the_deadline():
    async with ModelServer([Reply("slow " * 1000, piece=5, pause=0.05)]) as server:
        allowance = Allowance(
            deadline=time.monotonic() + 3
        )  # in which the first words come, on a busy machine too
        with allowing(allowance), pytest.raises(BudgetSpentError) as caught:
            await ask(server)
    assert caught.value.bound == "seconds"
    assert caught.value.usage.completion_tokens > 0
    assert allowance.spent == caught.value.usage


async def test_retries_count_as_calls_and_stay_within_the_budget():
    async with ModelServer([Fault.OVERLOADED]) as server:
        allowance = Allowance(calls=2)
        with allowing(allowance), pytest.raises(BudgetSpentError):
            await ask(server, attempts=10)
    assert len(server.asked) == allowance.spent.calls == 2
    assert allowance.exhausted == "calls"


async def test_side_by_side_calls_never_exceed_the_budget():
    def answer(asked: Asked) -> Reply:
        return Reply("word " * 30, piece=1)

    async with ModelServer(answer) as server, ChatClient(endpoint(server)) as client:
        allowance = Allowance(tokens=500)
        request = ChatRequest(messages=QUESTION.messages, sampling=Sampling(max_tokens=150))
        with allowing(allowance):
            results = await asyncio.gather(*(client.chat(request) for _ in range(12)), return_exceptions=True)
    answered = [result for result in results if not isinstance(result, BaseException)]
    assert answered
    assert all(isinstance(result, BudgetSpentError) for result in results if result not in answered)
    assert allowance.spent.tokens <= 500
    assert allowance.spent.calls == len(server.asked) == len(answered)


async def test_requests_spread_over_the_servers():
    async with (
        ModelServer([Reply("a" * 200, pause=0.05)]) as one,
        ModelServer([Reply("b" * 200, pause=0.05)]) as two,
        ChatClient(endpoint(one, two)) as client,
    ):
        await asyncio.gather(*(client.chat(QUESTION) for _ in range(8)))
    assert len(one.asked) == len(two.asked) == 4


async def test_one_run_after_another_question_stays_with_its_server():
    async with ModelServer() as one, ModelServer() as two, ChatClient(endpoint(one, two)) as client:
        for run in range(8):
            before = len(one.asked)
            with allowing(Allowance(session=f"run {run}")):
                for _ in range(3):
                    await client.chat(QUESTION)
            assert len(one.asked) - before in (0, 3)
        assert {asked.headers["x-session-id"] for asked in one.asked + two.asked} == {
            f"run {n}" for n in range(8)
        }


async def test_a_dead_server_is_left_out_and_tried_again_later(monkeypatch):
    monkeypatch.setattr("prompts.pool._FIRST_REST", 0.5)
    async with ModelServer() as dead, ModelServer() as alive, ChatClient(endpoint(dead, alive)) as client:
        await dead.kill()
        for _ in range(6):
            await client.chat(QUESTION)
        assert len(alive.asked) == 6
        await dead.start()
        await asyncio.sleep(0.6)
        await asyncio.gather(*(client.chat(QUESTION) for _ in range(4)))
        assert dead.asked


async def test_a_server_killed_while_answering_is_replaced_by_another():
    arrived = asyncio.Event()

    def slowly(asked: Asked) -> Reply:
        arrived.set()
        return Reply("a" * 4000, pause=0.02)

    async with (
        ModelServer(slowly) as one,
        ModelServer([Reply("b" * 400)]) as two,
        ChatClient(endpoint(one, two)) as client,
    ):
        asking = [asyncio.ensure_future(client.chat(QUESTION)) for _ in range(2)]  # one for each server
        await arrived.wait()
        await one.kill()
        answers = await asyncio.gather(*asking)
    assert [answer.text for answer in answers] == ["b" * 400] * 2
    assert sorted(answer.usage.calls for answer in answers) == [1, 2]


async def test_a_server_s_own_fields_are_sent_and_fields_that_it_refuses_are_not():
    thinking = {"chat_template_kwargs": {"enable_thinking": False}}
    request = ChatRequest(messages=QUESTION.messages, sampling=Sampling(temperature=0.7, max_tokens=99))
    async with ModelServer([Reply()]) as server:
        await ask(server, request, extra_body=thinking, omit=["temperature", "max_tokens"])
    body = server.asked[0].body
    assert body["chat_template_kwargs"] == thinking["chat_template_kwargs"]
    assert not {"temperature", "max_tokens"} & set(body)


@pytest.mark.parametrize(
    ("param", "message", "hint"),
    [
        ("max_tokens", "max_tokens is too large", "; lower sampling.max_tokens"),
        ("max_tokens", "Unsupported parameter: 'max_tokens'", '; leave the field out: omit = ["max_tokens"]'),
        ("top_k", "Unrecognized request argument", '; leave the field out: omit = ["top_k"]'),
        (None, "at most 2 pictures", ""),
    ],
)
def test_a_refusal_names_what_to_set(param: str | None, message: str, hint: str):
    assert _hint(param, message) == hint


STEPS = 40
"""Of the event loop, from a question that is about to be asked to one that has been answered."""


@pytest.mark.parametrize("ends", ["asker", "server", "server, without waiting"])
async def test_whenever_either_side_ends_no_connection_is_left_open(ends: str):
    """An open one is told by the garbage collector, as a warning, which is an error here."""
    server = ModelServer()
    await server.start()
    async with ChatClient(endpoint(server, attempts=1)) as client:
        for step in range(STEPS):
            asking = asyncio.create_task(client.chat(QUESTION))
            for _ in range(step):
                await asyncio.sleep(0)
            if ends == "asker":
                asking.cancel()
            elif ends == "server":
                await server.kill()
            else:
                server.stop()
            await asyncio.wait_for(asyncio.gather(asking, return_exceptions=True), 60)
            if ends != "asker":
                await server.start()
    await server.kill()
    await asyncio.sleep(0)
    gc.collect()
