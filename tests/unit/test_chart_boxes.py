"""A box plot becomes its statistics, box by box; a heat map and an image lie where their axes say."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes as PlotAxes
from matplotlib.figure import Figure

from agent.generators.embedded.chart.code import write
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Boxes, Grid2D
from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image

Orientation = Literal["vertical", "horizontal"]
_SAMPLES = ([1, 2, 3, 4, 5, 11], [2, 4, 5, 6, 8], [3, 5, 6.5, 7, 9, 14, 0.5])


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def picture(draw: Callable[[PlotAxes], object], **style: object) -> Image:
    with plt.rc_context({"backend": "agg", **style}):  # type: ignore[dict-item]
        figure, ax = plt.subplots(figsize=(5, 3.75), dpi=100)
        draw(ax)
        return saved(figure)


def saved(figure: Figure) -> Image:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return load_picture(buffer.getvalue())


def rerun(code: str, monkeypatch: pytest.MonkeyPatch) -> Image:
    monkeypatch.setattr(plt, "show", lambda *a, **k: None)
    exec(compile(code, "chart.py", "exec"), {"__name__": "__main__"})
    return saved(plt.gcf())


def only(image: Image, reader: Reader) -> Axes:
    (axes,) = read_chart(image, reader).axes
    return axes


def expected(field: str) -> list[float]:
    quartiles = {"q1": 25, "medians": 50, "q3": 75}
    return [float(np.percentile(sample, quartiles[field])) for sample in _SAMPLES]


@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
@pytest.mark.parametrize("filled", [False, True])
def test_boxes_have_their_statistics(reader: Reader, orientation: Orientation, filled: bool) -> None:
    image = picture(
        lambda ax: ax.boxplot(
            _SAMPLES, tick_labels=["ash", "elm", "oak"], orientation=orientation, patch_artist=filled
        )
    )
    (boxes,) = only(image, reader).series
    assert isinstance(boxes, Boxes)
    assert boxes.horizontal == (orientation == "horizontal")
    for field in ("q1", "medians", "q3"):
        # A pixel is 0.05 here.
        assert sorted(getattr(boxes, field)) == pytest.approx(sorted(expected(field)), abs=0.12)
    assert sorted(value for fliers in boxes.fliers for value in fliers) == pytest.approx([11], abs=0.15)
    assert max(boxes.highs) == pytest.approx(14, abs=0.12)
    assert set(boxes.faces) == ({"#1f77b4"} if filled else {None})


def test_notched_boxes_are_drawn_again_as_they_were(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    spread = [np.linspace(0, 10, 80) + shift for shift in (0, 2, 5)]
    image = picture(lambda ax: ax.boxplot(spread, notch=True))
    chart = read_chart(image, reader)
    (boxes,) = chart.axes[0].series
    assert isinstance(boxes, Boxes)
    assert len(boxes.notches) == 3
    code = write(chart)
    assert "med=" in code and "shownotches=True" in code
    assert similarity(image, rerun(code, monkeypatch)) > 0.97


def test_bars_with_error_bars_are_no_box_plot(reader: Reader) -> None:
    image = picture(lambda ax: ax.bar([0, 1, 2], [3, 5, 4], yerr=0.4, color="white", edgecolor="black"))
    assert not any(isinstance(series, Boxes) for series in only(image, reader).series)


def test_cells_lie_where_the_axes_say(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.arange(24).reshape(4, 6)
    image = picture(lambda ax: ax.pcolormesh([10, 12, 14, 16, 18, 20, 22], range(5), values))
    chart = read_chart(image, reader)
    (heat,) = chart.axes[0].series
    assert isinstance(heat, Grid2D)
    assert (len(heat.values), len(heat.values[0])) == (4, 6)
    code = write(chart)
    assert "extent=[10, 22, 0, 4]" in code
    assert similarity(image, rerun(code, monkeypatch)) > 0.97


def test_a_smooth_image_is_a_coarse_grid(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    y, x = np.mgrid[-2:2:120j, -3:3:180j]
    image = picture(lambda ax: ax.imshow(np.exp(-(x**2) - y**2), extent=(-3, 3, -2, 2), cmap="magma"))
    chart = read_chart(image, reader)
    (heat,) = chart.axes[0].series
    assert isinstance(heat, Grid2D)
    assert heat.smooth
    assert heat.cmap == "magma"
    code = write(chart)
    assert len(code) < 6000
    assert similarity(image, rerun(code, monkeypatch)) > 0.95


def test_lines_over_a_tinted_face_are_no_image(reader: Reader) -> None:
    image = picture(
        lambda ax: [ax.plot(np.sin(np.linspace(0, 6, 60) + k)) for k in range(6)],
        **{"axes.facecolor": "#e5e5e5", "axes.grid": True},
    )
    assert not any(isinstance(series, Grid2D) for series in only(image, reader).series)


def test_boxes_of_several_colours_are_a_mark_each(reader: Reader) -> None:
    """As Plotly draws them: each in a colour of its own, filled with a paler one."""

    def draw(ax: PlotAxes) -> None:
        for at, (sample, colour) in enumerate(zip(_SAMPLES, ("#1f77b4", "#ff7f0e", "#2ca02c"), strict=True)):
            style = {"color": colour, "linewidth": 2}
            drawn = ax.boxplot(
                [np.array(sample)],
                positions=[at],
                widths=0.5,
                patch_artist=True,
                showfliers=False,
                whiskerprops=style,
                capprops=style,
                medianprops=style,
                manage_ticks=False,
            )
            drawn["boxes"][0].set(facecolor=colour + "80", edgecolor=colour, linewidth=2)
        ax.set_xlim(-0.5, 2.5)

    marks = only(picture(draw), reader).series
    assert [mark.palette[0] for mark in marks if isinstance(mark, Boxes)] == ["#1f77b4", "#ff7f0e", "#2ca02c"]
    medians = [mark.medians[0] for mark in marks if isinstance(mark, Boxes)]
    assert medians == pytest.approx(expected("medians"), abs=0.1)
