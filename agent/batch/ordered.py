"""``results.jsonl`` in the order of the source, however many rows it has.

Rows are appended as items are finished, so they stand in no order. Only where each line begins is kept in
memory: 16 bytes a row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from agent.batch.rows import Row
from agent.errors import InputError

RESULTS = "results.jsonl"


class _Place(BaseModel):
    """The part of a line that decides its place: much faster to read than the whole row."""

    index: int = Field(ge=0)


class OrderedRows:
    """The rows of a batch by ``index``; of two with one index, the later line counts.

    Attributes:
        starts: Where each row begins in the file, in the order of the rows.
        torn: Whether the file ends in half a line, the trace of a batch that was killed; it is passed over.
    """

    def __init__(self, file: Path) -> None:
        """Find where each row begins.

        Args:
            file: A ``results.jsonl``.

        Raises:
            InputError: It is missing, cannot be read, or has a line that is no row.
        """
        self._file = file
        self.torn = False
        indices, starts = array("q"), array("q")
        try:
            with file.open("rb") as lines:
                start = 0
                for number, line in enumerate(lines, 1):
                    if not line.endswith(b"\n"):
                        self.torn = True
                    elif line.strip():
                        indices.append(self._place(line, number))
                        starts.append(start)
                    start += len(line)
        except FileNotFoundError:
            raise InputError(f"{file.parent}: not a batch folder: it has no {file.name}") from None
        except OSError as error:
            raise InputError(f"{file}: cannot be read ({error.strerror})") from error
        self.starts = _ordered(np.asarray(indices, np.int64), np.asarray(starts, np.int64))

    def _place(self, line: bytes, number: int) -> int:
        try:
            return _Place.model_validate_json(line).index
        except ValidationError as error:
            raise self._no_row(number, error) from error

    def _no_row(self, number: int, error: ValidationError) -> InputError:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        said = f"{where}: {first['msg']}" if where else str(first["msg"])
        return InputError(
            f"{self._file}: line {number} is not a row of a batch ({said}); remove it to go on without it"
        )

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.starts)

    @property
    def in_order(self) -> bool:
        """Whether the rows stand in the file as they are ordered."""
        return bool((self.starts[1:] > self.starts[:-1]).all())

    def __iter__(self) -> Iterator[Row]:
        """All rows, in order.

        Raises:
            InputError: A line is no row.
        """
        return self.at(range(len(self)))

    def at(self, places: range | NDArray[np.int64]) -> Iterator[Row]:
        """The rows at some places in the order, in the order of ``places``.

        Raises:
            InputError: A line is no row.
        """
        with self._file.open("rb") as lines:
            for place in places:
                start = int(self.starts[place])
                lines.seek(start)
                line = lines.readline()
                try:
                    yield Row.model_validate_json(line)
                except ValidationError as error:
                    raise self._no_row(self._number(start), error) from error

    def _number(self, start: int) -> int:
        with self._file.open("rb") as lines:
            return 1 + lines.read(start).count(b"\n")


def _ordered(indices: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The starts by index; of equal indices the last."""
    order = np.argsort(indices, kind="stable")
    by_index = indices[order]
    last = np.append(by_index[1:] != by_index[:-1], True) if len(by_index) else np.zeros(0, dtype=bool)
    return np.asarray(starts[order][last])
