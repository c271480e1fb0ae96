"""Drawings as code worth keeping: icons of public sets drawn, read again and written.

    python -m benchmarks.drawings FOLDER [--each 12] [--seed 1] [--write]

FOLDER has a folder of SVG files for each set (Lucide, Tabler, Feather ... as their packages have them). Of
each set some are taken by chance, drawn by CairoSVG at 336 x 336 on white and read: the first draft's
similarity, its bytes against the source's, whether it has strokes where the source has, gradients where the
source has, and the source's grid. The source's bytes are counted without what draws nothing: its comments,
classes, size, empty frames and blanks.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cairosvg

from agent.generators.embedded.svg import generator
from agent.generators.embedded.types import Bench
from benchmarks.results import conclude, table
from critic.reading import Reader
from critic.similarity import fit_to, similarity
from graph.types import Task
from renderers import Kind, Language, Render, Renderers
from renderers.pictures import load_picture

TITLE = "Drawings"
_SIDE = 336
_IDLE = (
    (r"<!--.*?-->", ""),
    (r"<\?xml.*?\?>|<!DOCTYPE[^>]*>", ""),
    (r'<path[^>]*d="M0 0h24v24H0z"[^>]*/>', ""),
    (r'\s(?:class|width|height|id|data-[\w-]+|aria-[\w-]+|version|xml:space|role)="[^"]*"(?=[^<]*>)', ""),
    (r">\s+<", "><"),
    (r"\s+", " "),
)
"""What of an icon's source draws nothing; widths and heights only of the outermost element."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one icon."""

    set: str
    name: str
    similarity: float
    bytes: float
    strokes: tuple[bool, bool]
    gradient: tuple[bool, bool]
    grid: bool


def _tight(source: str) -> str:
    """An icon's source without what draws nothing."""
    head, _, body = re.sub(r"<!--.*?-->", "", source, flags=re.DOTALL).strip().partition(">")
    for pattern, instead in _IDLE:
        head = re.sub(pattern, instead, head + ">", flags=re.DOTALL).removesuffix(">")
        if "class" not in pattern:
            body = re.sub(pattern, instead, body, flags=re.DOTALL)
    return f"{head.strip()}>{body}".replace(" >", ">").replace(" />", "/>").strip()


def _view(code: str) -> str:
    found = re.search(r'viewBox="([^"]*)"', code)
    return " ".join(found[1].split()) if found else ""


async def measure(path: Path, renderers: Renderers, reader: Reader) -> Measured:
    """Draw one icon and read it."""
    source = await asyncio.to_thread(path.read_text, encoding="utf-8")
    shown = source.replace("currentColor", "#000000")
    pixels = cairosvg.svg2png(
        shown.encode(), output_width=_SIDE, output_height=_SIDE, background_color="#ffffff"
    )
    task = Task(Kind.SVG, Language.SVG, await asyncio.to_thread(load_picture, pixels))

    async def probe(code: str) -> Render:
        return await renderers.render(Kind.SVG, code, Language.SVG, task.size)

    bench = Bench(reader=reader, probe=probe)
    draft = await generator.draft(task, bench, 0)
    image = await bench.image_of(draft.code)
    reached = 0.0 if image is None else similarity(task.reference, fit_to(task.reference, image))
    return Measured(
        path.parent.name,
        path.stem,
        reached,
        len("".join(draft.code.split("\n")).replace("  ", "").encode()) / len(_tight(source).encode()),
        ("stroke-width" in source, "stroke-width" in draft.code),
        ("Gradient" in source, "Gradient" in draft.code),
        _view(source) == _view(draft.code),
    )


def chosen(folder: Path, each: int, seed: int) -> list[Path]:
    """Some icons of each set."""
    found: list[Path] = []
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        paths = sorted(home.glob("*.svg"))
        found += sorted(random.Random(seed).sample(paths, min(each, len(paths))))
    return found


async def measure_all(paths: Sequence[Path]) -> list[Measured]:
    """Each icon, one after another."""
    reader = Reader()
    async with Renderers() as renderers:
        return [await measure(path, renderers, reader) for path in paths]


def told(found: Sequence[Measured]) -> str:
    """A row for each set."""
    sets: dict[str, list[Measured]] = {}
    for one in found:
        sets.setdefault(one.set, []).append(one)
    rows = [
        (
            name,
            len(members),
            statistics.median(one.similarity for one in members),
            min(one.similarity for one in members),
            round(statistics.median(one.bytes for one in members), 2),
            _of([one.strokes for one in members]),
            _of([one.gradient for one in members]),
            f"{sum(one.grid for one in members)} of {len(members)}",
        )
        for name, members in sets.items()
    ]
    head = ("set", "icons", "similarity", "least", "x bytes", "strokes kept", "gradients kept", "its grid")
    return f"First drafts; medians.\n\n{table(head, rows)}"


def _of(pairs: Sequence[tuple[bool, bool]]) -> str:
    return f"{sum(kept for had, kept in pairs if had)} of {sum(had for had, _ in pairs)}"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="a folder of SVG files for each set")
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    found = asyncio.run(measure_all(chosen(given.folder, given.each, given.seed)))
    command = f"drawings FOLDER --each {given.each} --seed {given.seed}"
    conclude(TITLE, command, load, told(found), write=given.write)


if __name__ == "__main__":
    main()
