"""What isolation this machine offers, found by building it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from renderers.isolation.levels import Layer, Level, Policy, level_of
from renderers.isolation.wall import Wall
from renderers.worker.launch import WorkerProcess
from renderers.worker.wire import receive


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer: whether it stands, and if not, why."""

    layer: Layer
    active: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The level that this machine offers, layer by layer."""

    level: Level
    layers: tuple[LayerReport, ...]


def probe(policy: Policy | None = None) -> Report:
    """Build the wall in a process of its own and say what stands. Takes about a tenth of a second.

    Raises:
        WorkerError: No process can be started.
    """
    worker = WorkerProcess(__name__, (policy or Policy()).to_argument())
    try:
        worker.control.settimeout(20)
        size = int.from_bytes(receive(worker.control, 4))
        missing: dict[str, str] = json.loads(receive(worker.control, size))
    except (OSError, EOFError, ValueError):
        missing = {layer: "the probe ended early: " + worker.complaint() for layer in Layer}
    finally:
        worker.stop()
    layers = tuple(LayerReport(layer, layer not in missing, missing.get(layer, "")) for layer in Layer)
    return Report(level_of([entry.layer for entry in layers if entry.active]), layers)


def main(arguments: list[str]) -> None:
    """Entry point of the process that tries."""
    descriptor = int(arguments[0])
    wall = Wall(Policy.from_argument(arguments[1]), str(Path.cwd()), descriptor)
    wall.prepare()
    wall.close()
    answer = json.dumps(wall.missing).encode()
    os.write(descriptor, len(answer).to_bytes(4) + answer)
    sys.stdout.flush()
    os._exit(0)
