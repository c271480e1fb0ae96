"""The few Linux calls that Python does not have, by ctypes; each raises OSError."""

from __future__ import annotations

import ctypes
import os
from enum import IntFlag
from functools import cache

from renderers.isolation.syscalls import number

NO_NEW_PRIVS = 38
DUMPABLE = 4
DROP_BOUND = 24

_CAPABILITY_VERSION = 0x20080522
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_DETACH = 2


class New(IntFlag):
    """Namespaces, as ``unshare`` and ``setns`` name them."""

    MOUNT = 0x00020000
    UTS = 0x04000000
    IPC = 0x08000000
    USER = 0x10000000
    PID = 0x20000000
    NET = 0x40000000


class MountFlag(IntFlag):
    """Flags of ``mount``."""

    NOSUID = 2
    NODEV = 4
    NOEXEC = 8
    BIND = 4096
    RECURSIVE = 16384
    PRIVATE = 1 << 18


class Attribute(IntFlag):
    """Attributes of ``mount_setattr``."""

    READ_ONLY = 1
    NOSUID = 2
    NODEV = 4
    NOEXEC = 8


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(name: str, *arguments: object) -> int:
    """Any system call by its name in ``syscalls``."""
    return _checked(_library().syscall(number(name), *arguments), name)


def unshare(flags: New) -> None:
    """Move into new namespaces."""
    _checked(_library().unshare(int(flags)), f"unshare {flags.name}")


def setns(descriptor: int, kind: New) -> None:
    """Move into, or for process ids have children born in, an open namespace."""
    _checked(_library().setns(descriptor, int(kind)), "setns")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, bind a folder, or change how mounts spread."""
    result = _library().mount(
        source.encode(),
        target.encode(),
        kind.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    _checked(result, f"mount {target}")


def set_mount_attributes(target: str, attributes: Attribute) -> None:
    """Add attributes to a mount and all below it."""
    values = (ctypes.c_uint64 * 4)(int(attributes), 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(values))
    syscall("mount_setattr", _AT_FDCWD, target.encode(), _AT_RECURSIVE, ctypes.byref(values), size)


def change_root(target: str) -> None:
    """Make ``target``, a mount, the root and let go of the old one."""
    os.chdir(target)
    syscall("pivot_root", b".", b".")
    _checked(_library().umount2(b".", _DETACH), "umount of the old root")
    os.chdir("/")


def prctl(option: int, value: int = 0) -> int:
    """Set an attribute of this process."""
    return _checked(_library().prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up every capability for good."""
    library = _library()
    for capability in range(64):
        if library.prctl(DROP_BOUND, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # past the last one, or not entitled to touch the bounding set
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(library.capset(ctypes.byref(header), ctypes.byref(nothing)), "capset")
