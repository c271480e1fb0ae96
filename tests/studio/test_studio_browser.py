"""The studio in a browser: from a dropped picture to the code, with a person's word in between."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from agent.report.run_folder import read_run_folder
from tests.studio.conftest import Studio

SIDE = 120
HOSTILE = '<img src=x onerror="window.owned=1">\'"--><script>window.owned=1</script>'
PATIENT = 60_000
"""Milliseconds that a run may take on a machine that does much else."""


def drawing() -> bytes:
    """A disc and a square."""
    image = Image.new("RGB", (4 * SIDE, 4 * SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 60, 260, 260), fill="#2050a0")
    draw.rectangle((280, 280, 440, 440), fill="#c01020")
    file = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, format="PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def studio(start: Callable[[Path], Studio], tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return start(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def page(browser: Browser, studio: Studio) -> Page:
    made = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    made.set_default_timeout(PATIENT)
    return made


def opened(page: Page, studio: Studio, rest: str = "") -> None:
    page.goto(studio.url + rest)


def dropped(page: Page, name: str, *, rounds: int = 0, ask: bool = False) -> None:
    page.select_option("#kind", "svg")
    page.fill("#rounds", str(rounds))
    page.set_checked("#ask", ask)
    page.set_input_files("#files", {"name": name, "mimeType": "image/png", "buffer": drawing()})


def ended(page: Page) -> None:
    expect(page.locator("#doing")).to_have_text(re.compile("^ended"), timeout=PATIENT)
    expect(page.locator("#stop")).to_be_disabled()


def test_from_a_picture_to_code_that_a_person_mended(page: Page, studio: Studio) -> None:
    opened(page, studio)
    dropped(page, "shapes.png")
    expect(page.locator("#latest")).to_have_js_property("complete", True)
    ended(page)
    expect(page.locator("#tree > li")).to_have_count(1)

    box = page.locator("#drawn-on").bounding_box()
    assert box is not None
    times = box["width"] / SIDE
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#drawn-on").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 13 * times, box["y"] + 13 * times)
    page.mouse.down()
    page.mouse.move(box["x"] + 67 * times, box["y"] + 67 * times, steps=4)
    page.mouse.up()
    assert (
        abs(float(page.input_value("#left")) - 13) <= 1 and abs(float(page.input_value("#bottom")) - 67) <= 1
    )
    page.select_option("#cause", "recoloured fill")
    page.fill("#wanted", "#208040")
    page.fill("#words", "the disc is green")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#tree ul li")).to_have_count(1)
    ended(page)
    expect(page.locator("#view")).to_contain_text("drawn in #208040 now")
    expect(page.locator("#view")).to_contain_text("said by a person")

    other = page.context.new_page()  # another tab sees the same
    other.goto(page.url)
    expect(other.locator("#tree ul .verdict")).to_have_text("best")
    page.reload()
    expect(page.locator("#tree ul .verdict")).to_have_text("best")
    expect(page.locator("#code")).to_have_value(re.compile("#208040"))

    page.fill("#code", page.input_value("#code").replace("#208040", "#ff8800"))
    expect(page.locator("#typed")).to_have_attribute("src", re.compile("^blob:"))
    page.get_by_role("button", name="Make it a candidate").click()
    expect(page.locator("#tree")).to_contain_text("Candidate 2")
    ended(page)
    page.get_by_role("button", name="Accept: candidate 1").click()
    expect(page.locator("#tree .verdict.best").locator("..")).to_contain_text("Candidate 1")
    with page.expect_download() as download:
        page.get_by_text("Download the code").click()
    assert "#208040" in Path(download.value.path()).read_text(encoding="utf-8")
    run = read_run_folder(studio.folder / "shapes")
    assert run.run.stop_reason == "person" and run.run.best_id == 1
    line = (studio.folder / "shapes" / "trajectory.jsonl").read_text(encoding="utf-8").splitlines()[2]
    assert json.loads(line)["author"] == "human"


def test_a_killed_studio_loses_nothing(
    browser: Browser, start: Callable[[Path], Studio], tmp_path: Path
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENT)
    first = start(tmp_path)
    opened(page, first)
    dropped(page, "kept.png", ask=True)
    expect(page.locator("#doing")).to_have_text(re.compile("your turn"), timeout=PATIENT)
    first.kill()
    again = start(tmp_path)
    opened(page, again)
    page.get_by_role("link", name="kept").click()
    expect(page.locator("#tree > li")).to_have_count(1)
    expect(page.locator("#runs")).to_contain_text("not finished")
    page.get_by_role("button", name="Go on", exact=True).click()
    ended(page)
    assert read_run_folder(tmp_path / "kept").run.stop_reason is not None
    page.close()


def test_hostile_names_words_and_code_run_nothing(page: Page, studio: Studio) -> None:
    opened(page, studio)
    page.on("dialog", lambda dialog: pytest.fail("something ran"))
    dropped(page, f"{HOSTILE}.png")
    ended(page)
    page.fill("#words", HOSTILE)
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#view")).to_contain_text("<script>window.owned=1</script>")
    expect(page.locator("#tree li")).to_have_count(2)
    ended(page)
    page.fill(
        "#code",
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><!--{HOSTILE.replace('--', '')}--></svg>",
    )
    page.get_by_role("button", name="Make it a candidate").click()
    expect(page.locator("#view")).to_contain_text("written by hand")
    ended(page)
    expect(page.locator("#title")).to_contain_text("<img src=x")
    assert page.evaluate("window.owned") is None
    with page.context.expect_page() as report:
        page.get_by_role("link", name="Report", exact=True).click()
    report.value.wait_for_load_state()
    assert report.value.evaluate("window.owned") is None
    assert report.value.evaluate("origin") == "null", "what a report runs reaches nothing of the studio"


def test_on_a_phone_in_the_dark_and_by_keyboard(browser: Browser, studio: Studio) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    page = context.new_page()
    opened(page, studio)
    page.get_by_role("link").nth(1).click()
    expect(page.locator("#view h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 17, 22)"
    reached = set()
    page.locator("body").press("Tab")
    for _ in range(80):
        reached.add(page.evaluate("document.activeElement.id"))
        page.keyboard.press("Tab")
    assert {
        "files",
        "kind",
        "rounds",
        "go-on",
        "of",
        "cause",
        "words",
        "left",
        "bottom",
        "code",
        "keep",
    } <= reached
    unnamed = page.evaluate(
        """[...document.querySelectorAll("input, select, textarea, button, a")]
        .filter((item) => item.checkVisibility() && !(item.labels?.length || item.getAttribute("aria-label")
          || item.textContent.trim())).map((item) => item.outerHTML)"""
    )
    assert unnamed == []
    context.close()
