"""Which way a page is written: by what each loses, and by how the flow gives way."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from agent.generators.embedded.page.layouts import chosen
from agent.generators.embedded.types import Bench
from critic.reading import Reader
from critic.reading.page.types import Fill, Page, Stop
from renderers.layout import Extent, Laid, PageLayout
from renderers.types import Image, Render, RenderStatus

WHITE = np.full((60, 100, 3), 255, np.uint8)


def laid(x0: float, x1: float) -> Laid:
    box = Extent(x0, 0.0, x1, 20.0)
    return Laid(
        tag="p", number=None, box=box, text=box, lines=1, position="static", floats=False, cut=False,
        size=16.0, colour="black", ground="rgba(0, 0, 0, 0)", classes=(),
    )  # fmt: skip


def layout(width: float, *, crowded: bool) -> PageLayout:
    return PageLayout(width=width, reach=width, elements=(laid(0, 20), laid(10 if crowded else 25, 45)))


def speckled(share: float) -> Image:
    """White with some of it black."""
    image = WHITE.copy()
    image[: round(60 * share)] = 0
    return image


def bench_of(flow: Image, *, crowded: bool) -> Bench:
    async def probe(code: str) -> Render:
        return Render(
            RenderStatus.OK, image=flow if ":root" in code else WHITE, layout=layout(100, crowded=False)
        )

    async def narrow(code: str, share: float) -> Render:
        return Render(RenderStatus.OK, image=WHITE, layout=layout(100 * share, crowded=crowded))

    return Bench(reader=Reader(), probe=probe, narrow=narrow)


PAGE = Page(
    width=100, height=60, fill=Fill(stops=(Stop(at=0.0, colour="#ffffff"),)), shapes=(), pictures=(), lines=()
)


@pytest.mark.parametrize(
    ("crowded", "layout", "said"),
    [(False, "flow", "that give way"), (True, "absolute", "1 overlaps")],
)
def test_a_flow_that_does_not_give_way_may_lose_less(
    crowded: bool, layout: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that gives way may look a little worse than fixed places."""
    monkeypatch.setattr(
        "agent.generators.embedded.page.layouts.similarity",
        lambda _, image: 0.99 if (image == 0).any() else 1.0,
    )
    choice = asyncio.run(chosen(PAGE, WHITE, bench_of(speckled(0.1), crowded=crowded)))
    assert choice.drawn.layout == layout
    assert said in choice.action.description


def test_a_flow_as_near_as_fixed_places_is_taken_and_what_is_wrong_is_said() -> None:
    choice = asyncio.run(chosen(PAGE, WHITE, bench_of(WHITE, crowded=True)))
    assert choice.drawn.layout == "flow"
    assert "75 px 1 overlaps" in choice.action.description
