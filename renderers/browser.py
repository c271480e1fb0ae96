"""One Chromium for all HTML renders, found on the machine."""

from __future__ import annotations

import asyncio
import os
import shutil
from types import TracebackType

import numpy as np
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Playwright, Route, async_playwright

from renderers.errors import BrowserError
from renderers.pictures import load_picture
from renderers.types import Image, Size

_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--force-color-profile=srgb",
)


def find_browser() -> str | None:
    """Path of an installed Chromium or Chrome; None leaves it to Playwright's own."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    return None


class Browser:
    """A lazily started headless Chromium that only ever sees the document it is given."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: PlaywrightBrowser | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Browser:
        """Nothing to do: the browser starts with the first picture."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the browser."""
        await self.aclose()

    async def screenshot(self, html: str, viewport: Size, *, grow: bool, seconds: float) -> Image:
        """Pixels of a document.

        Args:
            html: The whole document.
            viewport: Size of the window, and of the picture.
            grow: Whether a document larger than the window makes the picture larger.
            seconds: Time limit.

        Raises:
            TimeoutError: The document took longer.
            BrowserError: The browser does not start.
        """
        async with asyncio.timeout(seconds):
            browser = await self._started()
            context = await browser.new_context(
                viewport={"width": viewport.width, "height": viewport.height},
                java_script_enabled=False,
                service_workers="block",
            )
            try:
                page = await context.new_page()
                await page.route("**/*", _only_data)
                await page.set_content(html, wait_until="load")
                size = await _content_size(page, viewport) if grow else viewport
                if size != viewport:
                    await page.set_viewport_size({"width": size.width, "height": size.height})
                return np.asarray(load_picture(await page.screenshot()))
            finally:
                await context.close()

    async def _started(self) -> PlaywrightBrowser:
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._playwright = self._playwright or await async_playwright().start()
                root = hasattr(os, "geteuid") and os.geteuid() == 0
                flags = [*_FLAGS, "--no-sandbox"] if root else list(_FLAGS)
                try:
                    self._browser = await self._playwright.chromium.launch(
                        executable_path=find_browser(), args=flags
                    )
                except PlaywrightError as error:
                    raise BrowserError(
                        "no browser could be started; install Chromium or Chrome, "
                        "or run: playwright install chromium"
                        f" ({str(error).splitlines()[0]})"
                    ) from error
            return self._browser

    async def aclose(self) -> None:
        """Close the browser. Safe to call twice."""
        browser, playwright = self._browser, self._playwright
        self._browser = self._playwright = None
        if browser is not None:
            await browser.close()
        if playwright is not None:
            await playwright.stop()


async def _only_data(route: Route) -> None:
    if route.request.url.startswith("data:"):
        await route.continue_()
    else:
        await route.abort()


async def _content_size(page: Page, viewport: Size) -> Size:
    metrics = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    return Size(max(viewport.width, int(metrics[0])), max(viewport.height, int(metrics[1])))
