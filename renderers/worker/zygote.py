"""The fork server for charts: a warm interpreter that forks a child a render and runs nothing hostile itself.

One byte with three descriptors on the control socket asks for a child: the socket it takes its job from and
answers on, the pipe for what it prints, and a socket for its exit status. When the other end of the last one
closes before the child has ended, the child is killed; when the control socket closes, everything ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import shutil
import signal
import socket
import sys
from pathlib import Path

from renderers.isolation.levels import Policy
from renderers.isolation.wall import Wall
from renderers.worker.wire import EXIT, Outcome, read_job, send_result

_DESCRIPTORS = 3


class Zygote:
    """Forks children on request and reports how each ended."""

    def __init__(self, control: socket.socket, wall: Wall, policy: Policy) -> None:
        self._control, self._wall, self._policy = control, wall, policy
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._fork)
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._wake, selectors.EVENT_READ, self._reap)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until the client goes away."""
        with contextlib.suppress(EOFError):
            while True:
                for key, _ in self._selector.select():
                    key.data()
        for child in self._children:
            os.kill(child, signal.SIGKILL)

    def _fork(self) -> None:
        message, descriptors, _, _ = socket.recv_fds(self._control, 1, _DESCRIPTORS)
        if not message:
            raise EOFError
        job, log, status = descriptors
        child = self._wall.fork()
        if child == 0:
            self._become_child(job, log)
        os.close(job)
        os.close(log)
        channel = socket.socket(fileno=status)
        self._children[child] = channel
        self._selector.register(channel, selectors.EVENT_READ, lambda: self._kill(child))

    def _become_child(self, job: int, log: int) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(job, 3)
            os.closerange(4, 65536)
            self._serve(socket.socket(fileno=3))
            code = 0
        finally:
            os._exit(code)

    def _serve(self, channel: socket.socket) -> None:
        source, width, height, _ = read_job(channel.fileno())
        layers = self._wall.close()
        if refusal := self._policy.refusal(layers):
            send_result(channel.fileno(), Outcome.REFUSED, refusal)
        else:
            from renderers.worker import figure

            figure.run(source.decode(), width, height, channel.fileno())

    def _kill(self, child: int) -> None:
        """The client closed its end (it never writes on it)."""
        if channel := self._children.get(child):
            self._selector.unregister(channel)
            os.kill(child, signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake.recv(4096)
        while self._children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            channel = self._children.pop(child, None)
            if channel is None:
                continue  # an orphan that ended up with this process as the first of its tree
            if folder := self._wall.scratch_of(child):
                shutil.rmtree(folder, ignore_errors=True)
            with contextlib.suppress(KeyError):
                self._selector.unregister(channel)
            with contextlib.suppress(OSError):
                channel.send(EXIT.pack(status))
            channel.close()


def main(arguments: list[str]) -> None:
    """Entry point of the worker process."""
    policy = Policy.from_argument(arguments[1])
    wall = Wall(policy, str(Path.cwd()))
    wall.prepare()
    control = socket.socket(fileno=int(arguments[0]))
    # loaded behind the first wall: before it, this process still has to fork
    from renderers.worker import figure

    figure.warm_up()
    gc.collect()
    gc.freeze()
    gc.disable()
    Zygote(control, wall, policy).serve()
    sys.stdout.flush()
    os._exit(0)
