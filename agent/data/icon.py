"""An icon as a compressed SVG, in the colour of the text around it, and as a picture of any size."""

from __future__ import annotations

import gzip

from lxml import etree

from agent.background import BackgroundLoop
from agent.data.component import coloured_by_text
from agent.data.finished import Finished
from agent.errors import DataError
from renderers.pictures import encode_png
from renderers.service import Renderers
from renderers.types import Kind, Language, Render, Size


def write_svgz(finished: Finished) -> bytes:
    """SVG in gzip; the same code gives the same bytes."""
    return gzip.compress(finished.code.encode("utf-8", "replace"), mtime=0)


def write_in_colour_of_text(finished: Finished) -> str:
    """SVG in ``currentColor`` where it has one colour: the colour of the text that it stands in.

    Raises:
        DataError: It is no drawing.
    """
    root = coloured_by_text(finished)
    return etree.tostring(root, encoding="unicode").strip() + "\n"


def write_png(finished: Finished) -> bytes:
    """The icon on white, drawn in the sandbox as wide as was asked for.

    Raises:
        DataError: It cannot be drawn so.
    """
    loop = BackgroundLoop()
    try:
        drawn = loop.run(_drawn(finished.code, finished.options.pixels))
    finally:
        loop.close()
    if drawn.image is None:
        raise DataError(f"{finished.name}: not drawn at {finished.options.pixels} pixels: {drawn.log}")
    return encode_png(drawn.image)


async def _drawn(code: str, pixels: int) -> Render:
    async with Renderers(cache_bytes=0) as renderers:
        return await renderers.render(Kind.SVG, code, Language.SVG, Size(pixels, pixels))
