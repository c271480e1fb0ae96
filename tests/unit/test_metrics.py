"""The field's measures, against cases worked out by hand."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critic.boxes import Box
from critic.metrics.chartmimic import chartmimic, colour_likeness
from critic.metrics.design2code import Block, design2code
from critic.metrics.figure import Figure, figure_of
from critic.metrics.images import gmsd, mse, ssim
from critic.metrics.matching import assigned_f1, multiset_f1
from critic.metrics.teds import teds_scores
from renderers.service import Renderers

WHITE = np.full((40, 60, 3), 255, np.uint8)


def test_equal_pictures_are_equal_by_every_measure():
    noisy = np.random.default_rng(1).integers(0, 255, WHITE.shape, dtype=np.uint8)
    assert (ssim(noisy, noisy), mse(noisy, noisy), gmsd(noisy, noisy)) == (1.0, 0.0, 0.0)


def test_the_squared_error_by_hand():
    half = WHITE.copy()
    half[:20] = 0
    assert mse(WHITE, half) == pytest.approx(0.5)


def test_gmsd_sees_edges_and_no_brightness():
    edged = WHITE.copy()
    edged[10:30, 20:40] = 0
    moved = np.roll(edged, 4, axis=1)
    darker = (edged * 0.9).astype(np.uint8)
    assert gmsd(WHITE, (WHITE * 0.5).astype(np.uint8)) == 0.0
    assert gmsd(edged, moved) > 10 * gmsd(edged, darker)


def test_f1_by_hand():
    assert multiset_f1(["a", "a", "b"], ["a", "b", "c"]) == pytest.approx(4 / 6)
    assert multiset_f1([], []) == 1.0 and multiset_f1(["a"], []) == 0.0
    assert assigned_f1([0, 10], [9, 1], lambda a, b: max(0.0, 1 - abs(a - b) / 10)) == pytest.approx(0.9)


@given(st.lists(st.integers(0, 5), max_size=7), st.lists(st.integers(0, 5), max_size=7))
def test_assigning_equal_things_is_counting_them(wanted, found):
    assert assigned_f1(wanted, found, lambda a, b: float(a == b)) == pytest.approx(multiset_f1(wanted, found))


def test_many_colours_take_no_time_to_match():
    colours = tuple(("bar", f"#{value:06x}") for value in range(0, 60_000, 1_000))
    started = time.process_time()
    scores = chartmimic(Figure(colours=colours), Figure(colours=colours[::-1]))
    assert scores["chart_colour"] == pytest.approx(1.0) and time.process_time() - started < 10


def test_black_and_white_are_as_far_apart_as_colours_get():
    assert colour_likeness("#000000", "#ffffff") == pytest.approx(0.0, abs=1e-6)
    assert colour_likeness("#ff0000", "#fe0000") > 0.99


def test_a_figure_that_could_not_be_looked_at_scores_nothing():
    assert set(chartmimic(Figure(), Figure(reason="timeout")).values()) == {0.0}


def block(text, x, y, colour="#000000"):
    return Block(text, Box(x, y, x + 0.2, y + 0.1), colour)


def test_design2code_by_hand():
    truth = [block("Welcome", 0.1, 0.1), block("Prices", 0.1, 0.5)]
    drawn = [block("Welcome", 0.1, 0.3, "#ffffff"), block("Imprint and other things", 0.6, 0.8)]
    found = design2code(truth, drawn)
    # one pair of equal areas of four blocks; its text is equal, it lies a fifth lower, in the opposite colour
    assert found["page_blocks"] == pytest.approx(0.5) and found["page_text"] == 1.0
    assert found["page_position"] == pytest.approx(0.8)
    assert found["page_colour"] == pytest.approx(0.0, abs=1e-6)
    assert found["page_design2code"] == pytest.approx(2.3 / 4)
    assert set(design2code([], []).values()) == {1.0} and set(design2code(truth, []).values()) == {0.0}


def test_tables_in_markdown_and_tables_too_large():
    html = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert teds_scores(html, "| a | b |\n| --- | --- |\n| 1 | 2 |\n") == (
        {"teds": 1.0, "teds_structure": 1.0},
        "",
    )
    large = f"<table>{'<tr><td>x</td></tr>' * 3_000}</table>"
    scores, reason = teds_scores(large, large)
    assert scores["teds"] == 0.0 and "too large" in reason


CODE = """
import matplotlib.pyplot as plt
fig, (ax, bx) = plt.subplots(1, 2)
ax.bar(["a", "b"], [1, 2], color="red", label="one")
bx.plot([1, 2], [2, 1], color="#00ff00")
ax.set_title("Title")
ax.legend()
"""


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_figure_is_looked_at_inside_the_sandbox():
    async with Renderers() as renderers:
        figure = await figure_of(renderers, CODE)
        again = await figure_of(renderers, CODE.replace('"red"', '"blue"').replace("Title", "Tilte"))
        broken = await figure_of(renderers, "import matplotlib.pyplot as plt\nplt.plot([1, 2)\n")
        forged = await figure_of(renderers, CODE + '\nprint("lookalike-figure:AAAA:")\n')
    assert {"Title", "one"} <= set(figure.texts)
    assert sorted(figure.places) == [(1, 2, 0, 0, 0, 0), (1, 2, 0, 0, 1, 1)]
    assert sorted(figure.types) == ["bar", "line"]
    assert figure.colours.count(("bar", "#ff0000")) == 2 and ("line", "#00ff00") in figure.colours
    scores = chartmimic(figure, again)
    assert (
        chartmimic(figure, figure)["chart_low_level"] == 1.0 == scores["chart_layout"] == scores["chart_type"]
    )
    assert 0.5 < scores["chart_text"] < 1.0 and 0.3 < scores["chart_colour"] < 1.0
    assert broken.reason and forged == figure
