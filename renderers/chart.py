"""Charts: matplotlib code, run by Agg in a child process."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from renderers.outcome import finished
from renderers.pictures import load_picture
from renderers.types import Kind, Language, Render, RenderStatus, Size

_HARNESS = """
import os, sys
source, target, width, height = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
plt.show = lambda *a, **k: None
close, plt.close = plt.close, lambda *a, **k: None
space = {"__name__": "__main__"}
exec(compile(open(source).read(), "chart.py", "exec"), space)
figure = plt.gcf()
dpi = figure.dpi
if width:
    aspect = figure.get_figwidth() / figure.get_figheight()
    if abs(aspect * height / width - 1) < 0.02:
        dpi = width / figure.get_figwidth()
        figure.set_size_inches((width + 1e-6) / dpi, (height + 1e-6) / dpi)
    else:
        dpi = min(width / figure.get_figwidth(), height / figure.get_figheight())
matplotlib.rcParams["savefig.bbox"] = None
figure.savefig(target, dpi=dpi, format="png")
"""


class ChartRenderer:
    """Runs matplotlib code and takes the last figure, at the reference's size where its shape allows."""

    kind = Kind.CHART

    def __init__(self, seconds: float = 30.0) -> None:
        self._seconds = seconds

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Run ``code`` in a clean child process and take its figure."""
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "chart.py", Path(folder) / "chart.png"
            source.write_text(code)
            width, height = size or (0, 0)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", _HARNESS, str(source), str(target), str(width), str(height),
                cwd=folder, env={"HOME": folder, "MPLCONFIGDIR": folder, "PATH": "/usr/bin:/bin"},
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            try:
                async with asyncio.timeout(self._seconds):
                    output, _ = await process.communicate()
            except TimeoutError:
                process.kill()
                await process.wait()
                log = f"the script ran longer than {self._seconds:g} s"
                return Render(RenderStatus.TIMEOUT, log=log, seconds=time.perf_counter() - started)
            log = output.decode(errors="replace")[-4000:]
            if process.returncode or not target.exists():
                return Render(RenderStatus.ERROR, log=log, seconds=time.perf_counter() - started)
            return finished(load_picture(target), started, log)

    async def aclose(self) -> None:
        """Nothing is kept."""
