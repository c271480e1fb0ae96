"""Refinements of all kinds one after the other: what is held must not grow with their number."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image as PILImage
from PIL import ImageDraw

from agent import Budget, RefinementAgent, Search
from benchmarks.processes import Held, held
from benchmarks.results import machine, table, write_section
from renderers.types import Image, Kind

EVERY = 40
"""Refinements between two looks at what is held."""

_TURNS = (Kind.SVG, Kind.TABLE, Kind.SVG, Kind.CHART, Kind.SVG, Kind.PAGE)
"""Kinds in turn: drawings are the quickest, so that there are many."""

_SETTLED = 0.25
"""Share of the looks after which everything has been loaded and started."""


def drawn(kind: Kind, number: int) -> Image:
    """A small picture of a kind, each another."""
    width, height = {Kind.SVG: (48, 48), Kind.TABLE: (150, 60), Kind.CHART: (180, 120), Kind.PAGE: (180, 90)}[
        kind
    ]
    picture = PILImage.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    colour = (37 * number % 200, 71 * number % 200, 113 * number % 200)
    match kind:
        case Kind.SVG:
            pen.ellipse((4, 4, 20 + number % 20, 24 + number % 17), fill=colour)
            pen.rectangle((20, 20, 40, 30 + number % 14), fill=colour[::-1])
        case Kind.TABLE:
            for row in range(2):
                for column in range(2):
                    box = (5 + 70 * column, 5 + 25 * row, 75 + 70 * column, 30 + 25 * row)
                    pen.rectangle(box, outline="black")
                    pen.text((box[0] + 8, box[1] + 7), str(number * (row + 2 * column + 1)), fill="black")
        case Kind.CHART:
            pen.line((20, 10, 20, 100, 170, 100), fill="black")
            for bar in range(5):
                tall = 10 + number * (bar + 3) % 75
                pen.rectangle((30 + 28 * bar, 100 - tall, 48 + 28 * bar, 99), fill=colour)
        case _:
            pen.rectangle((0, 0, width, 24), fill=colour)
            pen.text((8, 40), f"Number {number}", fill="black")
    return np.asarray(picture)


async def run(count: int, seconds: float) -> tuple[int, list[Held]]:
    """So many refinements, of which every other one has a round; how many came to their end in time."""
    looks: list[Held] = []
    done, until = 0, time.monotonic() + seconds
    async with RefinementAgent() as agent:
        for number in range(count):
            if time.monotonic() >= until:
                break
            kind = _TURNS[number % len(_TURNS)]
            search = Search(budget=Budget(rounds=number // len(_TURNS) % 2))
            out = Path(tempfile.mkdtemp())
            await agent.arefine(drawn(kind, number), kind=kind, search=search, out=out)
            shutil.rmtree(out)
            done += 1
            if done % EVERY == 0:
                looks.append(held(os.getpid()))
                print(done, looks[-1], flush=True)
    return done, looks


def measured(done: int, looks: list[Held]) -> str:
    """What was held, as a table."""
    late = looks[int(_SETTLED * len(looks)) :]
    at = np.arange(len(late)) * EVERY / 1000
    rows = []
    for name in ("parent", "others"):
        values = [getattr(look, name) for look in late]
        slope = float(np.polyfit(at, values, 1)[0])
        rows.append((name, f"{values[0]:.0f}", f"{values[-1]:.0f}", f"{max(values):.0f}", f"{slope:+.1f}"))
    head = ("processes", "MB once settled", "MB at the end", "MB at most", "MB more per 1,000")
    first, last = late[0], late[-1]
    files = f"Open files {first.files} and {last.files}, processes {first.processes} and {last.processes}."
    return f"{done} refinements.\n\n{table(head, rows)}\n\n{files}"


def main() -> None:
    """Measure, print, and with ``--write`` replace the section in RESULTS.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args()
    done, looks = asyncio.run(run(chosen.count, 60 * chosen.minutes))
    text = (
        f"`python -m benchmarks.refining --count {chosen.count} --minutes {chosen.minutes:g} --write` on "
        f"{machine()}. Small pictures of all kinds in turn, half of them drafts alone and half with a round; "
        f"memory as for renders, of the process itself and of all below it.\n\n{measured(done, looks)}"
    )
    print(text)
    if chosen.write:
        write_section("Refinements: endurance", text)


if __name__ == "__main__":
    main()
