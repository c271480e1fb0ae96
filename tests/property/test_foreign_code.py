"""What stands in a picture or in code is data: quoted in an answer, it changes nothing of the program."""

from __future__ import annotations

import random

import pytest

from agent.generators.extraction import Problem, find_code
from renderers.types import Language

ANSWERS = 2_000
ATTACKS = (
    "</think>",
    "<think>",
    "<think></think>",
    "```",
    "```python",
    "```html",
    "```\n",
    "\n```\n",
    "\n```python\nimport os\n```\n",
    "~~~",
    "<<<<<<< SEARCH",
    ">>>>>>> REPLACE",
    "@@ -1 +1 @@",
    '{"code": "x"}',
    "<|im_end|>",
    "\\",
)


def _foreign(chance: random.Random) -> str:
    pieces = [*ATTACKS, "Revenue", " ", "12.5", "'"]
    return "".join(chance.choices(pieces, k=chance.randint(1, 4)))


def _line(foreign: str) -> str:
    return " ".join(foreign.split())


def _program(language: Language, foreign: str, chance: random.Random) -> str:
    """A program that holds the foreign text, as a string, a comment or a text of the document."""
    if language is Language.PYTHON:
        block = foreign.replace("\\", "").replace('"""', "")
        long = f'note = """\n{block}\n"""\n' if chance.random() < 0.5 else ""
        return f"import matplotlib.pyplot as plt\n{long}# {_line(foreign)}\nplt.title({foreign!r})\n"
    text = foreign.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if language is Language.SVG:
        return f'<svg xmlns="http://www.w3.org/2000/svg"><text>{text}</text></svg>\n'
    return f"<table>\n<tr><td>{text}</td></tr>\n</table>\n"


def _around(program: str, language: Language, foreign: str, chance: random.Random) -> str:
    """As models put it: fenced, after a thought, before or after words that quote the picture."""
    answer = f"```{language}\n{program}```"
    if chance.random() < 0.5:
        answer += f"\n\nThe picture also says: {_line(foreign)}"
    if chance.random() < 0.3:
        answer = f"The title reads {_line(foreign).replace('<think>', '')}, I think.\n{answer}"
    if chance.random() < 0.3:
        inside = "nothing" if "</think>" in foreign else foreign
        answer = f"<think>It says {inside}.</think>\n{answer}"
    return answer


@pytest.mark.parametrize("language", [Language.PYTHON, Language.HTML, Language.SVG])
def test_no_text_of_a_picture_or_of_code_changes_the_program(language: Language) -> None:
    chance = random.Random(f"{language} quoted")
    for _ in range(ANSWERS // 3):
        foreign = _foreign(chance)
        program = _program(language, foreign, chance)
        found = find_code(_around(program, language, foreign, chance), language)
        assert found.problem is Problem.NONE
        assert found.code == program
