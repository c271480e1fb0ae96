"""What the critics that ask a model have in common: similarity beside the question, failures as data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from critic.parsing import parse_critique
from critic.similarity import similarity
from critic.types import Critique, Discrepancy
from prompts.client import Answer, ChatRequest
from prompts.errors import ModelError
from prompts.usage import Usage
from renderers.types import Image, Kind

_TEMPERATURE = 0.7
"""At least, where different answers to one question are wanted: greedy sampling would repeat the first."""

Verdict = tuple[tuple[tuple[Discrepancy, ...] | None, ...], Usage]
"""The discrepancies by answer, None where one could not be parsed; and the cost of all."""


async def ask(
    chat: Callable[[ChatRequest], Awaitable[Answer]], requests: Iterable[ChatRequest], kind: Kind
) -> Verdict:
    """Put the requests one after the other until one brings an answer that can be parsed.

    Raises:
        ModelError: A request gave no answer; carries the cost of all of them.
    """
    usage = Usage()
    found: tuple[tuple[Discrepancy, ...] | None, ...] = ()
    for request in requests:
        try:
            answer = await chat(request)
        except ModelError as error:
            error.usage = usage + error.usage
            raise
        usage = usage + answer.usage
        found = tuple(parse_critique(choice.text, kind) for choice in answer.choices)
        if any(item is not None for item in found):
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
    answers: tuple[tuple[Discrepancy, ...] | None, ...] = (None,)
    failure, assumed = "the critic's answers could not be parsed", fallback
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
            discrepancies=found or (),
            similarity=likeness,
            seconds=seconds,
            usage=Usage() if place else usage,
            failure=failure if found is None else "",
            fallback=assumed if found is None else 0,
        )
        for place, found in enumerate(answers)
    )


def sampled(request: ChatRequest, count: int = 1) -> ChatRequest:
    """The same question for ``count`` answers, never put greedily."""
    temperature = max(_TEMPERATURE, request.sampling.temperature or 0.0)
    return replace(
        request, n=count, sampling=request.sampling.model_copy(update={"temperature": temperature})
    )
