"""Without a model, what a person says of a place is done as it was said; words alone are not acted on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from agent.generators.embedded import EmbeddedGenerator
from critic.human import HUMAN
from critic.reading import Reader
from critic.types import Box, Cause, Discrepancy, Element
from graph.types import Draft, Revision, Task
from renderers.service import Renderers
from renderers.types import Image, Kind, Language, RenderStatus
from tests.charts import picture

RED = "#c01020"
PAGE = """<body style="margin:0;background:#fff;font:20px Arial">
<div style="position:absolute;left:20px;top:20px;width:300px;height:60px;background:#2050a0"></div>
<p style="position:absolute;left:40px;top:110px;margin:0">Quarterly report</p></body>"""
TABLE = """<table style="border-collapse:collapse;font:16px Arial" border="1" cellpadding="8">
<tr><th>Fruit</th><th>Tons</th></tr><tr><td>Apple</td><td>12</td></tr><tr><td>Plum</td><td>7</td></tr>
</table>"""
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120">
<rect width="120" height="120" fill="#fff"/><circle cx="40" cy="40" r="25" fill="#2050a0"/>
<rect x="70" y="70" width="40" height="40" fill="{RED}"/></svg>"""


def said(
    cause: Cause | None, box: Box | None = None, value: str | None = None, part: str = ""
) -> Discrepancy:
    element = Element(kind=part) if part else None
    return Discrepancy(
        category="style_error",
        severity=3,
        description="make the header darker",
        box=box,
        cause=cause,
        element=element,
        reference=value,
        source=HUMAN,
    )


class Bench:
    """One set of renderers for all tests here, and the loop that they live in."""

    def __init__(self) -> None:
        self._runner, self._renderers, self._reader = asyncio.Runner(), Renderers(), Reader()

    def revised(
        self, kind: Kind, language: Language, image: Image, *items: Discrepancy
    ) -> tuple[Draft, Draft]:
        """The first draft of a picture, and its revision after these words."""

        async def work() -> tuple[Draft, Draft]:
            generator = EmbeddedGenerator(self._reader, self._renderers.render)
            task = Task(kind, language, image)
            draft = await generator.draft(task, 0)
            drawn = await self._renderers.render(kind, draft.code, language, task.size)
            assert drawn.image is not None
            revision = Revision(
                task, draft.code, draft.description, drawn.image, RenderStatus.OK, "", discrepancies=items
            )
            return draft, await generator.revise(revision)

        return self._runner.run(work())

    def rendered(self, kind: Kind, code: str, language: Language) -> Image:
        image = self._runner.run(self._renderers.render(kind, code, language)).image
        assert image is not None
        return image

    def close(self) -> None:
        self._runner.run(self._renderers.aclose())
        self._runner.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def test_a_chart_s_title_and_bars_are_changed_as_said(bench: Bench) -> None:
    def draw(ax: object) -> None:
        ax.bar(["a", "b", "c"], [3, 5, 4], color="#1f77b4")  # type: ignore[attr-defined]
        ax.set_title("Sales by shop")  # type: ignore[attr-defined]

    title = said(Cause.TEXT, Box(120, 8, 290, 36), "Sales by town", "text")
    bars = said(Cause.RECOLOURED, Box(60, 50, 355, 262), RED, "fill")
    draft, better = bench.revised(Kind.CHART, Language.PYTHON, picture(draw), title, bars)
    assert "Sales by shop" in draft.code
    assert "Sales by town" in better.code and RED in better.code
    assert [action.done for action in better.actions] == [True, True]


def test_a_page_s_text_fill_and_extra_parts_are_changed_as_said(bench: Bench) -> None:
    image = bench.rendered(Kind.PAGE, PAGE, Language.HTML)
    text = said(Cause.TEXT, Box(36, 108, 210, 138), "Yearly report", "text")
    fill = said(Cause.RECOLOURED, Box(20, 20, 320, 80), RED, "fill")
    _, better = bench.revised(Kind.PAGE, Language.HTML, image, text, fill)
    assert "Yearly report" in better.code and RED in better.code
    _, without = bench.revised(
        Kind.PAGE, Language.HTML, image, said(Cause.EXTRA, Box(10, 10, 330, 90), part="part")
    )
    assert "#2050a0" not in without.code and "Quarterly report" in without.code


def test_a_table_s_cell_is_changed_as_said(bench: Bench) -> None:
    image = bench.rendered(Kind.TABLE, TABLE, Language.HTML)
    edges = np.flatnonzero((image < 128).any(axis=2).any(axis=0))
    right = float(edges.max())
    cell = said(Cause.TEXT, Box(right - 40, 45, right, 80), "31", "text")
    draft, better = bench.revised(Kind.TABLE, Language.HTML, image, cell)
    assert "12" in draft.code and "31" in better.code and ">12<" not in better.code


def test_a_drawing_s_shapes_are_changed_as_said(bench: Bench) -> None:
    image = bench.rendered(Kind.SVG, SVG, Language.SVG)
    across = image.shape[1] / 120
    circle = said(Cause.RECOLOURED, Box(15, 15, 65, 65).scaled(across), "#208040", "fill")
    square = said(Cause.EXTRA, Box(70, 70, 110, 110).scaled(across), part="part")
    draft, better = bench.revised(Kind.SVG, Language.SVG, image, circle, square)
    assert RED in draft.code
    assert "#208040" in better.code and RED not in better.code


def test_what_cannot_be_done_is_said(bench: Bench) -> None:
    image = bench.rendered(Kind.TABLE, TABLE, Language.HTML)
    items = said(None), said(Cause.TEXT, Box(1, 1, 4, 4), "x", "text")
    _, better = bench.revised(Kind.TABLE, Language.HTML, image, *items)
    for number, reason in enumerate(("not understood", "nothing that was read")):
        action = next(action for action in better.actions if action.discrepancy == number)
        assert not action.done and action.description.startswith(reason)


def test_code_by_hand_is_not_overwritten() -> None:
    revision = Revision(
        Task(Kind.SVG, Language.SVG, np.zeros((9, 9, 3), np.uint8)),
        "<svg/>",
        "",
        np.zeros((9, 9, 3), np.uint8),
        RenderStatus.OK,
        "",
        discrepancies=(said(None),),
    )
    generator = EmbeddedGenerator(Reader(), Renderers().render)
    answer = asyncio.run(generator.revise(replace(revision, round=1)))
    assert answer.code == "" and not answer.actions[0].done
