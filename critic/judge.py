"""Any LVLM as critic: the same questions, answered in a JSON schema where the server supports that."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

from critic.asking import Verdict, ask, critiques_by_asking, sampled
from critic.relative import Closer
from critic.types import CATEGORIES, Critique
from prompts.client import ChatAnswer, ChatClient, ChatRequest
from prompts.endpoint import Sampling
from prompts.errors import ContextOverflowError, EndpointError, ModelError, RequestError
from prompts.library import Templates
from prompts.messages import Message
from prompts.pictures import PictureFormat, encode_picture
from prompts.thoughts import after_thought
from prompts.usage import Usage
from renderers.types import Image, Kind

_FORM = PictureFormat(longest=1024, encoding="PNG")
_SAMPLING = Sampling(temperature=0.2, max_tokens=4096)
_MOST_ERRORS = 30
_FALLBACK = 25
_VERDICTS = {"second": -1, "third": 1, "neither": 0}
_CLOSER = re.compile(r'"closer"\s*:\s*"(second|third|neither)"')
_REFUSALS = (400, 415, 422, 501)


class JudgeCritic:
    """Asks a general LVLM for the discrepancies, in Visual-ERM's terms."""

    name = "judge"

    def __init__(self, client: ChatClient, templates: Templates | None = None) -> None:
        """Ask through ``client``, which its owner closes."""
        self._client = client
        self._templates = templates or Templates()
        self._structured = True

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``; a failure is told, not raised."""
        return (await self.samples(kind, reference, render, 1))[0]

    async def again(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """Another answer, as a sample: greedy or nearly so it would be the first one's repetition."""
        asking = self._ask(kind, reference, render, 1, again=True)
        return (await critiques_by_asking(self.name, asking, reference, render, _FALLBACK))[0]

    @property
    def together(self) -> bool:
        """Whether several samples cost less than as many critiques."""
        return self._client.endpoint.dialect == "vllm"

    async def samples(self, kind: Kind, reference: Image, render: Image, count: int) -> tuple[Critique, ...]:
        """``count`` answers to one question, or one failure."""
        asking = self._ask(kind, reference, render, count)
        return await critiques_by_asking(self.name, asking, reference, render, _FALLBACK)

    async def _ask(
        self, kind: Kind, reference: Image, render: Image, count: int, again: bool = False
    ) -> Verdict:
        request = await asyncio.to_thread(self.request, kind, reference, render)
        if count > 1 or again:
            request = sampled(request, count)
        return await ask(self._answer, (request, request), kind)

    async def closer(self, kind: Kind, reference: Image, first: Image, second: Image) -> Closer:
        """Which of two renders is closer, asked in both orders: a verdict that depends on it is none."""
        verdicts, usage = [], Usage()
        for pair in ((first, second), (second, first)):
            request = await asyncio.to_thread(self.closer_request, kind, reference, *pair)
            try:
                answer = await self._answer(request)
            except ModelError as error:
                return Closer(usage=usage + error.usage)
            usage = usage + answer.usage
            verdicts.append(_verdict(answer.text))
        forth, back = verdicts
        return Closer(forth if forth == -back else 0, usage)

    def closer_request(self, kind: Kind, reference: Image, first: Image, second: Image) -> ChatRequest:
        """The question which of two renders is closer."""
        pictures = [encode_picture(image, _FORM) for image in (reference, first, second)]
        text = self._templates.render("shared", "closer", picture=kind.value)
        schema = _object({"closer": {"type": "string", "enum": list(_VERDICTS)}})
        return ChatRequest(
            messages=(Message("user", (*pictures, text)),),
            sampling=_SAMPLING,
            response_format=_format("closer", schema),
        )

    async def _answer(self, request: ChatRequest) -> ChatAnswer:
        """Structured while the server takes it; plain once it has refused or failed at it, for good."""
        if not self._structured:
            return await self._client.chat(replace(request, response_format=None))
        try:
            return await self._client.chat(request)
        except (RequestError, EndpointError) as error:
            if not _may_be_the_schema(error):
                raise
            answer = await self._plainly(request, error)
            self._structured = False  # the same question without the schema is answered: it was the schema
            return answer

    async def _plainly(self, request: ChatRequest, refusal: ModelError) -> ChatAnswer:
        """The answer to the question without the schema; it bears what the refusal cost."""
        try:
            answer = await self._client.chat(replace(request, response_format=None))
        except ModelError as error:
            error.usage = refusal.usage + error.usage
            raise
        return replace(answer, usage=refusal.usage + answer.usage)

    def request(self, kind: Kind, reference: Image, render: Image) -> ChatRequest:
        """The question, reference first."""
        pictures = [encode_picture(image, _FORM) for image in (reference, render)]
        text = self._templates.render(kind, "critique")
        return ChatRequest(
            messages=(Message("user", (*pictures, text)),),
            sampling=_SAMPLING,
            response_format=_format("critique", critique_schema(kind)),
        )


def _format(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def _verdict(text: str) -> int:
    """1 for the picture shown last, -1 for the one before it, 0 for neither and for what cannot be read.

    Two different ones cannot be: one may be quoted from a picture.
    """
    found = set(_CLOSER.findall(after_thought(text) or ""))
    return _VERDICTS[found.pop()] if len(found) == 1 else 0


def _may_be_the_schema(error: ModelError) -> bool:
    """A server without structured outputs refuses; one whose backend cannot compile the schema fails."""
    if isinstance(error, RequestError):
        return error.status in _REFUSALS and not isinstance(error, ContextOverflowError)
    return True


def critique_schema(kind: Kind) -> dict[str, Any]:
    """The JSON schema of a critique.

    Strings are bounded by a pattern, not by ``maxLength``: with that, vLLM's default backend lets raw control
    characters through, and an unbounded string runs to the token limit. That backend (xgrammar 0.2) cannot
    compile a pattern that repeats more than 128 times.
    """
    category = "type" if kind is Kind.TABLE else "category"
    entry: dict[str, Any] = {
        category: {"type": "string", "enum": list(CATEGORIES[kind])},
        "severity": {"type": "integer", "enum": [1, 2, 3]},
        "location": _line(80),
        "description": _line(120),
    }
    if kind is Kind.TABLE:
        del entry["location"]
    counts = {f"{name}_count": {"type": "integer", "minimum": 0, "maximum": 99} for name in CATEGORIES[kind]}
    errors = {"type": "array", "maxItems": _MOST_ERRORS, "items": _object(entry)}
    return _object({**counts, "errors": errors})


def _line(longest: int) -> dict[str, Any]:
    return {"type": "string", "pattern": rf'^[^"\\\x00-\x1f]{{1,{longest}}}$'}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
