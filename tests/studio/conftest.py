"""The studio as a process of its own, and a browser before it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from renderers.chromium import WITHOUT_EXTRAS, find_browser

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

PATIENT = 60_000
"""Milliseconds that anything may take on a machine that does much else."""
ROOT = Path(__file__).resolve().parents[2]


class Studio:
    """``lookalike studio`` on a folder.

    Attributes:
        folder: Its runs.
        url: The page, token and all.
    """

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "agent.cli", "studio", str(folder), "--no-open"]
        self.folder = folder
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()

    def close(self) -> str:
        """Ask it to end; returns what it says on standard error, nothing where it had ended before."""
        if self._process.returncode is not None:
            return ""
        self._process.terminate()
        return self._process.communicate(timeout=60)[1]


@pytest.fixture(scope="module")
def start() -> Iterator[Callable[[Path], Studio]]:
    """Starts studios, which are ended in any case."""
    with ExitStack() as stack:

        def started(folder: Path) -> Studio:
            studio = Studio(folder)
            stack.callback(studio.close)
            return studio

        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENT)
        opened = playwright.chromium.launch(executable_path=find_browser(), args=[WITHOUT_EXTRAS])
        yield opened
        opened.close()
        expect.set_options()


@pytest.fixture(scope="module")
def studio(start: Callable[[Path], Studio], tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return start(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = context.new_page()
    made.set_default_timeout(PATIENT)
    yield made
    context.close()
