"""Finding a Chromium and starting it, as confined as the machine allows."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError

from renderers.errors import BrowserError
from renderers.isolation import netless

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
    # nothing is looked up or connected to, not even by what requests do not show (preconnect, prefetch)
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--dns-prefetch-disable",
    "--no-pings",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


def find_browser() -> str | None:
    """Path of an installed Chromium or Chrome; None leaves it to Playwright's own."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    return None


@dataclass(frozen=True, slots=True)
class Confinement:
    """What stands around a browser besides the refusal of its requests.

    Attributes:
        network: Whether it could reach a network at all.
        sandbox: Whether its pages run in its own sandbox.
    """

    network: bool
    sandbox: bool


async def launch(playwright: Playwright) -> tuple[Browser, Confinement]:
    """Start a browser: without a network and with its sandbox, else with its sandbox, else as it starts.

    Raises:
        BrowserError: None starts.
    """
    with tempfile.TemporaryDirectory(prefix="lookalike-") as folder:
        complaint = ""
        for path, confinement in _ways(playwright, Path(folder)):
            try:
                browser = await playwright.chromium.launch(
                    executable_path=path, args=list(_FLAGS), chromium_sandbox=confinement.sandbox
                )
            except PlaywrightError as error:
                complaint = str(error).splitlines()[0]
            else:
                return browser, confinement
    raise BrowserError(
        "no browser could be started; install Chromium or Chrome, or run: playwright install chromium"
        f" ({complaint})"
    )


def _ways(playwright: Playwright, folder: Path) -> Iterator[tuple[str | None, Confinement]]:
    path = find_browser()
    if sys.platform == "linux":
        script = folder / "browser"
        command = [sys.executable, "-I", netless.__file__, path or playwright.chromium.executable_path]
        script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        script.chmod(0o700)
        yield str(script), Confinement(network=False, sandbox=True)
    if not (hasattr(os, "geteuid") and os.geteuid() == 0):
        yield path, Confinement(network=True, sandbox=True)
    yield path, Confinement(network=True, sandbox=False)
