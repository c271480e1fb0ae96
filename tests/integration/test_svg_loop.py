"""Icons through the embedded generator and the pixel critic, with the real renderer."""

from __future__ import annotations

import asyncio

import cairosvg
import numpy as np
import pytest

from agent.generators.embedded import EmbeddedGenerator
from agent.generators.embedded.svg_code import write_svg
from critic import PixelCritic
from critic.reading import Reader
from critic.reading.svg import Drawing
from critic.types import Discrepancy
from graph.types import Draft, Revision, Task
from renderers import Kind, Language, Renderers, RenderStatus
from renderers.pictures import load_picture, size_of
from renderers.types import Image

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
PEN = 'fill="none" stroke="#000" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
ICONS = {
    "flat": f'{HEAD}<rect x="2" y="4" width="20" height="16" rx="3" fill="#0072c6"/>'
    '<circle cx="9" cy="12" r="4" fill="#f4d35e"/><path d="M15 8l5 8h-7z" fill="#d7263d"/></svg>',
    "line": f'{HEAD}<path {PEN} d="M4 6h10a4 4 0 0 1 4 4v2a4 4 0 0 1-4 4h-6M4 20h16"/></svg>',
}


def picture(name: str, size: int = 240) -> Image:
    data = cairosvg.svg2png(
        bytestring=ICONS[name].encode(), output_width=size, output_height=size, background_color="white"
    )
    return load_picture(data)


def revision(task: Task, draft: Draft, render: Image, found: tuple[Discrepancy, ...]) -> Revision:
    return Revision(task, draft.code, draft.description, render, RenderStatus.OK, "", found)


@pytest.mark.parametrize(("name", "size"), [("flat", 240), ("line", 240), ("flat", 48)])
def test_an_icon_is_redrawn(name: str, size: int) -> None:
    async def run() -> None:
        async with Renderers() as renderers:
            reader, reference = Reader(), picture(name, size)
            task = Task(Kind.SVG, Language.SVG, reference)
            draft = await EmbeddedGenerator(reader, renderers.render).draft(task, 0)
            render = await renderers.render(Kind.SVG, draft.code, Language.SVG, size_of(reference))
            assert render.ok
            assert render.image is not None
            critique = await PixelCritic(reader).critique(Kind.SVG, reference, render.image)
            assert critique.similarity > 0.97
            assert critique.discrepancies == ()
            assert len(draft.code) < (800 if size > 200 else 2000)

    asyncio.run(run())


def test_a_line_icon_is_drawn_with_a_pen() -> None:
    async def run() -> str:
        async with Renderers() as renderers:
            task = Task(Kind.SVG, Language.SVG, picture("line"))
            return (await EmbeddedGenerator(Reader(), renderers.render).draft(task, 0)).code

    assert "stroke-width" in asyncio.run(run())


def test_a_missing_shape_is_put_back() -> None:
    async def run() -> None:
        async with Renderers() as renderers:
            reader, reference = Reader(), picture("flat")
            generator = EmbeddedGenerator(reader, renderers.render)
            task = Task(Kind.SVG, Language.SVG, reference)
            whole = await generator.draft(task, 0)
            drawing = Drawing.model_validate_json(whole.description)
            damaged = drawing.model_copy(update={"shapes": drawing.shapes[:-1]})
            draft = Draft(code=write_svg(damaged), description=damaged.model_dump_json())
            render = await renderers.render(Kind.SVG, draft.code, Language.SVG, size_of(reference))
            assert render.image is not None
            critic = PixelCritic(reader)
            before = await critic.critique(Kind.SVG, reference, render.image)
            assert [item.category for item in before.discrepancies] == ["structure_error"]
            mended = await generator.revise(revision(task, draft, render.image, before.discrepancies))
            assert mended.actions[0].discrepancy == 0
            assert mended.actions[0].done
            again = await renderers.render(Kind.SVG, mended.code, Language.SVG, size_of(reference))
            assert again.image is not None
            after = await critic.critique(Kind.SVG, reference, again.image)
            assert after.discrepancies == ()
            assert after.similarity > before.similarity

    asyncio.run(run())


def test_a_photograph_gets_code_that_draws() -> None:
    async def run() -> None:
        ys, xs = np.mgrid[0:60, 0:80]
        photo = np.stack([xs * 3, ys * 3, 128 + 60 * np.sin(xs / 9) * np.cos(ys / 7)], axis=2).astype(
            np.uint8
        )
        async with Renderers() as renderers:
            task = Task(Kind.SVG, Language.SVG, photo)
            draft = await EmbeddedGenerator(Reader(), renderers.render).draft(task, 0)
            render = await renderers.render(Kind.SVG, draft.code, Language.SVG, size_of(photo))
            assert render.ok

    asyncio.run(run())
