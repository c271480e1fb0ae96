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

from benchmarks import endurance
from benchmarks.processes import held
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
fig.savefig("chart.png")
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
fig.savefig("chart.png")
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

REST = 0.05
"""Seconds between two measured calls, so that what one leaves to be done does not weigh on the other."""

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


async def timed(way: Timed) -> float:
    """Milliseconds of one call, after a rest."""
    await asyncio.sleep(REST)
    started = time.perf_counter()
    await way()
    return (time.perf_counter() - started) * 1000


async def in_turns(first: Timed, second: Timed, rounds: int) -> tuple[float, float, float]:
    """Median milliseconds of two ways, and the median of how the second compares with the first beside it.

    Taken in turns, each first every other time, so that a busy machine is busy for both.
    """
    pairs: list[tuple[float, float]] = []
    await first()
    await second()
    for number in range(rounds):
        if number % 2:
            after = await timed(second)
            pairs.append((await timed(first), after))
        else:
            pairs.append((await timed(first), await timed(second)))
    one, other = zip(*pairs, strict=True)
    return statistics.median(one), statistics.median(other), statistics.median(b / a for a, b in pairs)


async def throughput(way: Timed, count: int, at_a_time: int) -> float:
    """Renders a second with ``at_a_time`` of them under way."""
    turns = asyncio.Semaphore(at_a_time)

    async def one() -> None:
        async with turns:
            await way()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(count)))
    return count / (time.perf_counter() - started)


def server_of(renderer: ChartRenderer) -> int:
    server = renderer._pool._server
    assert server is not None
    return server.process.pid


async def compare(rounds: int) -> str:
    """Each kind beside the usual way, and beside the bare call."""
    charts, svgs, browser = ChartRenderer(60), SvgRenderer(60), Browser()
    tables = TableRenderer(browser)

    def draw(code: str) -> Timed:
        return lambda: charts.render(code, Language.PYTHON)

    # ours, the usual way, the bare call
    ways: dict[str, tuple[Timed, Timed, Timed | None]] = {
        "chart, one panel": (draw(PLAIN), threaded(cold_chart, PLAIN), threaded(bare_chart, PLAIN)),
        "chart, two panels": (draw(CHART), threaded(cold_chart, CHART), threaded(bare_chart, CHART)),
        "svg": (lambda: svgs.render(SVG, Language.SVG, SIZE), threaded(cold_svg), threaded(bare_svg)),
        "table": (lambda: tables.render(TABLE, Language.HTML), cold_table, None),
    }
    rows = []
    for kind, (ours, usual, bare) in ways.items():
        slow, quick, share = await in_turns(usual, ours, rounds)
        row = [kind, f"{slow:.1f}", f"{quick:.1f}", f"{1 / share:.1f}"]
        if bare is not None:
            base, quick, share = await in_turns(bare, ours, 6 * rounds)
            row += [f"{base:.1f}", f"{quick:.1f}", f"{share:.2f}"]
        rows.append(row + [""] * (7 - len(row)))
    await charts.aclose()
    await svgs.aclose()
    await browser.aclose()
    head = (
        "kind", "usual way, ms", "ours beside it, ms", "times faster", "bare call, ms", "ours beside it, ms",
        "ours / bare",
    )  # fmt: skip
    return table(head, rows)


async def scale(count: int) -> str:
    """Throughput by the number of workers, start-up and memory."""
    rows = []
    bare = await throughput(threaded(bare_chart, PLAIN), count, 1)
    for workers in range(1, (os.cpu_count() or 1) + 1):
        renderer = ChartRenderer(60, workers)
        started = time.perf_counter()
        await renderer.render(PLAIN, Language.PYTHON)
        first = time.perf_counter() - started
        ours = await throughput(lambda r=renderer: r.render(PLAIN, Language.PYTHON), count, workers)  # type: ignore[misc]
        cold = await throughput(threaded(cold_chart, PLAIN), count // 3, workers)
        megabytes = held(server_of(renderer)).memory
        await renderer.aclose()
        rows.append(
            (workers, f"{ours:.2f}", f"{cold:.2f}", f"{ours / cold:.1f}", f"{bare:.2f}", f"{first:.2f}",
             f"{megabytes:.0f}")
        )  # fmt: skip
    head = (
        "workers", "charts a second", "by cold processes", "ratio", "by bare calls in one thread",
        "first render, s", "idle memory, MB",
    )  # fmt: skip
    return table(head, rows)


async def measure(rounds: int) -> str:
    """The section for RESULTS.md."""
    busy = os.getloadavg()[0]
    parts = [
        f"`python -m benchmarks.render --rounds {rounds} --write` on {machine()}, isolation level "
        f"{probe().level}; load of the machine when this began: {busy:.1f}. Medians of {rounds} pairs with "
        f"the usual way and of {6 * rounds} with the bare call, taken in turns with a rest of "
        f"{1000 * REST:.0f} ms before each; the comparisons are medians over the pairs. Each way ends with "
        "pixels in memory but for the bare call, which ends with an encoded picture. The second table has the"
        " chart of one panel, drawn without rests.",
    ]
    for part in (compare(rounds), scale(3 * rounds)):
        parts.append(await part)
    return "\n\n".join(parts)


async def endure(count: int) -> str:
    """The section for RESULTS.md on many renders one after the other."""
    return (
        f"`python -m benchmarks.render --endurance {count} --write` on {machine()}, isolation level "
        f"{probe().level}. No two renders are the same, so that no cache serves one; of charts and icons one "
        "in 25 is broken. Memory, open files and processes are those of the caller, the workers and the "
        "browser together; program files are left out of the memory, and a page shared with others counts in "
        f"part. The slope is fitted from the second {endurance.EVERY} renders on.\n\n"
        f"{await endurance.measure(count)}"
    )


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--endurance", type=int, metavar="N", help="only: N renders of each kind, and growth")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    matplotlib.use("agg")
    if chosen.endurance:
        title, text = "Renders: endurance", asyncio.run(endure(chosen.endurance))
    else:
        title, text = "Renders", asyncio.run(measure(chosen.rounds))
    print(text)
    if chosen.write:
        write_section(title, text)


if __name__ == "__main__":
    main()
