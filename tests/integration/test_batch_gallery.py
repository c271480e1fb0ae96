"""The gallery of a batch in a real browser, opened from a file as a user does."""

from __future__ import annotations

import random
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from agent.batch.finish import finish
from agent.batch.rows import Row
from agent.report import write_report
from tests.batch_out import failed_row, lean, row_of, write_rows
from tests.integration.test_report_browser import CONTRAST
from tests.report_runs import chart_run

MANY = 10_000
NEAR = 60
"""Pictures of items that are near the window, at most; eight and more are in it."""
HOSTILE = "</script><img src=x onerror=alert(1)><!--<script>"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three items that went well, one that did not, a lean one, and names that are anything but."""
    out = tmp_path_factory.mktemp("few")
    rows = []
    for index, (name, reward) in enumerate(
        [("good", 1.98), ("bad", 1.2), (f"odd #1 100% {HOSTILE}"[:40], 1.6)]
    ):
        folder = out / "items" / name.replace("/", "_")
        write_report(chart_run(folder))
        rows.append(row_of(out, folder, index, id=name, reward=reward, seconds=10.0 + index))
    rows.append(failed_row(3, f"the picture is damaged: {HOSTILE}"))
    rows.append(failed_row(4, "the model is gone", reference=rows[0].reference, kind="chart"))
    rows.append(lean(rows[0].model_copy(update={"id": "thin", "index": 5, "reward": 1.9}), out))
    finish(write_rows(out, rows))
    return out


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand items, each with a folder of its own name, which are all the same run."""
    out = tmp_path_factory.mktemp("many")
    run = chart_run(out / "run")
    write_report(run)
    pattern = row_of(out, run)
    (out / "items").mkdir()
    dice = random.Random(7)

    def row(index: int) -> Row:
        if index % 50 == 0:
            return failed_row(index, f"the picture is damaged or truncated (byte {index})")
        name = f"items/{index:05}"
        (out / name).symlink_to(run, target_is_directory=True)
        first = dice.uniform(1, 1.9)
        changes: dict[str, Any] = {
            "id": f"picture-{index}",
            "index": index,
            "source": f"shard-{index // 1000}.parquet, row {index % 1000}",
            "kind": dice.choice(["chart", "table", "svg", "page"]),
            "reward": dice.uniform(first, 2),
            "first_reward": first,
            "folder": name,
        }
        for path in ("code", "render", "reference"):
            changes[path] = getattr(pattern, path).replace("run/", f"{name}/", 1)
        return Row.model_validate(pattern.model_dump() | changes)

    finish(write_rows(out, map(row, dice.sample(range(MANY), MANY))))
    return out


class Visit:
    """A page with everything that was asked for and that went wrong while it was open."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()
        if error[0] is None:
            assert self.faults == []

    def names(self) -> list[str]:
        return [text.strip() for text in self.page.locator(".entry h2").all_inner_texts()]

    def pictures(self) -> list[str]:
        return [url for url in self.asked if url.endswith(".png")]


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds; Playwright's own way needs an ``eval`` that the page does not allow."""
    end = time.monotonic() + 120
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)


def gallery(out: Path) -> str:
    return (out / "gallery.html").as_uri()


def test_it_shows_the_worst_first_with_reference_beside_best(browser: Browser, few: Path) -> None:
    with Visit(browser, gallery(few)) as visit:
        assert visit.names() == ["item-3", "item-4", "bad", f"odd #1 100% {HOSTILE}"[:40], "thin", "good"]
        page = visit.page
        until(page, "[...document.images].filter((image) => image.naturalWidth === 640).length === 7")
        good = page.locator(".entry", has_text="good")
        assert good.locator("figcaption").all_inner_texts() == ["Reference", "Best render"]
        assert "1.80 → 1.98" in good.inner_text()
        assert "1.80, 1.86" in (good.locator(".spark").get_attribute("aria-label") or "")
        assert "stopped: rounds · 10.0 s" in good.inner_text()
        assert HOSTILE in page.locator(".entry", has_text="item-3").inner_text()
        assert page.locator(".entry", has_text="item-4").locator("img").count() == 1
        thin = page.locator(".entry", has_text="thin")
        assert "import matplotlib" in thin.inner_text() and thin.locator("img, a").count() == 0


def test_names_lead_to_the_reports(browser: Browser, few: Path) -> None:
    for name in ("good", f"odd #1 100% {HOSTILE}"[:40]):
        with Visit(browser, gallery(few)) as visit:
            visit.page.get_by_role("link", name=name, exact=True).click()
            visit.page.wait_for_selector("#compare")
            visit.page.go_back()
            visit.page.wait_for_selector(".entry")


def test_it_works_from_a_web_server_too(browser: Browser, few: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=few))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Visit(browser, f"http://127.0.0.1:{server.server_port}/gallery.html") as visit:
            loaded = "[...document.images].filter((image) => image.naturalWidth === 640).length === 7"
            until(visit.page, loaded)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("sort", "first", "reversed_first"),
    [
        ("gain", "item-3", "good"),
        ("similarity", "item-3", "good"),
        ("seconds", f"odd #1 100% {HOSTILE}"[:40], "item-3"),
        ("id", "bad", "thin"),
        ("place", "good", "thin"),
    ],
)
def test_it_sorts(browser: Browser, few: Path, sort: str, first: str, reversed_first: str) -> None:
    with Visit(browser, gallery(few)) as visit:
        visit.page.select_option("select[name=sort]", sort)
        assert visit.names()[0] == first
        visit.page.click("button[name=order]")
        assert visit.names()[0] == reversed_first


