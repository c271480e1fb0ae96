"""The client's side of the fork server: a bounded number of renders at a time, each with a time limit."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time

import numpy as np

from renderers.errors import WorkerError
from renderers.worker.answer import MAX_PIXELS, WorkerAnswer
from renderers.worker.launch import WorkerProcess
from renderers.worker.wire import EXIT, MAX_NOTE, PATIENCE, RESULT, Outcome, send_job

_LOG_KEPT = 8_000
_CHUNK = 1 << 18
_DESCRIPTORS = 3
_ENDING = 3.0
"""Seconds that a child may take to be taken down once it has closed all by which it could answer."""

_START = 60.0
"""Seconds that the fork server may take to give a child; the first has to wait until it has loaded all."""


class WorkerLostError(Exception):
    """The fork server went away; a new one may do better."""


class ForkPool:
    """Runs jobs in children of one fork server, which is started when needed and again when lost."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._module, self._arguments = module, arguments
        self._lock = threading.Lock()
        self._server: WorkerProcess | None = None
        self._closings = 0

    def run(
        self, code: bytes, width: int, height: int, seconds: float, given_up: threading.Event
    ) -> WorkerAnswer:
        """Run one job; blocks. Safe to call from several threads.

        Args:
            code: The script.
            width: Of the picture; 0 leaves the size to the script.
            height: Of the picture.
            seconds: Time limit.
            given_up: Set by the caller when the answer is no longer wanted; the job ends within moments.

        Raises:
            WorkerError: The fork server does not start.
        """
        closings = self._closings
        try:
            return self._attempt(code, width, height, seconds, given_up)
        except WorkerLostError:
            if self._closings != closings:
                return WorkerAnswer(timed_out=True)  # lost because it was closed: no new one for what is left
            try:
                return self._attempt(code, width, height, seconds, given_up)
            except WorkerLostError as error:
                raise WorkerError(f"the render worker keeps ending ({error})") from error

    def _attempt(
        self, code: bytes, width: int, height: int, seconds: float, given_up: threading.Event
    ) -> WorkerAnswer:
        if given_up.is_set():
            return WorkerAnswer(timed_out=True)
        deadline = time.monotonic() + seconds
        with contextlib.ExitStack() as stack:
            job, log, ending = self._child()
            stack.callback(os.close, log)
            data = stack.enter_context(socket.socket(fileno=job))
            status = stack.enter_context(socket.socket(fileno=ending))
            exchange = _Exchange(data, log, deadline)
            with contextlib.suppress(OSError):  # a child that ends early; its status says why
                data.settimeout(seconds)
                send_job(data, code, width, height)
            finished = exchange.collect(given_up)
            if not finished:
                return WorkerAnswer(printed=exchange.printed, timed_out=True)
            if answer := exchange.answer():
                return answer
            return WorkerAnswer(printed=exchange.printed, exit=_status(status))

    def _child(self) -> tuple[int, int, int]:
        """A child that waits for its job: descriptors of its job, its prints and its exit status."""
        with self._lock:
            if self._server is None or not self._server.alive:
                self._stop()
                self._server = WorkerProcess(self._module, *self._arguments)
            try:
                self._server.control.settimeout(_START)
                self._server.control.sendall(b"c")
                _, descriptors, _, _ = socket.recv_fds(self._server.control, 1, _DESCRIPTORS)
                job, log, status = descriptors
            except (OSError, ValueError) as error:
                complaint = self._server.complaint()
                self._stop()
                raise WorkerLostError(complaint) from error
            return job, log, status

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    def close(self) -> None:
        """End the fork server and with it all its children. Safe to call twice."""
        with self._lock:
            self._closings += 1
            self._stop()


def _status(channel: socket.socket) -> int | None:
    """How a child ended that has closed its channels; None for one that goes on all the same."""
    channel.settimeout(_ENDING)
    try:
        data = channel.recv(EXIT.size)
    except TimeoutError:
        return None
    except OSError as error:
        raise WorkerLostError("no exit status came") from error
    if len(data) != EXIT.size:
        raise WorkerLostError("the fork server ended")
    return int(EXIT.unpack(data)[0])


class _Exchange:
    """Collects what a child sends and prints, in bounded memory."""

    def __init__(self, data: socket.socket, log: int, deadline: float) -> None:
        self._data, self._log, self._deadline = data, log, deadline
        self._chunks: list[bytes] = []
        self._count = 0
        self._printed = bytearray()

    @property
    def printed(self) -> str:
        """The end of what was printed."""
        return self._printed.decode(errors="replace")

    def collect(self, given_up: threading.Event) -> bool:
        """Read until the child has closed both ends; False where the time limit came first."""
        poll = select.poll()
        poll.register(self._data, select.POLLIN)
        poll.register(self._log, select.POLLIN)
        open_ends = {self._data.fileno(), self._log}
        while open_ends:
            left = self._deadline - time.monotonic()
            if left <= 0 or given_up.is_set():
                return False
            for descriptor, _ in poll.poll(min(left, PATIENCE) * 1000):
                if not self._read(descriptor):
                    poll.unregister(descriptor)
                    open_ends.discard(descriptor)
        return True

    def _read(self, descriptor: int) -> bool:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except OSError:
            return False
        if descriptor == self._log:
            self._printed += chunk
            del self._printed[:-_LOG_KEPT]
        elif self._count <= MAX_PIXELS * 3 + MAX_NOTE + RESULT.size:
            self._chunks.append(chunk)
            self._count += len(chunk)
        return bool(chunk)

    def answer(self) -> WorkerAnswer | None:
        """The answer, where what came is one; nothing in it is believed but its length."""
        if self._count < RESULT.size:
            return None
        received = bytearray().join(self._chunks)
        outcome, width, height, noted = RESULT.unpack_from(received)
        expected = width * height * 3 if outcome == Outcome.PIXELS else 0
        if outcome not in tuple(Outcome) or noted > MAX_NOTE or width * height > MAX_PIXELS:
            return None
        if len(received) != RESULT.size + noted + expected or (outcome == Outcome.PIXELS and not expected):
            return None
        note = received[RESULT.size : RESULT.size + noted].decode(errors="replace")
        image = None
        if expected:
            pixels = np.frombuffer(received, np.uint8, expected, RESULT.size + noted)
            image = pixels.reshape(height, width, 3)
        return WorkerAnswer(Outcome(outcome), image, note, self.printed)
