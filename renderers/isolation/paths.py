"""What a render may read: the interpreter, its packages, the system's libraries and fonts. Nothing else."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

_PACKAGE = str(Path(__file__).resolve().parents[1])
_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/zoneinfo",
    "/etc/fonts",
    "/usr/share/fontconfig",
    "/var/cache/fontconfig",
    "/etc/ld.so.cache",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


@cache
def readable() -> tuple[str, ...]:
    """Files and folders that exist, parents before what lies below them, each only once."""
    wanted = [*_SYSTEM, sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, _PACKAGE]
    wanted += [entry for entry in sys.path if entry.endswith(("-packages", ".zip"))]
    found: list[str] = []
    for path in sorted({os.path.realpath(entry) for entry in wanted if Path(entry).exists()}):
        if path == "/":
            continue
        if not any(path == above or path.startswith(above + "/") for above in found):
            found.append(path)
    return tuple(found)


def aliases() -> list[tuple[str, str]]:
    """Paths by which some of these are known that are themselves links: (path, where it leads)."""
    names = [*_SYSTEM, sys.prefix, sys.base_prefix]
    return [(name, os.path.realpath(name)) for name in names if os.path.realpath(name) != name]
