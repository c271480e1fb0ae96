"""One Chromium for all HTML renders, restarted when it crashes."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright

from renderers.browser_memory import MOST_HELD
from renderers.chromium import Confinement, find_browser, launch, start_driver
from renderers.errors import PageCrashError, PageTooLargeError
from renderers.tab import Drawing, Shot, Tab
from renderers.types import Image

__all__ = ["Browser", "find_browser"]

_RENDERS_PER_TAB = 200
_CLOSING_SECONDS = 3.0


class Browser:
    """A lazily started headless Chromium that only ever sees the documents it is given."""

    def __init__(self, tabs: int = 2) -> None:
        """Nothing starts before the first picture.

        Args:
            tabs: How many documents are drawn at a time.
        """
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None
        self._starting = asyncio.Lock()
        self._turns = asyncio.Semaphore(tabs)
        self._idle: list[Tab] = []
        self.confinement: Confinement | None = None
        """What stands around the browser; None before it has started."""

    async def __aenter__(self) -> Browser:
        """Nothing to do: the browser starts with the first picture."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the browser."""
        await self.aclose()

    async def screenshot(self, shot: Shot, seconds: float) -> Image:
        """Pixels of a document; see ``draw``."""
        return (await self.draw(shot, seconds)).image

    async def draw(self, shot: Shot, seconds: float) -> Drawing:
        """A document drawn; a crash is tried once more, in a new page.

        Raises:
            PageTooLargeError: It takes too much memory.
            TimeoutError: The document took longer than ``seconds``.
            PageCrashError: The page crashed twice.
            BrowserError: The browser does not start.
        """
        async with self._turns:
            try:
                return await self._attempt(shot, seconds)
            except PlaywrightError:
                try:
                    return await self._attempt(shot, seconds)
                except PlaywrightError as error:
                    reason = str(error).splitlines()[0]
                    raise PageCrashError(f"the browser could not draw the page ({reason})") from error

    async def _bounded(self, tab: Tab, shot: Shot) -> Drawing:
        """Draw in bounded memory.

        Raises:
            PageTooLargeError: It takes more.
        """
        memory = self.confinement.memory if self.confinement else None
        if memory is None:
            return await tab.draw(shot)
        before = memory.ended
        try:
            async with memory.bounded():
                return await tab.draw(shot)
        except PlaywrightError as error:
            if memory.ended == before:
                raise
            raise PageTooLargeError(
                f"the document takes more than {MOST_HELD >> 30} GB of memory to draw"
            ) from error

    async def _attempt(self, shot: Shot, seconds: float) -> Drawing:
        browser = await self._started()
        tab: Tab | None = None
        try:
            async with asyncio.timeout(seconds):
                tab = self._idle.pop() if self._idle and not shot.scripts else None
                tab = tab or await Tab.open(browser, shot.scripts)
                drawing = await self._bounded(tab, shot)
                if tab.reusable and tab.used < _RENDERS_PER_TAB:
                    await tab.empty()
                    self._idle.append(tab)
                    tab = None
                return drawing
        finally:
            if tab is not None:
                await self._discard(tab)

    async def _discard(self, tab: Tab) -> None:
        """Close a page; where it does not close (an endless script), the browser goes with it."""
        try:
            async with asyncio.timeout(_CLOSING_SECONDS):
                await tab.close()
        except TimeoutError:
            await self._shut_browser()

    async def _started(self) -> PlaywrightBrowser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._idle.clear()
                self._playwright = self._playwright or await start_driver()
                self._browser, self.confinement = await launch(self._playwright)
            return self._browser

    async def _shut_browser(self) -> None:
        browser, self._browser = self._browser, None
        self._idle.clear()
        if browser is not None:
            with contextlib.suppress(PlaywrightError):
                await browser.close()

    async def aclose(self) -> None:
        """Close the browser. Safe to call twice."""
        await self._shut_browser()
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            await playwright.stop()
