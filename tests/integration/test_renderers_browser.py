"""Which browser is started, where several are installed or none works."""

from __future__ import annotations

import asyncio

import pytest

from renderers import BrowserError, Size
from renderers.browser import Browser, find_browser
from renderers.chromium import _NAMES
from renderers.tab import Shot

STUB = "#!/bin/sh\necho 'Command requires the chromium snap to be installed.' >&2\nexit 1\n"
SHOT = Shot("<p>text</p>", Size(60, 40))


async def draw():
    async with Browser() as browser:
        return await browser.screenshot(SHOT, 60)


def put(folder, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def test_a_stub_that_does_not_start_is_passed_over(tmp_path, monkeypatch):
    if (real := find_browser()) is None:
        pytest.skip("only Playwright's own browser is here")
    put(tmp_path, _NAMES[0], STUB)
    put(tmp_path, _NAMES[1], f'#!/bin/sh\nexec {real} "$@"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert find_browser() == str(tmp_path / _NAMES[0])
    assert asyncio.run(draw()).shape == (40, 60, 3)


def test_where_none_starts_it_says_what_to_run(tmp_path, monkeypatch):
    for name in _NAMES:
        put(tmp_path, name, STUB)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    with pytest.raises(BrowserError, match="run: playwright install --with-deps chromium") as raised:
        asyncio.run(draw())
    assert str(tmp_path / _NAMES[0]) in str(raised.value)
