"""Which items of a source are refined, and in which order they are begun."""

from __future__ import annotations

import hashlib
import heapq
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from agent.batch.items import IdSet, Item
from agent.batch.sources import Source
from agent.errors import InputError
from renderers.kinds import KINDS
from renderers.types import Kind

SHUFFLED = 1_000
"""Items among which the next one is drawn; fewer where their pictures take more than ``SHUFFLED_BYTES``."""

SHUFFLED_BYTES = 256_000_000

KindOf = Callable[[Item], Kind | None]
"""Finds out what an item shows where its source does not say."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Every ``count``-th item of the source, from ``number``, which counts from 0."""

    number: int
    count: int

    def holds(self, item: Item) -> bool:
        """Whether an item is of this shard."""
        return item.index % self.count == self.number


@dataclass(frozen=True, slots=True)
class Selection:
    """Which items of a source; first ``kinds`` and ``shard`` choose, then ``limit`` of the rest are taken.

    Attributes:
        limit: This many at most: the first ones, or with ``seed`` a sample in which each is as likely.
        shard: One of several parts.
        kinds: Only what shows one of these; everything where empty.
        seed: Begin them in an order of its own; None for the source's order.
    """

    limit: int | None = None
    shard: Shard | None = None
    kinds: frozenset[Kind] = frozenset()
    seed: int | None = None

    def items(self, source: Source, kind_of: KindOf) -> Iterator[Item]:
        """The chosen items, pictures included."""
        chosen = self._chosen(source, kind_of, pictures=True)
        return chosen if self.seed is None else shuffled(chosen, self.seed)

    def count(self, source: Source, done: IdSet, stopped: Callable[[], bool]) -> int | None:
        """How many items are chosen that are not done.

        Returns:
            The number; None where that needs a look at the pictures, or when ``stopped``.
        """

        def no_kind(item: Item) -> Kind | None:
            raise _UncountedError

        count = 0
        try:
            for item in self._chosen(source, no_kind, pictures=False):
                if stopped():
                    return None
                count += item.id not in done
        except _UncountedError:
            return None
        return count

    def _chosen(self, source: Source, kind_of: KindOf, *, pictures: bool) -> Iterator[Item]:
        """The chosen items in the order of the source."""
        if self.limit is None or self.seed is None:
            yield from islice(self._filtered(source.items(pictures=pictures), kind_of), self.limit)
            return
        light = self._filtered(source.items(pictures=pictures and bool(self.kinds)), kind_of)
        sample = _sample(light, self.limit, self.seed)
        yield from (item for item in source.items(pictures=pictures) if item.index in sample)

    def _filtered(self, items: Iterable[Item], kind_of: KindOf) -> Iterator[Item]:
        for item in items:
            if self.shard is not None and not self.shard.holds(item):
                continue
            if self.kinds and item.kind is None and not item.fault:
                item = replace(item, kind=kind_of(item))
            # What cannot be read shows no kind; it is kept, so that it is not lost without a word.
            if not self.kinds or item.kind is None or item.kind in self.kinds:
                yield item


class _UncountedError(Exception):
    """The number of items is not known without their pictures."""


def shuffled(items: Iterable[Item], seed: int) -> Iterator[Item]:
    """The items in an order that depends on ``seed``: each is drawn from the next thousand or so."""
    draw = random.Random(seed)
    waiting: list[Item] = []
    held = 0
    for item in items:
        waiting.append(item)
        held += _bytes(item)
        while len(waiting) >= SHUFFLED or held > SHUFFLED_BYTES:
            drawn = _drawn(waiting, draw)
            held -= _bytes(drawn)
            yield drawn
    while waiting:
        yield _drawn(waiting, draw)


def _drawn(waiting: list[Item], draw: random.Random) -> Item:
    place = draw.randrange(len(waiting))
    waiting[place], waiting[-1] = waiting[-1], waiting[place]
    return waiting.pop()


def _bytes(item: Item) -> int:
    return len(item.picture) if isinstance(item.picture, bytes) else 0


def _sample(items: Iterable[Item], limit: int, seed: int) -> set[int]:
    """The indices of ``limit`` items: those whose indices have the smallest digests."""
    smallest = heapq.nsmallest(limit, ((_digest(item.index, seed), item.index) for item in items))
    return {index for _, index in smallest}


def _digest(index: int, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{index}".encode(), digest_size=8).digest()


def shard_of(text: str) -> Shard:
    """A shard as ``i/n`` names it.

    Raises:
        InputError: It is none.
    """
    number, slash, count = text.partition("/")
    if slash and number.isdecimal() and count.isdecimal() and int(number) < int(count):
        return Shard(int(number), int(count))
    raise InputError(
        f"--shard {text}: give i/n, i counting from 0: 0/4, 1/4, 2/4 and 3/4 are all of four shards"
    )


def kinds_of(conditions: Iterable[str]) -> frozenset[Kind]:
    """The kinds that conditions such as ``kind=chart`` or ``kind=chart,table`` choose.

    Raises:
        InputError: One of them says something else.
    """
    kinds: set[Kind] = set()
    for condition in conditions:
        name, _, values = condition.partition("=")
        try:
            if name.strip() != "kind":
                raise ValueError
            kinds |= {Kind(value.strip()) for value in values.split(",")}
        except ValueError:
            known = ", ".join(KINDS.names())
            raise InputError(
                f"--where {condition}: give kind= and one of {known}, or several with commas"
            ) from None
    return frozenset(kinds)
