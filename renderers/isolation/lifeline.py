"""Ties a worker to the process that wants it: whatever ends the latter, the worker and all below it end too.

A parent-death signal alone does not do: the kernel forgets it where a process changes its user, sends it when
the thread ends that started the process, and a worker deep in foreign code hears nothing else. So a process
of its own stands between the two. It holds nothing but the other end of the client's socket, which the kernel
closes with the client, and it runs no foreign code.

Run as a script, with a lifeline's descriptor and a command, it does the same for any program, and loads
nothing of ours.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from types import FrameType

_PARENT_DEATH_SIGNAL = 1
"""The option of ``prctl``."""

_LOOK_EVERY = 1000
"""Milliseconds between looks at who the parent is: a fork of the client can hold its socket open."""


def end_with_parent() -> None:
    """Have the kernel end this process with its parent; to be said again after each change of user."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def continue_watched(lifeline: int, client: int) -> None:
    """Go on in a child; this process ends with it, and ends it when the client is gone.

    Args:
        lifeline: A descriptor whose other end only the client holds.
        client: The client's process id.
    """
    child = os.fork()
    if child:
        _watch(child, lifeline, client)
    end_with_parent()


def continue_beneath() -> None:
    """Go on in a child: unlike the first process of a tree, which stays behind, any signal ends it."""
    child = os.fork()
    if child == 0:
        end_with_parent()
        return
    os.closerange(3, 65536)
    ended, status = os.wait()
    while ended != child:
        ended, status = os.wait()
    _end_as(status)


def _watch(child: int, lifeline: int, client: int) -> None:
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # said to the whole group: the child answers as it likes
    signal.signal(signal.SIGCHLD, _heard)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    poll = select.poll()
    poll.register(lifeline, 0)  # that it is closed is always told
    poll.register(woken, select.POLLIN)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _end_as(status)
        if os.getppid() != client or any(found == lifeline for found, _ in poll.poll(_LOOK_EVERY)):
            os.kill(child, signal.SIGKILL)  # with it, all of its tree where it has one
            os.killpg(0, signal.SIGKILL)


def _heard(number: int, frame: FrameType | None) -> None:
    """What the wakeup descriptor tells is enough."""


def _end_as(status: int) -> None:
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def main() -> None:
    """Become a program that ends with the client."""
    continue_watched(int(sys.argv[1]), os.getppid())
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
