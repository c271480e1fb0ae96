"""Freed memory does not stay with the process, and a refinement gives back what it has used."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agent import Budget, RefinementAgent, Search
from agent.memory import give_back

MEGABYTES, BLOCK = 64, 64_000


def resident() -> int:
    """Bytes of the process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep nothing back, or do not tell")
def test_what_lies_below_something_in_use_is_given_back() -> None:
    """The C library by itself gives back only what lies at the end of its heap."""
    blocks = [bytearray(BLOCK) for _ in range((MEGABYTES << 20) // BLOCK)]
    del blocks[:-1]
    kept = resident()
    give_back()
    assert kept - resident() > MEGABYTES // 2 << 20


def test_a_refinement_gives_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small: Path) -> None:
    given: list[bool] = []
    monkeypatch.setattr("agent.api.give_back", lambda: given.append(True))
    with RefinementAgent(Search(budget=Budget(rounds=0))) as agent:
        agent.refine(small / "svg" / "telescope.png", kind="svg", out=tmp_path)
    assert given == [True]
