"""The folder for what this process and those it starts put down for a while; what a killed one left goes."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
from pathlib import Path

from renderers.errors import ScratchError

PREFIX = "lookalike-"
_LOCK = ".in-use"

_guard = threading.Lock()
_held: dict[int, tuple[Path, int]] = {}
"""This process's folder and its lock, by process id: a fork makes its own."""


def scratch() -> Path:
    """This process's own folder, made when first asked for and removed when the process ends.

    It is locked for as long as the process lives, so that a later one can tell what a killed one left behind,
    and clears that.

    Raises:
        ScratchError: No folder can be made.
    """
    with _guard:
        if os.getpid() not in _held:
            try:
                _clear_abandoned(Path(tempfile.gettempdir()))
                _held[os.getpid()] = _make()
            except OSError as error:
                raise ScratchError(
                    f"no folder for temporary files can be made ({error.strerror}); set TMPDIR to one that "
                    "exists and has room"
                ) from error
            atexit.register(_remove, os.getpid())
        return _held[os.getpid()][0]


def _make() -> tuple[Path, int]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # a worker that has given up root's rights passes through to its own folder
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def _clear_abandoned(place: Path) -> None:
    """Remove the folders whose process no longer holds their lock."""
    for folder in place.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _remove(owner: int) -> None:
    """At the end of the process that made it; a fork's end leaves it alone."""
    if owner == os.getpid() and owner in _held:
        folder, lock = _held.pop(owner)
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)
