"""What the critics that ask a model have in common: similarity beside the question, failures as data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any

from critic.parsing import Reading, read_critique
from critic.similarity import similarity
from critic.types import Critique
from prompts.client import ChatAnswer, ChatRequest
from prompts.errors import ModelError
from prompts.usage import Usage
from renderers.types import Image, Kind

_TEMPERATURE = 0.7
"""At least, where different answers to one question are wanted: greedy sampling would repeat the first."""

Verdict = tuple[tuple[Reading | None, ...], Usage]
"""What each answer says, None where it could not be read; and the cost of all."""

UNREADABLE = "the critic's answers could not be parsed"
CUT_OFF = "the critic's answers broke off"


async def ask(
    chat: Callable[[ChatRequest], Awaitable[ChatAnswer]], requests: Iterable[ChatRequest], kind: Kind
) -> Verdict:
    """Put the requests one after the other until one brings an answer that can be read to its end.

    Of answers that all broke off the latest is taken.

    Raises:
        ModelError: A request gave no answer; carries the cost of all of them.
    """
    usage = Usage()
    found: tuple[Reading | None, ...] = ()
    for request in requests:
        try:
            answer = await chat(request)
        except ModelError as error:
            error.usage = usage + error.usage
            raise
        usage = usage + answer.usage
        latest = tuple(read_critique(choice.text, kind) for choice in answer.choices)
        if any(item is not None for item in latest) or not any(item is not None for item in found):
            found = latest
        if any(item is not None and item.whole for item in found):
            break
    return found, usage


async def critiques_by_asking(
    critic: str, asking: Awaitable[Verdict], reference: Image, render: Image, fallback: int
) -> tuple[Critique, ...]:
    """Measure the similarity while the model is asked; a critique for each answer, and one in any case.

    The first carries what all of them cost.

    Args:
        critic: Who is asking.
        asking: The question; may raise ``ModelError``.
        reference: The picture to reproduce.
        render: The picture made.
        fallback: The severity sum to assume where an answer cannot be parsed.
    """
    started = time.perf_counter()
    measured = asyncio.create_task(asyncio.to_thread(similarity, reference, render))
    answers: tuple[Reading | None, ...] = (None,)
    failure, assumed = UNREADABLE, fallback
    try:
        answers, usage = await asking
    except ModelError as error:
        failure, assumed, usage = str(error), 0, error.usage
    finally:
        likeness = await measured
    seconds = time.perf_counter() - started
    return tuple(
        Critique(
            critic=critic,
            similarity=likeness,
            seconds=seconds,
            usage=Usage() if place else usage,
            **_told(found, failure, assumed),
        )
        for place, found in enumerate(answers)
    )


def _told(found: Reading | None, failure: str, assumed: int) -> dict[str, Any]:
    """What a critique says of an answer; of one that broke off at least one discrepancy more than it held."""
    if found is None:
        return {"failure": failure, "fallback": assumed}
    if found.whole:
        return {"discrepancies": found.discrepancies}
    missing = max(1, assumed - sum(item.severity for item in found.discrepancies))
    return {"discrepancies": found.discrepancies, "failure": CUT_OFF, "fallback": missing}


def sampled(request: ChatRequest, count: int = 1) -> ChatRequest:
    """The same question for ``count`` answers, never put greedily."""
    temperature = max(_TEMPERATURE, request.sampling.temperature or 0.0)
    return replace(
        request, n=count, sampling=request.sampling.model_copy(update={"temperature": temperature})
    )