def test_it_filters(browser: Browser, few: Path) -> None:
    with Visit(browser, gallery(few)) as visit:
        page = visit.page
        page.select_option("select[name=status]", label="failed (2)")
        assert visit.names() == ["item-3", "item-4"]
        page.select_option("select[name=kind]", label="chart (5)")
        assert visit.names() == ["item-4"]
        page.click("button[type=reset]")
        page.fill("input[name=from]", "1.5")
        page.fill("input[name=to]", "1.95")
        page.press("input[name=to]", "Enter")
        assert visit.names() == [f"odd #1 100% {HOSTILE}"[:40], "thin"]
        page.click("button[type=reset]")
        page.fill("input[name=find]", "model GONE")
        until(page, "document.querySelectorAll('.entry').length === 1")
        assert visit.names() == ["item-4"]
        page.fill("input[name=find]", "nothing like this")
        page.wait_for_selector("#nothing", state="visible")
        page.click("#nothing button")
        assert len(visit.names()) == 6
        page.select_option("select[name=stop_reason]", label="rounds (4)")
        assert page.inner_text("output") == "4 of 6 items"


def test_the_choice_is_kept_in_the_address(browser: Browser, few: Path) -> None:
    with Visit(browser, gallery(few)) as visit:
        visit.page.select_option("select[name=sort]", "id")
        visit.page.select_option("select[name=status]", label="done (4)")
        chosen = visit.names()
        visit.page.reload()
        assert visit.names() == chosen == sorted(chosen)
        visit.page.goto(gallery(few) + "#sort=nonsense&kind=nonsense&from=x&size=%00")
        visit.page.reload()
        assert len(visit.names()) == 6


def test_it_can_be_used_from_the_keyboard(browser: Browser, few: Path) -> None:
    with Visit(browser, gallery(few)) as visit:
        page = visit.page
        focused = "document.activeElement.querySelector('h2').textContent"
        page.keyboard.press("/")
        page.keyboard.type("o")
        until(page, "document.querySelector('output').textContent !== '6 items'")
        page.fill("input[name=find]", "")
        until(page, "document.querySelector('output').textContent === '6 items'")
        page.locator(".entry").first.focus()
        page.keyboard.press("ArrowRight")
        assert page.evaluate(focused) == "item-4"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        assert page.evaluate(focused) == "good"
        page.keyboard.press("Home")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(focused) == "bad"
        page.keyboard.press("Enter")
        page.wait_for_selector("#compare")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read(browser: Browser, few: Path, scheme: Any, width: int) -> None:
    with Visit(browser, gallery(few), width, color_scheme=scheme) as visit:
        visit.page.locator("details summary").click()
        found = visit.page.evaluate(CONTRAST)
        assert found["seen"] > 40 and found["poor"] == []
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_ten_thousand_items_are_never_in_the_page_at_once(browser: Browser, many: Path) -> None:
    assert (many / "gallery.html").stat().st_size < 4_000_000
    with Visit(browser, gallery(many)) as visit:
        page = visit.page
        assert page.inner_text("output") == "10,000 items"
        elements = "document.querySelectorAll('*').length"
        assert page.evaluate(elements) < 1_000
        page.click("button[name=order]")
        page.wait_for_timeout(300)
        near = len(visit.pictures())
        assert 8 <= near < NEAR  # only those near the window
        page.click("button[name=order]")

        height = page.evaluate("document.body.scrollHeight")
        asked = len(visit.pictures())
        stops = 40
        for step in range(1, stops + 1):  # fling through the whole list
            page.evaluate(f"scrollTo(0, {height} * {step} / {stops})")
            page.wait_for_timeout(20)
            assert page.evaluate(elements) < 1_000
        until(page, "[...document.images].every((image) => image.naturalWidth === 640)")
        # However slow the machine, and so however long each stop, no more than what is near a stop is loaded.
        assert len(visit.pictures()) - asked <= stops * NEAR
        assert page.evaluate("scrollY") > 1_000_000
        assert "2.00" in page.locator(".entry").last.inner_text()

        page.evaluate("scrollTo(0, 0)")
        page.select_option("select[name=sort]", "id")
        page.fill("input[name=find]", "shard-7 row 12")
        until(page, "document.querySelector('output').textContent.includes('of 10,000')")
        page.select_option("select[name=size]", "small")
        until(page, "document.querySelectorAll('.entry').length > 0")
        assert page.evaluate(elements) < 1_000


def test_the_place_in_ten_thousand_is_found_again(browser: Browser, many: Path) -> None:
    with Visit(browser, gallery(many)) as visit:
        page = visit.page
        page.evaluate("scrollTo(0, 400000)")
        page.wait_for_selector(".entry a")
        before = visit.names()
        page.locator(".entry h2 a").nth(4).click()
        page.wait_for_selector("#compare")
        page.go_back()
        page.wait_for_selector(".entry a")
        until(page, "scrollY === 400000")
        assert visit.names() == before
