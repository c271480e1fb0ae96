"""The studio in a browser: from a dropped picture to the code, with a person's word in between."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from agent.report.run_folder import read_run_folder
from tests.studio.conftest import PATIENT, ROOT, Studio
from tests.studio.in_page import SIDE, chosen, drawing, ended, opened, picked

pytestmark = pytest.mark.long

HOSTILE = '<img src=x onerror="window.owned=1">\'"--><script>window.owned=1</script>'
FREE = frozenset(
    [
        "picture",
        "generator",
        "critic",
        "description",
        "location",
        "category",
        "log",
        "failure",
        "author",
        "notes",
    ]
)
"""Keys of what a run folder holds whose texts come from pictures, models and people."""


def test_from_a_picture_to_code_that_a_person_mended(page: Page, studio: Studio) -> None:
    opened(page, studio)
    picked(page, "shapes.png")
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
    picked(page, "kept.png", ask=True)
    expect(page.locator("#doing")).to_have_text(re.compile("your turn"))
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
    picked(page, f"{HOSTILE}.png")
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


def test_pictures_are_dropped_and_pasted(page: Page, studio: Studio, tmp_path: Path) -> None:
    opened(page, studio)
    chosen(page)
    file = tmp_path / "dropped.png"
    file.write_bytes(drawing())
    zone = page.locator("#drop").bounding_box()
    assert zone is not None
    browser = page.context.new_cdp_session(
        page
    )  # as a file manager drops them: no script of the page's takes part
    for step in ("dragEnter", "dragOver", "drop"):
        over = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        place = {"x": zone["x"] + zone["width"] / 2, "y": zone["y"] + zone["height"] / 2}
        browser.send("Input.dispatchDragEvent", {"type": step, **place, "data": over})
    expect(page.locator("#title")).to_contain_text("dropped.png")
    ended(page)

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """async (bytes) => {
        const picture = new Blob([Uint8Array.from(bytes)], { type: "image/png" });
        await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    }""",
        list(drawing()),
    )
    page.keyboard.press("ControlOrMeta+V")
    expect(page.locator("#title")).to_contain_text("image.png")
    ended(page)
    assert {folder.name for folder in studio.folder.iterdir()} >= {"dropped", "image"}


def test_two_tabs_and_a_reload_in_the_middle(page: Page, studio: Studio) -> None:
    opened(page, studio)
    picked(page, "watched.png", ask=True)
    turn = re.compile("your turn")
    expect(page.locator("#doing")).to_have_text(turn)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#doing")).to_have_text(turn)
    page.reload()
    expect(page.locator("#doing")).to_have_text(turn)
    other.fill("#words", "darker")
    other.get_by_role("button", name="Say it").click()
    for tab in (page, other):
        expect(tab.locator("#tree ul li")).to_have_count(1)
        expect(tab.locator("#doing")).to_have_text(turn)
    page.get_by_role("button", name="Accept: candidate 0").click()
    for tab in (page, other):
        ended(tab)
        expect(tab.locator("#tree .verdict.best").locator("..")).to_contain_text("Candidate 0")


def test_a_run_is_begun_again_as_another_kind(page: Page, studio: Studio) -> None:
    opened(page, studio)
    picked(page, "what.png")
    ended(page)
    expect(page.locator("#title .chip")).to_have_text(["svg", "svg"])
    expect(page.locator("#again-kind")).to_have_value("svg")
    page.select_option("#again-kind", "table")
    page.select_option("#again-to", "markdown")
    page.get_by_role("button", name="Start again as that").click()
    expect(page.locator("#title .chip")).to_have_text(["table", "markdown"])
    ended(page)
    assert read_run_folder(studio.folder / "what").run.kind == "svg", "it stays as it was"
    assert read_run_folder(studio.folder / "what-2").run.language == "markdown"


def test_a_run_of_a_batch_is_opened_and_goes_on(
    page: Page, start: Callable[[Path], Studio], tmp_path: Path
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("one.png", "two.png"):
        (pictures / name).write_bytes(drawing())
    out = tmp_path / "runs" / "nightly"
    command = [
        sys.executable,
        "-m",
        "agent.cli",
        "batch",
        str(pictures),
        "-o",
        str(out),
        "--kind",
        "svg",
        "--rounds",
        "0",
    ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    folder = next(found.parent for found in sorted(out.rglob("run.json")) if "two" in found.parent.name)
    rows = (out / "results.jsonl").read_bytes()

    opened(page, start(tmp_path / "runs"))
    page.get_by_role("link", name=re.compile("two")).click()
    expect(page.locator("#tree > li")).to_have_count(1)
    expect(page.locator("#doing")).to_have_text(re.compile("^ended"))
    for edge, place in {"left": 13, "top": 13, "right": 67, "bottom": 67}.items():
        page.fill(f"#{edge}", str(place))
    page.select_option("#cause", "recoloured fill")
    page.fill("#wanted", "#208040")
    page.fill("#words", "the disc is green")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#tree ul .verdict")).to_have_text("best")
    ended(page)
    assert read_run_folder(folder).run.best_id == 1
    assert (out / "results.jsonl").read_bytes() == rows, "the batch's own row stays as the batch measured it"
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert read_run_folder(folder).run.best_id == 1, "the batch takes nothing back"


def test_whatever_a_run_folder_holds_runs_nothing(page: Page, studio: Studio) -> None:
    opened(page, studio)
    picked(page, "honest.png")
    ended(page)
    page.fill("#words", "darker")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#tree ul li")).to_have_count(1)
    ended(page)
    name = "<img src=x onerror=window.owned=1>"
    folder = studio.folder / name
    shutil.copytree(studio.folder / "honest", folder)
    for file in ("run.json", "trajectory.jsonl"):
        text = (folder / file).read_text(encoding="utf-8")
        texts = [text] if file == "run.json" else text.splitlines()
        lines = [json.dumps(poisoned(json.loads(line))) for line in texts]
        (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    opened(page, studio)
    page.get_by_role("link", name=name).click()
    expect(page.locator("#view")).to_contain_text("<script>window.owned=1</script>")
    expect(page.locator("#title")).to_contain_text("<img src=x")
    expect(page.locator("#tree li")).to_have_count(2)
    assert page.evaluate("window.owned") is None
    assert page.locator("#view script:not([type='application/json'])").count() == 0


def poisoned(value: Any, key: str = "") -> Any:
    """JSON whose free texts are hostile."""
    if isinstance(value, dict):
        return {name: poisoned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, key) for item in value]
    return HOSTILE if isinstance(value, str) and key in FREE else value
