"""A system call filter: what drawing needs is allowed, everything else is answered with an error.

Classic BPF, assembled here: a block a system call, each ending in its own verdict, so that no jump is longer
than its block. The kernel caches the verdicts that do not depend on arguments, which makes the length free.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import cache

from renderers.isolation.linux import NO_NEW_PRIVS, prctl, syscall
from renderers.isolation.syscalls import allowed, known_machine, number

_LOAD, _EQUAL, _AT_LEAST, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_KILL = 0x80000000
_ERROR = 0x00050000
_REFUSE = _ERROR | errno.EPERM
_NOT_THERE = _ERROR | errno.ENOSYS

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_FILTER_MODE, _ALL_THREADS = 1, 1

_THREAD = 0x00010000
# terminal questions, close-on-exec, non-blocking, bytes waiting; no other device control
_IOCTLS = (0x5401, 0x5413, 0x5421, 0x541B, 0x5450, 0x5451)
# duplicate, flags, locks, pipe size; not F_SETOWN and F_SETSIG, which send signals
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1031, 1032)
_THREAD_NAME = (15, 16)

_Instruction = tuple[int, int, int, int]


def _argument(index: int) -> int:
    """Offset of the low half of an argument; both machines are little-endian."""
    return 16 + 8 * index


def _when(name: str, *body: _Instruction) -> list[_Instruction]:
    """A block for one system call; the accumulator holds the number again after it."""
    return [(_EQUAL, 0, len(body), number(name)), *body]


def _one_of(index: int, values: tuple[int, ...]) -> list[_Instruction]:
    """Allow where an argument is one of ``values``, else refuse."""
    tests: list[_Instruction] = []
    for position, value in enumerate(values):
        tests.append((_EQUAL, len(values) - position, 0, value))
    return [(_LOAD, 0, 0, _argument(index)), *tests, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]


@cache
def program(own: int) -> tuple[int, bytes]:
    """The filter's length and code, for the process that is called ``own``; it may signal nobody else."""
    lines: list[_Instruction] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCHITECTURE[platform.machine()]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if platform.machine() == "x86_64":
        lines += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for entry in allowed():
        lines += [(_EQUAL, 0, 1, entry), (_RETURN, 0, 0, _ALLOW)]
    lines += _when("ioctl", *_one_of(1, _IOCTLS))
    lines += _when("fcntl", *_one_of(1, _FCNTLS))
    lines += _when("prctl", *_one_of(0, _THREAD_NAME))
    lines += _when("prlimit64", *_one_of(0, (0,)))
    lines += _when("kill", *_one_of(0, (own,)))
    lines += _when("tgkill", *_one_of(0, (own,)))
    lines += _when("tkill", *_one_of(0, (own,)))
    # threads, not processes; clone3 hides its flags in memory, and the C library falls back to clone
    lines += _when(
        "clone",
        (_LOAD, 0, 0, _argument(0)),
        (_SET, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    lines += _when("clone3", (_RETURN, 0, 0, _NOT_THERE))
    lines.append((_RETURN, 0, 0, _REFUSE))
    return len(lines), b"".join(struct.pack("HBBI", *line) for line in lines)


def available() -> None:
    """Raise OSError where the kernel, or this module, has no filter for this machine."""
    if not known_machine():
        raise OSError(errno.ENOSYS, f"no system call table for {platform.machine()}")
    action = ctypes.c_uint32(_KILL)
    syscall("seccomp", 2, 0, ctypes.byref(action))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> None:
    """Filter this process and its threads, for good."""
    available()
    wrapped = _Program(*program(os.getpid()))
    prctl(NO_NEW_PRIVS, 1)
    syscall("seccomp", _FILTER_MODE, _ALL_THREADS, ctypes.byref(wrapped))
