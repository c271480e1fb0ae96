"""``batch.json``: what a batch is about, so that its folder is not mixed up with another's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.batch.refining import Wanted
from agent.batch.sources import Source
from agent.errors import BatchError
from agent.refinement import versions
from agent.settings import Settings, flattened, public
from graph.folder import write_atomically

FILE = "batch.json"

_OWN = ("use", "model", "sampling", "dialect")
"""What of a model's settings the results depend on; where it is served may change."""
_TOLD = 3
"""Settings that are named where many differ."""


def manifest(source: Source, wanted: Wanted, settings: Settings) -> dict[str, Any]:
    """What makes a batch the batch that it is."""
    shown = public(settings)
    models = {
        role: {name: shown[role][name] for name in _OWN} | {"use": getattr(settings, role).chosen}
        for role in ("generator", "critic")
    }
    return {
        "source": str(Path(source.name).absolute()),
        "format": source.form,
        "column": source.column,
        "kind": wanted.kind,
        "language": ",".join(wanted.formats) or None,
        "lean": wanted.lean,
        "settings": {"search": shown["search"], "prompts": shown["prompts"], **models},
    }


def check_manifest(out: Path, ours: dict[str, Any]) -> list[str]:
    """Write the manifest, or make sure that the folder's is the same.

    Returns:
        Programs whose version has changed since the batch began, worth a warning.

    Raises:
        BatchError: The folder is another batch's, or cannot be written.
    """
    file = out / FILE
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        _write(file, ours)
        return []
    except (OSError, ValueError) as error:
        raise BatchError(f"{file}: cannot be read ({error}); remove it to go on without it") from error
    _compare(out, ours, kept if isinstance(kept, dict) else {})
    now, then = versions(), kept.get("versions") or {}
    return [f"{name} {then[name]}, now {now[name]}" for name in now if then.get(name, now[name]) != now[name]]


def _write(file: Path, ours: dict[str, Any]) -> None:
    try:
        write_atomically(file, (json.dumps(ours | {"versions": versions()}, indent=2) + "\n").encode())
    except OSError as error:
        raise BatchError(
            f"{file}: cannot be written ({error.strerror}); choose another folder with -o"
        ) from error


def _compare(out: Path, ours: dict[str, Any], kept: dict[str, Any]) -> None:
    now = dict(flattened(json.loads(json.dumps(ours))))
    then = dict(flattened({name: value for name, value in kept.items() if name != "versions"}))
    changed = [
        f"{name} was {then.get(name)}, not {now.get(name)}"
        for name in sorted(now.keys() | then.keys())
        if now.get(name) != then.get(name)
    ]
    if changed:
        more = f", and {len(changed) - _TOLD} more" if len(changed) > _TOLD else ""
        raise BatchError(
            f"{out}: holds a batch that is not this one ({'; '.join(changed[:3])}{more}); choose another "
            f"folder with -o, or remove {FILE} there to go on all the same"
        )
