"""Pages: HTML and CSS in Chromium, at the reference's viewport."""

from __future__ import annotations

import time

from renderers.browser import Browser
from renderers.outcome import finished
from renderers.types import Kind, Language, Render, RenderStatus, Size

_DEFAULT = Size(1280, 800)


class PageRenderer:
    """Draws a page as a window of the reference's size shows it."""

    kind = Kind.PAGE

    def __init__(self, browser: Browser, seconds: float = 20.0) -> None:
        self._browser = browser
        self._seconds = seconds

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render a whole HTML document at ``size`` (1280 x 800 by default)."""
        started = time.perf_counter()
        try:
            image = await self._browser.screenshot(code, size or _DEFAULT, grow=False, seconds=self._seconds)
        except TimeoutError:
            log = f"the page was not drawn within {self._seconds:g} s"
            return Render(RenderStatus.TIMEOUT, log=log, seconds=time.perf_counter() - started)
        return finished(image, started)

    async def aclose(self) -> None:
        """The browser is shared and closed by its owner."""
