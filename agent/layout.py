"""The check at start that the five packages imported are ours.

Their names (agent, graph, critic, renderers, prompts) are common words: another distribution may ship one of
them, or a folder on the path may hold one. Python would then import the wrong one, or a mixture of both, and
fail in odd ways.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from agent.errors import LayoutError

DISTRIBUTION = "lookalike"

PACKAGES = ("agent", "graph", "critic", "renderers", "prompts")
"""The import packages this distribution ships, side by side."""

_ROOT = Path(__file__).resolve().parent.parent


def check_layout() -> None:
    """Make sure that each package is ours and that no other distribution ships the same name.

    Cheap enough (10 to 20 ms) for every start. Call it before importing any package but ``agent``.

    Raises:
        LayoutError: What is in the way, and what to do.
    """
    _refuse([*_strangers(), *_claims()])


def check_imports() -> None:
    """Make sure that each package is ours: the part of ``check_layout`` that costs about a millisecond.

    Raises:
        LayoutError: What is in the way, and what to do.
    """
    _refuse(_strangers())


def _refuse(problems: list[str]) -> None:
    if problems:
        raise LayoutError(
            "the packages of lookalike are mixed up with others:\n"
            + "\n".join(f"  - {problem}" for problem in problems)
            + "\nRename or move what is named here if it is yours; else install lookalike in a virtual "
            "environment of its own, with PYTHONPATH unset."
        )


def exit_unless_ours() -> None:
    """``check_layout`` for a command: the message on standard error and exit code 2."""
    try:
        check_layout()
    except LayoutError as error:
        print(f"lookalike: {error}", file=sys.stderr)  # noqa: T201 -- nothing that could say it is imported yet
        raise SystemExit(2) from None


def _strangers() -> list[str]:
    """Packages that Python finds elsewhere than beside this file."""
    problems = []
    for name in PACKAGES:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        if origin is None:
            problems.append(f"package {name!r} is missing from {_ROOT}")
        elif Path(origin).resolve().parent != _ROOT / name:
            problems.append(f"{origin} hides our package {name!r}, which is in {_ROOT}")
    return problems


def _claims() -> list[str]:
    """Other installed distributions that list a file in a package of one of our names.

    Reads the records of installed files as bytes: ``importlib.metadata.packages_distributions`` says the same
    and takes ten times as long.
    """
    problems = []
    for folder in dict.fromkeys(sys.path):
        for metadata in _metadata_folders(folder or "."):
            name = os.path.basename(metadata).partition("-")[0]  # noqa: PTH119 (pathlib is too slow here)
            if name.lower() == DISTRIBUTION:
                continue
            listed = _installed_files(metadata)
            problems += [
                f"distribution {name!r} in {folder} ships a package {package!r} too"
                for package in PACKAGES
                if f"\n{package}/".encode() in listed or f"\n{package}.py,".encode() in listed
            ]
    return problems


def _metadata_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.name.endswith(".dist-info")]
    except OSError:  # a zip file, or a folder that is gone
        return []


def _installed_files(metadata: str) -> bytes:
    try:
        with open(os.path.join(metadata, "RECORD"), "rb") as record:  # noqa: PTH118, PTH123
            return b"\n" + record.read()
    except OSError:  # not every installer writes one
        return b""
