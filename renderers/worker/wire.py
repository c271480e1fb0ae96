"""What client and worker say to each other: fixed-size headers and raw bytes, nothing to unpickle."""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from enum import IntEnum

JOB = struct.Struct("!IIII")
"""A job's header: width, height (0 where the code decides), seconds of processor time (0 where they are not
bounded by the job), and the length of the code."""

RESULT = struct.Struct("!BIII")
"""A result's header: outcome, width, height, and the length of the note that follows; then RGB pixels."""

EXIT = struct.Struct("!i")
"""How a forked child ended, as ``os.waitpid`` has it."""

MAX_CODE = 4_000_000
"""Longer code is refused unread."""

MAX_NOTE = 16_000
"""A longer note is cut."""


class Outcome(IntEnum):
    """What a worker made of a job."""

    PIXELS = 0
    ERROR = 1
    REFUSED = 2


PATIENCE = 0.2
"""Seconds between looks at whether the caller has given up."""


def receive(
    channel: socket.socket,
    size: int,
    deadline: float | None = None,
    given_up: threading.Event | None = None,
) -> bytearray:
    """Exactly ``size`` bytes.

    Raises:
        EOFError: They end early.
        TimeoutError: ``deadline`` (monotonic) has passed, or the caller has given up.
    """
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or (given_up is not None and given_up.is_set()):
                raise TimeoutError
            channel.settimeout(min(left, PATIENCE))
        try:
            count = channel.recv_into(view)
        except TimeoutError:
            if deadline is None:
                raise
            continue
        if not count:
            raise EOFError
        view = view[count:]
    return buffer


def send_job(channel: socket.socket, code: bytes, width: int, height: int, cpu: int = 0) -> None:
    """Send one job."""
    channel.sendall(JOB.pack(width, height, cpu, len(code)) + code)


def read_job(descriptor: int) -> tuple[bytes, int, int, int]:
    """One job: code, width, height, seconds of processor time; EOFError where there is none."""
    width, height, cpu, length = JOB.unpack(_read(descriptor, JOB.size))
    return _read(descriptor, length), width, height, cpu


def _read(descriptor: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(descriptor, size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def send_result(
    descriptor: int,
    outcome: Outcome,
    note: str = "",
    pixels: memoryview | None = None,
    width: int = 0,
    height: int = 0,
) -> None:
    """Send one result: a note, and the pixels where there are any. Behind the wall only ``write`` is left."""
    text = note.encode(errors="replace")[:MAX_NOTE]
    _write(descriptor, memoryview(RESULT.pack(outcome, width, height, len(text)) + text))
    if pixels is not None:
        _write(descriptor, pixels)


def _write(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
