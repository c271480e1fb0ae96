"""Measures of a page's HTML against the texts that the page was made from."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from lxml import html


def measure(code: str, truth: Path) -> dict[str, float]:
    """Share of the page's visible texts that the HTML has letter by letter.

    Spaces count as one; letter case does not count, for a style sheet may have changed it on the screen.
    A text that stands twice on the page must stand twice in the HTML.
    """
    texts = [folded(item["t"]) for item in json.loads(truth.read_text(encoding="utf-8"))["text"]]
    there = written(code)
    wanted = Counter(text for text in texts if text)
    if not wanted:
        return {}
    exact = sum(min(count, occurrences(text, there)) for text, count in wanted.items())
    return {"lines exact": exact / sum(wanted.values())}


def written(code: str) -> str:
    """The visible text of a piece of HTML, a line a block."""
    document = html.document_fromstring(code)
    for element in document.xpath("//script | //style | //head"):
        element.drop_tree()
    blocks = []
    for block in document.xpath("//body/*"):
        for mark in block.iter("br"):
            mark.tail = " " + (mark.tail or "")
        blocks.append(folded(block.text_content()))
    return " \n ".join(blocks)


def folded(text: str) -> str:
    """A text in small letters, its spaces as one."""
    return " ".join(text.split()).casefold()


def occurrences(text: str, within: str) -> int:
    """How often a text stands in another one, as whole words."""
    return len(re.findall(rf"(?<!\w){re.escape(text)}(?!\w)", within))
