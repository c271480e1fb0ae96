"""Starts a browser in a namespace that has no network; run as a script, with the browser as arguments.

The user namespace that allows it shows the browser an ordinary user, so that its sandbox works as root too.
It loads nothing of ours: it stands between two programs only for a moment.
"""

import ctypes
import os
import sys
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_USER = 1000


def main() -> None:
    """Move, then become the browser; where moving is not allowed, end with a message instead."""
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK) != 0:
        sys.exit(f"no namespaces: {os.strerror(ctypes.get_errno())}")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_USER} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_USER} {group} 1")
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
