"""From an HTML document to a render: limits, the browser, and how it ended."""

from __future__ import annotations

import time
from dataclasses import replace

from renderers.browser import Browser
from renderers.errors import PageCrashError, PageTooLargeError
from renderers.outcome import finished
from renderers.tab import Shot
from renderers.types import Render, RenderStatus

MAX_DOCUMENT = 20_000_000


async def draw_document(browser: Browser, shot: Shot, seconds: float) -> Render:
    """Draw a document; whatever it does is data.

    Raises:
        BrowserError: No browser starts.
    """
    started = time.perf_counter()
    if complaint := _too_large(shot.html):
        return Render(RenderStatus.REFUSED, log=complaint, seconds=time.perf_counter() - started)
    try:
        drawing = await browser.draw(shot, seconds)
    except PageTooLargeError as error:
        return Render(RenderStatus.REFUSED, log=str(error), seconds=time.perf_counter() - started)
    except TimeoutError:
        log = f"the document was not drawn within {seconds:g} s"
        return Render(RenderStatus.TIMEOUT, log=log, seconds=time.perf_counter() - started)
    except PageCrashError as error:
        return Render(RenderStatus.ERROR, log=str(error), seconds=time.perf_counter() - started)
    log = f"served from local copies: {'; '.join(drawing.served)}" if drawing.served else ""
    done = finished(drawing.image, started)
    return replace(done, layout=drawing.layout, log=done.log or log)


def _too_large(html: str) -> str:
    """Why a document is not drawn."""
    if len(html) > MAX_DOCUMENT:
        return f"the document has {len(html):,} characters, more than the {MAX_DOCUMENT:,} allowed"
    return ""
