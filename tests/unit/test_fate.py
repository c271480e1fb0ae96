from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from critic.fate import Fate, fates
from critic.types import Box, Discrepancy, Severity

WORDS = st.sampled_from(
    ["title is missing", "bar 3 is 12.5 high, not 14", "wrong colour", "", "été", "title"]
)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
SEVERITIES: st.SearchStrategy[Severity] = st.sampled_from([1, 2, 3])
DISCREPANCIES = st.lists(
    st.builds(
        Discrepancy,
        category=st.sampled_from(["text_error", "style_error"]),
        severity=SEVERITIES,
        location=st.sampled_from(["", "title", "plot area", "legend"]),
        description=WORDS | st.text(max_size=20),
        box=st.none()
        | st.builds(Box, *[st.integers(0, 300).map(float)] * 4)
        | st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    ),
    max_size=8,
)


def discrepancy(
    description: str,
    box: tuple[float, float, float, float] | None = None,
    location: str = "",
    category: str = "text_error",
) -> Discrepancy:
    return Discrepancy(
        category=category,
        severity=2,
        location=location,
        description=description,
        box=Box(*box) if box else None,
    )


@given(DISCREPANCIES, DISCREPANCIES)
def test_each_earlier_one_is_fixed_or_open_and_each_later_one_open_or_new(
    before: list[Discrepancy], after: list[Discrepancy]
) -> None:
    found = fates(before, after)
    assert len(found.before) == len(before) and len(found.after) == len(after)
    assert set(found.before) <= {Fate.FIXED, Fate.OPEN} and set(found.after) <= {Fate.OPEN, Fate.NEW}
    assert found.before.count(Fate.OPEN) == found.after.count(Fate.OPEN) == len(found.pairs)
    assert len({first for first, _ in found.pairs}) == len({second for _, second in found.pairs})
    for first, second in found.pairs:
        assert before[first].category == after[second].category


@given(DISCREPANCIES)
def test_against_itself_all_stay_open(found: list[Discrepancy]) -> None:
    same = fates(found, found)
    assert set(same.before) | set(same.after) <= {Fate.OPEN}


@given(DISCREPANCIES, DISCREPANCIES)
def test_backwards_fixed_and_new_change_places(before: list[Discrepancy], after: list[Discrepancy]) -> None:
    forth, back = fates(before, after), fates(after, before)
    assert forth.before.count(Fate.FIXED) == back.after.count(Fate.NEW)
    assert forth.after.count(Fate.NEW) == back.before.count(Fate.FIXED)


@given(DISCREPANCIES)
def test_against_nothing_all_are_fixed_or_new(found: list[Discrepancy]) -> None:
    assert set(fates(found, []).before) <= {Fate.FIXED}
    assert set(fates([], found).after) <= {Fate.NEW}


def test_the_same_place_with_another_number_is_still_open() -> None:
    before = discrepancy("bar 3 is 12.3 high, 14 in the reference", (50, 40, 70, 200))
    after = discrepancy("bar 3 is 13.6 high, 14 in the reference", (50, 30, 70, 200))
    assert fates([before], [after]).pairs == ((0, 0),)


def test_another_place_is_another_discrepancy_in_equal_words() -> None:
    before = discrepancy("text is missing", (10, 10, 60, 20))
    after = discrepancy("text is missing", (10, 300, 60, 310))
    assert fates([before], [after]).before == (Fate.FIXED,)


def test_another_category_is_another_discrepancy() -> None:
    box = (10.0, 10.0, 60.0, 20.0)
    found = fates([discrepancy("wrong", box)], [discrepancy("wrong", box, category="style_error")])
    assert (found.before, found.after) == ((Fate.FIXED,), (Fate.NEW,))


def test_a_shared_location_alone_does_not_make_two_the_same() -> None:
    before = discrepancy("grid lines are missing", location="plot area")
    after = discrepancy("the line is red instead of blue", location="Plot area")
    assert fates([before], [after]).after == (Fate.NEW,)


def test_without_a_place_words_decide() -> None:
    before = [discrepancy("the cell in row 2 says 12"), discrepancy("a header row is missing")]
    after = [discrepancy("a header row is missing"), discrepancy("a column is too narrow")]
    assert fates(before, after).pairs == ((1, 0),)


def test_the_best_pairing_as_a_whole_is_taken() -> None:
    before = [discrepancy("text differs", (0, 0, 40, 10)), discrepancy("text differs", (0, 12, 40, 22))]
    after = [discrepancy("text differs", (0, 13, 40, 23)), discrepancy("text differs", (0, 1, 40, 11))]
    assert set(fates(before, after).pairs) == {(0, 1), (1, 0)}
