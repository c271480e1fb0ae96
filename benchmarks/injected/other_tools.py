"""Pairs with known errors of charts that Vega-Lite, Plotly and ECharts draw, added to those of ``corrupt``.

    python -m benchmarks.injected.other_tools OUT --npm NODE_MODULES [--pairs 120] [--first 0] [--seed 1]

Each chart is described by chance (``charts``), edited in its description (``spec_edits``), and drawn by one
of the three tools before and after. The pairs go into ``OUT/pairs.jsonl`` beside those of ``corrupt``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from pathlib import Path

from playwright.async_api import async_playwright

from agent.injection.card import write_card
from agent.injection.pairs import PairMaker, UnusableSourceError
from agent.injection.run import PAIRS, PICTURES, Order, Recipe, record_of
from agent.injection.sources import Source
from benchmarks.injected import spec_edits
from benchmarks.injected.charts import described
from benchmarks.injected.specs import TOOLS, SpecRenderers, written
from renderers.chromium import find_browser
from renderers.types import Kind


async def make(out: Path, npm: Path, numbers: range, recipe: Recipe) -> int:
    """Make the pairs with these numbers that are not there yet; how many could be made."""
    (out / PICTURES).mkdir(parents=True, exist_ok=True)
    file, made = out / PAIRS, 0
    there = {json.loads(line)["id"] for line in file.open("rb")} if file.exists() else set()
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=find_browser(), args=["--no-sandbox", "--allow-file-access-from-files"]
        )
        renderers = SpecRenderers(browser, npm)
        for number in numbers:
            tool = TOOLS[number % len(TOOLS)]
            name = f"{tool}/{number:04d}"
            order = Order(Source(Path(name), name, Kind.CHART), 0, recipe, out)
            if order.id in there:
                continue
            code = written(tool, described(random.Random(f"{recipe.seed}/{number}")))
            maker = PairMaker(renderers, Kind.CHART, code, spec_edits)
            try:
                row = await record_of(order, Kind.CHART, code, maker)
            except UnusableSourceError as error:
                print(f"{name}: {error}", flush=True)
                continue
            with file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            made += 1
        await browser.close()
    return made


def main() -> None:
    """Make them, and the card anew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=120)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--untouched", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.pairs)
    recipe = Recipe(given.seed, untouched=given.untouched)
    made = asyncio.run(make(given.out, given.npm.resolve(), numbers, recipe))
    write_card(given.out)
    print(f"{made} pairs added to {given.out / PAIRS}")


if __name__ == "__main__":
    main()
