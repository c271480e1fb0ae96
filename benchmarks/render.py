"""How fast renders are, beside the ways in which they are usually made, all measured in one run.

The usual ways are those of the published reward functions: a new Python process a chart, a new process an
SVG, and for a table a browser that is started at 3600 x 2400, photographed and cropped. The bare call is the
drawing alone, without isolation, in an interpreter that has everything loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import cairosvg
import matplotlib
import matplotlib.pyplot as plt
from playwright.async_api import async_playwright

from benchmarks.results import machine, table, write_section
from renderers.browser import Browser, find_browser
from renderers.chart import ChartRenderer
from renderers.isolation import probe
from renderers.pictures import load_picture
from renderers.svg import SvgRenderer
from renderers.table import TableRenderer, crop_to_content
from renderers.types import Language, Size

PLAIN = """
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(8, 5), dpi=100)
ax.bar(["north", "south", "west", "east"], [3.2, 4.1, 2.7, 3.9], label="sales")
ax.set_title("Sales by region")
ax.set_ylabel("million")
ax.legend()
plt.savefig("chart.png")
"""
CHART = """
import numpy as np
import matplotlib.pyplot as plt

months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
x = np.arange(12)
fig, (left, right) = plt.subplots(1, 2, figsize=(12, 5), dpi=100)
for number, name in enumerate(["north", "south", "west"]):
    left.bar(x + number * 0.27, 3 + np.sin(x / 2 + number), 0.27, label=name)
left.set_xticks(x + 0.27, months, rotation=45)
left.set_title("Sales by region")
left.set_ylabel("million")
left.legend()
for number, name in enumerate(["a", "b", "c", "d"]):
    right.plot(np.linspace(0, 9, 300), np.cos(np.linspace(0, 9, 300) + number), label=f"series {name}")
right.grid(True, alpha=0.3)
right.set_title("Measured signal")
right.legend(loc="lower right")
plt.tight_layout()
plt.savefig("chart.png")
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><defs><linearGradient id="g">'
    '<stop stop-color="#39f"/><stop offset="1" stop-color="#93f"/></linearGradient></defs>'
    + "".join(
        f'<path fill="url(#g)" opacity=".7" d="M{8 * n} 9c9 9 {n} 30 22 40s-9 22-{n} 33z"/>'
        f'<circle cx="{9 * n + 5}" cy="{80 - n * 6}" r="{4 + n}" stroke="#222" fill="#f{n}a"/>'
        for n in range(9)
    )
    + '<text x="9" y="90" font-size="9">icon</text></svg>'
)
_ROWS = ["".join(f"<td>row {row} value {column}</td>" for column in range(6)) for row in range(15)]
TABLE = "<table>" + "".join(f"<tr>{cells}</tr>" for cells in _ROWS) + "</table>"
STYLE = (
    "<style>body{margin:20px;background:#fff;font:14px Arial,sans-serif}table{border-collapse:collapse}"
    "th,td{border:1px solid #333;padding:6px 10px}</style>"
)
SIZE = Size(336, 336)

Timed = Callable[[], Awaitable[object]]


def cold_chart(code: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "chart.py").write_text(code)
        environment = {**os.environ, "MPLBACKEND": "agg"}
        subprocess.run([sys.executable, "chart.py"], cwd=folder, env=environment, check=True)
        load_picture(Path(folder, "chart.png"))


def bare_chart(code: str) -> None:
    target = io.BytesIO()
    program = compile(code.replace('"chart.png"', "target"), "chart.py", "exec")
    exec(program, {"target": target})
    plt.close("all")


def cold_svg() -> None:
    call = (
        "import sys, cairosvg; cairosvg.svg2png(sys.stdin.buffer.read(), write_to=sys.stdout.buffer,"
        " output_width=336, output_height=336, background_color='white')"
    )
    done = subprocess.run([sys.executable, "-c", call], input=SVG.encode(), capture_output=True, check=True)
    load_picture(done.stdout)


def bare_svg() -> None:
    cairosvg.svg2png(SVG.encode(), output_width=336, output_height=336, background_color="white")


async def cold_table() -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser())
        page = await browser.new_page(viewport={"width": 3600, "height": 2400})
        await page.set_content(STYLE + TABLE)
        crop_to_content(load_picture(await page.screenshot()))
        await browser.close()


def threaded(work: Callable[..., None], *arguments: str) -> Timed:
    return lambda: asyncio.to_thread(work, *arguments)


async def interleaved(ways: dict[str, Timed], rounds: int) -> dict[str, float]:
    """Median milliseconds of each way, taken in turns so that a busy machine is busy for all of them."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        await way()
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            await way()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


async def throughput(way: Timed, count: int, at_a_time: int) -> float:
    """Renders a second with ``at_a_time`` of them under way."""
    turns = asyncio.Semaphore(at_a_time)

    async def one() -> None:
        async with turns:
            await way()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(count)))
    return count / (time.perf_counter() - started)


def memory(root: int) -> float:
    """Megabytes of a process and all below it, shared pages counted once."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    family, total = {root}, 0
    for _ in range(8):
        family |= {process for process, parent in parents.items() if parent in family}
    for process in family:
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


