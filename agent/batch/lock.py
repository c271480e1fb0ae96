"""One batch at a time writes to a folder; a killed one leaves nothing that keeps the next one out."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import BatchError
from graph.errors import FolderError
from graph.ownership import mark

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
        descriptor = os.open(out / FILE, os.O_RDWR | os.O_CREAT, 0o666)
    except FolderError as error:
        raise BatchError(str(error)) from error
    except OSError as error:
        raise BatchError(f"{out}: cannot be written ({error.strerror}); choose another with -o") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise BatchError(
                f"{out}: another batch is writing there (process {owner or 'unknown'}); "
                "wait for it, or choose another folder with -o"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
