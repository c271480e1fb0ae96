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
from renderers.cache import RenderCache
from renderers.types import Image, Kind

EVERY = 100
"""Refinements between two looks at what is held."""

_TURNS = (Kind.CHART, Kind.SVG, Kind.CHART, Kind.TABLE, Kind.CHART, Kind.PAGE)
"""Kinds in turn: small charts are the quickest, so that there are many."""

_SIZES = {Kind.SVG: (24, 24), Kind.TABLE: (130, 34), Kind.CHART: (140, 90), Kind.PAGE: (120, 60)}
"""Width and height of each kind's pictures, in pixels."""

_SETTLED = 0.25
"""Share of the refinements after which everything has been loaded and started."""

_KEPT_BYTES = 20_000_000
"""Renders already made are kept, by default up to 256 MB: a thousand and more of such refinements (0.17 MB
each). This is full after some hundred, so that what grows beyond it shows."""

_SHOWN = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Shares of the refinements at which what is held is shown."""

_HELD = ("parent", "others", "files", "processes")
"""Megabytes of the process itself and of all below it, their open files, and how many are below it."""


def drawn(kind: Kind, number: int) -> Image:
    """A small picture of a kind, each another."""
    width, height = _SIZES[kind]
    picture = PILImage.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(picture)
    colour = (37 * number % 200, 71 * number % 200, 113 * number % 200)
    match kind:
        case Kind.SVG:
            pen.rectangle((3, 4, 8 + number % 7, 9 + number % 9), fill=colour)
            pen.rectangle((12 + number % 3, 15, 20, 17 + number % 4), fill=colour[::-1])
        case Kind.TABLE:
            for column in range(2):
                pen.rectangle((4 + 60 * column, 5, 64 + 60 * column, 28), outline="black")
                pen.text((12 + 60 * column, 11), str(number * (column + 1)), fill="black")
        case Kind.CHART:
            pen.line((20, 8, 20, 75, 132, 75), fill="black")
            for bar in range(3):
                tall = 8 + number * (bar + 3) % 55
                pen.rectangle((30 + 34 * bar, 75 - tall, 48 + 34 * bar, 74), fill=colour)
        case _:
            pen.rectangle((0, 0, width, 18), fill=colour)
            pen.text((8, 30), f"Number {number}", fill="black")
    return np.asarray(picture)


async def run(count: int, seconds: float) -> tuple[int, list[Held]]:
    """So many refinements; how many came to their end in time, and what was held as they did."""
    looks: list[Held] = []
    done, until = 0, time.monotonic() + seconds
    async with RefinementAgent() as agent:
        agent._renderers._cache = RenderCache(_KEPT_BYTES)
        for number in range(count):
            if time.monotonic() >= until:
                break
            kind = _TURNS[number % len(_TURNS)]
            rounds = 1 if kind is Kind.CHART else number // len(_TURNS) % 2
            search = Search(budget=Budget(rounds=rounds))
            out = Path(tempfile.mkdtemp())
            await agent.arefine(drawn(kind, number), kind=kind, search=search, out=out)
            shutil.rmtree(out)
            done += 1
            if done % EVERY == 0:
                looks.append(held(os.getpid()))
                print(done, looks[-1], flush=True)
    return done, looks


def measured(done: int, looks: list[Held]) -> str:
    """What was held, as two tables: at some moments, and how it grew once all had been loaded."""
    shown = [looks[max(0, round(share * len(looks)) - 1)] for share in _SHOWN]
    numbers = [str(EVERY * (looks.index(look) + 1)) for look in shown]
    seen = [(name, *(f"{getattr(look, name):.0f}" for look in shown)) for name in _HELD]
    late = looks[int(_SETTLED * len(looks)) :]
    at = np.arange(len(late)) * EVERY / 1000
    grown = [(name, f"{np.polyfit(at, [getattr(look, name) for look in late], 1)[0]:+.1f}") for name in _HELD]
    return (
        f"{done} refinements.\n\n{table(('held after so many', *numbers), seen)}\n\n"
        f"{table(('from a quarter on', 'more per 1,000'), grown)}"
    )


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
        f"{machine()}. Small pictures of all kinds in turn, charts with a round and every other one of "
        f"the others; renders already made are kept up to {_KEPT_BYTES / 1e6:.0f} MB. Megabytes as for "
        f"renders, of the process itself and of all below it (others).\n\n"
        f"{measured(done, looks)}"
    )
    print(text)
    if chosen.write:
        write_section("Refinements: endurance", text)


if __name__ == "__main__":
    main()
