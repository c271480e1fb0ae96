"""Reads a streamed answer: usage counted, endless choices cut, broken answers told from whole ones."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

from openai import AsyncOpenAI, AsyncStream
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from prompts.endpoint import Timeouts
from prompts.faults import EmptyAnswerError, RetryableError
from prompts.guard import AnswerGuard, Cut
from prompts.usage import Usage

_ONLY_THOUGHT = (
    "the model thought and did not answer; raise sampling.max_tokens, or switch thinking off by extra_body"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer.

    Attributes:
        text: What the model wrote.
        finish_reason: Why it stopped, in the protocol's words; empty where we cut it.
        cut: Why we cut it, if we did.
    """

    text: str
    finish_reason: str = "stop"
    cut: Cut = ""

    @property
    def whole(self) -> bool:
        """Whether the model ended by itself."""
        return not self.cut and self.finish_reason != "length"


@dataclass(slots=True)
class Collected:
    """What has come back so far; still holds when the stream breaks.

    Attributes:
        first_token_seconds: From sending to the first piece.
    """

    first_token_seconds: float = 0.0
    _answers: dict[int, AnswerGuard] = field(default_factory=dict)
    _finish: dict[int, str] = field(default_factory=dict)
    _usage: CompletionUsage | None = None
    _pieces: int = 0
    _thought: bool = False

    def add(self, chunk: ChatCompletionChunk) -> None:
        """Take in one event of the stream."""
        if chunk.usage is not None:
            self._usage = chunk.usage
        for choice in chunk.choices or ():
            answer = self._answers.setdefault(choice.index, AnswerGuard())
            content = _text(choice.delta.content) if choice.delta else ""
            self._thought = self._thought or _thinks(choice.delta)
            if content:
                self._pieces += 1
                answer.add(content)
            if choice.finish_reason:
                self._finish[choice.index] = choice.finish_reason

    def settled(self, n: int) -> bool:
        """Whether all answers have been cut, so that there is nothing to wait for."""
        return len(self._answers) >= n and all(answer.cut for answer in self._answers.values())

    def choices(self, n: int) -> tuple[Choice, ...]:
        """The answers in order, fewer where the server gave fewer.

        Raises:
            RetryableError: There is none, one was broken off, or all of them are empty.
        """
        found = []
        for index in range(n):
            answer = self._answers.get(index)
            finish = self._finish.get(index, "")
            if answer is None:
                continue
            if not finish and not answer.cut:
                raise RetryableError("the answer was broken off")
            found.append(Choice(answer.text, "" if answer.cut else finish, answer.cut))
        if not found:
            raise RetryableError("the answer has no choice")
        if not any(choice.text.strip() for choice in found):
            raise EmptyAnswerError(_ONLY_THOUGHT if self._thought else "the answer is empty")
        return tuple(found)

    def usage(self, prompt_bound: int, seconds: float) -> Usage:
        """What the attempt cost.

        An attempt that broke before the server said what it cost counts one token a piece, and its prompt in
        full where a piece came back: rather too much than too little.
        """
        if self._usage is None:
            prompt = prompt_bound if self._pieces else 0
            return Usage(calls=1, prompt_tokens=prompt, completion_tokens=self._pieces, seconds=seconds)
        details = self._usage.prompt_tokens_details
        return Usage(
            calls=1,
            prompt_tokens=self._usage.prompt_tokens or 0,
            cached_tokens=(details.cached_tokens or 0) if details else 0,
            completion_tokens=max(self._usage.completion_tokens or 0, self._pieces and 1),
            seconds=seconds,
        )


def _text(content: Any) -> str:
    """What a piece says; some servers give a list of parts, of which thoughts are none of the answer."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _thinks(delta: Any) -> bool:
    """Whether a server with a reasoning parser sent a thought."""
    return any(getattr(delta, name, None) for name in ("reasoning_content", "reasoning"))


async def collect(
    client: AsyncOpenAI, body: dict[str, Any], headers: dict[str, str], timeouts: Timeouts, into: Collected
) -> None:
    """Send ``body`` and read the answer into ``into``, to its end or until every choice has been cut.

    Raises:
        RetryableError: The server stalled, or sent what is not the protocol.
        openai.APIError: It could not be reached, refused, or died while answering.
    """
    started = time.monotonic()
    try:
        async with asyncio.timeout(timeouts.first_token):
            stream = await _open(client, body, headers)
    except TimeoutError as error:
        raise RetryableError(f"no answer within {timeouts.first_token:g} s") from error
    if "json" in stream.response.headers.get("content-type", ""):
        into.add(await _whole(stream, timeouts))
        into.first_token_seconds = time.monotonic() - started
        return
    async with stream:
        events = aiter(stream)
        limit = timeouts.first_token
        while (chunk := await _next(events, limit)) is not None:
            if limit != timeouts.idle:
                limit, into.first_token_seconds = timeouts.idle, time.monotonic() - started
            into.add(chunk)
            if into.settled(body["n"]):
                return


async def _open(
    client: AsyncOpenAI, body: dict[str, Any], headers: dict[str, str]
) -> AsyncStream[ChatCompletionChunk]:
    """The body goes out as it is: the SDK's typed arguments do not know vLLM's own fields."""
    own = {"model": body["model"], "messages": body["messages"], "stream": True}
    rest = {name: value for name, value in body.items() if name not in own}
    create = cast(Any, client.chat.completions.create)
    return cast(AsyncStream[ChatCompletionChunk], await create(**own, extra_body=rest, extra_headers=headers))


async def _whole(stream: AsyncStream[ChatCompletionChunk], timeouts: Timeouts) -> ChatCompletionChunk:
    """The answer of a server that does not stream, as one piece."""
    try:
        async with asyncio.timeout(timeouts.idle):
            said = json.loads(await stream.response.aread())
        choices = [
            {
                "index": choice.get("index", place),
                "delta": choice["message"],
                "finish_reason": choice.get("finish_reason") or "stop",
            }
            for place, choice in enumerate(said["choices"])
        ]
    except TimeoutError as error:
        raise RetryableError(f"the answer stalled for {timeouts.idle:g} s") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RetryableError("the server sent what is no answer") from error
    return ChatCompletionChunk.construct(**{**said, "choices": choices})


async def _next(events: AsyncIterator[ChatCompletionChunk], limit: float) -> ChatCompletionChunk | None:
    try:
        async with asyncio.timeout(limit):
            return await anext(events)
    except StopAsyncIteration:
        return None
    except TimeoutError as error:
        raise RetryableError(f"the answer stalled for {limit:g} s") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise RetryableError("the server sent what is not JSON") from error
