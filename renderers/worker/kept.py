"""The client's side of kept workers: each draws many pictures, and is replaced when it fails."""

from __future__ import annotations

import math
import threading
import time

import numpy as np

from renderers.errors import WorkerError
from renderers.worker.answer import MAX_PIXELS, WorkerAnswer
from renderers.worker.launch import WorkerProcess
from renderers.worker.wire import MAX_NOTE, RESULT, Outcome, receive, send_job

_JOBS_PER_WORKER = 1000
_MORE_CPU = 5
"""Seconds of processor time beyond the time limit, which as a rule ends a job first."""


class KeptWorkers:
    """Hands each job to an idle worker, starting one where there is none."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._module, self._arguments = module, arguments
        self._idle: list[_Kept] = []
        self._all: set[_Kept] = set()
        self._lock = threading.Lock()

    def run(
        self, code: bytes, width: int, height: int, seconds: float, given_up: threading.Event
    ) -> WorkerAnswer:
        """Run one job; blocks. Safe to call from several threads.

        A worker that breaks down is replaced and the job tried once more.

        Args:
            code: The document.
            width: Of the picture.
            height: Of the picture.
            seconds: Time limit.
            given_up: Set by the caller when the answer is no longer wanted; the job ends within moments.

        Raises:
            WorkerError: No worker starts.
        """
        for _ in range(2):
            worker = self._take()
            try:
                answer = worker.run(code, width, height, seconds, given_up)
            except TimeoutError:
                self._drop(worker)
                return WorkerAnswer(timed_out=True)
            except (OSError, EOFError, ValueError) as error:
                if worker not in self._all:
                    return WorkerAnswer(timed_out=True)  # closed meanwhile
                complaint = worker.complaint()
                self._drop(worker)
                if not worker.served and complaint:
                    raise WorkerError(f"the render worker ended at its start ({complaint})") from error
                continue
            self._give_back(worker)
            return answer
        return WorkerAnswer()

    def _take(self) -> _Kept:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            worker = _Kept(self._module, *self._arguments)
            self._all.add(worker)
            return worker

    def _give_back(self, worker: _Kept) -> None:
        with self._lock:
            if worker in self._all and worker.served < _JOBS_PER_WORKER:
                self._idle.append(worker)
                return
        self._drop(worker)

    def _drop(self, worker: _Kept) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.stop()

    def close(self) -> None:
        """End all workers. Safe to call twice."""
        with self._lock:
            workers, self._all = self._all, set()
            self._idle.clear()
        for worker in workers:
            worker.stop()


class _Kept(WorkerProcess):
    """One worker process that takes job after job."""

    served = 0

    def run(
        self, code: bytes, width: int, height: int, seconds: float, given_up: threading.Event
    ) -> WorkerAnswer:
        """One job; TimeoutError, OSError, EOFError or ValueError where no valid answer came."""
        deadline = time.monotonic() + seconds
        self.control.settimeout(seconds)
        send_job(self.control, code, width, height, math.ceil(seconds) + _MORE_CPU)
        outcome, across, down, noted = RESULT.unpack(receive(self.control, RESULT.size, deadline, given_up))
        if noted > MAX_NOTE or across * down > MAX_PIXELS:
            raise ValueError("not a valid answer")
        note = receive(self.control, noted, deadline, given_up).decode(errors="replace")
        image = None
        if outcome == Outcome.PIXELS:
            data = receive(self.control, across * down * 3, deadline, given_up)
            image = np.frombuffer(data, np.uint8).reshape(down, across, 3)
        self.served += 1
        return WorkerAnswer(Outcome(outcome), image, note)
