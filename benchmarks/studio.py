"""How much later the studio shows a first draft than the command has it, in pairs on the same pictures.

Beside each other: a warm agent, from the path to the judged first draft (when ``lookalike refine`` prints its
line), and a browser before a warm studio, from the picture that is given to the page until the draft is
painted, and until its reward is told. What a start of either costs is left out, on both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, async_playwright

from agent import RefinementAgent
from benchmarks.results import conclude, table
from graph import Budget, Critiqued, Search
from renderers.chromium import find_browser

ROOT = Path(__file__).resolve().parents[1]
PICTURES = [
    ROOT / "examples" / "pictures" / name
    for name in ("svg/telescope.png", "svg/cable_car.png", "table/readable_types.png", "chart/two_lines.png")
]
PATIENT = 120_000
"""Milliseconds."""
WATCH = """() => {
  const at = (id) => document.getElementById(id);
  window.seen = {};
  at("files").addEventListener("change", () => { seen.from = performance.now(); }, true);
  at("latest").addEventListener("load", () => { seen.painted ??= performance.now() - seen.from; });
  new MutationObserver(() => {
    if (/reward/.test(at("doing").textContent)) seen.judged ??= performance.now() - seen.from;
  }).observe(at("doing"), { childList: true });
}"""


async def by_agent(agent: RefinementAgent, picture: Path) -> float:
    """Seconds until the first draft is judged."""
    began = time.perf_counter()
    async with aclosing(agent.stream(picture)) as events:
        async for event in events:
            if isinstance(event, Critiqued):
                return time.perf_counter() - began
    raise AssertionError("a run has a draft")


async def by_studio(page: Page, address: str, picture: Path) -> tuple[float, float]:
    """Seconds until the first draft is painted, and until its reward is told."""
    await page.goto(address)
    await page.fill("#rounds", "0")
    await page.evaluate(WATCH)
    await page.set_input_files("#files", picture)
    await page.wait_for_function("seen.painted && seen.judged")
    await page.wait_for_function("document.getElementById('stop').disabled")
    seen = await page.evaluate("seen")
    return seen["painted"] / 1000, seen["judged"] / 1000


@asynccontextmanager
async def studio() -> AsyncIterator[str]:
    """The address of a studio of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "agent.cli", "studio", folder, "--no-open"]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            yield (await process.stdout.readline()).decode().strip()
        finally:
            process.terminate()
            await process.communicate()


async def measured(pictures: Sequence[Path], pairs: int) -> list[tuple[object, ...]]:
    """Rows of the table; the first of each picture's pairs warms both sides up and does not count."""
    rows: list[tuple[object, ...]] = []
    later: list[tuple[float, float]] = []
    async with (
        studio() as address,
        RefinementAgent(Search(budget=Budget(rounds=0))) as agent,
        async_playwright() as playwright,
    ):
        browser = await playwright.chromium.launch(executable_path=find_browser())
        page = await browser.new_page(bypass_csp=True)  # for what waits in the page
        page.set_default_timeout(PATIENT)
        for picture in pictures:
            found = []
            for _ in range(pairs + 1):
                alone = await by_agent(agent, picture)
                found.append((alone, *await by_studio(page, address, picture)))
            counted = found[1:]
            medians = [statistics.median(part) for part in zip(*counted, strict=True)]
            later += [(painted - alone, judged - alone) for alone, painted, judged in counted]
            rows.append((picture.name, *medians))
        await browser.close()
    painted, judged = ([pair[part] for pair in later] for part in (0, 1))
    rows.append(("median of the differences", "", statistics.median(painted), statistics.median(judged)))
    rows.append(("largest of the differences", "", max(painted), max(judged)))
    return rows


def main() -> None:
    """Measure, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    rows = asyncio.run(measured(PICTURES, asked.pairs))
    head = ("picture", "command: judged, s", "studio: painted, s", "studio: reward told, s")
    body = table(head, rows)
    conclude("The first draft in the studio", f"studio --pairs {asked.pairs}", load, body, write=asked.write)


if __name__ == "__main__":
    main()
