"""The report in a real browser, opened from a file as a user does."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from agent.report import write_index, write_report
from tests.report_runs import RunWriter, bars, chart_run

HUGE = "data:image/png;base64," + "iVBORw0KGgo" * 3000
PAGE_CODE = (
    f'<!doctype html>\n<p title="</script>">été \U0001f642</p>\r\n<img src="{HUGE}">\n'
    + "<p>line</p>\n" * 300
)

CONTRAST = """
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = {};
  const rgba = (colour) => (known[colour] ??= painted(colour));
  const painted = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => rgba(colour).slice(0, 3).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let step = element; step; step = step.parentElement) {
      const colour = getComputedStyle(step).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return "white";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (element.closest("script, .hidden, .mark, option, title")) continue;
    const style = getComputedStyle(element);
    const ink = light(element.closest("svg") ? style.fill : style.color);
    const ground = light(behind(element));
    const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
    seen += 1;
    if (ratio < 4.5) poor.push([walker.currentNode.textContent.trim().slice(0, 30), ratio]);
  }
  return { seen, poor };
}
"""


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(chart_run(tmp_path_factory.mktemp("runs") / "rain"))


@pytest.fixture(scope="module")
def web_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over a tall page with a huge code and an unbreakably long word everywhere."""
    run = RunWriter(tmp_path_factory.mktemp("runs") / "page")
    reference = run.picture(bars((300, 200), "purple", "x", (900, 1500)))
    word = "unbreakable" * 30
    found = [
        {
            "category": "text_error",
            "severity": 2,
            "location": word,
            "description": word,
            "box": [0, at, 900, at + 9],
        }
        for at in range(0, 900, 30)
    ]
    run.candidate(PAGE_CODE, suffix=".html", render=reference, accepted=True, discrepancies=found)
    run.candidate(
        PAGE_CODE.replace("été", "hiver"),
        suffix=".html",
        parent=0,
        round=1,
        accepted=True,
        render=run.picture(bars((300, 230), "purple", "x", (900, 1500))),
        reward=1.9,
        similarity=0.95,
        discrepancies=found[3:],
        actions=[{"discrepancy": 0, "description": word, "done": True}],
        log=word,
    )
    run.run(
        picture=word + ".png",
        kind="page",
        reference=reference,
        stop_reason="plateau",
        rounds=1,
        seconds=1,
        settings={word: word},
        best="best.html",
        first_id=0,
        best_id=1,
    )
    return write_report(run.folder)


class Visit:
    """A page with everything that went wrong while it was open."""

    def __init__(self, browser: Browser, file: Path, width: int = 1280, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.faults: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._asked)
        self.home = file.as_uri()
        self.page.goto(self.home)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.faults.append(f"asked for {request.url}")

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, *error: object) -> None:
        self.context.close()
        if error[0] is None:
            assert self.faults == []


def split(page: Page) -> float:
    """Where the visible part of the render begins, 0..1, as it is painted."""
    clip = page.evaluate("getComputedStyle(document.querySelector('.layer.render')).clipPath")
    return float(clip.removesuffix("%)").split()[-1]) / 100


