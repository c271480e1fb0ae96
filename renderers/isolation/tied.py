"""Runs a program to its end, or to the end of this process, whichever comes first."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import Any

from renderers.isolation import lifeline


def run_tied(command: list[str], **options: Any) -> subprocess.CompletedProcess[Any]:
    """``subprocess.run`` of a program that ends with this process, whatever ends that and whatever it does.

    Args:
        command: The program and its arguments.
        options: As for ``subprocess.run``.
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        # in a group of its own, which is what is ended with it
        return subprocess.run(
            [sys.executable, "-I", "-S", lifeline.__file__, str(theirs.fileno()), *command],
            pass_fds=[theirs.fileno()],
            start_new_session=True,
            **{"check": False, **options},
        )
