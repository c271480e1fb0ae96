"""What the browser tests do in the studio's page."""

from __future__ import annotations

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.studio.conftest import Studio

SIDE = 120


def drawing() -> bytes:
    """A disc and a square."""
    image = Image.new("RGB", (4 * SIDE, 4 * SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 60, 260, 260), fill="#2050a0")
    draw.rectangle((280, 280, 440, 440), fill="#c01020")
    file = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, format="PNG")
    return file.getvalue()


def opened(page: Page, studio: Studio, rest: str = "") -> None:
    page.goto(studio.url + rest)


def chosen(page: Page, *, rounds: int = 0, ask: bool = False) -> None:
    """What the next picture is begun with: as an icon."""
    page.select_option("#kind", "svg")
    page.fill("#rounds", str(rounds))
    page.set_checked("#ask", ask)


def picked(page: Page, name: str, *, rounds: int = 0, ask: bool = False) -> None:
    """A picture taken by the file chooser."""
    chosen(page, rounds=rounds, ask=ask)
    page.set_input_files("#files", {"name": name, "mimeType": "image/png", "buffer": drawing()})


def ended(page: Page) -> None:
    expect(page.locator("#doing")).to_have_text(re.compile("^ended"))
    expect(page.locator("#stop")).to_be_disabled()
