"""The worst answers of a model, of 200,000 characters at most, are read in proportion to their length."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from agent.data.written_component import vue_within
from agent.generators.extraction import find_code
from critic.judge import _verdict
from critic.parsing import parse_critique
from prompts.messages import neutralise
from prompts.thoughts import after_thought
from renderers.libraries import scripts_of
from renderers.types import Kind, Language

SHORT, LONG = 10_000, 40_000
AT_MOST = 9.0
"""Times as long for four times the text: 4 where time is in proportion, 16 where it goes by the square."""

NOISE = 0.3
"""Seconds of processor that say nothing."""

# what an expression may try again and again: beginnings without their ends, and ends without a beginning
PIECES = (
    *(" ", "\n", "\\", '"', "`", "{", "[", "<", "|", "(", "-1."),
    *("```python\n", "```\n", "~~~\n", "```css\np{}\n```\n", "<think>", "</think>"),
    *('{"errors": [', '{"errors": []}\n', '{"a_error_count"', '"closer" : ', '{"code": "'),
    *("<<<<<<< SEARCH\n", "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n", "@@ -1 +1 @@\n-a\n+b\n"),
    *("<?xml ", "<svg ", "<svg></svg>", "<!doctype ", "<html>", "</html ", "<table>", "|--|\n", "| a |\n"),
    *("import ", "import os\n", "plt.\n", "# rest unchanged\n", "<script ", ' src="', "Vue.createApp({}"),
)
READERS: dict[str, Callable[[str], object]] = {
    **{f"{name} code": lambda text, name=name: find_code(text, name, "a\n") for name in Language},
    "critique": lambda text: parse_critique(text, Kind.CHART),
    "verdict": _verdict,
    "thought": after_thought,
    "outside text": neutralise,
    "scripts of a page": lambda text: list(scripts_of(f"<script {text}")),
    "Vue's options": lambda text: vue_within("a.png", f"<script type='text/x-template'></script>{text}"),
}


@pytest.mark.parametrize("name", READERS)
def test_the_worst_answer_is_read_in_proportion_to_its_length(name):
    for piece in PIECES:
        short, long = (_seconds(READERS[name], piece, length) for length in (SHORT, LONG))
        assert long <= AT_MOST * short + NOISE, piece


def _seconds(read: Callable[[str], object], piece: str, length: int) -> float:
    """Of processor, the least of three: what else fills the process' memory is collected at any time."""
    text = (piece * (length // len(piece) + 1))[:length]
    taken = []
    for _ in range(3):
        started = time.process_time()
        read(text)
        taken.append(time.process_time() - started)
        if taken[-1] <= NOISE:
            break
    return min(taken)
