"""One browser page, kept between renders and emptied after each."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from dataclasses import dataclass
from typing import Any, NamedTuple

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError

from renderers.errors import PageCrashError, PageTooLargeError
from renderers.inlined import (
    MAX_PICTURE_PIXELS,
    brings_data,
    pixels_of_frames,
    plainly,
    with_still_drawings,
    without_refresh,
)
from renderers.layout import LAYOUT, PageLayout, layout_of
from renderers.libraries import Libraries
from renderers.pictures import load_picture
from renderers.types import Image, Size

_LOOKS, _PAUSE = 40, 0.05
"""Looks at a page with what was served to it until two are the same, and seconds between them."""

_FONTS_LOADED = "document.fonts.status == 'loaded'"

MAX_SIDE = 16_000
MAX_PIXELS = 50_000_000

# Through the prototypes: an element with the name of one of the document's own properties stands in its way.
_OWN = """const own = (name, of = document) =>
    Object.getOwnPropertyDescriptor(Document.prototype, name).get.call(of);
  const call = (name, of = document, ...given) => Document.prototype[name].call(of, ...given);"""
# A frame first holds an empty document; one that comes late may never be loaded.
_FRAMES = """const frames = (of) =>
    [...call('querySelectorAll', of, 'iframe, frame, object')].filter(f => f.contentDocument);
  const begun = (f) => !f.srcdoc || f.loading == 'lazy' || own('URL', f.contentDocument) == 'about:srcdoc';
  const loaded = (of) => own('readyState', of) == 'complete' && [...own('images', of)].every(i => i.complete)
    && frames(of).every(f => begun(f) && loaded(f.contentDocument));"""
_READY = f"(() => {{ {_OWN} {_FRAMES} return loaded(document) }})()"
# Shown as it is in the end, in its frames too: a picture taken on the way would be another one each time.
_SETTLED = f"""(() => {{
  {_OWN}
  {_FRAMES}
  if (!loaded(document)) return false;
  const within = (of) => [of, ...frames(of).flatMap(f => within(f.contentDocument))];
  for (const shown of within(document)) {{
    for (const moving of call('getAnimations', shown))
      try {{ moving.finish() }} catch {{ moving.cancel() }}
    Element.prototype.setAttribute.call(own('documentElement', shown), 'inert', '');  // takes no focus
    const focused = own('activeElement', shown);
    if (focused && focused != own('body', shown)) HTMLElement.prototype.blur.call(focused);
  }}
  window.scrollTo(0, 0);
  return true;
}})()"""
_RESTLESS = ("animation", "transition", "autofocus", "marquee")
"""Words without one of which nothing in a document moves by itself, or takes the focus."""

# The union of everything drawn in the body, and how far the document can be scrolled.
_EXTENT = f"""(() => {{
  {_OWN}
  const root = own('documentElement'), range = call('createRange');
  range.selectNodeContents(own('body') || root);
  const box = range.getBoundingClientRect();
  return [root.scrollWidth, root.scrollHeight, Math.ceil(box.right), Math.ceil(box.bottom)];
}})()"""


@dataclass(frozen=True, slots=True)
class Shot:
    """What to draw.

    Attributes:
        html: The whole document.
        viewport: Size of the window, in pixels of the picture; its scale is that of the screen.
        grow: Whether a document larger than the window makes the picture larger.
        trim: Margin in CSS pixels beyond which empty room right of and below the content is left out;
            None leaves nothing out.
        scripts: Whether the document's scripts run.
        measure: Whether to say where its elements are.
    """

    html: str
    viewport: Size
    grow: bool = False
    trim: int | None = None
    scripts: bool = False
    measure: bool = False


class Drawing(NamedTuple):
    """A document's pixels, where its elements are, for a shot that asks for it, and what was served to it."""

    image: Image
    layout: PageLayout | None = None
    served: tuple[str, ...] = ()


