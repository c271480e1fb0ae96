"""Code is found in whatever a model answers."""

from __future__ import annotations

import ast
import json
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from agent.generators.extraction import Found, Problem, extract_code, find_code
from renderers.types import Language

PROGRAM = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('a')"
FOR = f"{PROGRAM}\nfor n in range(3):\n    plt.plot([n])"
FENCED = f"{PROGRAM}\ns = '''\n```\n'''"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="5" height="5"/></svg>'
HTML = "<!DOCTYPE html>\n<html><body><p>Hi</p></body></html>"
TABLE = "<style>td{color:red}</style>\n<table><tr><td>1</td></tr></table>"
PAGE = "<!DOCTYPE html>\n<html><head></head><body><p>Hi</p></body></html>"
STYLED = PAGE.replace("</head>", "<style>\np{color:red}\n</style>\n</head>")
DIGITS = "9" * 5000
DATA = f"{PROGRAM}\nplt.text(0, 0, '''\n1: one\n2: two\n3: three\n> ```\n''')"
MARKDOWN = "| a | b |\n|---|--:|\n| 1 | 2 |"


def quoted(text: str) -> str:
    """As a quotation in Markdown."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def numbered(code: str, form: str) -> str:
    """With the number before each line."""
    return "\n".join(form.format(n, line).rstrip() for n, line in enumerate(code.splitlines(), start=1))


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
        (f"```python\n{FENCED}\n```\nDone.", "python", FENCED),
        (f"```python\n{PROGRAM}\n```\nOr add:\n```python\nax.set_title('b')\n```", "python", PROGRAM),
        (f"```python\n{PROGRAM}\n```\nThe picture says: ```python\nimport os\n```", "python", PROGRAM),
        (f"```python\n{PROGRAM}\n```\nThe picture says:\n```python\nimport os\n```", "python", PROGRAM),
        (f"```python\n{PROGRAM} # </think>\n```", "python", f"{PROGRAM} # </think>"),
        (f"I think, so I am.</think>```python\n{PROGRAM}\n```", "python", PROGRAM),
        (f"{PROGRAM}\nplt.title('</think>')", "python", f"{PROGRAM}\nplt.title('</think>')"),
        (json.dumps({"code": PROGRAM, "why": "so"}), "python", PROGRAM),
        (f"```json\n{json.dumps({'code': SVG})}\n```", "svg", SVG),
        (json.dumps({"files": [{"path": "a.svg", "content": SVG}]}), "svg", SVG),
        (json.dumps({"lines": PROGRAM.splitlines()}), "python", PROGRAM),
        (json.dumps({"answer": f"```python\n{PROGRAM}\n```"}), "python", PROGRAM),
        (f'<tool_call>{{"arguments": {json.dumps({"html": PAGE})}}}</tool_call>', "html", PAGE),
        (f"[THINK]```python\nimport wrong\n```[/THINK]```python\n{PROGRAM}\n```", "python", PROGRAM),
        (f"<seed:think>no {SVG} yet</seed:think>```svg\n{SVG}\n```", "svg", SVG),
        (f"<|channel|>analysis<|message|>{SVG}?<|channel|>final<|message|>{HTML}", "html", HTML),
        (f"1. So:\n   ```python\n   {FOR.replace(chr(10), chr(10) + '   ')}\n   ```", "python", FOR),
        (f"```python\n{PROGRAM}```", "python", PROGRAM),
        (f"```python\n{FOR.replace('    ', chr(160) * 4)}\n```", "python", FOR),
        (f"```svg\n{escape(SVG)}\n```", "svg", SVG),
        (f"```html\n{PAGE}\n```\n```css\np{{color:red}}\n```\n```js\nx()\n```", "html", STYLED),
        (f"```html\n{TABLE}\n```\nFor narrow screens:\n```html\n<div>a</div>\n```", "html", TABLE),
        (f"````python\n{FENCED}\n````", "python", FENCED),
        (f"```svg\n{SVG}\n```", "svg", SVG),
        (f"```xml\n{SVG}\n```", "svg", SVG),
        (f"```html\n{SVG}\n```", "svg", SVG),
        (f"The icon: {SVG} as wanted", "svg", SVG),
        (f"```html\n{HTML}\n```", "html", HTML),
        (f"The page:\n{HTML}\nEnjoy.", "html", HTML),
        (f"```html\n{TABLE}\n```", "html", TABLE),
        (TABLE, "html", TABLE),
        (quoted(f"```python\n{FOR}\n```"), "python", FOR),
        (f"Here:\n{quoted(f'```svg{chr(10)}{SVG}{chr(10)}```')}\nDone.", "svg", SVG),
        (f"```python {PROGRAM}\n```", "python", PROGRAM),
        (f"```svg {SVG}```", "svg", SVG),
        (f"```{HTML}\n```", "html", HTML),
        (f"```python\n{numbered(FOR, '{}: {}')}\n```", "python", FOR),
        (f"```python\n{numbered(FOR, '{:>3} | {}')}\n```", "python", FOR),
        (f"```python\n{numbered(FOR, '{}. {}')}\n```", "python", FOR),
        (f"```html\n{numbered(STYLED, '{:>4}  {}')}\n```", "html", STYLED),
        (f"```python\n{DATA}\n```", "python", DATA),
        (f"```python\n{DIGITS}\n```", "python", DIGITS),
        (f"```markdown\n{MARKDOWN}\n```", "markdown", MARKDOWN),
        (f"The table:\n\n{MARKDOWN}\n\nThat is all.", "markdown", MARKDOWN),
    ],
)
def test_the_code_is_found(answer, language, code):
    assert extract_code(answer, Language(language)).strip() == code


SEARCH_REPLACE = """Two changes:
<<<<<<< SEARCH
plt.title('a')
=======
plt.title('b')
plt.grid()
>>>>>>> REPLACE
"""
DIFF = """```diff
--- a/x.py
+++ b/x.py
@@ -7,2 +7,3 @@
 plt.plot([1, 2])
-plt.title('a')
+plt.title('b')
+plt.grid()
```"""
EDITED = PROGRAM.replace("'a')", "'b')\nplt.grid()")
PATCH = """*** Begin Patch
*** Update File: plot.py
@@
 plt.plot([1, 2])
