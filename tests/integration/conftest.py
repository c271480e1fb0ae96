"""A browser for the tests of pages that users open."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from renderers.chromium import WITHOUT_EXTRAS, find_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ["--disable-gpu", WITHOUT_EXTRAS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=flags)
        yield found
        found.close()
