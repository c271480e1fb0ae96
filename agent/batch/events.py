"""What happens during a batch, as it happens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.batch.rows import Row
from agent.batch.totals import Totals


@dataclass(frozen=True, slots=True)
class Began:
    """Refining begins.

    Attributes:
        source: Where the pictures come from.
        form: Its format.
        jobs: Items that are refined at a time.
        earlier: What earlier runs of this batch came to, their rows being kept.
        mended: Damaged lines that were removed from the results.
        changed: Programs that have another version than when the batch began.
    """

    source: str
    form: str
    jobs: int
    earlier: Totals
    mended: int = 0
    changed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """The items have been counted that there will be rows of: those done earlier and those that are left."""

    items: int


@dataclass(frozen=True, slots=True)
class Grew:
    """The servers have room, so more items are refined at a time from now on."""

    jobs: int


@dataclass(frozen=True, slots=True)
class Finished:
    """An item has its row."""

    row: Row


@dataclass(frozen=True, slots=True)
class Paused:
    """A model server is down; nothing more is begun until it is back."""

    reason: str


@dataclass(frozen=True, slots=True)
class WentOn:
    """The server is back after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing can be refined yet, and this is what the batch waits for."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gathering:
    """All items have their rows; table, summary and gallery are being written."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The batch is complete."""

    totals: Totals


Event = Began | Counted | Grew | Finished | Paused | WentOn | Waiting | Gathering | Ended

Tell = Callable[[Event], None]
