"""Which settings files that lie in a folder one works in are obeyed: those that the user has said yes to.

A folder of pictures may come from anywhere, and a settings file in it could send one's keys to any address.
As with direnv, a file counts only from when the user has looked at it, and no longer once it has changed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from agent.errors import ConfigError

_STORE = "trusted"
_MOST = 1_000_000
"""Bytes that are read of the store."""


def is_trusted(file: Path, content: bytes) -> bool:
    """Whether the user has said yes to this file with this content in this place."""
    try:
        known = _store().read_bytes()[:_MOST].split()
    except OSError:
        return False
    return _mark(file, content).encode() in known


def trust(file: Path, content: bytes) -> None:
    """Say yes to a file as it is now.

    Raises:
        ConfigError: It cannot be remembered.
    """
    from graph.folder import write_atomically  # loads what looks at pictures

    if is_trusted(file, content):
        return
    store = _store()
    try:
        store.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = store.read_text(encoding="utf-8") if store.exists() else ""
        write_atomically(store, f"{known}{_mark(file, content)}\n".encode())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{store}: cannot be written ({error})") from error


def _store() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or ""
    base = Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()
    return base / "lookalike" / _STORE


def _mark(file: Path, content: bytes) -> str:
    place = os.fsencode(file.resolve())
    return hashlib.sha256(b"%d:%b%b" % (len(place), place, content)).hexdigest()
