"""The GPUs of this machine, as NVIDIA's own tool sees them."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

from agent.errors import ServeError
from renderers.isolation.tied import run_tied

_QUERY = ("--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits")
_FIELDS = 3
"""What is asked of each GPU, parted by commas."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU.

    Attributes:
        index: As CUDA_VISIBLE_DEVICES names it.
        name: Its model.
        memory_gib: Its memory.
    """

    index: str
    name: str
    memory_gib: float


def find_gpus() -> tuple[Gpu, ...]:
    """The GPUs that may be used here: all, or those of CUDA_VISIBLE_DEVICES.

    Raises:
        ServeError: There is none, and what to do then.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        raise ServeError(
            "no NVIDIA GPU here (nvidia-smi is not installed). Start the servers on a machine that has one "
            "and set LOOKALIKE_GENERATOR__BASE_URL and LOOKALIKE_CRITIC__BASE_URL to them, or do without: "
            "`lookalike refine` needs no server. --dry-run --gpus 80 shows the commands for one 80 GB GPU"
        )
    try:
        answer = run_tied([tool, *_QUERY], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise ServeError(f"nvidia-smi does not answer: {error}") from error
    gpus = [_parsed(line) for line in answer.stdout.splitlines() if line.count(",") >= _FIELDS - 1]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        wanted = [name.strip() for name in visible.split(",") if name.strip()]
        gpus = [gpu for gpu in gpus if gpu.index in wanted]
    if not gpus:
        raise ServeError("nvidia-smi shows no GPU that may be used; look at CUDA_VISIBLE_DEVICES")
    return tuple(gpus)


def imagined(sizes: str) -> tuple[Gpu, ...]:
    """GPUs of the given sizes, such as ``80`` or ``24,24``, to see what would be started on them.

    Raises:
        ServeError: A size is no number.
    """
    try:
        return tuple(Gpu(str(index), "imagined", float(size)) for index, size in enumerate(sizes.split(",")))
    except ValueError:
        raise ServeError(f"--gpus {sizes}: give memory sizes in GiB, such as 80 or 24,24") from None


def _parsed(line: str) -> Gpu:
    index, name, memory = (part.strip() for part in line.split(",", 2))
    return Gpu(index, name, float(memory) / 1024)
