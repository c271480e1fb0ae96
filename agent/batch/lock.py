"""One batch at a time writes to a folder; a killed one leaves nothing that keeps the next one out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import BatchError
from graph.errors import FolderError
from graph.ownership import exclusive, mark

FILE = ".lock"

_OURS = (
    *("batch.json", "results.jsonl", "results.parquet", "summary.json", "gallery.html"),
    *("items", "code", ".running"),
)
"""What a batch writes into its folder."""


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Make the folder and keep other batches out of it.

    Raises:
        BatchError: Another batch is writing to it, it is not ours, or it cannot be written.
    """
    try:
        mark(out, _OURS)
        with exclusive(out / FILE, "batch"):
            yield
    except FolderError as error:
        raise BatchError(str(error)) from error
