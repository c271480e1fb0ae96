"""Landlock: what a process may still do with files, TCP and signals, at whatever version the kernel has."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from renderers.isolation.linux import NO_NEW_PRIVS, prctl, syscall

_VERSION_FLAG = 1
_PATH_BENEATH = 1

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_FOLDER = 1 << 3
_TRUNCATE = 1 << 14
_FILE_RIGHTS = 0b111 | _TRUNCATE  # all that a rule about a single file may grant
# remove folders and files, make folders and regular files; no devices, sockets, pipes or links
_ARRANGE = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8
_READ = _READ_FILE | _READ_FOLDER
_WRITE = _READ | _WRITE_FILE | _TRUNCATE | _ARRANGE

# rights that exist, by version: version 2 brings refer, 3 truncate, 5 ioctl
_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_TCP = 0b11  # bind and connect, from version 4
_SCOPED = 0b11  # abstract sockets and signals, from version 6
_WITH_TCP, _WITH_SCOPES = 4, 6
"""Versions of Landlock from which rules name TCP, and scopes: each adds a field of 8 bytes."""


def version() -> int:
    """The kernel's Landlock version.

    Raises:
        OSError: The kernel has none, or it is switched off.
    """
    return syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), _VERSION_FLAG)


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Keep this process and all its children to these paths, without TCP, for good.

    Args:
        readable: Files and folders that may be read; ones that do not exist are passed over.
        writable: Files and folders that may be read and changed.
    """
    abi = version()
    handled = _RIGHTS[min(abi, 5)]
    attributes = (ctypes.c_uint64 * 3)(
        handled, _TCP if abi >= _WITH_TCP else 0, _SCOPED if abi >= _WITH_SCOPES else 0
    )
    size = 8 if abi < _WITH_TCP else 16 if abi < _WITH_SCOPES else 24
    ruleset = syscall("landlock_create_ruleset", ctypes.byref(attributes), ctypes.c_size_t(size), 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, _WRITE & handled)
        prctl(NO_NEW_PRIVS, 1)
        syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - no pathlib in what every render runs
            rights &= _FILE_RIGHTS
        rule = _Beneath(rights, parent)
        syscall("landlock_add_rule", ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)