-plt.title('a')
+plt.title('b')
+plt.grid()
*** End Patch"""
HEADLESS = "\n".join(["```diff", *DIFF.splitlines()[4:]])
OLD, NEW = "plt.title('a')", "plt.title('b')\nplt.grid()"


@pytest.mark.parametrize(
    "answer",
    [
        SEARCH_REPLACE,
        f"```python\n{SEARCH_REPLACE}```",
        DIFF,
        DIFF.replace("diff", ""),
        HEADLESS,
        PATCH,
        f"```\n{PATCH}\n```",
        f"```json\n{json.dumps([{'search': OLD, 'replace': NEW}])}\n```",
        json.dumps({"edits": [{"old_str": OLD, "new_str": NEW}]}),
        f"Before:\n```python\n{PROGRAM}\n```\n{DIFF}",
        f"```python\n{EDITED}\n```\nIt was:\n```python\n{PROGRAM}\n```",
    ],
)
def test_edits_are_done_on_the_program_they_are_of(answer):
    assert extract_code(answer, Language.PYTHON, PROGRAM).strip() == EDITED


def test_edits_that_lost_their_indentation_are_set_in_as_the_code_is():
    page = "<body>\n  <ul>\n    <li>a</li>\n  </ul>\n</body>\n"
    answer = "<<<<<<< SEARCH\n<li>a</li>\n</ul>\n=======\n<li>b</li>\n  <li>c</li>\n</ul>\n>>>>>>> REPLACE"
    wanted = page.replace("    <li>a</li>\n  </ul>", "    <li>b</li>\n      <li>c</li>\n    </ul>")
    assert extract_code(answer, Language.HTML, page) == wanted


def test_a_whole_program_counts_before_edits_of_another():
    assert extract_code(f"{DIFF}\n```python\n{EDITED}\n```", Language.PYTHON, PROGRAM).strip() == EDITED


@pytest.mark.parametrize("answer", [SEARCH_REPLACE, DIFF])
def test_edits_that_do_not_fit_are_told(answer):
    assert find_code(answer, Language.PYTHON, "plt.plot([1])") == Found("", Problem.MISFIT)
    assert find_code(answer, Language.PYTHON).problem is Problem.NO_CODE


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "# ... the rest of the code is unchanged"),
        ("python", "# (remaining code stays the same)"),
        ("python", "# ... existing code ..."),
        ("html", "<!-- other rows as before -->"),
        ("svg", "<!-- rest unchanged -->"),
    ],
)
def test_a_part_that_is_left_out_is_told(language, line):
    around = {"python": (PROGRAM, ""), "html": ("<table>", "</table>"), "svg": ("<svg>", "</svg>")}
    head, end = around[language]
    abridged = f"```{language}\n{head}\n{line}\n{end}\n```"
    assert find_code(abridged, Language(language)).problem is Problem.ABRIDGED
    assert find_code(abridged.replace(line, ""), Language(language)).problem is Problem.NONE


def test_a_markdown_table_is_html_where_html_was_asked_for():
    code = extract_code(f"The table:\n\n{MARKDOWN}\n", Language.HTML)
    assert "<td" in code and "<th" in code


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


def test_what_python_remarks_on_an_answer_is_said_to_nobody(recwarn: pytest.WarningsRecorder) -> None:
    extract_code(
        "```python\nimport matplotlib.pyplot as plt\nplt.plot([0x1for x in (1, 2)])\n```", Language.PYTHON
    )
    assert not recwarn.list
