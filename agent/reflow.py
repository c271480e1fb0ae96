"""How a run's best page gives way: drawn again in narrower windows, and measured."""

from __future__ import annotations

from critic.metrics.reflow import SHARES, Reflow, reflow
from graph.context import RenderCode
from renderers.types import Kind, Language, Size


async def reflow_of(code: str, size: Size, render: RenderCode) -> Reflow | None:
    """The metric of a page's code; None where it does not render.

    Args:
        code: HTML.
        size: The reference's.
        render: Draws it.
    """
    layouts = {}
    for share in (1.0, *SHARES):
        window = size._replace(width=round(share * size.width))
        layouts[share] = (await render(Kind.PAGE, code, Language.HTML, window)).layout
    whole = layouts.pop(1.0)
    narrower = {layout.width: layout for layout in layouts.values() if layout is not None}
    return reflow(whole, narrower) if whole is not None and len(narrower) == len(SHARES) else None
