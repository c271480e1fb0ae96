"""What the critics that ask a model have in common: similarity beside the question, failures as data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable

from critic.parsing import parse_critique
from critic.similarity import similarity
from critic.types import Critique, Discrepancy
from prompts.client import Answer, ChatRequest
from prompts.errors import ModelError
from prompts.usage import Usage
from renderers.types import Image, Kind

Verdict = tuple[tuple[Discrepancy, ...] | None, Usage]
"""The discrepancies, None where the answers could not be parsed; and the cost."""


async def ask(
    chat: Callable[[ChatRequest], Awaitable[Answer]], requests: Iterable[ChatRequest], kind: Kind
) -> Verdict:
    """Put the requests one after the other until an answer can be parsed.

    Raises:
        ModelError: A request gave no answer; carries the cost of all of them.
    """
    usage = Usage()
    for request in requests:
        try:
            answer = await chat(request)
        except ModelError as error:
            error.usage = usage + error.usage
            raise
        usage = usage + answer.usage
        found = parse_critique(answer.text, kind)
        if found is not None:
            return found, usage
    return None, usage


async def critique_by_asking(
    critic: str, asking: Awaitable[Verdict], reference: Image, render: Image, fallback: int
) -> Critique:
    """Measure the similarity while the model is asked; a critique in any case.

    Args:
        critic: Who is asking.
        asking: The question; may raise ``ModelError``.
        reference: The picture to reproduce.
        render: The picture made.
        fallback: The severity sum to assume where the answers cannot be parsed.
    """
    started = time.perf_counter()
    measured = asyncio.create_task(asyncio.to_thread(similarity, reference, render))
    found: tuple[Discrepancy, ...] | None = None
    failure, assumed = "", 0
    try:
        found, usage = await asking
        if found is None:
            failure, assumed = "the critic's answers could not be parsed", fallback
    except ModelError as error:
        failure, usage = str(error), error.usage
    finally:
        likeness = await measured
    return Critique(
        critic=critic,
        discrepancies=found or (),
        similarity=likeness,
        seconds=time.perf_counter() - started,
        usage=usage,
        failure=failure,
        fallback=assumed,
    )
