"""``benchmarks/RESULTS.md``: one section a benchmark, each replaced as a whole by its own run."""

from __future__ import annotations

import argparse
import os
import platform
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
_HEAD = "# Results\n\nEach section is written by the command that stands in it.\n"


def write_section(title: str, body: str) -> None:
    """Replace the section ``## title``, or append it."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else _HEAD
    section = f"## {title}\n\n{body.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    if pattern.search(text):
        text = pattern.sub(lambda _: section + "\n", text)
    else:
        text = text.rstrip() + "\n\n" + section
    RESULTS.write_text(text.rstrip() + "\n", encoding="utf-8")


def runs_parser(what: str | None) -> argparse.ArgumentParser:
    """Options of a benchmark that judges the runs of a folder of pictures.

    Args:
        what: The benchmark's own docstring.
    """
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    return parser


def conclude(title: str, command: str, load: float, body: str, *, write: bool) -> None:
    """Print a section, and write it where asked to, headed by how it was measured.

    Args:
        title: The section's.
        command: What to run, from the module's name on, without ``--write``.
        load: Of the machine when the measurement began.
        body: What was measured.
        write: Whether to write it.
    """
    print(body)
    if write:
        how = f"`python -m benchmarks.{command} --write` on {machine()}"
        head = f"{how}; load of the machine when this began: {load:.1f}."
        write_section(title, f"{head}\n\n{body}")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; floats are given with three decimals."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def machine() -> str:
    """The machine in words, for the head of a section."""
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"
