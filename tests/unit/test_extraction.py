"""Code is found in whatever a model answers."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from agent.generators.extraction import extract_code
from renderers.types import Language

PROGRAM = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('a')"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="5"/></svg>'
HTML = "<!DOCTYPE html>\n<html><body><p>Hi</p></body></html>"
TABLE = "<style>td{color:red}</style>\n<table><tr><td>1</td></tr></table>"
MARKDOWN = "| a | b |\n|---|--:|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("answer", "language", "code"),
    [
        (f"```python\n{PROGRAM}\n```", "python", PROGRAM),
        (f"```py\r\n{PROGRAM}\r\n```", "python", PROGRAM),
        (f"Sure!\n\n```python\nimport os\n```\nBetter:\n```python\n{PROGRAM}\n```\nDone.", "python", PROGRAM),
        (
            f"```bash\npip install matplotlib\n```\n```python\n{PROGRAM}\n```\n```text\nout\n```",
            "python",
            PROGRAM,
        ),
        (f"```\n{PROGRAM}\n```", "python", PROGRAM),
        (f"```python\n{PROGRAM}", "python", PROGRAM),
        (f"```python\n{PROGRAM}\nplt.text(0, 1, 'unfinish", "python", PROGRAM),
        (f"```python\n{PROGRAM}\n```\nor\n```python\nimport matpl", "python", PROGRAM),
        (f"<think>```python\nimport wrong\n```</think>```python\n{PROGRAM}\n```", "python", PROGRAM),
        (f"Here you are.\n{PROGRAM}", "python", PROGRAM),
        (f"~~~python\n{PROGRAM}\n~~~", "python", PROGRAM),
        (f"````python\n{PROGRAM}\ns = '''\n```\n'''\n````", "python", f"{PROGRAM}\ns = '''\n```\n'''"),
        (f"```svg\n{SVG}\n```", "svg", SVG),
        (f"```xml\n{SVG}\n```", "svg", SVG),
        (f"```html\n{SVG}\n```", "svg", SVG),
        (f"The icon: {SVG} as wanted", "svg", SVG),
        (f"```html\n{HTML}\n```", "html", HTML),
        (f"The page:\n{HTML}\nEnjoy.", "html", HTML),
        (f"```html\n{TABLE}\n```", "html", TABLE),
        (TABLE, "html", TABLE),
        (f"```markdown\n{MARKDOWN}\n```", "markdown", MARKDOWN),
        (f"The table:\n\n{MARKDOWN}\n\nThat is all.", "markdown", MARKDOWN),
    ],
)
def test_the_code_is_found(answer, language, code):
    assert extract_code(answer, Language(language)).strip() == code


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("answer", ["", "I cannot do that.", "```\n```", "<think>hm", "```text\nno\n```"])
def test_no_code_is_no_code(answer, language):
    assert extract_code(answer, language) == ""


def test_a_program_that_is_wrong_in_the_middle_is_left_for_the_renderer_to_refuse():
    broken = "import matplotlib.pyplot as plt\nplt.plot([1, 2\n" + "plt.title('a')\n" * 10
    assert extract_code(f"```python\n{broken}```", Language.PYTHON).strip() == broken.strip()


@pytest.mark.parametrize("cut", range(40, len(SVG) * 3, 7))
def test_a_truncated_svg_is_closed(cut):
    long = SVG.replace("<rect", '<g fill="red"><circle r="3"/><path d="M0 0L5 5"/></g>' * 3 + "<rect")
    code = extract_code(f"```svg\n{long[:cut]}", Language.SVG)
    if ">" in long[:cut]:
        assert etree.fromstring(code.encode()).tag.endswith("svg")


@pytest.mark.parametrize("cut", range(60, 700, 11))
def test_a_truncated_program_still_parses(cut):
    program = PROGRAM + "\n" + "\n".join(f"plt.plot([{n}, {n}],\n    label='{n}')" for n in range(20))
    ast.parse(extract_code(f"```python\n{program[:cut]}", Language.PYTHON))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(max_size=20)
        | st.sampled_from(["```", "```python\n", "<svg", "</svg>", "<html>", "|--|", "\n"])
    ),
    st.sampled_from(list(Language)),
)
def test_any_text_is_survived(pieces, language):
    extract_code("".join(pieces), language)
