"""What came back for a job."""

from __future__ import annotations

from dataclasses import dataclass

from renderers.types import Image
from renderers.worker.wire import Outcome

MAX_PIXELS = 50_000_000


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """What came back for a job.

    Attributes:
        outcome: What the worker said; None where it ended without a valid answer.
        image: The pixels, for ``PIXELS``.
        note: What the worker says about it.
        printed: What the code printed, shortened to its end.
        timed_out: Whether the time limit ended it.
        exit: The status that the child ended with, as ``os.waitpid`` has it.
    """

    outcome: Outcome | None = None
    image: Image | None = None
    note: str = ""
    printed: str = ""
    timed_out: bool = False
    exit: int | None = None
