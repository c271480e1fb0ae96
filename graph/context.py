"""The live objects of a run, handed to the nodes through LangGraph's runtime context."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from critic.consensus import another, varies
from critic.deadline import within
from critic.human import without_told
from critic.types import Critic, Critique
from graph.answers import awaited
from graph.choosing import policy_of
from graph.folder import RunFolder
from graph.policies import Policy
from graph.types import Candidate, Generator, Search, Task
from prompts.allowance import Allowance, allowing
from prompts.usage import Usage
from renderers.types import Image, Kind, Language, Render, Size

RenderCode = Callable[[Kind, str, Language, Size | None], Awaitable[Render]]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunContext:
    """What the nodes work with.

    Attributes:
        task: The picture to reproduce and how.
        generator: Writes and mends code.
        critic: Compares pictures.
        render: Renders code.
        folder: Where everything is kept.
        search: How the budget is spent.
        chosen: A policy of the caller's own; by default the one that ``search`` names.
        clock: Monotonic seconds.
        started: ``clock()`` at the start of the run.
        allowance: What model calls may still spend.
        asks: Whether somebody is asked between rounds; see ``graph.human``.
    """

    task: Task
    generator: Generator
    critic: Critic
    render: RenderCode
    folder: RunFolder
    search: Search = field(default_factory=Search)
    chosen: Policy | None = None
    clock: Callable[[], float] = time.monotonic
    started: float = field(default_factory=time.monotonic)
    allowance: Allowance = field(default_factory=Allowance)
    asks: bool = False
    _critiques: dict[str, asyncio.Future[Critique]] = field(default_factory=dict)
    _answers: dict[str, asyncio.Future[Critique]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """Decides what each round's calls are spent on."""
        return self.chosen or policy_of(self.search)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def exhausted(self) -> str | None:
        """The bound that has been reached: seconds, calls or tokens."""
        seconds = self.search.budget.seconds
        return "seconds" if seconds is not None and self.elapsed >= seconds else self.allowance.exhausted

    def resumed(self, candidates: Iterable[Candidate], seconds: float) -> RunContext:
        """The context of a run that goes on after these candidates and so many seconds.

        What they spent stays spent, and their renders are not critiqued again.
        """
        known = tuple(candidates)
        self.allowance.spent = sum((candidate.spent for candidate in known), self.allowance.spent)
        if self.allowance.deadline is not None:
            self.allowance.deadline -= seconds
        self.folder.restore(known)
        context = replace(self, started=self.started - seconds)
        context.remember(known)
        return context

    def delayed(self, seconds: float) -> RunContext:
        """The context after so many seconds in which a person was thinking: they count for nothing."""
        if self.allowance.deadline is not None:
            self.allowance.deadline += seconds
        return replace(self, started=self.started + seconds)

    async def within_time(self, work: Awaitable[T]) -> T:
        """``await work``, cut at the end of the budget's seconds; its model calls draw on the allowance.

        Raises:
            OutOfTime: The seconds are over.
        """
        seconds = self.search.budget.seconds
        with allowing(self.allowance):
            return await within(None if seconds is None else max(0.0, seconds - self.elapsed), work)

    async def answer(self, image: Image) -> Critique:
        """The critic's answer about a render."""
        asking = self.critic.critique(self.task.kind, self.task.reference, image)
        said = await awaited(asking, Critique, "critic", self.critic, "critique")
        return said if varies(self.critic) else said.model_copy(update={"steady": True})

    def remember(self, candidates: Iterable[Candidate]) -> None:
        """From now on, what was said of these candidates is what is said of renders with the same pixels.

        Told between rounds: were it told as soon as a candidate is judged again, the verdicts on those beside
        it would depend on which is first.
        """
        for candidate in candidates:
            if candidate.critique and candidate.render and candidate.render.picture:
                future: asyncio.Future[Critique] = asyncio.get_running_loop().create_future()
                future.set_result(without_told(candidate.critique))
                self._critiques[candidate.render.picture.sha256] = future

    async def critique(self, address: str, image: Image) -> Critique:
        """The critique of a render; the same pixels are critiqued once in a run.

        Args:
            address: The render's content address.
            image: Its pixels.
        """
        said, asked = await _once(self._critiques, address, lambda: self.answer(image))
        return said if asked else _paid(said)

    async def one_more(self, address: str, known: Critique, image: Image) -> Critique:
        """One more answer about a render, beside what is known of it; siblings that ask share it.

        So the verdicts on them do not depend on which asks first, and no answer is bought twice.

        Args:
            address: The render's content address.
            known: What was said so far.
            image: The render's pixels.
        """
        question = f"{address} {_paid(known).model_dump_json()}"
        said, asked = await _once(self._answers, question, lambda: self._another(image))
        return said if asked else _paid(said)

    async def _another(self, image: Image) -> Critique:
        asking = another(self.critic, self.task.kind, self.task.reference, image)
        return await awaited(asking, Critique, "critic", self.critic, "again")


def _paid(critique: Critique) -> Critique:
    """What was said, where another bears what it cost."""
    return critique.model_copy(update={"usage": Usage(), "seconds": 0.0, "evidence": 0.0})


async def _once(
    futures: dict[str, asyncio.Future[T]], question: str, ask: Callable[[], Awaitable[T]]
) -> tuple[T, bool]:
    """The answer to a question that is asked once, and whether it was asked now."""
    if (known := futures.get(question)) is not None:
        return await asyncio.shield(known), False
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    futures[question] = future
    try:
        answer = await ask()
    except BaseException as error:
        del futures[question]
        future.cancel() if isinstance(error, asyncio.CancelledError) else future.set_exception(error)
        if not future.cancelled():
            future.exception()  # nobody else may be waiting for it
        raise
    future.set_result(answer)
    return answer, True
