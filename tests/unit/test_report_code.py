from __future__ import annotations

import json
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from agent.report.code import diff, listing, pack

URI = "data:image/png;base64," + "iVBORw0KGgo" * 2000
LINES = st.lists(st.sampled_from(["<td>1</td>", "<td>2</td>", "x = 1", "", "y"]), max_size=12)


def unpacked(packed: dict[str, object], key: str) -> str:
    whole = json.loads(json.dumps(packed))
    return "".join(whole["blobs"][part] if isinstance(part, int) else part for part in whole["codes"][key])


@given(
    st.dictionaries(st.sampled_from(["0", "1"]), st.lists(st.text() | st.just(URI), max_size=4).map("".join))
)
def test_packed_codes_come_back_whole(codes: dict[str, str]) -> None:
    packed = pack(codes)
    assert {key: unpacked(packed, key) for key in codes} == codes


def test_a_picture_that_several_codes_share_is_kept_once() -> None:
    packed = pack({str(key): f'<img src="{URI}"> {key}' for key in range(5)})
    assert len(json.dumps(packed)) < 2 * len(URI)


def test_huge_code_is_shortened_for_the_eye_and_says_so() -> None:
    shown = listing(f'<img src="{URI}">\n' + "<path d='" + "M0 0" * 500 + "'/>\n" + "<p>\n" * 5000, ".html")
    assert all("characters" in line for line in shown.lines[:2]) and "characters" not in shown.lines[2]
    assert shown.more_lines == 5002 - len(shown.lines)
    assert all(len(line) < 2000 for line in shown.lines)


class Reader(HTMLParser):
    """Collects the text and the tags of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags |= {tag, *(name for name, _ in attrs)}


@given(
    st.text(max_size=200) | st.text("<>&\"'/!-= \nabc", max_size=200),
    st.sampled_from([".py", ".html", ".md", ".svg", ""]),
)
def test_any_text_becomes_lines_of_safe_html_with_the_same_words(code: str, suffix: str) -> None:
    shown = [Reader(str(line)) for line in listing(code, suffix).lines]
    assert [line.text for line in shown] == (code.splitlines() or [""])
    assert set().union(*(line.tags for line in shown)) <= {"span", "class"}


@given(LINES, LINES)
def test_a_diff_holds_exactly_the_lines_that_went_and_came(old: list[str], new: list[str]) -> None:
    found = diff("\n".join(old), "\n".join(new))
    assert found is not None
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    for row in found.rows:
        line = "".join(piece for piece, _ in row.pieces)
        assert row.old is None or before[row.old - 1] == line
        assert row.new is None or after[row.new - 1] == line
    gone = {row.old for row in found.rows if row.kind == "del"}
    came = {row.new for row in found.rows if row.kind == "add"}
    rest = [line for number, line in enumerate(before, 1) if number not in gone]
    assert rest == [line for number, line in enumerate(after, 1) if number not in came]
    assert (found.added, found.removed) == (len(came), len(gone))


def test_the_changed_word_of_a_line_is_marked() -> None:
    found = diff("heights = [1.5, 2, 3]", "heights = [1.5, 7, 3]")
    assert found is not None
    assert [[text for text, changed in row.pieces if changed] for row in found.rows[1:]] == [["2"], ["7"]]


def test_a_change_deep_in_a_long_line_is_seen() -> None:
    path = "M0 0" * 3000
    found = diff(f"{path}5{path}", f"{path}6{path}")
    assert found is not None
    assert [piece for row in found.rows for piece in row.pieces if piece[1]] == [("5", True), ("6", True)]
    assert all(len(text) < 400 for row in found.rows for text, _ in row.pieces)


def test_equal_code_has_no_rows_and_endless_code_no_diff() -> None:
    same = diff("a\nb", "a\nb")
    assert same is not None and same.rows == ()
    assert diff("a\n" * 5000, "b\n" * 5000) is None
