"""Resource limits of one render."""

from __future__ import annotations

import contextlib
import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one render may use.

    Attributes:
        memory: Bytes of address space.
        cpu: Seconds of processor time.
        file: Bytes of one file, and of all files together where scratch is a file system of its own.
        descriptors: Open files.
        threads: Threads, and processes where any could be started.
    """

    memory: int = 2 << 30
    cpu: int = 60
    file: int = 64 << 20
    descriptors: int = 128
    threads: int = 64

    def apply(self) -> None:
        """Set them on this process; what a system does not have is passed over."""
        limits = {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_FSIZE": self.file,
            "RLIMIT_NOFILE": self.descriptors,
            "RLIMIT_NPROC": self.threads,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
            "RLIMIT_MSGQUEUE": 0,
        }
        for name, value in limits.items():
            which = getattr(resource, name, None)
            if which is not None:
                with contextlib.suppress(ValueError, OSError):  # already lower, or not to be set here
                    resource.setrlimit(which, (value, value))
