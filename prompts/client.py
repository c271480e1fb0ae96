"""The chat client: streaming, retries where they help, several servers, everything counted."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from openai import APIError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from prompts.allowance import Allowance, current_allowance
from prompts.endpoint import Endpoint, Sampling
from prompts.errors import BudgetSpentError, EndpointError, ModelError, NothingSaidError
from prompts.faults import EmptyAnswerError, RetryableError, explain, waits
from prompts.messages import Message
from prompts.pool import Pool, Server
from prompts.streaming import Choice, Collected, collect
from prompts.unanswered import note_unanswered
from prompts.usage import Usage

DEFAULT_MAX_TOKENS = 4096
_LEAST_ANSWER = 64
"""An answer of fewer tokens is of no use to anyone."""


_SEED_APART = 7_919
"""Between the seeds of choices that are asked for one by one, which may be drafts with seeds of their own."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to a model.

    Attributes:
        messages: What never changes first: the server's prefix cache keys on order.
        sampling: How to sample; the endpoint's own sampling overrides it.
        n: Answers wanted to the one prompt.
        seed: Makes sampling repeatable where the server honours it.
        response_format: A JSON schema to answer in, in the protocol's words.
    """

    messages: tuple[Message, ...]
    sampling: Sampling = field(default_factory=Sampling)
    n: int = 1
    seed: int | None = None
    response_format: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What came back.

    Attributes:
        choices: ``n`` of them, in order; fewer where a server gave fewer and the rest could not be had.
        usage: What it cost, failed attempts included.
        first_token_seconds: From sending to the first piece, of the attempt that succeeded.
        server: Which base URL answered.
    """

    choices: tuple[Choice, ...]
    usage: Usage
    first_token_seconds: float
    server: str

    @property
    def text(self) -> str:
        """The first choice's text."""
        return self.choices[0].text


@dataclass(slots=True)
class _Account:
    """What one request has cost over its attempts."""

    allowance: Allowance
    usage: Usage = field(default_factory=Usage)


class ChatClient:
    """Talks to one role's model. Use as an async context manager, or call ``aclose``."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._pool = Pool(endpoint)

    async def __aenter__(self) -> Self:
        """Nothing to do: connections open when they are first needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Safe to call twice."""
        await self._pool.aclose()

    async def chat(self, request: ChatRequest) -> ChatAnswer:
        """Ask, and ask again where that can help, within the run's allowance.

        What a server that knows no ``n`` leaves out is asked for one by one. Errors carry as ``usage`` what
        was spent before them.

        Raises:
            RequestError: The server refused the request and would again.
            EndpointError: No server gave an answer.
            BudgetSpentError: The run may not spend what this would take.
        """
        answer = await self._chat(request)
        missing = range(len(answer.choices), request.n)
        rest = await asyncio.gather(*(self._another(request, place) for place in missing))
        return replace(
            answer,
            choices=answer.choices + tuple(choice for choices, _ in rest for choice in choices),
            usage=sum((usage for _, usage in rest), answer.usage),
        )

    async def _another(self, request: ChatRequest, place: int) -> tuple[tuple[Choice, ...], Usage]:
        """One more choice, or none and what the try cost: what was paid for is not given up with it."""
        seed = None if request.seed is None else request.seed + _SEED_APART * place
        try:
            answer = await self._chat(replace(request, n=1, seed=seed))
        except ModelError as error:
            return (), error.usage
        return answer.choices, answer.usage

    async def _chat(self, request: ChatRequest) -> ChatAnswer:
        account = _Account(current_allowance())
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(RetryableError),
            wait=waits(self.endpoint.backoff),
            stop=self._give_up(account.allowance),
            reraise=True,
        )
        try:
            return await retrying(self._attempt, request, account)
        except RetryableError as error:
            kind = NothingSaidError if isinstance(error, EmptyAnswerError) else EndpointError
            unanswered = kind(f"{self._name()}: {error}", usage=account.usage)
            note_unanswered(unanswered)
            raise unanswered from error
        except ModelError as error:
            error.usage = account.usage
            note_unanswered(error)
            raise

    def body(self, request: ChatRequest, max_tokens: int | None = None) -> dict[str, Any]:
        """The JSON body that ``request`` is sent as."""
        sampling = self._sampling(request)
        if max_tokens is not None:
            sampling = sampling.model_copy(update={"max_tokens": max_tokens})
        extra = self.endpoint.extra_body
        body: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": [message.wire() for message in request.messages],
            **sampling.model_dump(exclude_none=True),
            "n": request.n,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.seed is not None:
            body["seed"] = request.seed
        if request.response_format is not None:
            body["response_format"] = request.response_format
        if self.endpoint.dialect == "vllm":
            body["stream_options"]["continuous_usage_stats"] = True  # a cut answer is counted too
        else:
            for name in ("top_k", "repetition_penalty"):
                body.pop(name, None)
        return {name: value for name, value in body.items() if name not in self.endpoint.omit} | extra

    def _sampling(self, request: ChatRequest) -> Sampling:
        chosen = self.endpoint.sampling.over(request.sampling)
        return chosen.over(Sampling(max_tokens=DEFAULT_MAX_TOKENS))

    async def _attempt(self, request: ChatRequest, account: _Account) -> ChatAnswer:
        allowance = account.allowance
        prompt_bound = sum(message.token_bound() for message in request.messages)
        wanted = self._sampling(request).max_tokens or DEFAULT_MAX_TOKENS
        least = prompt_bound + request.n * min(wanted, _LEAST_ANSWER)
        granted = await allowance.reserve(least, prompt_bound + request.n * wanted)
        body = self.body(request, (granted - prompt_bound) // request.n)
        collected = Collected()
        started = time.monotonic()
        try:
            with self._pool.lease(allowance.session) as server:
                await self._ask(server, body, collected, allowance)
        finally:
            usage = collected.usage(prompt_bound, time.monotonic() - started)
            allowance.settle(granted, usage)
            account.usage = account.usage + usage
        return ChatAnswer(
            collected.choices(request.n), account.usage, collected.first_token_seconds, server.url
        )

    async def _ask(
        self, server: Server, body: dict[str, Any], collected: Collected, allowance: Allowance
    ) -> None:
        """One attempt at one server; sorts what goes wrong into what a retry helps and what it does not."""
        left = allowance.seconds_left
        total = self.endpoint.timeouts.total
        out_of_budget = left is not None and left <= total
        try:
            async with asyncio.timeout(left if out_of_budget else total):
                await collect(
                    server.client, body, self._headers(allowance), self.endpoint.timeouts, collected
                )
        except TimeoutError as error:
            if out_of_budget:
                raise BudgetSpentError("seconds") from error
            server.failed()
            raise RetryableError(f"no whole answer within {total:g} s") from error
        except RetryableError:
            server.failed()
            raise
        except APIError as error:
            fault = explain(error)
            if isinstance(fault, RetryableError):
                server.failed()
            raise fault from error
        server.answered()

    def _headers(self, allowance: Allowance) -> dict[str, str]:
        return {"X-Session-ID": allowance.session}

    def _give_up(self, allowance: Allowance) -> Any:
        def stop(state: RetryCallState) -> bool:
            left = allowance.seconds_left
            out_of_time = left is not None and state.upcoming_sleep >= left
            return state.attempt_number >= self.endpoint.attempts or out_of_time

        return stop

    def _name(self) -> str:
        return f"{self.endpoint.model} at {', '.join(self.endpoint.base_urls)}"
