"""What passes from stage to stage of the Ray Data pipeline: one value a row, a row a block."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import Any

from agent.batch.rows import Row
from agent.errors import AgentError

_CELL = "value"

Record = dict[str, Any]
"""A row as Ray Data has it."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What became of an item.

    Attributes:
        row: The item's row.
        files: Its files, packed, where they could not be written in place.
    """

    row: Row
    files: bytes = b""


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing can go on.

    It is told instead of raised: Ray Data does not hand on what its stages raise.

    Attributes:
        error: To be raised by whoever gets this.
    """

    error: AgentError


def cell(value: object) -> Record:
    """A value as a row."""
    return {_CELL: pickle.dumps(value)}


def value_of(record: Record) -> Any:
    """The value in a row."""
    return pickle.loads(record[_CELL])


def values_of(block: Any) -> list[Any]:
    """The values in an Arrow table of rows."""
    return [pickle.loads(content) for content in block[_CELL].to_pylist()]
