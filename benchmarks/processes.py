"""What a process and everything below it holds and has used: memory, files, processor. Linux only."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_OWN = ("Pss_Anon:", "Pss_Shmem:")


@dataclass(frozen=True, slots=True)
class Held:
    """What a family of processes holds.

    Attributes:
        parent: Megabytes of the first process.
        others: Megabytes of all below it, shared pages counted once.
        files: Open file descriptors of all of them.
        processes: How many are below the first.
        processor: Seconds of processor that they have used, with those that have ended and were waited for.
    """

    parent: float
    others: float
    files: int
    processes: int
    processor: float

    @property
    def memory(self) -> float:
        """Megabytes altogether."""
        return self.parent + self.others


def held(root: int) -> Held:
    """What ``root`` and all below it hold now."""
    below = _family(root) - {root}
    return Held(
        _megabytes(root),
        sum(_megabytes(process) for process in below),
        sum(_files(process) for process in below | {root}),
        len(below),
        sum(_processor(process) for process in below | {root}),
    )


def _family(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # ended meanwhile
                continue
    family, grew = {root}, True
    while grew:
        new = {process for process, parent in parents.items() if parent in family} - family
        family, grew = family | new, bool(new)
    return family


def _megabytes(process: int) -> float:
    """Resident memory but for program files, which the whole machine shares and nothing can make grow.

    Of pages shared with others only its share counts, so that sums are right.
    """
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(_OWN)) / 1024


def _processor(process: int) -> float:
    try:
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _files(process: int) -> int:
    try:
        return sum(1 for _ in (_PROC / str(process) / "fd").iterdir())
    except OSError:
        return 0
