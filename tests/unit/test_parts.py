"""Revisions taken apart into changes, and code put together of some of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.parts import MOST, apart, changes, with_changes

PAGE = "<h1>Prices</h1>\n<p>From <b>4</b> up</p>\n<style>p{color:red}b{color:blue}</style>\n"
PIECES = st.lists(st.sampled_from(["<p>", "</p>", "a", "b\n", "c=1\n", "p{x:1}", "\n", " "]), max_size=30)


@given(PIECES, PIECES)
def test_all_changes_together_make_the_revision(before: list[str], after: list[str]) -> None:
    old, new = "".join(before), "".join(after)
    found = changes(old, new)
    assert len(found) <= MOST
    assert with_changes(old, found) == (new if found else old)
    assert apart(found) == found


def test_words_rules_and_lines_are_changes_of_their_own() -> None:
    after = PAGE.replace("Prices", "Plans").replace(">4<", ">5<").replace("blue", "green")
    found = changes(PAGE, after)
    assert [with_changes(PAGE, [item]) for item in found] == [
        PAGE.replace("Prices", "Plans"),
        PAGE.replace(">4<", ">5<"),
        PAGE.replace("blue", "green"),
    ]


def test_what_is_done_alike_in_several_places_is_one_change() -> None:
    cells = "".join(f'<td class="a{n}" style="color:red">A</td><b>{n}</b>\n' for n in range(4))
    found = changes(cells, cells.replace("red", "blue").replace(">2<", ">7<"))
    assert [with_changes(cells, [item]) for item in found] == [
        cells.replace("red", "blue"),
        cells.replace(">2<", ">7<"),
    ]


def test_what_moved_is_one_change() -> None:
    lines = [f"line {n}\n" for n in range(9)]
    before, after = "".join(lines), "".join([*lines[:2], *lines[3:8], lines[2], lines[8]])
    (found,) = changes(before, after)
    assert len(found.spans) == 2
    assert with_changes(before, [found]) == after


def test_what_two_revisions_both_changed_is_taken_of_the_first() -> None:
    first = changes(PAGE, PAGE.replace("Prices", "Plans"))
    second = changes(PAGE, PAGE.replace("Prices", "Costs").replace("blue", "green"))
    together = with_changes(PAGE, apart((*first, *second)))
    assert together == PAGE.replace("Prices", "Plans").replace("blue", "green")


def test_another_program_has_no_parts() -> None:
    assert changes("a = 1\nb = 2\nc = 3\nd = 4\n", "print('hello')\nfor a in b:\n    exit()\nd = 4\n") == ()
