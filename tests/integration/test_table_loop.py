"""A table drawn by hand-written HTML is rebuilt from its picture, and mended by the embedded generator."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from agent import Refinement, RefinementAgent
from agent.generators.embedded import EmbeddedGenerator
from critic import PixelCritic, similarity
from critic.metrics.teds import cells_exact, teds
from critic.reading import Reader
from graph.types import Budget, Draft, Revision, Search, Task
from renderers import Kind, Language, Renderers
from renderers.types import Image, Size

SIZE = Size(420, 190)
SOURCE = """<style>
body{margin:14px 18px}
table{border-collapse:collapse;font:15px "DejaVu Sans",Verdana,sans-serif}
td,th{padding:5px 12px;border:1px solid #667}th{background:#e4ecf4}.n{text-align:right}</style>
<table><tr><th rowspan="2">Quarter</th><th colspan="2">Units</th></tr><tr><th>Sold</th><th>Returned</th></tr>
<tr><td>First</td><td class="n">1310</td><td class="n">42</td></tr>
<tr><td>Second &amp; third</td><td class="n">986</td><td class="n">7</td></tr></table>"""


CODE = """<style>body{margin:14px 18px}
table{border-collapse:collapse;font:15px Arial,sans-serif}td,th{padding:5px 12px;border:1px solid #667}
.m{font:14px "Courier New",monospace}</style>
<table><tr><th>Purpose</th><th>Command</th></tr>
<tr><td>Print a file</td><td class="m">cat notes.txt</td></tr>
<tr><td>Find a word</td><td class="m">grep -n word notes.txt</td></tr>
<tr><td>Count its lines</td><td class="m">wc -l notes.txt</td></tr></table>"""


async def _run() -> tuple[list[Draft], list[Image], Image, int]:
    reader = Reader()
    async with Renderers() as renderers:
        drawn = await renderers.render(Kind.TABLE, SOURCE, Language.HTML, SIZE)
        assert drawn.image is not None
        task = Task(Kind.TABLE, Language.HTML, drawn.image)
        generator = EmbeddedGenerator(reader, renderers.render)
        drafts = [await generator.draft(task, 0)]
        images = []
        for turn in range(1, 4):
            render = await renderers.render(Kind.TABLE, drafts[-1].code, Language.HTML, SIZE)
            assert render.image is not None, render.log
            images.append(render.image)
            critique = await PixelCritic(reader).critique(Kind.TABLE, task.reference, render.image)
            revision = Revision(
                task=task,
                code=drafts[-1].code,
                description=drafts[-1].description,
                render=render.image,
                status=render.status,
                log=render.log,
                discrepancies=critique.discrepancies,
                round=turn,
                seed=turn,
            )
            revised = await generator.revise(revision)
            if not revised.code:
                break
            assert {a.discrepancy for a in revised.actions} >= set(range(len(critique.discrepancies)))
            drafts.append(revised)
        return drafts, images, task.reference, len(critique.discrepancies)


@pytest.fixture(scope="module")
def run() -> tuple[list[Draft], list[Image], Image, int]:
    return asyncio.run(_run())


def test_the_draft_says_what_the_picture_says(run: tuple[list[Draft], list[Image], Image, int]) -> None:
    drafts, _, _, _ = run
    assert teds(SOURCE, drafts[0].code) == 1.0
    assert cells_exact(SOURCE, drafts[-1].code) == 1.0


def test_revisions_bring_the_render_close(run: tuple[list[Draft], list[Image], Image, int]) -> None:
    _, images, reference, left = run
    likeness = [similarity(reference, image) for image in images]
    assert likeness == sorted(likeness)
    assert likeness[-1] > 0.97 > likeness[0]
    assert left == 0


def test_a_column_of_code_is_set_in_a_face_of_its_own(tmp_path: Path) -> None:
    async def refine() -> Refinement:
        async with Renderers() as renderers:
            drawn = await renderers.render(Kind.TABLE, CODE, Language.HTML, Size(420, 160))
        assert drawn.image is not None
        async with RefinementAgent(Search(budget=Budget(rounds=1))) as agent:
            return await agent.arefine(drawn.image, kind=Kind.TABLE, out=tmp_path)

    done = asyncio.run(refine())
    head, body = done.code.split("<table", 1)
    named = re.search(r"\.([\w-]+) \{ font-family: [^}]*monospace", head)
    assert named, head
    rows = [line for line in body.splitlines() if "notes.txt" in line]
    assert len(rows) == 3
    assert all(named[1] in line for line in rows)
    assert done.result.best is not None
    assert done.result.best.similarity > 0.97
