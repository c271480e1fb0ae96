"""Rewards a second, beside the way in which Visual-ERM's released reward functions render, and memory.

    python -m benchmarks.rewards [--each 40] [--long 5000] [--write]

Answers are those of ``benchmarks.injected``: charts and tables written by chance, and drawings of a few
shapes; each is another, so that no cache serves one. The released functions start a Python process for each
chart, fork one for each SVG and start a Chrome for each table; that is what is done here beside ours, as many
at a time as there are cores. Neither side asks a critic while it is timed. On a machine that does other work
at the time, seconds of processor are what can be compared.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import cairosvg
import numpy as np

from agent.rewards.shared import close, score_all
from agent.rewards.types import Request
from benchmarks.injected.charts import described, matplotlib_code
from benchmarks.injected.written import written_table
from benchmarks.processes import held
from benchmarks.results import conclude, table
from renderers.chromium import find_browser
from renderers.pictures import encode_png
from renderers.types import Kind

_CHART_SECONDS, _SVG_SECONDS = 15, 10
"""Time limits of the released functions."""

_STRETCH = 500
"""Rewards between two looks at what is held."""


def drawing(chance: random.Random) -> str:
    """An SVG of a few shapes."""
    shapes = "".join(
        f"<circle cx='{chance.randint(20, 300)}' cy='{chance.randint(20, 300)}' r='{chance.randint(8, 60)}' "
        f"fill='#{chance.randrange(1 << 24):06x}'/>"
        for _ in range(chance.randint(3, 9))
    )
    return f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 336 336'>{shapes}</svg>"


WRITTEN: dict[Kind, tuple[str, Callable[[random.Random], str]]] = {
    Kind.CHART: ("python", lambda chance: matplotlib_code(described(chance))),
    Kind.SVG: ("svg", drawing),
    Kind.TABLE: ("html", written_table),
}


def published_chart(code: str, folder: Path) -> None:
    """A Python process for one program."""
    file = folder / "chart.py"
    file.write_text(f"{code}\nplt.savefig({str(folder / 'chart.png')!r})\n", encoding="utf-8")
    with contextlib.suppress(subprocess.TimeoutExpired):  # counted as they count it: an answer scored, with 0
        subprocess.run([sys.executable, str(file)], capture_output=True, timeout=_CHART_SECONDS, check=False)


def published_svg(code: str, folder: Path) -> None:
    """A process forked for one drawing."""
    forked = multiprocessing.get_context("fork").Process(
        target=cairosvg.svg2png,
        kwargs={
            "bytestring": code.encode(),
            "write_to": str(folder / "a.png"),
            "output_width": 336,
            "output_height": 336,
        },
    )
    forked.start()
    forked.join(_SVG_SECONDS)


def published_table(code: str, folder: Path) -> None:
    """A browser started for one table, as html2image does."""
    file = folder / "table.html"
    file.write_text(code, encoding="utf-8")
    subprocess.run(
        [
            find_browser(),
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--screenshot={folder / 'table.png'}",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1920,1080",
            file.as_uri(),
        ],
        capture_output=True,
        check=False,
    )


REFERENCES = {
    kind: encode_png(np.full((high, wide, 3), 255, np.uint8))
    for kind, wide, high in ((Kind.CHART, 640, 440), (Kind.SVG, 336, 336), (Kind.TABLE, 640, 240))
}
"""Pictures of the usual sizes; what is on them does not matter to a render."""

PUBLISHED = {Kind.CHART: published_chart, Kind.SVG: published_svg, Kind.TABLE: published_table}


def codes(kind: Kind, count: int, seed: str) -> list[str]:
    """So many sources of a kind, each another."""
    chance = random.Random(f"{kind}/{seed}")
    return [WRITTEN[kind][1](chance) for _ in range(count)]


def the_published_way(kind: Kind, found: list[str]) -> None:
    """Render them as the released functions do, two at a time."""

    def one(code: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            PUBLISHED[kind](code, Path(folder))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, found))


def our_way(kind: Kind, found: list[str], reference: bytes, terms: str) -> None:
    """Score them."""
    language = WRITTEN[kind][0]
    requests = [Request(f"```{language}\n{code}\n```", reference, kind) for code in found]
    failed = [score.reason for score in score_all(requests, terms) if not score.rendered]
    if failed:
        raise SystemExit(f"{len(failed)} of {len(found)} {kind} answers did not render: {failed[0]}")


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds, and seconds of processor with all processes below, that some work takes."""
    began, used = time.perf_counter(), held(os.getpid()).processor
    work()
    return time.perf_counter() - began, held(os.getpid()).processor - used


def throughput(each: int) -> str:
    """A row a kind: both ways."""
    rows, sums = [], np.zeros(4)
    for kind, reference in REFERENCES.items():
        our_way(kind, codes(kind, 4, "warm"), reference, "success")
        found = codes(kind, each, "measured")
        ours = timed(partial(our_way, kind, found, reference, "success"))
        theirs = timed(partial(the_published_way, kind, found))
        sums += (*ours, *theirs)
        rows.append(_row(kind.value, each, *ours, *theirs))
    rows.append(_row("**all**", each * len(WRITTEN), *sums))
    head = (
        "kind",
        "answers",
        "ours a second",
        "published a second",
        "times",
        "ms of processor, ours and theirs",
    )
    return table((*head, "times by processor"), rows)


def _row(
    name: str, count: int, ours: float, used: float, theirs: float, their_used: float
) -> tuple[object, ...]:
    processor = f"{1000 * used / count:.0f}, {1000 * their_used / count:.0f}"
    rates = (f"{count / ours:.2f}", f"{count / theirs:.2f}", f"{theirs / ours:.1f}")
    return (name, count, *rates, processor, f"{their_used / used:.1f}")


def memory(count: int) -> str:
    """What is held after each stretch of rewards, with the pixel critic asked about each."""
    samples = []
    for first in range(0, count, _STRETCH):
        our_way(Kind.SVG, codes(Kind.SVG, _STRETCH, str(first)), REFERENCES[Kind.SVG], "guarded")
        samples.append(held(os.getpid()))
        print(f"{first + _STRETCH}: {samples[-1]}", flush=True)
    places = np.arange(1, len(samples)) * _STRETCH / 1000
    held_mb = [sample.memory for sample in samples]
    slope = float(np.polyfit(places, held_mb[1:], 1)[0]) if len(samples) > 2 else 0.0
    told = f"{held_mb[0]:.0f} MB after {_STRETCH}, {held_mb[-1]:.0f} MB after {count}"
    what = f"Memory of all processes over {count} SVG answers with the pixel critic"
    return f"{what}: {told}; {slope:+.1f} MB per 1,000."


def main() -> None:
    """Measure, print, and write where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument(
        "--long", type=int, default=5_000, help="rewards over which memory is watched; 0: none"
    )
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    parts = [throughput(given.each)]
    if given.long:
        parts.append(memory(given.long))
    close()
    command = f"rewards --each {given.each} --long {given.long}"
    conclude("Rewards a second", command, load, "\n\n".join(parts), write=given.write)


if __name__ == "__main__":
    main()
