"""A page from pixels to HTML, and mended by its discrepancies, in a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from agent.generators.embedded.page import generator
from agent.generators.embedded.page.layouts import Drawn
from agent.generators.embedded.types import Bench
from critic.pixel.page import compare
from critic.reading import Reader
from critic.reading.page import Page
from critic.similarity import similarity
from graph.types import Draft, Revision, Task
from renderers import Kind, Language, Render, Renderers, RenderStatus, Size
from renderers.types import Image

SIZE = Size(720, 420)

SOURCE = """<!DOCTYPE html><style>
body { margin: 0; background: #f4f6f8; font: 16px/24px "DejaVu Sans", Verdana, sans-serif; color: #223; }
header { background: #1d3557; color: #fff; padding: 12px 40px; font-size: 20px; }
main { margin: 32px 40px; padding: 24px; background: #fff; border: 1px solid #ccd; border-radius: 8px; }
h1 { margin: 0 0 16px; font-size: 28px; line-height: 36px; }
.go { display: inline-block; margin-top: 16px; padding: 8px 20px; background: #c1121f; color: #fff; }
</style><header>Harbour records</header><main><h1>Tide tables</h1>
<p style="margin:0">High water comes twice a day in most harbours.</p>
<p style="margin:0">The lamp burns from <a href="#">dusk</a> until 06:40.</p>
<span class="go">Next page</span></main>"""

Work = Callable[[Image, Bench], Awaitable[None]]


def _with_picture(work: Work) -> None:
    async def run() -> None:
        async with Renderers() as renderers:

            async def probe(code: str) -> Render:
                return await renderers.render(Kind.PAGE, code, Language.HTML, SIZE)

            reference = (await probe(SOURCE)).image
            assert reference is not None
            await work(reference, Bench(reader=Reader(), probe=probe))

    asyncio.run(run())


async def _revised(reference: Image, page: Page, bench: Bench) -> tuple[Draft, Image, tuple[str, ...]]:
    drawn = Drawn(page=page)
    code = drawn.code
    render = await bench.image_of(code)
    assert render is not None
    said = tuple(compare(reference, render, bench.reader))
    revision = Revision(
        task=Task(Kind.PAGE, Language.HTML, reference),
        code=code,
        description=drawn.model_dump_json(),
        render=render,
        status=RenderStatus.OK,
        log="",
        discrepancies=said,
    )
    draft = await generator.revise(revision, bench)
    return draft, render, tuple(item.category for item in said)


def test_a_draft_looks_like_the_picture_and_holds_its_text() -> None:
    async def work(reference: Image, bench: Bench) -> None:
        draft = await generator.draft(Task(Kind.PAGE, Language.HTML, reference), bench, 0)
        render = await bench.image_of(draft.code)
        assert render is not None
        assert similarity(reference, render) > 0.97 > similarity(reference, np.full_like(reference, 255))
        for text in ("Harbour records", "Tide tables", "twice a day in most harbours", "06:40", "Next page"):
            assert text in draft.code
        assert ">dusk</a>" in draft.code

    _with_picture(work)


def test_a_revision_mends_what_the_critic_names() -> None:
    async def work(reference: Image, bench: Bench) -> None:
        draft = await generator.draft(Task(Kind.PAGE, Language.HTML, reference), bench, 0)
        page = Drawn.model_validate_json(draft.description).page
        lines = list(page.lines)
        lines[1] = lines[1].model_copy(update={"size": lines[1].size * 0.8})
        lines[2] = lines[2].model_copy(update={"x": lines[2].x + 9})
        shapes = tuple(shape for shape in page.shapes if shape.fill.colour != "#c1121f")
        spoilt = page.model_copy(update={"lines": tuple(lines), "shapes": shapes})
        better, before, categories = await _revised(reference, spoilt, bench)
        assert {"style_error", "layout_error", "element_error"} <= set(categories)
        after = await bench.image_of(better.code)
        assert after is not None
        assert similarity(reference, after) > similarity(reference, before) + 0.01
        assert len(compare(reference, after, bench.reader)) < len(categories)
        told = [action for action in better.actions if action.discrepancy is not None]
        assert [action.discrepancy for action in told] == list(range(len(categories)))
        assert sum(action.done for action in told) >= 3

    _with_picture(work)


def test_nothing_is_offered_when_nothing_is_wrong() -> None:
    async def work(reference: Image, bench: Bench) -> None:
        revision = Revision(
            task=Task(Kind.PAGE, Language.HTML, reference),
            code="",
            description=Drawn(
                page=Page(
                    width=SIZE.width, height=SIZE.height, fill={"stops": ({"at": 0, "colour": "#ffffff"},)}
                )
            ).model_dump_json(),
            render=reference,
            status=RenderStatus.OK,
            log="",
            discrepancies=(),
        )
        assert (await generator.revise(revision, bench)).code == ""

    _with_picture(work)
