"""Tables: HTML, or Markdown by markdown-it-py, in Chromium."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from markdown_it import MarkdownIt

from renderers.browser import Browser
from renderers.kinds import KINDS
from renderers.markup import draw_document
from renderers.tab import Shot
from renderers.types import Image, Kind, Language, Render, Size

if TYPE_CHECKING:
    from renderers.service import Tools

_WIDE = Size(1600, 200)
_MARGIN = 12
_AT_ONCE = 512
"""Rows of pixels that are looked at together."""

_SAME_COLOUR = 2
"""Levels by which a pixel of the background may differ."""

# The look that Visual-ERM's tables are rendered with; a table's own style overrides it.
_STYLE = (
    "body{margin:20px;background:#fff;font:14px Arial,'Liberation Sans',sans-serif}"
    "table{border-collapse:collapse}th,td{border:1px solid #333;padding:6px 10px}"
)


class TableRenderer:
    """Draws a table at the reference's size, or cropped to its content."""

    kind = Kind.TABLE

    def __init__(self, browser: Browser, seconds: float = 20.0) -> None:
        self._browser = browser
        self._seconds = seconds

    @classmethod
    def with_tools(cls, tools: Tools) -> TableRenderer:
        """The renderer as a service of several makes it."""
        return cls(tools.browser)

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render a table.

        With ``size``, the picture has exactly that size, as a screen of its scale shows it, unless the
        table is larger, which makes it larger; without, it is cropped to its content with a margin of 12
        px.

        Raises:
            LanguageError: It draws no such language.
        """
        KINDS[self.kind].check(language)
        body = await asyncio.to_thread(html_of_markdown, code) if language is Language.MARKDOWN else code
        document = f"<!DOCTYPE html><meta charset='utf-8'><style>{_STYLE}</style>{body}"
        # one pixel more than the margin, so that the crop sees the background on all sides
        shot = Shot(document, size or _WIDE, grow=True, trim=None if size else _MARGIN + 1)
        render = await draw_document(self._browser, shot, self._seconds)
        if size or render.image is None:
            return render
        return replace(render, image=crop_to_content(render.image))

    async def aclose(self) -> None:
        """The browser is shared and closed by its owner."""


def html_of_markdown(code: str) -> str:
    """The HTML of a Markdown table."""
    return str(MarkdownIt("commonmark").enable("table").render(code))


def crop_to_content(image: Image, margin: int = _MARGIN) -> Image:
    """The part that differs from the top left pixel, with a margin of background around it."""
    down, across = np.zeros(image.shape[0], bool), np.zeros(image.shape[1], bool)
    for start in range(0, len(image), _AT_ONCE):  # a table of 50 megapixels at once would take gigabytes
        part = image[start : start + _AT_ONCE].astype(np.int16)
        differs = (np.abs(part - image[0, 0].astype(np.int16)) > _SAME_COLOUR).any(axis=2)
        down[start : start + _AT_ONCE] = differs.any(axis=1)
        across |= differs.any(axis=0)
    if not down.any():
        return image
    rows, columns = np.where(down)[0], np.where(across)[0]
    top, bottom = max(0, rows[0] - margin), rows[-1] + 1 + margin
    left, right = max(0, columns[0] - margin), columns[-1] + 1 + margin
    return np.ascontiguousarray(image[top:bottom, left:right])
