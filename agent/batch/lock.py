"""One batch at a time writes to a folder; a killed one leaves nothing that keeps the next one out."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.errors import BatchError

FILE = ".lock"


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Make the folder and keep other batches out of it.

    Raises:
        BatchError: Another batch is writing to it, or it cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out / FILE, os.O_RDWR | os.O_CREAT, 0o666)
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
