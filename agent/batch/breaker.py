"""A circuit breaker: while a model server is down nothing is begun, and nothing is failed for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from agent.batch.events import Paused, Tell, WentOn
from agent.batch.refining import ServerDown
from agent.batch.rows import Row
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Endpoint, Sampling
from prompts.errors import EndpointError, ModelError, NothingSaidError
from prompts.messages import Message

Probe = Callable[[], Awaitable[bool]]
"""Whether all models answer."""

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_MOST_ALONE = 3
"""An item that takes a server down each time it is refined alone is what is wrong with it."""


class Breaker:
    """Lets attempts through while the servers answer.

    After an attempt that a server left unanswered, nothing begins until the server answers again. Then one
    item goes alone, of those hit the most often; when it comes through, all others follow. An item is only
    given up when the server fell silent over it three times while it went alone: an outage fails no item,
    however long it lasts, and an item on which a server dies does not hold up the batch for ever.

    Use as an async context manager.
    """

    def __init__(self, probe: Probe, tell: Tell, first_wait: float = _FIRST_WAIT) -> None:
        """Begin with all well.

        Args:
            probe: Asks the servers.
            tell: Is told of pauses.
            first_wait: Seconds before the servers are asked for the first time; doubles up to half a minute.
        """
        self._probe, self._tell, self._first_wait = probe, tell, first_wait
        self._down_since: float | None = None
        self._answers = False
        self._alone = False
        self._waiting: list[int] = []
        self._changed = asyncio.Event()
        self._probing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Nothing to do: the servers are asked when there is a reason to."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop asking."""
        if self._probing is not None:
            self._probing.cancel()
            await asyncio.gather(self._probing, return_exceptions=True)

    @property
    def is_open(self) -> bool:
        """Whether a server is down."""
        return self._down_since is not None

    async def run(self, attempt: Callable[[], Awaitable[Row]], give_up: Callable[[str], Row]) -> Row:
        """The row of an item, tried as often as outages make necessary.

        Args:
            attempt: Refines the item.
            give_up: The row of an item over which servers fall silent.
        """
        hits = silences = 0
        while True:
            alone = await self._admitted(hits)
            try:
                row = await attempt()
            except ServerDown as error:
                hits += 1
                silences += alone
                self._fell_silent(str(error), alone)
                if silences == _MOST_ALONE:
                    return give_up(f"the model server falls silent over it: {error}")
            except BaseException:
                if alone:
                    self._alone = False
                    self._tell_waiting()
                raise
            else:
                if alone:
                    self._answered()
                return row

    async def _admitted(self, hits: int) -> bool:
        """Wait until an attempt may begin; whether it goes alone, as the first one after an outage."""
        self._waiting.append(hits)
        try:
            while self._down_since is not None:
                if self._answers and not self._alone and hits == max(self._waiting):
                    self._alone = True
                    return True
                await self._changed.wait()
            return False
        finally:
            self._waiting.remove(hits)

    def _fell_silent(self, reason: str, alone: bool) -> None:
        if self._down_since is None:
            self._down_since = time.monotonic()
            self._tell(Paused(reason))
        if alone:
            self._alone = self._answers = False
        if not self._answers and (self._probing is None or self._probing.done()):
            self._probing = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        wait = self._first_wait
        while True:
            await asyncio.sleep(wait)
            if await self._probe():
                break
            wait = min(_LONGEST_WAIT, 2 * wait)
        self._answers = True
        self._tell_waiting()

    def _answered(self) -> None:
        """The item that went alone came through: all is well again."""
        assert self._down_since is not None
        self._tell(WentOn(time.monotonic() - self._down_since))
        self._down_since = None
        self._alone = self._answers = False
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def probing(endpoints: tuple[Endpoint, ...]) -> Probe:
    """A probe that puts the shortest of questions to each model; any answer will do, also a refusal."""

    async def answers(endpoint: Endpoint) -> bool:
        addresses = len(endpoint.base_urls)
        once = endpoint.model_copy(update={"attempts": addresses, "backoff": 0.0})
        question = ChatRequest((Message("user", ("Say yes.",)),), Sampling(temperature=0.0, max_tokens=1))
        async with ChatClient(once) as client:
            try:
                await client.chat(question)
            except EndpointError as error:
                return isinstance(error, NothingSaidError)
            except ModelError:
                return True
        return True

    async def all_answer() -> bool:
        return all(await asyncio.gather(*map(answers, endpoints)))

    return all_answer
