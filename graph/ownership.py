"""Folders that are ours: marked when first written to, and one command's at a time.

What a command clears or replaces, it clears in folders that carry the mark: a folder of that name that the
user made for something else is left as it is.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graph.errors import FolderError

MARK = ".lookalike"

_BEFORE_MARKS = {
    "run.json": {"kind", "reference", "stop_reason"},
    "batch.json": {"source", "format", "settings"},
}
"""What our own folders of earlier versions are known by: a file, and keys in it."""

_LONGEST = 10_000_000


def mark(folder: Path, ours: Collection[str] | None = None) -> None:
    """Make a folder ours, and the folder itself where there is none.

    Args:
        folder: The folder.
        ours: Names that we write to in it. An unmarked folder is taken over where none of them is there; by
            default, where it is empty.

    Raises:
        FolderError: It is somebody else's, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MARK).is_file():
            return
        found = {entry.name for entry in folder.iterdir()}
        foreign = found if ours is None else found.intersection(ours)
        if foreign and not _is_earlier(folder):
            raise FolderError(
                f"{folder}: was not made by lookalike and holds {min(foreign)}, which is left as it is; "
                "choose another folder with -o"
            )
        (folder / MARK).touch()
    except OSError as error:
        raise FolderError(
            f"{folder}: cannot be written ({error.strerror}); choose another with -o"
        ) from error


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other commands out of a run's folder; one that is killed keeps nobody out.

    Raises:
        FolderError: Another command is writing to it, it is not ours, or cannot be written, now or later.
    """
    mark(folder)
    with exclusive(folder / MARK, "run"):
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise FolderError(
                f"{folder}: can no longer be written ({reason}); mend that and use --resume"
            ) from error


@contextmanager
def exclusive(file: Path, what: str) -> Iterator[None]:
    """Hold a file's lock, which the kernel lets go of with this process.

    Args:
        file: The file, made where there is none.
        what: What writes beside it, in a word.

    Raises:
        FolderError: Another process holds it, or it cannot be opened.
    """
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise FolderError(
            f"{file.parent}: cannot be written ({error.strerror}); choose another with -o"
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise FolderError(
                f"{file.parent}: another {what} is writing there (process {owner or 'unknown'}); "
                "wait for it, or choose another folder with -o"
            ) from None
        with suppress(OSError):  # who holds it is only for a message
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _is_earlier(folder: Path) -> bool:
    for name, keys in _BEFORE_MARKS.items():
        try:
            with (folder / name).open("rb") as file:
                kept = json.loads(file.read(_LONGEST))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(kept, dict) and keys <= kept.keys():
            return True
    return False
