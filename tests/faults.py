"""Makes one write below a folder fail, as a full, broken or read-only disk does."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


class Faults:
    """Counts every step at which a file below a folder is opened to be written, written, moved or made.

    Attributes:
        count: The steps so far.
    """

    def __init__(self, folder: Path, at: int, code: int) -> None:
        self._folder, self._at, self._code = str(folder), at, code
        self.count = 0
        self._descriptors: set[int] = set()

    def step(self, path: Any) -> None:
        """One step; the one that is to fail does."""
        if not self._concerns(path):
            return
        self.count += 1
        if self.count == self._at:
            raise OSError(self._code, os.strerror(self._code), str(path))

    def _concerns(self, path: Any) -> bool:
        if isinstance(path, int):
            return path in self._descriptors
        try:
            return os.fsdecode(path).startswith(self._folder)
        except TypeError:
            return False

    def opened(self, descriptor: int, path: Any) -> int:
        if self._concerns(path):
            self._descriptors.add(descriptor)
        return descriptor


class _Written:
    """A file whose writes are steps."""

    def __init__(self, file: Any, path: Any, faults: Faults) -> None:
        self._file, self._path, self._faults = file, path, faults

    def write(self, data: Any) -> Any:
        self._faults.step(self._path)
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Any:
        return iter(self._file)


@contextmanager
def failing(folder: Path, at: int, code: int) -> Iterator[Faults]:
    """Make the ``at``-th step below ``folder`` fail with the error of this number; 0 fails none."""
    faults = Faults(folder, at, code)
    with pytest.MonkeyPatch.context() as patch:
        real_open, os_open, os_write = io.open, os.open, os.write

        def opening(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
            writes = set(mode) & set("wax+") and not isinstance(file, int)
            if writes:
                faults.step(file)
            found = real_open(file, mode, *args, **options)
            return _Written(found, file, faults) if writes and faults._concerns(file) else found

        def opening_low(path: Any, flags: int, *args: Any, **options: Any) -> int:
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                faults.step(path)
            return faults.opened(os_open(path, flags, *args, **options), path)

        def writing(descriptor: int, data: Any) -> int:
            faults.step(descriptor)
            return os_write(descriptor, data)

        patch.setattr(io, "open", opening)
        patch.setattr(builtins, "open", opening)
        patch.setattr(os, "open", opening_low)
        patch.setattr(os, "write", writing)
        for name in ("replace", "rename", "mkdir", "ftruncate"):
            _count(patch, faults, name)
        yield faults


def _count(patch: pytest.MonkeyPatch, faults: Faults, name: str) -> None:
    real = getattr(os, name)

    def counted(path: Any, *args: Any, **options: Any) -> Any:
        faults.step(path)
        return real(path, *args, **options)

    patch.setattr(os, name, counted)
