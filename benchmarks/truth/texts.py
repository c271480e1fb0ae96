"""Which texts of a picture a draft has wrong, worked out from its truth and the draft's code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from lxml import html

from benchmarks.truth.chart import drawn_texts, plain
from benchmarks.truth.page import folded, occurrences, written
from critic.boxes import Box
from critic.metrics.teds import table_html
from renderers.types import Kind


def wrong_texts(kind: Kind, code: str, truth: Path) -> list[tuple[str, Box]]:
    """The texts of the truth that the code lacks, with their places; none where the truth has no places.

    A text that stands twice must be in the code twice; of equal ones the last are taken for the wrong ones.

    Args:
        kind: What the picture shows.
        code: The draft.
        truth: ``.json`` with the visible texts and their boxes.
    """
    facts = json.loads(truth.read_text(encoding="utf-8"))
    cells = facts["text"] if "text" in facts else [cell for row in facts.get("rows", ()) for cell in row]
    there, plainly = _READERS[kind](code)
    wrong = []
    for cell in cells:
        text = plainly(cell["t"])
        if text and there(text) <= 0:
            wrong.append((cell["t"], Box(*cell["b"])))
    return wrong


_Reader = tuple[Callable[[str], int], Callable[[str], str]]
"""How often a text is left in the code, one fewer each time that it is asked for; and how it is compared."""


def _of_chart(code: str) -> _Reader:
    return _counted(Counter(plain(text) for text in drawn_texts(code))), plain


def _of_markup(code: str) -> _Reader:
    text, asked = written(code), Counter[str]()

    def left(wanted: str) -> int:
        asked[wanted] += 1
        return occurrences(wanted, text) - asked[wanted] + 1

    return left, folded


def _of_table(code: str) -> _Reader:
    cells = html.document_fromstring(table_html(code)).iter("td", "th")
    return _counted(Counter(_one_line(cell.text_content()) for cell in cells)), _one_line


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _counted(found: Counter[str]) -> Callable[[str], int]:
    def left(wanted: str) -> int:
        found[wanted] -= 1
        return found[wanted] + 1

    return left


_READERS: dict[Kind, Callable[[str], _Reader]] = {
    Kind.CHART: _of_chart,
    Kind.TABLE: _of_table,
    Kind.PAGE: _of_markup,
}
