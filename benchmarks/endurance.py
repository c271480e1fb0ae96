"""Thousands of renders of one kind after the other: what is held must not grow with their number."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.processes import Held, held
from benchmarks.results import table
from renderers.service import Renderers
from renderers.types import Kind, Language, Size

EVERY = 500
"""Renders between two looks at what is held."""

_FAILING = 25
_CACHE = 4_000_000
_SETTLED = 1
_SIZE = Size(96, 72)


def chart(number: int) -> str:
    """A small chart, each another; some raise, as generated code does."""
    values = [(number * factor) % 97 for factor in (3, 5, 7, 11)]
    last = "raise ValueError('none')" if number % _FAILING == 0 else "fig.savefig('chart.png')"
    return (
        "import matplotlib.pyplot as plt\n"
        "fig = plt.figure(figsize=(1.28, 0.96), dpi=75)\n"
        "ax = fig.add_axes([0, 0, 1, 1], frameon=False, xticks=[], yticks=[])\n"
        f"ax.bar(range(4), {values}, color='#{number:06x}')\n{last}\n"
    )


def icon(number: int) -> str:
    """A small icon, each another; some are no XML."""
    shape = f'<circle cx="{number % 90}" cy="{number % 70}" r="{9 + number % 13}" fill="#{number:06x}"/>'
    end = "" if number % _FAILING == 0 else "</svg>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 72">{shape}{end}'


def page(number: int) -> str:
    """A small page, each another."""
    return (
        f"<!DOCTYPE html><body style='margin:4px;background:#eee'><h1 id='n{number}'>{number}</h1>"
        f"<p style='color:#{number:06x}'>page number {number}</p>"
    )


KINDS: dict[Kind, tuple[Language, Callable[[int], str]]] = {
    Kind.CHART: (Language.PYTHON, chart),
    Kind.SVG: (Language.SVG, icon),
    Kind.PAGE: (Language.HTML, page),
}


@dataclass(frozen=True, slots=True)
class Course:
    """What was held and used after each stretch of ``EVERY`` renders."""

    samples: tuple[Held, ...]

    def processor(self, stretch: int) -> float:
        """Milliseconds of processor a render: what other work on the machine changes least."""
        used = [sample.processor for sample in self.samples]
        return 1000 * (used[stretch] - used[stretch - 1]) / EVERY

    @property
    def slope(self) -> float:
        """Megabytes more for each 1,000 renders, fitted once everything has started."""
        values = [sample.memory for sample in self.samples[_SETTLED:]]
        if len(values) < 2:
            return 0.0
        return float(np.polyfit(np.arange(len(values)) * EVERY / 1000, values, 1)[0])


async def run(kind: Kind, count: int) -> Course:
    """Render ``count`` pictures of ``kind``, two at a time; none is a repeat, so no cache serves one."""
    language, code = KINDS[kind]
    samples: list[Held] = []
    async with Renderers(cache_bytes=_CACHE) as renderers:
        for first in range(0, count, EVERY):
            numbers = iter(range(first + 1, first + EVERY + 1))

            async def work(numbers: Iterator[int] = numbers) -> None:
                for number in numbers:
                    await renderers.render(kind, code(number), language, _SIZE)

            await asyncio.gather(work(), work())
            samples.append(held(os.getpid()))
            print(f"{kind} {first + EVERY}: {samples[-1]}", flush=True)
    return Course(tuple(samples))


async def measure(count: int) -> str:
    """The table of all kinds, and the memory by number of renders."""
    head = (
        "kind", "renders", f"MB after {EVERY}", "MB in the middle", "MB at the end", "MB more per 1,000",
        "open files after the first and at the end", "processes",
        "ms of processor a render, second and last stretch",
    )  # fmt: skip
    rows = []
    for kind in KINDS:
        course = await run(kind, count)
        first, middle, last = course.samples[0], course.samples[len(course.samples) // 2], course.samples[-1]
        rows.append(
            (kind, count, f"{first.memory:.0f}", f"{middle.memory:.0f}", f"{last.memory:.0f}",
             f"{course.slope:+.2f}", f"{first.files}, {last.files}", f"{first.processes}, {last.processes}",
             f"{course.processor(1):.0f}, {course.processor(-1):.0f}")
        )  # fmt: skip
    return table(head, rows)
