"""Pages as code worth keeping: how near the flow comes, and how it gives way.

    python -m benchmarks.pages FOLDER [--write]

Of each picture in FOLDER the first draft is taken, before any revision: its similarity in the flow and by
fixed places, which of the two is written, how long it takes, how near its render as Tailwind's utilities
comes to it, and what ``critic.metrics.reflow`` says. Where NAME.json beside it has the page's texts, how many
of them the code has letter by letter; where NAME.html is what the page was made from, how many times its
classes and its bytes the code has, without pictures; style sheets that the source links are not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from agent.data.convert import content_of
from agent.data.finished import Finished
from agent.generators.embedded.page import generator
from agent.generators.embedded.page.layouts import Drawn
from agent.generators.embedded.types import Bench
from agent.reflow import reflow_of
from benchmarks.results import conclude, table
from benchmarks.truth.page import measure as truth_of
from critic.metrics.reflow import Reflow
from critic.reading import Reader
from critic.similarity import fit_to, similarity
from graph.types import Task
from renderers import Kind, Language, Render, Renderers
from renderers.pictures import load_picture
from renderers.types import Image

TITLE = "Pages in the flow"


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of one picture."""

    name: str
    layout: str
    flow: float
    absolute: float
    size: int
    seconds: float
    texts: float | None
    classes: float | None
    bytes: float | None
    tailwind: float
    reflow: Reflow | None


async def measure(path: Path, renderers: Renderers, reader: Reader) -> Measured:
    """Draft a picture's page in both layouts."""
    task = Task(Kind.PAGE, Language.HTML, await asyncio.to_thread(_loaded, path))

    async def probe(code: str) -> Render:
        return await renderers.render(Kind.PAGE, code, Language.HTML, task.size)

    bench = Bench(reader=reader, probe=probe)
    started = time.perf_counter()
    draft = await generator.draft(task, bench, 0)
    seconds = time.perf_counter() - started
    drawn = Drawn.model_validate_json(draft.description)
    flow = await Drawn(page=drawn.page, layout="flow").measured(bench)
    near = [await _similarity(one.code, task, bench) for one in (flow, Drawn(page=drawn.page))]
    given = await reflow_of(draft.code, task.size, renderers.render)
    size = _bytes(draft.code)
    truth, source = path.with_suffix(".json"), path.with_suffix(".html")
    texts = truth_of(draft.code, truth).get("lines exact") if truth.exists() else None
    made_from = source.read_text(encoding="utf-8") if source.exists() else ""
    finished = Finished(path.parent, path.name, Kind.PAGE, Language.HTML, draft.code)
    utilities = await bench.image_of(str(content_of(finished, "tailwind"), "utf-8"))
    own = await bench.image_of(draft.code)
    same = similarity(own, fit_to(own, utilities)) if own is not None and utilities is not None else 0.0
    return Measured(
        path.stem,
        drawn.layout,
        near[0],
        near[1],
        size,
        seconds,
        texts,
        len(_classes(draft.code)) / len(_classes(made_from)) if made_from else None,
        size / _bytes(made_from) if made_from else None,
        same,
        given,
    )


_PICTURE = re.compile(r"data:image/[^\"')]*")


def _bytes(code: str) -> int:
    """Bytes of HTML without the pictures in it."""
    return len(_PICTURE.sub("", code).encode())


def _classes(code: str) -> set[str]:
    """The distinct classes of HTML."""
    document = html.document_fromstring(code)
    return {
        name for element in document.iter(html.etree.Element) for name in element.get("class", "").split()
    }


def _loaded(path: Path) -> Image:
    return load_picture(path.read_bytes())


async def _similarity(code: str, task: Task, bench: Bench) -> float:
    image = await bench.image_of(code)
    return 0.0 if image is None else similarity(task.reference, fit_to(task.reference, image))


async def measure_all(paths: Sequence[Path]) -> list[Measured]:
    """Each picture, one after another."""
    reader = Reader()
    async with Renderers() as renderers:
        return [await measure(path, renderers, reader) for path in paths]


def told(found: Sequence[Measured]) -> str:
    """A table, and the middle of it in a line."""
    rows = [
        (
            one.name,
            one.layout,
            one.flow,
            one.absolute,
            one.size,
            round(one.seconds, 1),
            "" if one.texts is None else one.texts,
            "" if one.classes is None else round(one.classes, 2),
            "" if one.bytes is None else round(one.bytes, 2),
            one.tailwind,
            one.reflow.told() if one.reflow else "not drawn",
        )
        for one in found
    ]
    head = (
        "picture",
        "written",
        "similarity in the flow",
        "by places",
        "bytes",
        "seconds",
        "texts exact",
        "x classes",
        "x bytes",
        "as Tailwind",
        "how it gives way",
    )
    passed = sum(one.reflow is not None and one.reflow.passes for one in found)
    flowing = sum(one.layout == "flow" for one in found)
    middle = statistics.median(one.flow for one in found)
    line = (
        f"{len(found)} pictures: {flowing} written in the flow, median similarity there {middle:.3f}; "
        f"{passed} give way at both widths."
    )
    return f"{line}\n\n{table(head, rows)}"


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="pictures of pages, as PNG")
    parser.add_argument("--write", action="store_true", help="write the section of RESULTS.md")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    found = asyncio.run(measure_all(sorted(given.folder.glob("*.png"))))
    conclude(TITLE, "pages FOLDER", load, told(found), write=given.write)


if __name__ == "__main__":
    main()
