"""Findings are typed, say no two equal things, and explain pixels in any order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from critic.elements import printed
from critic.pixel.ledger import Ledger
from critic.types import Box, Cause, Critique, Discrepancy, Element, difference
from graph.build import serializer

_NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
_COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
_VALUES = st.one_of(
    _NUMBERS,
    _COLOURS,
    st.text(max_size=12),
    st.tuples(_NUMBERS, _NUMBERS),
    st.tuples(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS),
    st.lists(st.text(max_size=5), min_size=1, max_size=10).map(tuple),
)
_ELEMENTS = st.builds(
    Element,
    kind=st.sampled_from(["bars", "title", "row", "cell"]),
    name=st.text(max_size=8),
    index=st.lists(st.integers(0, 20), max_size=2).map(tuple),
    at=st.none() | st.just(Box(10, 20, 30, 60)),
    of=st.none() | st.just(Element(kind="axes", index=(1,), at=Box(0, 0, 90, 90))),
)


@given(st.sampled_from(list(Cause)), _ELEMENTS, _VALUES, _VALUES)
def test_no_finding_has_two_values_that_are_equal_as_printed(cause, element, one, other):
    made = difference("data_error", 2, cause, element, reference=one, render=other)
    if printed(one) == printed(other):
        assert made is None
        with pytest.raises(ValidationError):
            Discrepancy(
                category="data_error",
                severity=2,
                description="words",
                cause=cause,
                reference=one,
                render=other,
            )
    if made is not None:
        assert printed(one) != printed(other)
        assert str(element) == made.location
        assert element.own in made.description


@given(st.sampled_from(list(Cause)), _ELEMENTS, _VALUES, _VALUES, st.sampled_from([0.5, 2.0]))
def test_a_finding_says_and_measures_in_the_pixels_that_it_is_placed_in(cause, element, one, other, factor):
    made = difference(
        "data_error", 2, cause, element, Box(1, 2, 3, 4), reference=one, render=other, aside="so"
    )
    if made is None:
        return

    def larger(box: Box) -> Box:
        return Box(*(factor * side for side in box))

    placed = made.placed(larger)
    assert placed.box == larger(Box(1, 2, 3, 4)) and placed.cause is cause
    if placed.element != element or placed.reference != one:
        assert placed.location == str(placed.element)
        assert placed.element.own in placed.description and placed.description.endswith("(so)")
    if cause is Cause.MOVED and isinstance(one, tuple) and len(one) == 4 and not isinstance(one[0], str):
        assert placed.reference in (one, tuple(larger(Box(*one))))


@given(st.sampled_from(list(Cause)), _ELEMENTS, _VALUES, _VALUES)
def test_a_finding_comes_back_from_json_and_from_a_checkpoint(cause, element, one, other):
    made = difference("data_error", 2, cause, element, Box(1, 2, 3, 4), reference=one, render=other)
    if made is None:
        return
    assert Discrepancy.model_validate_json(made.model_dump_json()) == made
    saver = serializer()
    told = saver.loads_typed(saver.dumps_typed({"said": made.model_dump()}))
    assert Discrepancy.model_validate(told["said"]) == made


def test_a_finding_of_words_alone_still_loads():
    words = '{"category": "data_error", "severity": 2, "description": "a bar is off"}'
    old = f'{{"critic": "model", "similarity": 0.5, "discrepancies": [{words}]}}'
    (said,) = Critique.model_validate_json(old).discrepancies
    assert (said.cause, said.element, said.reference, said.render) == (None, None, None, None)


def test_of_long_lists_the_labels_that_differ_are_said():
    ticks = Element(kind="tick labels", of=Element(kind="x axis"))
    labels = tuple("abcdefghijkl")
    changed = (*labels[:-1], "L")
    said = difference("text_error", 2, Cause.TEXT, ticks, reference=labels, render=changed)
    assert said is not None
    assert said.description == "tick labels: reference 'l', render 'L'"


def test_the_words_name_the_element_the_cause_and_both_values():
    bar = Element(
        kind="bar", index=(2,), of=Element(kind="bars", name="North", of=Element(kind="axes", index=(1,)))
    )
    said = difference("data_error", 2, Cause.VALUE, bar, reference=3.0, render=4.5)
    assert said is not None
    assert said.location == "bar 3 of bars 'North' of axes 2"
    assert said.description == "bar 3: reference 3, render 4.5"
    assert bar.within("bars") is bar.of
    moved = difference(
        "style_error", 1, Cause.MOVED, Element(kind="title"), reference=(10, 0, 20, 8), render=(6, 3, 16, 11)
    )
    assert moved is not None
    assert moved.description == "title should be moved by +4 px across, -3 px down"


_REGIONS = st.lists(st.tuples(st.sampled_from("abcde"), *[st.integers(0, 24)] * 4), min_size=1, max_size=8)


@given(_REGIONS, st.randoms(use_true_random=False), st.integers(0, 2**32 - 1))
def test_the_order_of_explanations_makes_no_difference(regions, random, seed):
    visible = np.random.default_rng(seed).random((20, 24)) < 0.4
    entered = [(name, Box(min(a, c), min(b, d), max(a, c), max(b, d))) for name, a, b, c, d in regions]
    shuffled = list(entered)
    random.shuffle(shuffled)
    one = other = start = Ledger[str].of(visible)
    for name, box in entered:
        one = one.explained(name, box)
    for name, box in shuffled:
        other = other.explained(name, box)
    assert one == other
    assert np.array_equal(one.left, other.left)
    assert np.array_equal(start.left, visible)
    covered = np.zeros_like(visible)
    for _, box in entered:
        covered[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = True
    assert np.array_equal(one.left, visible & ~covered)
    for name in one:
        assert np.array_equal(one.without(name).left, one.left | one.alone(name))


def test_a_ledger_cannot_be_written_to():
    ledger = Ledger[str].of(np.ones((4, 4), bool)).explained("a", Box(0, 0, 2, 2))
    with pytest.raises(ValueError, match="read-only"):
        ledger.visible[0, 0] = False
    with pytest.raises(ValueError, match="read-only"):
        ledger.entries["a"][0, 0] = False
    ledger.left[:] = False
    assert ledger.left.sum() == 12
