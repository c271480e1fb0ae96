"""A page as a browser shows it: of a server on this machine, or of a file; with its scripts and styles."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mcp.server.mcpserver.exceptions import ToolError
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Route, WebSocketRoute, async_playwright

from agent.mcp.roots import Roots
from renderers.chromium import find_browser
from renderers.pictures import load_picture
from renderers.types import Image, Size

_SECONDS = 20.0
_SETTLED = 2_000
"""Milliseconds that the network is waited for to be quiet; a page with a live connection never is."""
_HOSTS = ("localhost", "*.localhost", "127.0.0.1", "[::1]")
"""Hosts that a browser may speak to where it is held to this machine."""
_LOCAL = frozenset({"localhost", "localhost."})


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine by its name alone: nothing is looked up."""
    try:
        host = urlsplit(url).hostname or ""
        return host in _LOCAL or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def screenshot(address: str, viewport: Size, roots: Roots, *, anywhere: bool) -> Image:
    """Pixels of a page's first screen, or of all of it where it is longer.

    Args:
        address: An http(s) address, or an HTML file under the roots.
        viewport: Size of the window.
        roots: What a file may load.
        anywhere: Whether addresses other than loopback may be reached.

    Raises:
        ToolError: The address is not allowed, or the page cannot be shown.
    """
    url = _allowed(address, roots, anywhere)

    async def guard(route: Route) -> None:
        allowed = _may_load(route.request.url, roots, anywhere)
        await (route.continue_() if allowed else route.abort("blockedbyclient"))

    try:
        async with asyncio.timeout(_SECONDS), async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(), args=() if anywhere else _held_here(url)
            )
            try:
                context = await browser.new_context(
                    viewport={"width": viewport.width, "height": viewport.height},
                    service_workers="block",
                    accept_downloads=False,
                    reduced_motion="reduce",
                )
                await context.route("**/*", guard)
                await context.route_web_socket(lambda found: not _may_load(found, roots, anywhere), _closed)
                page = await context.new_page()
                page.on("dialog", lambda dialog: dialog.dismiss())
                await page.goto(url, wait_until="load")
                with suppress(PlaywrightError):  # it is shown as it is by then
                    await page.wait_for_load_state("networkidle", timeout=_SETTLED)
                return load_picture(await page.screenshot(full_page=True, animations="disabled"))
            finally:
                await browser.close()
    except TimeoutError:
        raise ToolError(f"{address}: took longer than {_SECONDS:g} s to show") from None
    except PlaywrightError as error:
        raise ToolError(f"{address}: cannot be shown ({str(error).splitlines()[0]})") from error


def _held_here(url: str) -> tuple[str]:
    """The switch that holds a browser to this machine, for what requests do not show either: redirections.

    Hosts are named whole: ``127.*`` would also be the name of another machine, such as 127.example.org.
    """
    own = urlsplit(url).hostname
    hosts = (*_HOSTS, *([own] if own and own not in _HOSTS else []))
    return (f"--host-resolver-rules=MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {host}' for host in hosts)}",)


def _allowed(address: str, roots: Roots, anywhere: bool) -> str:
    """The address to open.

    Raises:
        ToolError: It is another machine's, of a scheme that is not served, or no file under the roots.
    """
    if urlsplit(address).scheme in ("http", "https"):
        if not anywhere and not is_loopback(address):
            raise ToolError(f"{address}: not on this machine; lookalike mcp --anywhere would allow it")
        return address
    if "://" in address:
        raise ToolError(f"{address}: give an http address, or an HTML file under the allowed folders")
    return roots.file(address).as_uri()


def _may_load(url: str, roots: Roots, anywhere: bool) -> bool:
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob", "about"):
        return True
    if parts.scheme == "file":
        path = Path(unquote(parts.path)).resolve()
        return any(path.is_relative_to(folder) for folder in roots.folders)
    return anywhere or is_loopback(url)


def _closed(socket: WebSocketRoute) -> None:
    """A connection that is not allowed comes to nothing: the page sees one that never answers."""
