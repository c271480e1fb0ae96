"""Measure the page reader's fonts: writes critic/reading/page/metrics.json from the fonts of this machine.

Run it again only to add a font or a character. It needs fontconfig (fc-match), Pillow with Raqm, and the
fonts below.
"""

from __future__ import annotations

import json
import string
import subprocess
from pathlib import Path

from PIL import ImageFont

FONTS = {
    "sans": "Liberation Sans",
    "wide": "DejaVu Sans",
    "serif": "Liberation Serif",
    "bookish": "DejaVu Serif",
    "mono": "DejaVu Sans Mono",
    "courier": "Liberation Mono",
}
CHARACTERS = "".join(map(chr, range(33, 127))) + "–—‘’“”•…·©®™×→←€£°éèüöäßñ"
KERNED = string.ascii_letters + string.digits + ".,-:;'\"·"
EM = 1000


def measure(path: str) -> dict[str, dict[str, list[int]] | dict[str, int]]:
    """The letters of a font, in thousandths of its size.

    Of each: advance; left, right, top and bottom of the ink; its area. And the kerning of pairs.
    """
    font = ImageFont.truetype(path, EM, layout_engine=ImageFont.Layout.BASIC)
    glyphs = {}
    for character in CHARACTERS + " ":
        mask, (across, down) = font.getmask2(character, mode="L", anchor="ls")
        left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
        area = round(sum(bytes(mask)) / 255 / EM)
        advance = round(font.getlength(character))
        glyphs[character] = [advance, across + left, across + right, -down - top, -down - bottom, area]
    shaped = ImageFont.truetype(path, EM, layout_engine=ImageFont.Layout.RAQM)
    kerning = {}
    for first in KERNED:
        for second in KERNED:
            together = shaped.getlength(first + second, features=["-liga"])
            shift = round(together) - glyphs[first][0] - glyphs[second][0]
            if abs(shift) >= 15:
                kerning[first + second] = shift
    return {"glyphs": glyphs, "kerning": kerning}


def main() -> None:
    """Write the table."""
    tables = {}
    for name, family in FONTS.items():
        for weight in ("regular", "bold"):
            pattern = f"{family}:weight={'bold' if weight == 'bold' else 'regular'}:slant=roman"
            path = subprocess.run(
                ["fc-match", "-f", "%{file}", pattern], check=True, capture_output=True, text=True
            ).stdout
            tables[f"{name}-{weight}"] = measure(path)
    target = Path(__file__).parent.parent / "critic" / "reading" / "page" / "metrics.json"
    lines = [
        f" {json.dumps(name)}: {json.dumps(table, ensure_ascii=False, separators=(',', ':'))}"
        for name, table in tables.items()
    ]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
