"""SVG: CairoSVG on white, after lxml has parsed it without entities or network."""

from __future__ import annotations

import asyncio
import time

import cairosvg
from lxml import etree

from renderers.outcome import finished
from renderers.pictures import load_picture
from renderers.types import Kind, Language, Render, RenderStatus, Size

_DEFAULT = Size(336, 336)


class SvgRenderer:
    """Draws SVG at the reference's size."""

    kind = Kind.SVG

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render SVG at ``size`` (336 x 336 by default) on white."""
        return await asyncio.to_thread(_render, code, size or _DEFAULT)

    async def aclose(self) -> None:
        """Nothing is kept."""


def _render(code: str, size: Size) -> Render:
    started = time.perf_counter()
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(code.encode(), parser)
        png = cairosvg.svg2png(
            bytestring=etree.tostring(root),
            output_width=size.width,
            output_height=size.height,
            background_color="white",
        )
        return finished(load_picture(png), started)
    except Exception as error:  # CairoSVG raises whatever the damage leads to
        log = f"{type(error).__name__}: {error}"[:2000]
        return Render(RenderStatus.ERROR, log=log, seconds=time.perf_counter() - started)
