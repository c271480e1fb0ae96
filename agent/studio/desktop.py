"""The desktop of the machine that the studio runs on, where there is one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import typer

_OPENER = "xdg-open"
"""What opens a folder where neither macOS nor Windows does."""
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
"""Variables that name a screen: without one the opener would put a text browser into the terminal."""


def has_desktop() -> bool:
    """Whether a folder can be opened for the person before this machine."""
    if sys.platform in ("darwin", "win32"):
        return True
    return shutil.which(_OPENER) is not None and any(os.environ.get(name) for name in _SCREENS)


def open_folder(folder: Path) -> None:
    """Show a folder in the file manager."""
    typer.launch(str(folder))
