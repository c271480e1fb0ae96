"""The fork server for charts: a warm interpreter that forks a child a render and runs nothing hostile itself.

One byte on the control socket asks for a child, and comes back with three descriptors: the socket by which
it takes its job and answers, the pipe for what it prints, and a socket for its exit status. When the client
closes the last one before the child has ended, the child is killed; when the control socket closes, so is
everything.

Children are ready behind their wall before they are asked for, so that no render waits for a fork. While
there are cores with nothing to do they rehearse, which makes their first drawing as quick as a second one.
New ones are made when a render has ended, so that none is slowed by that; a second one is there for who asks
at once again.
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
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from renderers.isolation.levels import Policy
from renderers.isolation.wall import Wall
from renderers.worker.launch import cores
from renderers.worker.wire import EXIT, Outcome, read_job, send_result

_READY = 2


@dataclass(frozen=True, slots=True)
class _Spare:
    """A child that waits for its job, and the client's ends of its channels."""

    process: int
    job: int
    log: int
    status: int

    def hand_over(self, control: socket.socket) -> None:
        """Give the ends to the client."""
        socket.send_fds(control, [b"c"], [self.job, self.log, self.status])
        self.discard()

    def discard(self) -> None:
        """Close the ends."""
        for descriptor in (self.job, self.log, self.status):
            os.close(descriptor)


class Zygote:
    """Forks children on request and reports how each ended."""

    def __init__(self, control: socket.socket, wall: Wall, policy: Policy) -> None:
        self._control, self._wall, self._policy = control, wall, policy
        self._children: dict[int, socket.socket] = {}
        self._spares: deque[_Spare] = deque()
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ, self._serve)
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._wake, selectors.EVENT_READ, self._reap)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Answer requests until the client goes away."""
        self._top_up()
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            while True:
                for key, _ in self._selector.select():
                    key.data()
        for child in self._children:
            os.kill(child, signal.SIGKILL)

    def _serve(self) -> None:
        """Give the client a child that is ready."""
        if not self._control.recv(1):
            raise EOFError
        spare = self._spares.popleft() if self._spares else self._fork()
        spare.hand_over(self._control)

    def _top_up(self) -> None:
        """Have children ready for the next requests."""
        while len(self._spares) < _READY:
            self._spares.append(self._fork())

    def _fork(self) -> _Spare:
        job, job_theirs = socket.socketpair()
        status, status_theirs = socket.socketpair()
        log, log_theirs = os.pipe()
        drawing = len(self._children) - len(self._spares)
        rehearsed = drawing + 1 < cores()
        child = self._wall.fork()
        if child == 0:
            self._become_child(job.fileno(), log_theirs, rehearsed)
        job.close()
        os.close(log_theirs)
        self._children[child] = status
        self._selector.register(status, selectors.EVENT_READ, lambda: self._kill(child))
        return _Spare(child, job_theirs.detach(), log, status_theirs.detach())

    def _become_child(self, job: int, log: int, rehearsed: bool) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.dup2(job, 3)
            os.closerange(4, 65536)
            self._work(3, rehearsed)
            code = 0
        finally:
            os._exit(code)

    def _work(self, channel: int, rehearsed: bool) -> None:
        from renderers.worker import figure

        layers = self._wall.close()
        if rehearsed:
            figure.rehearse()
        stage = figure.Stage()
        stage.set()
        source, width, height, _ = read_job(channel)
        stage.size = (width, height)
        if refusal := self._policy.refusal(layers):
            send_result(channel, Outcome.REFUSED, refusal)
        else:
            figure.run(source.decode(), stage, channel)
        # before the process is taken down, which takes its time: nobody waits for that
        for descriptor in (1, 2, channel):
            os.close(descriptor)

    def _kill(self, child: int) -> None:
        """The client closed its end (it never writes on it)."""
        if channel := self._children.get(child):
            self._selector.unregister(channel)
            os.kill(child, signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._wake.recv(4096)
        rendered = False
        while self._children:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                break
            channel = self._children.pop(child, None)
            if channel is None:
                continue  # an orphan that ended up with this process as the first of its tree
            if folder := self._wall.scratch_of(child):
                shutil.rmtree(folder, ignore_errors=True)
            rendered |= not self._forget_spare(child)
            with contextlib.suppress(KeyError):
                self._selector.unregister(channel)
            with contextlib.suppress(OSError):
                channel.send(EXIT.pack(status))
            channel.close()
        if rendered:  # and not because those that wait end by themselves
            self._top_up()

    def _forget_spare(self, child: int) -> bool:
        """Whether a child that has ended was waiting for its job; nobody is given it any more."""
        ended = [spare for spare in self._spares if spare.process == child]
        for spare in ended:
            self._spares.remove(spare)
            spare.discard()
        return bool(ended)


def main(arguments: list[str]) -> None:
    """Entry point of the worker process."""
    policy = Policy.from_argument(arguments[1])
    descriptor = int(arguments[0])
    wall = Wall(policy, str(Path.cwd()), descriptor)
    wall.prepare()
    control = socket.socket(fileno=descriptor)
    # loaded behind the first wall: before it, this process still has to fork
    from renderers.worker import figure

    figure.warm_up()
    gc.collect()
    gc.freeze()
    gc.disable()
    Zygote(control, wall, policy).serve()
    sys.stdout.flush()
    os._exit(0)
