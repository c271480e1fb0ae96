"""Starting a worker process: a clean interpreter with a clean environment and one socket."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from renderers.errors import ScratchError, WorkerError
from renderers.scratch import scratch

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import main; main(sys.argv[2:])"

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that a worker sees of the environment."""


def cores() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class WorkerProcess:
    """A running worker and the control socket to it."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Start ``module``'s ``main`` in a new interpreter; its socket's descriptor is the first argument."""
        self.control, theirs = socket.socketpair()
        try:
            self._scratch = tempfile.TemporaryDirectory(prefix="worker-", dir=scratch())
            self._errors = tempfile.TemporaryFile(dir=scratch())  # noqa: SIM115
        except OSError as error:
            raise ScratchError(f"{scratch()}: cannot be written ({error.strerror})") from error
        try:
            self.process = subprocess.Popen(
                # -s and -P rather than -I, which would ignore the fixed hash seed
                [sys.executable, "-s", "-P", "-B", "-c", _BOOT.format(module=module), _ROOT,
                 str(theirs.fileno()), *arguments],
                env={**ENVIRONMENT, **dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR"), self._scratch.name)},
                cwd=self._scratch.name, stdin=subprocess.DEVNULL, stdout=self._errors, stderr=self._errors,
                pass_fds=[theirs.fileno()], start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            self.control.close()
            self._errors.close()
            self._scratch.cleanup()
            raise WorkerError(f"no worker process could be started ({error})") from error
        finally:
            theirs.close()

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def complaint(self) -> str:
        """The last lines that the worker printed about itself."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - 2000))
        return self._errors.read().decode(errors="replace").strip()

    def stop(self) -> None:
        """Kill the process with all that it started, and release everything. Safe to call twice."""
        self.control.close()
        with contextlib.suppress(OSError):
            if self.alive:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._errors.close()
        self._scratch.cleanup()
