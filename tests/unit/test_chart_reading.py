"""A chart's picture becomes a description in data units, and code that draws the same picture."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.plain import plain_code
from critic.pixel.chart import compare
from critic.reading import Reader
from critic.reading.chart import Chart, read_chart
from critic.reading.chart.description import Axes, Bars, ErrorBars, Grid2D, Line, Points, Ring, Steps, Text
from critic.reading.chart.glyphs import size_of
from critic.reading.chart.numbers import fit, number_of, rounded
from critic.reading.chart.settle import settled
from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image

Draw = Callable[[PlotAxes], object]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def picture(draw: Draw, **style: object) -> Image:
    with plt.rc_context({"backend": "agg"}):
        figure, ax = plt.subplots(figsize=(5, 3.75), dpi=100)
        draw(ax)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        plt.close(figure)
    return load_picture(buffer.getvalue())


def rerun(code: str) -> Image:
    shown = plt.show
    plt.show = lambda *a, **k: None
    try:
        exec(compile(code, "chart.py", "exec"), {"__name__": "__main__"})
        buffer = io.BytesIO()
        plt.gcf().savefig(buffer, format="png")
    finally:
        plt.show = shown
        plt.close("all")
    return load_picture(buffer.getvalue())


def only(chart: Chart) -> Axes:
    assert len(chart.axes) == 1
    return chart.axes[0]


def draw_bars(ax: PlotAxes) -> None:
    ax.bar(["north", "east", "south"], [30, 12, 45], color="#336699", label="rain")
    ax.set_title("Days of rain")
    ax.set_ylabel("days")
    ax.legend(loc="upper left")


def test_bars_have_their_values_labels_and_legend(reader: Reader) -> None:
    image = picture(draw_bars)
    axes = only(read_chart(image, reader))
    (bars,) = axes.series
    assert isinstance(bars, Bars)
    assert bars.values == pytest.approx((30, 12, 45), abs=0.2)
    assert bars.positions == pytest.approx((0, 1, 2), abs=0.02)
    assert bars.colour == "#336699"
    assert [tick.label for tick in axes.x.ticks] == ["north", "east", "south"]
    assert axes.title is not None
    assert axes.title.text == "Days of rain"
    assert axes.y_label is not None
    assert axes.y_label.text == "days"
    assert [entry.text for entry in axes.legends[0].entries] == ["rain"]
    assert bars.label == "rain"


def test_code_draws_the_picture_again(reader: Reader) -> None:
    image = picture(draw_bars)
    code = write(read_chart(image, reader))
    assert 'ax.set_title("Days of rain")' in code
    assert similarity(image, rerun(code)) > 0.97


def test_lying_bars_and_limits(reader: Reader) -> None:
    image = picture(lambda ax: ax.barh([1, 2, 3], [5.0, 2.5, 4.0], height=0.6, color="#aa5500"))
    axes = only(read_chart(image, reader))
    (bars,) = axes.series
    assert isinstance(bars, Bars)
    assert bars.horizontal
    assert bars.values == pytest.approx((4.0, 2.5, 5.0), abs=0.05) or bars.values == pytest.approx(
        (5.0, 2.5, 4.0), abs=0.05
    )
    assert axes.x.high == pytest.approx(5.25, abs=0.03)


def test_lines_keep_vertices_dashes_and_markers(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        ax.plot([0, 1, 2, 3], [1, 3, 2, 5], color="#0000ff", marker="o")
        ax.plot([0, 3], [5, 1], color="#ff0000", linestyle="--")

    axes = only(read_chart(picture(draw), reader))
    lines = {line.colour: line for line in axes.series if isinstance(line, Line)}
    assert lines["#0000ff"].x == pytest.approx((0, 1, 2, 3), abs=0.03)
    assert lines["#0000ff"].y == pytest.approx((1, 3, 2, 5), abs=0.05)
    assert lines["#ff0000"].style == "--"


def test_scatter_counts_points(reader: Reader) -> None:
    rng = np.random.default_rng(3)
    x = np.linspace(0, 9, 10)
    y = rng.permutation(10)
    axes = only(read_chart(picture(lambda ax: ax.scatter(x, y, color="#228833")), reader))
    (points,) = axes.series
    assert isinstance(points, Points)
    assert sorted(points.x) == pytest.approx(sorted(x), abs=0.05)


def test_histogram_outline_and_error_bars(reader: Reader) -> None:
    axes = only(
        read_chart(picture(lambda ax: ax.stairs([1, 4, 6, 3], [0, 1, 2, 3, 4], color="#cc3311")), reader)
    )
    (steps,) = axes.series
    assert isinstance(steps, Steps)
    assert steps.values == pytest.approx((1, 4, 6, 3), abs=0.05)
    errors = only(
        read_chart(
            picture(
                lambda ax: ax.errorbar([1, 2, 3], [4, 6, 5], yerr=1, fmt="o", capsize=4, color="#0077bb")
            ),
            reader,
        )
    )
    assert any(isinstance(series, ErrorBars) for series in errors.series)


def test_pie_fractions(reader: Reader) -> None:
    chart = read_chart(
        picture(lambda ax: ax.pie([50, 30, 20], colors=["#4477aa", "#ee6677", "#228833"])), reader
    )
    (ring,) = only(chart).series
    assert isinstance(ring, Ring)
    assert ring.fractions == pytest.approx((0.5, 0.3, 0.2), abs=0.01)
    assert ring.colours == ("#4477aa", "#ee6677", "#228833")


def test_heat_map_values_and_colour_map(reader: Reader) -> None:
    data = np.array([[1, 5, 9], [2, 6, 4], [8, 3, 7]])

    def draw(ax: PlotAxes) -> None:
        ax.imshow(data, cmap="plasma")
        for i in range(3):
            for j in range(3):
                ax.text(j, i, str(data[i, j]), ha="center", va="center", color="white")

    (heat,) = only(read_chart(picture(draw), reader)).series
    assert isinstance(heat, Grid2D)
    assert heat.cmap == "plasma"
    assert np.allclose(heat.values, data, atol=0.3)


def test_logarithmic_scale(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        ax.semilogy([0, 1, 2, 3], [1, 10, 100, 1000], color="#000088")

    assert only(read_chart(picture(draw), reader)).y.kind == "log"


@pytest.mark.parametrize("shape", [(1, 1), (5, 400), (60, 60), (300, 400)])
def test_odd_pictures_give_empty_descriptions(shape: tuple[int, int], reader: Reader) -> None:
    for value in (0, 255):
        image = np.full((*shape, 3), value, np.uint8)
        chart = read_chart(image, reader)
        assert chart.axes == ()
        assert Chart.model_validate_json(chart.model_dump_json()) == chart
        assert "plt.show()" in write(chart)


def test_noise_is_read_without_an_error(reader: Reader) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (160, 200, 3)).astype(np.uint8)
    assert isinstance(read_chart(noise, reader), Chart)


def test_plain_code_always_draws() -> None:
    text = Text(text="cost in $", box=(10.0, 10.0, 60.0, 22.0))  # type: ignore[arg-type]
    image = rerun(plain_code(Chart(width=200, height=100, texts=(text,))))
    assert image.shape == (100, 200, 3)


def test_critic_names_the_changed_bar_and_nothing_else(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        ax.bar(["north", "east", "south"], [30, 20, 45], color="#336699", label="rain")
        ax.set_title("Days of rain")
        ax.set_ylabel("days")
        ax.legend(loc="upper left")

    found = compare(picture(draw_bars), picture(draw), reader)
    assert [item.category for item in found] == ["data_error"]
    assert found[0].box is not None
    assert found[0].reference == pytest.approx(12, abs=0.1)


def test_critic_names_a_changed_title(reader: Reader) -> None:
    def draw(ax: PlotAxes) -> None:
        draw_bars(ax)
        ax.set_title("Days of snow")

    found = compare(picture(draw_bars), picture(draw), reader)
    assert [item.category for item in found] == ["text_error"]


def test_critic_is_silent_on_equal_pictures_and_on_noise_below_sight(reader: Reader) -> None:
    image = picture(draw_bars)
    assert compare(image, image.copy(), reader) == []
    faint = np.clip(image.astype(int) + 6, 0, 255).astype(np.uint8)
    assert compare(image, faint, reader) == []


def test_numbers_and_mappings() -> None:
    assert number_of("−2.5") == -2.5
    assert number_of("10⁻²") == pytest.approx(0.01)
    assert number_of("apple") is None
    mapping = fit([(10, 0.0), (20, 5.0), (30, 99.0), (40, 15.0)])
    assert mapping is not None
    assert mapping.value(30) == pytest.approx(10.0)
    assert rounded(39.98, 0.1) == 40.0


def test_misread_text_is_settled_by_drawing_it() -> None:
    figure = plt.figure(figsize=(2, 0.4), dpi=100)
    figure.text(0.05, 0.3, "of people (billions)", fontsize=10)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    best, score, size = settled("of people (illions)", load_picture(buffer.getvalue()), 100.0)
    assert best == "of people (billions)"
    assert score > 0.85
    assert size == 10.0
    assert size_of("Title of it", 70, 12, 100.0) > 0


def test_description_round_trips(reader: Reader) -> None:
    chart = read_chart(picture(draw_bars), reader)
    assert Chart.model_validate(json.loads(chart.model_dump_json())) == chart


@pytest.mark.parametrize(("size", "dpi"), [((640, 480), 100), ((576, 432), 90), ((800, 600), 100)])
def test_a_figure_of_the_default_size_tells_its_dots_per_inch(size, dpi):
    width, height = size
    assert read_chart(np.full((height, width, 3), 255, np.uint8), Reader()).dpi == dpi
