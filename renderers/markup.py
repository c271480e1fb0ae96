"""From an HTML document to a render: limits, the browser, and how it ended."""

from __future__ import annotations

import base64
import binascii
import io
import re
import time
from urllib.parse import unquote_to_bytes

from PIL import Image as PILImage

from renderers.browser import Browser
from renderers.errors import PageCrashError
from renderers.outcome import finished
from renderers.tab import Shot
from renderers.types import Render, RenderStatus

MAX_DOCUMENT = 20_000_000
MAX_PICTURE_PIXELS = 50_000_000

_DATA_PICTURE = re.compile(r"data:image/[^,\"'\s>]{0,200},([^\"'\s)>]*)", re.IGNORECASE)


async def draw_document(browser: Browser, shot: Shot, seconds: float) -> Render:
    """Draw a document; whatever it does is data.

    Raises:
        BrowserError: No browser starts.
    """
    started = time.perf_counter()
    if complaint := _too_large(shot.html):
        return Render(RenderStatus.REFUSED, log=complaint, seconds=time.perf_counter() - started)
    try:
        image = await browser.screenshot(shot, seconds)
    except TimeoutError:
        log = f"the document was not drawn within {seconds:g} s"
        return Render(RenderStatus.TIMEOUT, log=log, seconds=time.perf_counter() - started)
    except PageCrashError as error:
        return Render(RenderStatus.ERROR, log=str(error), seconds=time.perf_counter() - started)
    return finished(image, started)


def _too_large(html: str) -> str:
    """Why a document is not drawn: too long, or a picture inside it that would fill the memory."""
    if len(html) > MAX_DOCUMENT:
        return f"the document has {len(html):,} characters, more than the {MAX_DOCUMENT:,} allowed"
    pixels = sum(_pixels(match[1]) for match in _DATA_PICTURE.finditer(html))
    if pixels > MAX_PICTURE_PIXELS:
        return f"the document's pictures have {pixels:,} pixels, more than the {MAX_PICTURE_PIXELS:,} allowed"
    return ""


def _pixels(payload: str) -> int:
    """Pixels of an inlined picture by its header; 0 where Pillow cannot tell (SVG is drawn as lines)."""
    data = unquote_to_bytes(payload)
    try:
        head = base64.b64decode(data, validate=False)
    except (binascii.Error, ValueError):
        head = data
    try:
        with PILImage.open(io.BytesIO(head)) as picture:
            return picture.width * picture.height
    except PILImage.DecompressionBombError:
        return MAX_PICTURE_PIXELS + 1
    except Exception:  # decoders raise anything at all; the browser will not show it either
        return 0
