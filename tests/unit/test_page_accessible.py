"""A written page is valid HTML and can be used without seeing it, apart from what its picture looks like."""

from __future__ import annotations

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from agent.generators.embedded.page.flow import write_flow
from critic.reading.page.types import Edge, Family, Fill, LaidLine, Page, Shape, Span, Stop
from critic.types import Box
from renderers.chromium import WITHOUT_EXTRAS, find_browser

LINE = Edge(width=1, colour="#767676")


def fill(colour: str) -> Fill:
    return Fill(stops=(Stop(at=0.0, colour=colour),))


def line(words: str, x: float, baseline: float, colour: str = "#202020", size: float = 16.0) -> LaidLine:
    ink = Box(x, baseline - 0.75 * size, x + 0.5 * size * len(words), baseline)
    span = Span(text=words, colour=colour)
    return LaidLine(
        spans=(span,), family=Family.SANS, size=size, x=x, baseline=baseline, ink=ink, ground="#ffffff"
    )


def box(x0: float, y0: float, x1: float, y1: float, colour: str, *, edged: bool = False) -> Shape:
    border = (LINE, LINE, LINE, LINE) if edged else (None, None, None, None)
    return Shape(box=Box(x0, y0, x1, y1), fill=fill(colour), border=border, radius=(4.0, 4.0, 4.0, 4.0))


@pytest.fixture(scope="module")
def code() -> str:
    """A page with a heading, a form, a table, a list and a row of links."""
    menu = [line(word, 500 + 90 * i, 40) for i, word in enumerate(("Home", "Tides", "Lamps"))]
    form = [
        line("Work email", 40, 120),
        line("jane@harbour.org", 52, 153),
        line("Sign in", 86, 203, "#ffffff"),
    ]
    cells = [
        line(word, x, 280 + 30 * row)
        for row, words in enumerate(
            (("Monday", "3.4", "1.1"), ("Tuesday", "3.6", "0.9"), ("Friday", "4.0", "0.7"))
        )
        for word, x in zip(words, (40, 300, 500), strict=True)
    ]
    entries = [line("Harbours", 60, 420), line("Lamps", 60, 440)]
    signs = [Shape(box=Box(44, y - 8, 49, y - 3), fill=fill("#202020")) for y in (420, 440)]
    return write_flow(
        Page(
            width=800,
            height=600,
            fill=fill("#ffffff"),
            lines=(line("Tide tables", 40, 44, size=30), *menu, *form, *cells, *entries),
            shapes=(
                box(40, 132, 340, 168, "#ffffff", edged=True),
                box(40, 182, 180, 218, "#0a4d8c"),
                *signs,
            ),
        )
    )


def test_the_page_parses_strictly(code: str) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(code)
    for tag in ("h1", "input", "button", "table", "li"):
        assert tree.find(f".//{tag}") is not None, tag


def test_axe_finds_nothing_serious(code: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[WITHOUT_EXTRAS])
        page = browser.new_page()
        page.set_content(code)
        found = Axe().run(page).response
        browser.close()
    assert found["passes"], "it looked at nothing"
    serious = [item["id"] for item in found["violations"] if item["impact"] in ("serious", "critical")]
    assert serious == []
