"""``results.jsonl`` as a batch writes it: a line an item, appended as items are finished, and kept whole."""

from __future__ import annotations

import json
import os
import time
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from agent.batch.items import IdSet
from agent.batch.ordered import RESULTS, OrderedRows
from agent.batch.rows import Row, RowStatus
from agent.batch.totals import Totals
from agent.errors import BatchError

_SYNC_SECONDS = 1.0
"""A killed batch loses no row; a power cut loses those of the last second."""


class Results:
    """The rows of a batch.

    Attributes:
        ids: The items that have a row.
        totals: What the rows come to.
        mended: Damaged lines that were removed; their items are refined again.
        appended: Rows that were added.
    """

    def __init__(self, out: Path, *, retry_failed: bool = False) -> None:
        """Read what is there, and mend it: a killed batch can leave half a line.

        Args:
            out: The batch's folder.
            retry_failed: Forget failed rows, so that their items are refined again.

        Raises:
            BatchError: It cannot be read or written.
        """
        self.path = out / RESULTS
        self.ids = IdSet()
        self.totals = Totals()
        self.mended = self.appended = 0
        self._places = _Places()
        self._synced = time.monotonic()
        try:
            for partial in out.glob(".*.part"):
                partial.unlink()  # of a batch that was killed while it wrote
            self._read(retry_failed)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
            self._size = os.fstat(self._descriptor).st_size
        except OSError as error:
            raise self._unusable(error) from error

    def _read(self, retry_failed: bool) -> None:
        """Take in the rows, and rewrite the file where some are not to stay."""
        starts = array("q")
        lines = 0
        for start, row in _rows(self.path):
            lines += 1
            if row is None:
                self.mended += 1
            elif not (retry_failed and row["status"] == RowStatus.FAILED) and self.ids.add(row["id"]):
                starts.append(start)
                self.totals.add_json(row)
                self._places.take(row["index"])
        if len(starts) < lines:
            self._rewrite(starts)

    def _rewrite(self, starts: Iterable[int]) -> None:
        """Keep the lines that begin at these places, in this order; whole or not at all."""
        partial = self.path.with_name(f".{RESULTS}.{os.getpid()}.part")
        try:
            with self.path.open("rb") as old, partial.open("wb") as new:
                for start in starts:
                    old.seek(start)
                    new.write(old.readline())
                new.flush()
                os.fsync(new.fileno())
            partial.replace(self.path)
        finally:
            partial.unlink(missing_ok=True)

    def append(self, row: Row) -> Row:
        """Add a row; once this returns, a kill of the process does not lose it.

        Returns:
            The row as it was written. Where the source has changed since an earlier run, so that its index is
            that of another row by now, it is given one behind all others.

        Raises:
            BatchError: It cannot be written; the file is left as it was before.
        """
        if row.index in self._places:
            row = row.model_copy(update={"index": self._places.end})
        line = (row.model_dump_json() + "\n").encode("utf-8", "surrogatepass")
        try:
            written = 0
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
            if time.monotonic() - self._synced > _SYNC_SECONDS:
                self.sync()
        except OSError as error:
            self._cut()
            raise self._unusable(error) from error
        self._size += len(line)
        self.appended += 1
        self.ids.add(row.id)
        self.totals.add(row)
        self._places.take(row.index)
        return row

    def _cut(self) -> None:
        """Take half a line back; where even that fails, the next start mends it."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._size)

    def sync(self) -> None:
        """Bring what was written to the disk itself."""
        os.fsync(self._descriptor)
        self._synced = time.monotonic()

    def order(self) -> None:
        """Put the rows in the order of the source, if they are not.

        Raises:
            BatchError: It cannot be written.
        """
        try:
            self.sync()
            rows = OrderedRows(self.path)
            if not rows.in_order:
                self._rewrite(rows.starts.tolist())
        except OSError as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        if self._descriptor >= 0:
            with suppress(OSError):  # what matters was written before
                self.sync()
            os.close(self._descriptor)
            self._descriptor = -1

    def _unusable(self, error: OSError) -> BatchError:
        return BatchError(
            f"{self.path}: cannot be used ({error.strerror}); mend that and start again: "
            "what was finished is on disk and is not done again"
        )


class _Places:
    """The indices that are taken: a bit each.

    Attributes:
        end: Behind all of them.
    """

    def __init__(self) -> None:
        self.end = 0
        self._bits = bytearray()

    def __contains__(self, index: int) -> bool:
        return index < self.end and bool(self._bits[index >> 3] >> (index & 7) & 1)

    def take(self, index: int) -> None:
        missing = (index >> 3) + 1 - len(self._bits)
        if missing > 0:
            self._bits.extend(bytes(missing))
        self._bits[index >> 3] |= 1 << (index & 7)
        self.end = max(self.end, index + 1)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Where each line begins, and what decides about it; None for a line that is no whole row."""
    if not path.exists():
        return
    start = 0
    with path.open("rb") as lines:
        for line in lines:
            yield start, _row(line)
            start += len(line)


def _row(line: bytes) -> dict[str, Any] | None:
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
        whole = (
            isinstance(row["id"], str) and isinstance(row["index"], int) and isinstance(row["status"], str)
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return row if whole else None
