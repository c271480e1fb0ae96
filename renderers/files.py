"""Reading files that others made: only regular ones, and no more than is wanted."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """A file opened for reading, without waiting for the other end of a pipe.

    Raises:
        OSError: It cannot be opened, or is a device, a pipe or a socket, behind a link or not.
    """
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    mode = os.fstat(file.fileno()).st_mode
    if stat.S_ISREG(mode):
        return file
    file.close()
    code, what = (errno.EISDIR, "a folder") if stat.S_ISDIR(mode) else (errno.EINVAL, "a device or a pipe")
    raise OSError(code, f"is {what}, no regular file")


def read_regular(path: Path, most: int) -> bytes:
    """The content of a file.

    Args:
        path: The file.
        most: Bytes that it may have.

    Raises:
        OSError: It cannot be read, is no regular file, or is larger (``EFBIG``).
    """
    with open_regular(path) as file:
        return read_bounded(file, most)


def read_bounded(file: BinaryIO, most: int) -> bytes:
    """All that a stream has.

    Raises:
        OSError: It cannot be read, or has more than ``most`` bytes (``EFBIG``).
    """
    content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"has more than {most:,} bytes")
    return content
