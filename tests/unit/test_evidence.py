"""What the pixels say for and against a critique."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PILImage
from PIL import ImageDraw

from agent.parts import critic_of
from agent.settings import load_settings
from agent.tools import Tools
from benchmarks import consensus as benchmark
from critic import CATEGORIES, Box, Critic, Critique, Discrepancy
from critic.deadline import OutOfTime, until
from critic.evidence import MOST_ADDED, MOST_SEVERE, EvidenceCritic, weigh
from critic.places import place_of
from critic.reading import Reader
from renderers import Renderers
from renderers.types import Image, Kind

READER = Reader()
SIZE = (160, 120)
LEFT, RIGHT = Box(10, 20, 60, 100), Box(100, 20, 150, 100)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


def drawn(left: str = "navy", right: str = "navy", shift: int = 0) -> Image:
    """Two bars on white."""
    picture = PILImage.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    for box, colour in ((LEFT, left), (RIGHT, right)):
        draw.rectangle((box.x0 + shift, box.y0, box.x1 + shift - 1, box.y1 - 1), fill=colour)
    return np.asarray(picture)


def said(box: Box | None, severity: int = 2, category: str = "style_error", **changes) -> Discrepancy:
    given = {"category": category, "severity": severity, "description": "the colour is wrong", "box": box}
    return Discrepancy.model_validate({**given, **changes})


def weighed(found, seen=(), reference=None, render=None, kind=Kind.CHART):
    reference = drawn() if reference is None else reference
    return weigh(found, seen, kind, reference, drawn(right="red") if render is None else render, READER)


FOUND = st.lists(
    st.builds(
        Discrepancy,
        category=st.sampled_from([*CATEGORIES[Kind.CHART], "made_up"]),
        severity=st.sampled_from([1, 2, 3]),
        location=st.sampled_from(["", "top left", "right", "legend", "centre"]),
        description=st.sampled_from(["the colour is wrong", "the title is cut off", ""]),
        box=st.none()
        | st.builds(Box, *[st.integers(-20, 200).map(float)] * 4)
        | st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    ),
    max_size=6,
)
RENDERS = st.sampled_from(
    [
        drawn(),
        drawn(right="red"),
        drawn("red", "lime"),
        drawn(shift=1),
        drawn()[:80],
        np.zeros((1, 1, 3), np.uint8),
    ]
)


@settings(max_examples=150, deadline=None)
@given(FOUND, FOUND, RENDERS)
def test_nothing_is_invented(found, seen, render) -> None:
    kept = weighed(found, seen, render=render)
    known = {id(item) for item in found}
    added = [item for item in kept if id(item) not in known]
    assert len(added) <= MOST_ADDED
    for item in added:
        assert item.source == "pixel" and item.severity <= MOST_SEVERE
        assert item.category in CATEGORIES[Kind.CHART]
        assert item.box is not None
    assert [item.severity for item in kept] == sorted((item.severity for item in kept), reverse=True)


@settings(max_examples=50, deadline=None)
@given(FOUND, FOUND)
def test_equal_pictures_hold_nothing(found, seen) -> None:
    assert weighed(found, seen, render=drawn()) == ()


def test_what_is_said_of_an_equal_area_is_dropped_and_of_another_one_kept() -> None:
    false, true, nowhere = said(LEFT), said(RIGHT), said(None)
    assert weighed([false, true, nowhere]) == (true, nowhere)


def test_noise_within_a_few_levels_is_equal() -> None:
    noisy = drawn().astype(int) + np.random.default_rng(0).integers(-8, 9, drawn().shape)
    assert weighed([said(LEFT)], render=np.clip(noisy, 0, 255).astype(np.uint8)) == ()


def test_a_difference_at_the_edge_of_an_inexact_box_counts() -> None:
    told = said(Box(58, 20, 98, 100))  # between the bars, two pixels off
    assert weighed([told], render=drawn(left="red")) == (told,)


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("left", False),
        ("top-left corner", False),
        ("legend, lower left", False),
        ("right side of the chart", True),
        ("top", True),
        ("", True),
        ("legend", True),
        ("centre", True),
        ("left bar", True),  # left of the other one, wherever that is
        ("top left and bottom right", True),
    ],
)
def test_sides_of_the_picture_are_understood_and_other_words_are_not(location, kept) -> None:
    assert bool(weighed([said(None, location=location)])) is kept


def ruled() -> Image:
    """A table of three columns and four rows, the first a heading."""
    picture = PILImage.new("RGB", (320, 140), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(5):
        draw.line((10, 10 + 30 * row, 310, 10 + 30 * row), fill="black")
    for column in range(4):
        draw.line((10 + 100 * column, 10, 10 + 100 * column, 130), fill="black")
    words = ["Name", "Count", "Share"], ["Ada", "12", "0.5"], ["Bob", "34", "0.2"], ["Cy", "56", "0.3"]
    for row, cells in enumerate(words):
        for column, word in enumerate(cells):
            draw.text((24 + 100 * column, 16 + 30 * row), word, fill="black", font_size=15)
    return np.asarray(picture)


def test_rows_and_columns_of_a_table_are_found_however_they_were_counted() -> None:
    table = ruled()
    box = place_of(
        Discrepancy(category="numeric_error", severity=2, description="row 2, column 2: 12 is 13"),
        Kind.TABLE,
        table,
        READER,
    )
    assert box is not None
    assert box.x0 <= 115 and box.x1 >= 205 and box.y0 <= 45 and box.y1 >= 95  # Ada's or Bob's count
    assert box.y1 < 125 or box.x0 > 15  # but not the whole table
    for words in ("row 40, column 2", "somewhere", ""):
        nowhere = Discrepancy(category="numeric_error", severity=2, description=words)
        assert place_of(nowhere, Kind.TABLE, table, READER) is None


def test_a_wrong_cell_is_dropped_only_where_the_table_is_equal() -> None:
    reference, render = ruled(), ruled().copy()
    render[45:65, 225:300] = 255
    here = Discrepancy(category="numeric_error", severity=2, description="row 2, column 3 is empty")
    there = Discrepancy(category="text_error", severity=2, description="row 3, column 1 reads Rob")
    assert weighed([here, there], reference=reference, render=render, kind=Kind.TABLE) == (here,)


def test_what_differs_strongly_and_is_not_named_is_added_milder() -> None:
    seen = said(RIGHT, severity=3, description="navy is red")
    (added,) = weighed([], [seen])
    assert (added.source, added.severity, added.category) == ("pixel", MOST_SEVERE, "style_error")


def test_what_is_named_is_not_added_again() -> None:
    seen = said(RIGHT, description="navy is red")
    for named in (
        said(RIGHT),
        said(RIGHT, category="data_error"),
        said(None),  # may be the very one
        said(None, location="right", category="data_error"),
    ):
        assert weighed([named], [seen]) == (named,)


def test_what_has_no_place_accounts_for_one_only() -> None:
    render = drawn("red", "lime")
    seen = [said(LEFT, description="navy is red"), said(RIGHT, description="navy is lime")]
    assert len(weighed([said(None)], seen, render=render)) == 2


@pytest.mark.parametrize("render", [drawn(shift=1), drawn(right="#000070")])
def test_what_differs_weakly_is_not_added(render) -> None:
    assert weighed([], [said(RIGHT)], render=render) == ()


class _Says:
    def __init__(self, *found: Discrepancy, failure: str = "", fallback: int = 0, delay: float = 0.0) -> None:
        self.name, self.asked, self._delay = "model", 0, delay
        self._answer = {"discrepancies": found, "failure": failure, "fallback": fallback}

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        self.asked += 1
        await asyncio.sleep(self._delay)
        return Critique(critic=self.name, similarity=0.5, **self._answer)


def asked(critic: _Says, render: Image, pixels: _Says | None = None) -> Critique:
    return asyncio.run(EvidenceCritic(critic, pixels).critique(Kind.SVG, drawn(), render))


def test_equal_pictures_are_not_asked_about() -> None:
    model = _Says(said(LEFT))
    found = asked(model, drawn())
    assert (found.critic, found.discrepancies, found.similarity, model.asked) == ("model", (), 1.0, 0)


def test_the_pixel_critic_names_what_a_model_overlooked() -> None:
    (found,) = asked(_Says(), drawn(right="red")).discrepancies
    assert found.source == "pixel" and found.category in CATEGORIES[Kind.SVG]
    assert found.box is not None and found.box.x0 >= 90


@pytest.mark.parametrize(
    ("told", "looked"),
    [
        ((), True),
        ((said(RIGHT),), False),
        ((said(None, location="right"),), False),
        ((said(LEFT),), True),
        ((said(None, location="legend"),), True),  # a bar is too large for that
    ],
)
def test_the_pixels_are_read_only_where_what_was_said_leaves_a_difference_open(told, looked) -> None:
    pixels = _Says()
    found = asked(_Says(*told), drawn(right="red"), pixels)
    assert bool(pixels.asked) is looked
    assert found.evidence > 0.0


def test_a_finding_without_a_place_accounts_for_one_small_area() -> None:
    small = drawn().copy()
    small[40:46, 120:126] = 255
    once, twice = small, small.copy()
    twice[70:76, 120:126] = 255
    for render, looked in ((once, False), (twice, True)):
        pixels = _Says()
        asked(_Says(said(None)), render, pixels)
        assert bool(pixels.asked) is looked


def test_pixels_that_take_too_long_leave_the_answer_as_it_is(monkeypatch) -> None:
    monkeypatch.setattr("critic.evidence._LONGEST", 0.05)
    found = asked(_Says(), drawn(right="red"), _Says(said(RIGHT), delay=30.0))
    assert (found.discrepancies, found.failure) == ((), "")
    with pytest.raises(OutOfTime), until(0.01):
        asked(_Says(), drawn(right="red"), _Says(said(RIGHT), delay=30.0))


def test_a_render_is_looked_at_once_however_often_it_is_asked_about() -> None:
    pixels = _Says(said(RIGHT))
    critic = EvidenceCritic(_Says(), pixels)
    reference = drawn()

    async def both() -> None:
        for render in (drawn(right="red"), drawn(right="red"), drawn(left="red")):
            for ask in (critic.critique, critic.again):
                await ask(Kind.CHART, reference, render)

    asyncio.run(both())
    assert pixels.asked == 2


def test_a_failure_stays_as_it_is() -> None:
    found = asked(_Says(failure="odd", fallback=25), drawn(right="red"), _Says(said(RIGHT)))
    assert (found.failure, found.fallback, found.discrepancies) == ("odd", 25, ())


def test_settings_choose_votes_and_evidence(monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOOKALIKE_CRITIC__BASE_URL", "http://127.0.0.1:9/v1")
    assert isinstance(_chosen(), EvidenceCritic)
    monkeypatch.setenv("LOOKALIKE_CRITIC__VOTES", "3")
    assert _chosen().name == "visual-erm, 3 votes"
    monkeypatch.setenv("LOOKALIKE_CRITIC__EVIDENCE", "false")
    chosen = _chosen()
    assert not isinstance(chosen, EvidenceCritic) and chosen.name == "visual-erm, 3 votes"


def _chosen() -> Critic:
    settings = load_settings().settings
    return critic_of(settings.critic.chosen, Tools(settings, READER, Renderers().render))


def test_votes_and_evidence_make_a_noisy_critic_more_precise_and_miss_no_more() -> None:
    found = asyncio.run(benchmark.cases(60))
    setups = benchmark.setups(READER)

    def of(name: str) -> tuple[float, float]:
        counts = benchmark.counts(found, setups[name])
        return benchmark.precision(counts), benchmark.recall(counts)

    one, votes, less, both = map(
        of, ("one answer", "5 votes", "5 votes, evidence against only", "5 votes, evidence")
    )
    assert one[0] + 0.05 < votes[0] < less[0] and both[0] > one[0] + 0.1
    assert less[1] > one[1] - 0.03 and both[1] > one[1]
