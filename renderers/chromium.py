"""Finding a Chromium and starting it, as confined as the machine allows."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from renderers.browser_memory import MOST_DATA, Memory
from renderers.errors import BrowserError
from renderers.isolation import netless
from renderers.scratch import scratch

_FEATURES_OFF = (
    # suggestions below an address bar that nobody sees: they took .8 of the 2 processor seconds of a start
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # what Playwright turns off, by a flag of which only the last one counts
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
WITHOUT_EXTRAS = f"--disable-features={','.join(_FEATURES_OFF)}"
"""The flag that leaves out what a browser without a window needs least."""

_FLAGS = (
    WITHOUT_EXTRAS,
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--blink-settings=imageAnimationPolicy=2",  # pictures that move show their first frame
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
    """Path of the installed Chromium or Chrome that is tried first; None leaves it to Playwright's own."""
    return next(_installed(), None)


def _installed() -> Iterator[str]:
    for name in _NAMES:
        if path := shutil.which(name):
            yield path


@dataclass(frozen=True, slots=True)
class Confinement:
    """Which browser runs, and what stands around it besides the refusal of its requests.

    Attributes:
        path: The browser's program.
        network: Whether it could reach a network at all.
        sandbox: Whether its pages run in its own sandbox.
        memory: Watches what its processes hold; None where a system does not tell.
    """

    path: str
    network: bool
    sandbox: bool
    memory: Memory | None = None


async def start_driver() -> Playwright:
    """Start Playwright's driver, with its browsers' profiles where a later start of ours clears them.

    The driver takes over the environment as it is when it starts, and has no other way to be told.
    """
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(scratch())
    try:
        return await async_playwright().start()
    finally:
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before


async def launch(playwright: Playwright) -> tuple[Browser, Confinement]:
    """Start a browser: without a network and with its sandbox, else with its sandbox, else as it starts.

    What is installed may not start (a stub that asks for a package, say); Playwright's own is tried after it.

    Raises:
        BrowserError: None starts.
    """
    complaints: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="browser-", dir=scratch()) as folder:
        for program, confinement in _ways(playwright, Path(folder)):
            try:
                browser = await playwright.chromium.launch(
                    executable_path=program, args=list(_FLAGS), chromium_sandbox=confinement.sandbox
                )
            except PlaywrightError as error:
                complaints[confinement.path] = str(error).splitlines()[0]
            else:
                return browser, replace(confinement, memory=_memory_of(program))
    tried = "; ".join(f"{path}: {complaint}" for path, complaint in complaints.items())
    raise BrowserError(f"no browser starts; run: playwright install --with-deps chromium ({tried})")


def _ways(playwright: Playwright, folder: Path) -> Iterator[tuple[str, Confinement]]:
    """The program to start, and which browser confined by what that gives; the strongest walls first."""
    paths = list(dict.fromkeys([*_installed(), playwright.chromium.executable_path]))
    if sys.platform == "linux":
        for number, path in enumerate(paths):
            command = [sys.executable, "-I", netless.__file__, path]
            yield _script(folder, f"netless{number}", command), Confinement(path, network=False, sandbox=True)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    for sandbox in (False,) if as_root else (True, False):
        for number, path in enumerate(paths):
            program = _script(folder, f"browser{number}", [path]) if sys.platform == "linux" else path
            yield program, Confinement(path, network=True, sandbox=sandbox)


def _script(folder: Path, name: str, command: list[str]) -> str:
    """A program that becomes the browser, within bounded memory, and leaves word of its process."""
    script = folder / name
    script.write_text(
        f"#!/bin/sh\nulimit -d {MOST_DATA >> 10}\n"
        f"echo $$ >{shlex.quote(str(_word(name, folder)))}\n"
        f'exec {shlex.join(command)} "$@"\n'
    )
    script.chmod(0o700)
    return str(script)


def _word(program: str, folder: Path) -> Path:
    return folder / f"{Path(program).name}.pid"


def _memory_of(program: str) -> Memory | None:
    word = _word(program, Path(program).parent)
    return Memory(int(word.read_text())) if word.exists() else None
