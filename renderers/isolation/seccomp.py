"""A system call filter: what drawing needs is allowed, everything else is answered with an error.

Classic BPF, assembled here: a block a system call, each ending in its own verdict, so that no jump is longer
than its block. The kernel caches the verdicts that do not depend on arguments, which makes the length free.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from functools import cache

from renderers.isolation.linux import NO_NEW_PRIVS, prctl, syscall
from renderers.isolation.syscalls import allowed, architecture, number

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


def _when(call: int, *body: _Instruction) -> list[_Instruction]:
    """A block for one system call, which ends in a verdict."""
    return [(_EQUAL, 0, len(body), call), *body]


def _one_of(index: int, values: tuple[int, ...]) -> list[_Instruction]:
    """Allow where an argument is one of ``values``, else refuse."""
    tests: list[_Instruction] = []
    for position, value in enumerate(values):
        tests.append((_EQUAL, len(values) - position, 0, value))
    return [(_LOAD, 0, 0, _argument(index)), *tests, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]


@cache
def program(own: int, machine: str) -> tuple[int, bytes]:
    """The filter's length and code.

    Args:
        own: Number of the process that is filtered; it may signal nobody else.
        machine: The architecture it is for.

    Raises:
        OSError: The architecture's system calls are not known.
    """
    plain = allowed(machine)
    lines: list[_Instruction] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
    ]
    if machine == "x86_64":
        lines += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for entry in plain:
        lines += [(_EQUAL, 0, 1, entry), (_RETURN, 0, 0, _ALLOW)]
    for name, index, values in (
        ("ioctl", 1, _IOCTLS), ("fcntl", 1, _FCNTLS), ("prctl", 0, _THREAD_NAME), ("prlimit64", 0, (0,)),
        ("kill", 0, (own,)), ("tgkill", 0, (own,)), ("tkill", 0, (own,)),
    ):  # fmt: skip
        lines += _when(number(name, machine), *_one_of(index, values))
    # threads, not processes; clone3 hides its flags in memory, and the C library falls back to clone
    lines += _when(
        number("clone", machine),
        (_LOAD, 0, 0, _argument(0)),
        (_SET, 0, 1, _THREAD),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    )
    lines += _when(number("clone3", machine), (_RETURN, 0, 0, _NOT_THERE))
    lines.append((_RETURN, 0, 0, _REFUSE))
    return len(lines), b"".join(struct.pack("HBBI", *line) for line in lines)


def prepare() -> None:
    """Have the filter made for children that are the first of their process tree.

    Raises:
        OSError: The kernel, or this module, has no filter for this machine.
    """
    program(1, architecture())
    action = ctypes.c_uint32(_KILL)
    syscall("seccomp", 2, 0, ctypes.byref(action))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> None:
    """Filter this process and its threads, for good.

    Raises:
        OSError: The kernel, or this module, has no filter for this machine.
    """
    wrapped = _Program(*program(os.getpid(), architecture()))
    prctl(NO_NEW_PRIVS, 1)
    syscall("seccomp", _FILTER_MODE, _ALL_THREADS, ctypes.byref(wrapped))