def server_of(renderer: ChartRenderer) -> int:
    server = renderer._pool._server
    assert server is not None
    return server.process.pid


async def compare(rounds: int) -> str:
    """Each kind beside the usual way and the bare call."""
    charts, svgs, browser = ChartRenderer(60), SvgRenderer(60), Browser()
    tables = TableRenderer(browser)
    ways: dict[str, dict[str, Timed]] = {
        "chart, one panel": {
            "usual": threaded(cold_chart, PLAIN),
            "bare": threaded(bare_chart, PLAIN),
            "ours": lambda: charts.render(PLAIN, Language.PYTHON),
        },
        "chart, two panels": {
            "usual": threaded(cold_chart, CHART),
            "bare": threaded(bare_chart, CHART),
            "ours": lambda: charts.render(CHART, Language.PYTHON),
        },
        "svg": {
            "usual": threaded(cold_svg),
            "bare": threaded(bare_svg),
            "ours": lambda: svgs.render(SVG, Language.SVG, SIZE),
        },
        "table": {"usual": cold_table, "ours": lambda: tables.render(TABLE, Language.HTML)},
    }
    rows = []
    for kind, ways_of_kind in ways.items():
        taken = await interleaved(ways_of_kind, rounds)
        bare = taken.get("bare")
        rows.append(
            (kind, f"{taken['usual']:.1f}", f"{bare:.1f}" if bare else "", f"{taken['ours']:.1f}",
             f"{taken['usual'] / taken['ours']:.1f}", f"{taken['ours'] / bare:.2f}" if bare else "")
        )  # fmt: skip
    await charts.aclose()
    await svgs.aclose()
    await browser.aclose()
    head = ("kind", "usual way, ms", "bare call, ms", "ours, ms", "times faster than usual", "ours / bare")
    return table(head, rows)


async def scale(count: int) -> str:
    """Throughput by the number of workers, start-up and memory."""
    rows = []
    for workers in range(1, (os.cpu_count() or 1) + 1):
        renderer = ChartRenderer(60, workers)
        started = time.perf_counter()
        await renderer.render(PLAIN, Language.PYTHON)
        first = time.perf_counter() - started
        ours = await throughput(lambda r=renderer: r.render(PLAIN, Language.PYTHON), count, workers)  # type: ignore[misc]
        cold = await throughput(threaded(cold_chart, PLAIN), count // 3, workers)
        megabytes = memory(server_of(renderer))
        await renderer.aclose()
        rows.append(
            (workers, f"{ours:.2f}", f"{cold:.2f}", f"{ours / cold:.1f}", f"{first:.2f}", f"{megabytes:.0f}")
        )
    head = ("workers", "charts a second", "by cold processes", "ratio", "first render, s", "idle memory, MB")
    return table(head, rows)


async def growth(charts: int, tables: int) -> str:
    """Memory after many renders against memory after the first of them."""
    rows = []
    renderer = ChartRenderer(60)
    small = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1.5))\nplt.plot([1, 3, 2])\n"
    await throughput(lambda: renderer.render(small, Language.PYTHON), charts // 20, os.cpu_count() or 1)
    before = memory(server_of(renderer))
    await throughput(lambda: renderer.render(small, Language.PYTHON), charts, os.cpu_count() or 1)
    rows.append(("charts", charts, f"{before:.0f}", f"{memory(server_of(renderer)):.0f}"))
    await renderer.aclose()
    browser = Browser()
    drawer = TableRenderer(browser)
    before_start = memory(os.getpid())
    await throughput(lambda: drawer.render(TABLE, Language.HTML), tables // 5, 2)
    before = memory(os.getpid()) - before_start
    await throughput(lambda: drawer.render(TABLE, Language.HTML), tables, 2)
    rows.append(("tables", tables, f"{before:.0f}", f"{memory(os.getpid()) - before_start:.0f}"))
    await browser.aclose()
    return table(("renders", "number", "MB at the beginning", "MB at the end"), rows)


async def measure(rounds: int, charts: int, tables: int) -> str:
    """The section for RESULTS.md."""
    busy = os.getloadavg()[0]
    command = f"python -m benchmarks.render --rounds {rounds} --charts {charts} --tables {tables} --write"
    parts = [
        f"`{command}` on {machine()}, isolation level {probe().level}; load of the machine when this began: "
        f"{busy:.1f}. Medians, the ways taken in turns; each way ends with pixels in memory but for the bare "
        "call, which ends with an encoded picture.",
    ]
    for part in (compare(rounds), scale(3 * rounds), growth(charts, tables)):
        parts.append(await part)
        print(parts[-1], flush=True)
    return "\n\n".join(parts)


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--charts", type=int, default=10_000)
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    matplotlib.use("agg")
    text = asyncio.run(measure(chosen.rounds, chosen.charts, chosen.tables))
    if chosen.write:
        write_section("Renders", text)


if __name__ == "__main__":
    main()
