"""Whether a page gives way: what a browser lays out in narrower windows, told as a metric."""

from __future__ import annotations

import asyncio

from agent.reflow import reflow_of
from critic.metrics.reflow import Reflow
from renderers import Renderers, Size

_SIZE = Size(800, 300)
_FLOWING = """<!DOCTYPE html><style>body { margin: 0; color: #222; } p { margin: 8px; font-size: 16px; }
.row { display: flex; } .note { color: #060; font-size: 13px; }</style>
<div class="row"><p>The lamp burns from dusk until dawn and is trimmed at noon.</p>
<p class="note">High water comes twice a day in most harbours.</p></div>"""
_FIXED = """<!DOCTYPE html><style>body { margin: 0; width: 800px; } p { position: absolute; top: 8px }</style>
<p style="left: 10px">The lamp burns from dusk.</p><p style="left: calc(100vw - 500px); top: 12px">Until dawn,
it is trimmed.</p><p style="left: 600px; width: 190px">High water comes twice.</p>"""
_CLIPPED = _FLOWING.replace("display: flex;", "display: flex; width: 50vw; overflow: hidden;")
_CUT = _CLIPPED.replace("p { margin", "p { white-space: nowrap; margin")


def _measured(*codes: str) -> list[Reflow]:
    async def run() -> list[Reflow]:
        async with Renderers() as renderers:
            found = [await reflow_of(code, _SIZE, renderers.render) for code in codes]
            return [item for item in found if item is not None]

    return asyncio.run(run())


def test_what_flows_gives_way_and_what_is_fixed_does_not() -> None:
    flowing, fixed, cut = _measured(_FLOWING, _FIXED, _CUT)
    assert flowing.passes and [item.width for item in flowing.narrow] == [600, 400]
    assert flowing.in_flow == 1.0
    assert (flowing.sizes, flowing.classes) == (2, 2)
    assert not fixed.passes and fixed.in_flow < 0.5
    assert all(item.scrolls for item in fixed.narrow)
    assert fixed.narrow[0].overlaps > 0
    assert all(item.cut for item in cut.narrow)
    assert "600 px gives way" in flowing.told() and "scrolls sideways" in fixed.told()


def test_code_that_does_not_render_has_no_figure() -> None:
    assert _measured("<p>" + "x" * 20_000_001) == []


def test_what_a_scroll_box_holds_can_be_scrolled_to_and_what_another_hides_is_cut() -> None:
    row = "<span style='white-space:nowrap'>" + "a rather long row of code " * 6 + "</span>"
    page = "<body style='margin:0'><div style='width:100%;overflow-x:{}'>" + row + "</div></body>"
    scrolled, hidden, open_ = _measured(*(page.format(how) for how in ("auto", "hidden", "visible")))
    assert scrolled.passes
    assert all(item.cut and not item.scrolls for item in hidden.narrow)
    assert all(item.scrolls for item in open_.narrow)
