"""Tesseract, where it is installed: for scripts that the OCR models which come with us do not know."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

from critic.deadline import seconds_left
from renderers.isolation.tied import run_tied
from renderers.pictures import encode_png
from renderers.types import Image

_SECONDS = 20.0
"""Time for one line; it takes a fifth of a second."""

_ONE_LINE, _SCRIPT_ONLY = "7", "0"
"""Tesseract's page segmentation modes: a single line of text; orientation and script alone."""

_FEWEST = "8"
"""Letters from which it names a script; its own 50 are more than a small table has."""

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x0c]")
"""Marks of direction that it puts round what runs from right to left; letters know their own."""


@cache
def installed() -> frozenset[str]:
    """The names of the language packs that are there; none where Tesseract is not."""
    done = _run(["--list-langs"], b"") if shutil.which("tesseract") else None
    return frozenset(done.splitlines()[1:]) if done else frozenset()


def read_line(line: Image, packs: tuple[str, ...]) -> str:
    """The text of a line.

    Args:
        line: RGB pixels of the line with some ground round it.
        packs: Languages that it may be in, by the names of their packs.
    """
    languages = "+".join(packs)
    said = _run(["-", "-", "-l", languages, "--psm", _ONE_LINE], encode_png(line))
    return " ".join(_MARKS.sub("", said or "").split())


def script_seen(image: Image) -> str:
    """The script that a picture's text is in, by Tesseract's name; empty where it cannot tell."""
    if "osd" not in installed():
        return ""
    options = ["--psm", _SCRIPT_ONLY, "-c", f"min_characters_to_try={_FEWEST}"]
    match = re.search(r"^Script: (\w+)", _run(["-", "-", *options], encode_png(image)) or "", re.MULTILINE)
    return match[1] if match else ""


def _run(arguments: list[str], given: bytes) -> str | None:
    left = seconds_left()
    try:
        done = run_tied(
            ["tesseract", *arguments],
            input=given,
            capture_output=True,
            timeout=_SECONDS if left is None else max(0.1, min(_SECONDS, left)),
            env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
