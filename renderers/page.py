"""Pages: HTML and CSS in Chromium, at the reference's viewport."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from renderers.browser import Browser
from renderers.kinds import KINDS
from renderers.libraries import Libraries
from renderers.markup import draw_document
from renderers.tab import Shot
from renderers.types import Kind, Language, Render, Size

if TYPE_CHECKING:
    from renderers.service import Tools

_DEFAULT = Size(1280, 800)


class PageRenderer:
    """Draws a page as a window of the reference's size shows it."""

    kind = Kind.PAGE

    def __init__(self, browser: Browser, seconds: float = 20.0, scripts: bool = False) -> None:
        """Take the browser to draw in.

        Args:
            browser: Shared with other renderers.
            seconds: Time limit of one render.
            scripts: Whether the pages' own scripts run.
        """
        self._browser = browser
        self._seconds = seconds
        self._scripts = scripts

    @classmethod
    def with_tools(cls, tools: Tools) -> PageRenderer:
        """The renderer as a service of several makes it."""
        return cls(tools.browser, scripts=tools.scripts)

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render a whole HTML document at ``size`` (1280 x 800 by default), on a screen of its scale.

        Raises:
            LanguageError: It draws no such language.
        """
        KINDS[self.kind].check(language)
        scripts = self._scripts or await asyncio.to_thread(Libraries().wants_scripts, code)
        shot = Shot(code, size or _DEFAULT, scripts=scripts, measure=True)
        return await draw_document(self._browser, shot, self._seconds)

    async def aclose(self) -> None:
        """The browser is shared and closed by its owner."""