class Tab:
    """A page in a context of its own. Only its document and local copies of libraries are loaded."""

    def __init__(self, context: BrowserContext, page: Page, wire: CDPSession, scripts: bool) -> None:
        """Use ``open``."""
        self._context, self._page, self._wire = context, page, wire
        self._window: tuple[Size, float] | None = None
        self._disturbed = False
        self._crashed = asyncio.Event()
        self.scripts = scripts
        self.used = 0
        self._libraries = Libraries()
        self._served: dict[str, str] = {}

    @classmethod
    async def open(cls, browser: Browser, scripts: bool) -> Tab:
        """A new page, with requests kept from the network, and popups, dialogs and downloads closed."""
        context = await browser.new_context(
            java_script_enabled=scripts,
            service_workers="block",
            accept_downloads=False,
            offline=True,
            no_viewport=True,
            locale="en-US",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        wire = await context.new_cdp_session(page)
        await wire.send("Animation.enable")
        await wire.send("Animation.setPlaybackRate", {"playbackRate": 0})  # what is not ended stands still
        tab = cls(context, page, wire, scripts)
        await context.route("**/*", tab._serve)
        page.on("popup", tab._close_popup)
        page.on("crash", lambda _: tab._crashed.set())
        page.on("dialog", lambda dialog: dialog.dismiss())
        return tab

    @property
    def reusable(self) -> bool:
        """Whether the next render may use this page: no script ran in it, and nothing odd happened."""
        return not (self.scripts or self._disturbed or self._page.is_closed())

    async def draw(self, shot: Shot) -> Drawing:
        """The pixels of a document.

        Raises:
            PlaywrightError: Among others, the page's process has ended: what was asked of it nobody answers.
        """
        drawing = asyncio.ensure_future(self._draw(shot))
        crashing = asyncio.ensure_future(self._crashed.wait())
        try:
            await asyncio.wait((drawing, crashing), return_when=asyncio.FIRST_COMPLETED)
            if not drawing.done():
                raise PlaywrightError("its process has ended")
            return await drawing
        finally:
            for task in (drawing, crashing):
                task.cancel()

    async def _draw(self, shot: Shot) -> Drawing:
        self.used += 1
        self._served = {}
        window, scale = shot.viewport.window, shot.viewport.scale
        await self._resize(window, scale)
        tree = await self._wire.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        plain = plainly(shot.html)
        document = with_still_drawings(shot.html, plain)
        document = document if shot.scripts else without_refresh(document, plain)
        await self._wire.send("Page.setDocumentContent", {"frameId": frame, "html": document})
        restless = shot.scripts or any(word in plain for word in _RESTLESS)
        ready = _SETTLED if restless else _READY
        pictured = shot.scripts or brings_data(plain)
        await self._loaded(ready, pictured)
        if self._served:
            await self._settled(_FONTS_LOADED)
            if shot.scripts:
                await self._settled(LAYOUT)
        layout = layout_of(await self._evaluate(LAYOUT)) if shot.measure else None
        clip = await self._extent(shot, window)
        if shot.grow and (clip.width > window.width or clip.height > window.height):
            await self._resize(Size(max(clip.width, window.width), max(clip.height, window.height)), scale)
            if pictured:  # a larger window may show more of them, once it has been drawn
                await self._captured(Size(1, 1))
                await self._loaded(ready, pictured)
        image = load_picture(await self._captured(clip))
        # A window of whole CSS pixels may show a part of one more than the picture has.
        if clip == window:
            image = image[: shot.viewport.height, : shot.viewport.width]
        return Drawing(image, layout, tuple(f"{told} for {url}" for told, url in self._served.items()))

    async def _captured(self, clip: Size) -> bytes:
        """The upper left part of the page as PNG."""
        answer = await self._wire.send(
            "Page.captureScreenshot",
            {
                "format": "png",
                "optimizeForSpeed": True,
                "clip": {"x": 0, "y": 0, "width": clip.width, "height": clip.height, "scale": 1},
            },
        )
        return base64.b64decode(answer["data"])

    async def empty(self) -> None:
        """Leave nothing of the last document behind.

        A new document alone would not do: a window keeps its content security policy and a pending refresh.
        """
        await self._wire.send("Page.navigate", {"url": "about:blank"})

    async def _loaded(self, ready: str, pictured: bool) -> None:
        """Wait until all is there, and look at how large its pictures are where it may have some.

        Raises:
            PageTooLargeError: They have too many pixels.
        """
        while not await self._evaluate(ready):  # noqa: ASYNC110 - the events of a page are out of reach
            await asyncio.sleep(0.005)
        if pictured:
            await self._check_pictures()

    async def _check_pictures(self) -> None:
        tree = (await self._wire.send("Page.getResourceTree"))["frameTree"]
        pixels = await asyncio.to_thread(pixels_of_frames, tree)
        if pixels > MAX_PICTURE_PIXELS:
            raise PageTooLargeError(
                f"the document's pictures have {pixels:,} pixels, more than {MAX_PICTURE_PIXELS:,} allowed"
            )

    async def _resize(self, size: Size, scale: float) -> None:
        if (size, scale) != self._window:
            await self._wire.send(
                "Emulation.setDeviceMetricsOverride",
                {"width": size.width, "height": size.height, "deviceScaleFactor": scale, "mobile": False},
            )
            self._window = (size, scale)

    async def _extent(self, shot: Shot, window: Size) -> Size:
        """The part of the window, or beyond it, that the picture shows, in CSS pixels."""
        width, height = window.width, window.height
        if shot.grow or shot.trim is not None:
            across, down, right, bottom = await self._evaluate(_EXTENT)
            if shot.grow:
                width, height = max(width, across), max(height, down)
            if shot.trim is not None:
                width = max(1, min(width, max(right, across if across > window.width else 0) + shot.trim))
                height = max(1, min(height, max(bottom, down if down > window.height else 0) + shot.trim))
        side, pixels = int(MAX_SIDE / shot.viewport.scale), int(MAX_PIXELS / shot.viewport.scale**2)
        width = min(width, side)
        return Size(width, min(height, side, pixels // width))

    async def _evaluate(self, expression: str) -> Any:
        asked = {"expression": expression, "returnByValue": True}
        if self.scripts:  # where the document's own scripts have changed nothing
            frame = (await self._wire.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
            world = await self._wire.send("Page.createIsolatedWorld", {"frameId": frame})
            asked["contextId"] = world["executionContextId"]
        answer = await self._wire.send("Runtime.evaluate", asked)
        if "exceptionDetails" in answer:
            raise PageCrashError("the document cannot be looked at")
        return answer["result"].get("value")

    async def _serve(self, route: Route) -> None:
        """Answer a request for a library from its local copy, and refuse all others."""
        with contextlib.suppress(Exception):  # the page may be gone by now
            url = route.request.url
            found = await asyncio.to_thread(self._libraries.answer, url)
            if found is None:
                # any other reason would put an error page in the document's place
                await route.abort("aborted")
                return
            self._served[found.told] = url
            allowed = {"access-control-allow-origin": "*"}
            await route.fulfill(body=found.body, content_type=found.mime, headers=allowed)

    async def _settled(self, asked: str) -> None:
        """Wait until a page answers the same twice: it was served fonts, or a script that styles it."""
        before = None
        for _ in range(_LOOKS):
            now = await self._evaluate(asked)
            if now == before:
                return
            before = None if now is False else now
            await asyncio.sleep(_PAUSE)

    def _close_popup(self, popup: Page) -> None:
        self._disturbed = True
        task = asyncio.ensure_future(popup.close())
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def close(self) -> None:
        """Close the page and forget its context."""
        with contextlib.suppress(Exception):
            await self._context.close()