def test_the_slider_is_dragged_and_moved_by_keys(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        assert split(page) == 0.5
        area = page.locator(".stage").bounding_box()
        assert area is not None
        middle = area["y"] + 50
        page.mouse.move(area["x"] + area["width"] / 2, middle)
        page.mouse.down()
        page.mouse.move(area["x"] + area["width"] * 0.8, middle, steps=4)
        assert split(page) == pytest.approx(0.8, abs=0.02)
        page.mouse.up()
        page.mouse.move(area["x"] + 5, middle)
        assert split(page) == pytest.approx(0.8, abs=0.02)
        page.keyboard.press("ArrowLeft")
        assert split(page) == pytest.approx(0.79, abs=0.02)
        page.keyboard.press("Home")
        assert split(page) == 0.0


def pixel(page: Page, x: float, y: float) -> tuple[int, ...]:
    """The colour that is painted at a place of the stage, in the pictures' own pixels."""
    shot = Image.open(io.BytesIO(page.locator(".stage .layers").screenshot())).convert("RGB")
    colour = shot.getpixel((round(x * shot.width / 640), round(y * shot.height / 400)))
    assert isinstance(colour, tuple)
    return tuple(int(part) for part in colour)


def test_the_difference_is_black_where_both_agree(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        page.get_by_text("Difference", exact=True).click()
        page.select_option("#shown", "0")
        assert pixel(page, 30, 200) == (0, 0, 0)
        blue, orange = (0x1F, 0x77, 0xB4), (255, 165, 0)
        expected = tuple(abs(one - two) for one, two in zip(blue, orange, strict=True))
        assert pixel(page, 120, 300) == pytest.approx(expected, abs=2)
        page.locator("#gain").focus()
        page.keyboard.press("ArrowRight")
        assert pixel(page, 120, 300)[1] == pytest.approx(2 * expected[1], abs=4)
        page.get_by_text("Slider", exact=True).click()
        assert pixel(page, 30, 200) == (255, 255, 255)


def test_overlay_and_side_by_side(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        page.get_by_text("Overlay", exact=True).click()
        page.select_option("#shown", "0")
        assert pixel(page, 120, 300) == pytest.approx(
            ((0x1F + 255) // 2, (0x77 + 165) // 2, 0xB4 // 2), abs=2
        )
        page.get_by_text("Side by side", exact=True).click()
        left, right = (page.locator(f".layer.{name} img").bounding_box() for name in ("reference", "render"))
        assert left is not None and right is not None
        assert left["x"] + left["width"] <= right["x"] and left["y"] == right["y"]


def test_views_are_chosen_by_keys(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        page.locator("input[value=slider]").focus()
        page.keyboard.press("ArrowRight")
        assert page.locator("#compare").get_attribute("data-mode") == "side"


def test_boxes_are_shown_on_demand_and_lit_from_the_list(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        mark = page.locator("#candidate-1 .mark[data-number='1']")
        number = page.locator("#candidate-1 button.number").first
        assert mark.is_visible()
        number.click()
        assert "lit" in (mark.get_attribute("class") or "") and number.get_attribute("aria-pressed") == "true"
        number.click()
        assert number.get_attribute("aria-pressed") == "false"
        page.locator("#candidate-1 .show-marks").uncheck()
        assert not mark.is_visible()
        page.select_option("#shown", "0")
        page.locator("#boxes").check()
        assert page.locator(".over .mark").count() == 4 and page.locator(".over .mark").first.is_visible()


def test_copy_gives_the_whole_code(browser: Browser, web_page: Path) -> None:
    options = {"permissions": ["clipboard-read", "clipboard-write"]}
    with Visit(browser, web_page, **options) as page:
        page.locator("#best button.copy").click()
        page.get_by_text("Copied", exact=True).wait_for()
        best = PAGE_CODE.replace("été", "hiver")
        assert page.evaluate("navigator.clipboard.readText()") == best
        page.locator("#candidate-0 details.whole summary").click()
        page.locator("#candidate-0 button.copy").click()
        page.locator("#candidate-0").get_by_text("Copied", exact=True).wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == PAGE_CODE


def test_copy_works_without_the_clipboard_interface(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        page.evaluate("""() => {
          Object.defineProperty(navigator, "clipboard", { value: undefined });
          document.addEventListener("copy", () => { window.taken = document.activeElement.value; });
        }""")
        page.locator("#best button.copy").click()
        page.get_by_text("Copied", exact=True).wait_for()
        assert page.evaluate("window.taken") == (chart.parent / "best.py").read_text()


def test_the_diff_opens_and_marks_what_changed(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        changes = page.locator("#candidate-1 details.changes")
        assert not changes.locator("pre").is_visible()
        changes.locator("summary").focus()
        page.keyboard.press("Enter")
        assert changes.locator(".row.add").first.is_visible()
        assert changes.locator(".row.del mark").all_inner_texts() == ["180", "200", "Rainfal"]
        assert changes.locator(".row.add mark").all_inner_texts() == ["220", "230", "Rainfall"]


def test_a_dot_of_the_plot_leads_to_its_candidate(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart) as page:
        page.locator(".plot.wide .dot.failed").click()
        assert page.evaluate("document.activeElement.id") == "candidate-3"
        assert page.url.endswith("#candidate-3")


@pytest.mark.parametrize("width", [360, 768])
def test_nothing_is_wider_than_the_screen(browser: Browser, chart: Path, web_page: Path, width: int) -> None:
    for file in (chart, web_page, write_index(web_page.parent.parent), write_index(chart.parent.parent)):
        with Visit(browser, file, width) as page:
            page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
            for mode in page.locator(".modes label").all():
                mode.click()
                assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast(browser: Browser, chart: Path, web_page: Path, scheme: str) -> None:
    for file in (chart, web_page, write_index(chart.parent.parent)):
        with Visit(browser, file, color_scheme=scheme) as page:
            page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
            found = page.evaluate(CONTRAST)
            assert found["seen"] > 10
            assert found["poor"] == []


def test_the_theme_can_be_chosen_and_is_remembered(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart, color_scheme="light") as page:
        ground = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(ground)
        button = page.locator("button.theme")
        button.click()
        button.click()
        assert "dark" in button.inner_text()
        assert page.evaluate(ground) != before
        page.reload()
        assert page.evaluate(ground) != before
        button.click()
        assert page.evaluate(ground) == before


def test_without_scripts_everything_can_still_be_read(browser: Browser, chart: Path) -> None:
    with Visit(browser, chart, java_script_enabled=False) as page:
        assert page.locator(".layer.reference img").is_visible()
        assert page.locator("#best pre").is_visible()
        assert not page.locator("button.theme").is_visible()
