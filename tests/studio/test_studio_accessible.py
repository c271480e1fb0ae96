"""The studio for those who do not see it, do not point, or hold it in a hand."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.studio.conftest import PATIENT, Studio
from tests.studio.in_page import ended, opened, picked

PHONE = {"width": 360, "height": 740}
NEEDED = frozenset(
    [
        "files",
        "kind",
        "rounds",
        "ask",
        "go-on",
        "waits",
        "again-kind",
        "of",
        "cause",
        "words",
        "left",
        "bottom",
        "code",
        "keep",
    ]
)
"""Fields and buttons without which something cannot be done by keyboard."""


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds, down to the merely moderate."""
    found = Axe().run(page).response
    assert found["passes"], "it looked at nothing"
    return [
        {"rule": item["id"], "nodes": [node["html"] for node in item["nodes"]]}
        for item in found["violations"]
    ]


@pytest.fixture(scope="module")
def run(browser: Browser, studio: Studio) -> str:
    """Address of a run with a revision, something said and code that does not render."""
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    opened(page, studio)
    picked(page, "shapes.png")
    ended(page)
    page.fill("#words", "darker")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#tree ul li")).to_have_count(1)
    ended(page)
    address = page.url
    page.close()
    return address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(browser: Browser, studio: Studio, run: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    opened(page, studio)
    expect(page.get_by_role("link", name="shapes")).to_be_visible()
    assert violations(page) == []
    page.goto(run)
    expect(page.locator("#tree ul li")).to_have_count(1)
    page.select_option("#cause", "text")
    page.fill("#code", "<svg")
    expect(page.locator("#typed-log")).to_be_visible()
    page.evaluate("for (const closed of document.querySelectorAll('details')) closed.open = true")
    assert violations(page) == []
    with context.expect_page() as report:
        page.get_by_role("link", name="Report", exact=True).click()
    report.value.wait_for_load_state()
    assert violations(report.value) == []
    context.close()


def test_axe_would_find_something_wrong(browser: Browser, studio: Studio) -> None:
    page = browser.new_page()
    opened(page, studio)
    page.evaluate(
        "document.querySelector('#rounds').closest('label').replaceWith(document.querySelector('#rounds'))"
    )
    assert [item["rule"] for item in violations(page)] == ["label"]
    page.close()


def test_on_a_phone_in_the_dark_and_by_keyboard(browser: Browser, run: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme="dark")
    page = context.new_page()
    page.goto(run)
    expect(page.locator("#view h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"
    assert violations(page) == []
    reached = set()
    page.locator("body").press("Tab")
    for _ in range(80):
        reached.add(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Tab")
    assert reached >= NEEDED
    context.close()
