"""Installs vLLM's CPU build in an environment of its own, and runs its server with a tiny model.

About 2.5 GB on disk and in memory; the first time takes some minutes. Everything lies under
``LOOKALIKE_VLLM_HOME`` (``~/.cache/lookalike/vllm`` by default).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
VERSION = "0.32.0+cpu"
START_SECONDS = 600

# The torchvision wheel that matches is built for CUDA. Without it two of its operators are unknown when it is
# imported; declaring them is enough, for nothing here calls them. Child processes need that as well.
SITE = '''\
import sys
from importlib.abc import MetaPathFinder


class Operators(MetaPathFinder):
    """Declares torchvision's compiled operators the moment somebody imports it."""

    library = None

    def find_spec(self, name, path=None, target=None):
        if name == "torchvision":
            sys.meta_path.remove(self)
            import torch

            Operators.library = torch.library.Library("torchvision", "FRAGMENT")
            for schema in (
                "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
                "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
            ):
                Operators.library.define(schema)
        return None


sys.meta_path.insert(0, Operators())
'''


def home() -> Path:
    """Where all of it lies."""
    given = os.environ.get("LOOKALIKE_VLLM_HOME")
    return Path(given) if given else Path.home() / ".cache" / "lookalike" / "vllm"


def install() -> Path:
    """vLLM's environment, made on first use."""
    environment = home() / "venv"
    done = environment / "installed.txt"
    wanted = (HERE / "requirements.txt").read_text()
    if done.exists() and done.read_text() == wanted:
        return environment
    home().mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "-q", "--no-deps"]
    subprocess.run([*pip, "-r", str(HERE / "requirements.txt")], check=True)
    done.write_text(wanted)
    return environment


def mends() -> Path:
    """A folder for PYTHONPATH: the operators above, and the name by which vLLM looks for its own version."""
    folder = home() / "mends"
    about = folder / f"vllm-{VERSION}.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vllm\nVersion: {VERSION}\n")
    (folder / "sitecustomize.py").write_text(SITE)
    return folder


def variables() -> dict[str, str]:
    """The environment of vLLM's processes: no network, no telemetry, few threads."""
    return {
        **os.environ,
        "PYTHONPATH": str(mends()),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",
        "OMP_NUM_THREADS": "1",
        "TORCHDYNAMO_DISABLE": "1",
    }


def model(environment: Path) -> Path:
    """The tiny model, built on first use."""
    folder = home() / "tiny-qwen3-vl"
    if not (folder / "config.json").exists():
        python = str(environment / "bin" / "python")
        subprocess.run([python, str(HERE / "tiny_model.py"), str(folder)], check=True, env=variables())
    return folder


@dataclass(frozen=True, slots=True)
class VllmServer:
    """A running server.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        process: Leads its own process group.
        log: Its output.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}/v1"

    def kill(self) -> None:
        """End it and its engine for certain. Safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def running(port: int, names: tuple[str, ...] = ("generator", "critic"), *flags: str) -> Iterator[VllmServer]:
    """Serve the tiny model under all ``names`` until the block ends."""
    environment = install()
    command = (
        *(str(environment / "bin" / "vllm"), "serve", str(model(environment))),
        *("--host", "127.0.0.1", "--port", str(port), "--served-model-name", *names),
        *("--dtype", "float32", "--enforce-eager"),
        *("--max-model-len", "8192", "--max-num-seqs", "8", "--max-num-batched-tokens", "4096"),
        *("--limit-mm-per-prompt", '{"image": 3, "video": 0}'),
        *("--mm-processor-kwargs", '{"size": {"shortest_edge": 65536, "longest_edge": 262144}}'),
        *("--generation-config", "vllm", "--enable-prompt-tokens-details"),
        *("--block-size", "32"),  # the smallest on a CPU; the prefix cache counts in whole blocks
        *flags,
    )
    log = home() / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=variables(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = VllmServer(port, process, log)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        server.kill()


def wait_until_healthy(server: VllmServer) -> None:
    """Until /health answers."""
    until = time.monotonic() + START_SECONDS
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url[:-3]}/health", timeout=2):
            return
        if server.process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"vLLM is not up; the end of {server.log}:\n{server.log.read_text()[-4000:]}")
        time.sleep(0.5)
