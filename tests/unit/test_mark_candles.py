"""Candlesticks: read from their silhouettes, written as strokes and bars, compared, and varied."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.drawing import draw
from critic.marks.candles import Candles
from critic.pixel.chart import compare
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes
from critic.types import Cause
from renderers.types import Image
from tests.charts import picture

_RANDOM = np.random.default_rng(5)
CLOSES = 100 + np.cumsum(_RANDOM.normal(0, 3, 24))
OPENS = np.concatenate(([100.0], CLOSES[:-1])) + 0.4
HIGHS = np.maximum(OPENS, CLOSES) + 1 + 3 * _RANDOM.random(24)
LOWS = np.minimum(OPENS, CLOSES) - 1 - 3 * _RANDOM.random(24)
AVERAGE = [float(np.mean(CLOSES[max(0, k - 4) : k + 1])) for k in range(24)]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def drawn(
    colours: tuple[str, str] = ("tab:green", "tab:red"), width: float = 0.6, closes: np.ndarray = CLOSES
) -> Image:
    """The same prices in two colours."""

    def plot(ax: PlotAxes) -> None:
        for x, (start, end) in enumerate(zip(OPENS, closes, strict=True)):
            shade = colours[0] if end >= start else colours[1]
            ax.vlines(x, LOWS[x], HIGHS[x], color=shade, linewidth=1)
            ax.bar(x, end - start, width, bottom=start, color=shade)

    return picture(plot)


def candles_in(image: Image, reader: Reader) -> tuple[Candles, Axes]:
    """The candles of the only axes."""
    (axes,) = read_chart(image, reader).axes
    (mark,) = axes.series
    assert isinstance(mark, Candles)
    return mark, axes


@pytest.mark.parametrize(
    "colours", [("tab:green", "tab:red"), ("tab:red", "tab:green"), ("#3366cc", "#222222")]
)
def test_prices_are_read_whatever_colour_rises(colours: tuple[str, str], reader: Reader):
    mark, _ = candles_in(drawn(colours), reader)
    span = HIGHS.max() - LOWS.min()
    assert mark.up == tuple((CLOSES >= OPENS).tolist())
    for read, true in ((mark.opens, OPENS), (mark.closes, CLOSES), (mark.highs, HIGHS), (mark.lows, LOWS)):
        assert np.abs(np.array(read) - true).max() < 0.01 * span
    assert np.abs(np.array(mark.positions) - np.arange(24)).max() < 0.1
    assert mark.width == pytest.approx(0.6, abs=0.06)


def test_outlined_bodies_are_read_with_what_they_hold(reader: Reader):
    def plot(ax: PlotAxes) -> None:
        for x, (start, end) in enumerate(zip(OPENS, CLOSES, strict=True)):
            ax.vlines(x, LOWS[x], HIGHS[x], color="black", linewidth=1, zorder=1)
            shade = "white" if end >= start else "black"
            ax.bar(x, end - start, 0.6, bottom=start, color=shade, edgecolor="black", linewidth=1)

    mark, axes = candles_in(picture(plot), reader)
    assert (mark.rising, mark.falling, *mark.bodies) == ("#000000", "#000000", "#ffffff", "#000000")
    # What a body holds shows where there is room between its lines.
    clear = np.abs(CLOSES - OPENS) > 1
    assert (np.array(mark.up) == (CLOSES >= OPENS))[clear].all()
    span = HIGHS.max() - LOWS.min()
    for read, true in ((mark.opens, OPENS), (mark.closes, CLOSES), (mark.highs, HIGHS), (mark.lows, LOWS)):
        assert np.abs(np.array(read) - true)[clear].max() < 0.01 * span
    figure, ax = plt.subplots()
    exec("\n".join(draw("ax", axes)), {"ax": ax})
    assert {patch.get_facecolor()[:3] for patch in ax.patches} == {(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)}
    plt.close(figure)


def test_an_average_over_candles_is_a_line_of_its_own(reader: Reader):
    def plot(ax: PlotAxes) -> None:
        for x, (start, end) in enumerate(zip(OPENS, CLOSES, strict=True)):
            shade = "tab:green" if end >= start else "tab:red"
            ax.vlines(x, LOWS[x], HIGHS[x], color=shade, linewidth=1)
            ax.bar(x, end - start, 0.6, bottom=start, color=shade)
        ax.plot(range(24), AVERAGE, color="tab:blue")

    (axes,) = read_chart(picture(plot), reader).axes
    assert sorted(mark.type for mark in axes.series) == ["candles", "line"]
    (mark,) = (mark for mark in axes.series if isinstance(mark, Candles))
    assert mark.up == tuple((CLOSES >= OPENS).tolist())


def on_a_dotted_grid(ax: PlotAxes) -> None:
    """Black strokes, and bodies of two colours, as mplfinance draws them."""
    for x, (start, end) in enumerate(zip(OPENS, CLOSES, strict=True)):
        ax.vlines(x, LOWS[x], HIGHS[x], color="black", linewidth=1, zorder=1)
        shade = "#4dc790" if end >= start else "#fd6b6c"
        ax.bar(x, end - start, 0.75, bottom=start, color=shade)
    ax.grid(True, linestyle=":")
    ax.set_axisbelow(True)


def test_strokes_have_a_colour_of_their_own(reader: Reader):
    mark, axes = candles_in(picture(on_a_dotted_grid, (8, 5)), reader)
    assert (mark.wick, mark.rising, mark.falling) == ("#000000", "#4dc790", "#fd6b6c")
    code = "\n".join(Candles.code("ax", [mark], axes.plane))
    assert 'vlines(x, low, high, color="black"' in code


def test_two_averages_that_cross_are_lines_of_their_own(reader: Reader):
    def plot(ax: PlotAxes) -> None:
        on_a_dotted_grid(ax)
        for span, shade in ((4, "#2050d0"), (9, "#d0a020")):
            means = [float(np.mean(CLOSES[max(0, k - span + 1) : k + 1])) for k in range(24)]
            ax.plot(means, color=shade, linewidth=2)

    (axes,) = read_chart(picture(plot, (8, 5)), reader).axes
    assert [mark.weight for mark in axes.series if isinstance(mark, Candles)] == [24]


def test_the_code_draws_what_was_read(reader: Reader):
    image = drawn()
    mark, axes = candles_in(image, reader)
    figure, ax = plt.subplots()
    exec("\n".join(draw("ax", axes)), {"ax": ax})
    assert len(ax.patches) == len(CLOSES)
    tops = sorted(patch.get_y() + max(0.0, patch.get_height()) for patch in ax.patches)
    assert np.allclose(tops, sorted(np.maximum(mark.opens, mark.closes)), atol=0.01)
    plt.close(figure)


def test_bars_with_error_bars_are_no_candles(reader: Reader):
    image = picture(lambda ax: ax.bar(range(8), range(3, 11), yerr=1.0, color="tab:green"))
    (axes,) = read_chart(image, reader).axes
    assert not any(isinstance(mark, Candles) for mark in axes.series)


def test_another_close_is_named_with_both_prices(reader: Reader):
    changed = CLOSES.copy()
    changed[7] = OPENS[7] + 0.2 * (CLOSES[7] - OPENS[7])
    found = compare(drawn(), drawn(closes=changed), reader)
    said = [item for item in found if item.cause is Cause.VALUE]
    assert len(said) == 1
    assert str(said[0].element).startswith("close of candle 8 of candles")
    assert said[0].reference == pytest.approx(CLOSES[7], abs=0.3)
    assert said[0].render == pytest.approx(changed[7], abs=0.3)


def test_other_colours_are_named(reader: Reader):
    found = compare(drawn(), drawn(("tab:blue", "tab:red")), reader)
    (said,) = [item for item in found if item.cause is Cause.RECOLOURED]
    assert str(said.element).startswith("rising candles of candles")


def test_widths_of_bodies_and_strokes_are_varied(reader: Reader):
    mark, _ = candles_in(drawn(), reader)
    assert {variant.width for _, variant in mark.variants()} > {mark.width}
    assert {variant.line_width for _, variant in mark.variants()} > {mark.line_width}
