"""Heat maps without a frame: cells that touch or nearly do, names that run up beside them, texts in cells."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes as Read
from critic.reading.chart.description import CategoryScale, Grid2D
from critic.reading.chart.lattices import lattice_frames
from tests.charts import picture

VALUES = np.random.default_rng(8).integers(100, 600, (6, 5))
ROWS, COLUMNS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"], ["2018", "2019", "2020", "2021", "2022"]


def _drawn(ax: Axes, line: float, length: float) -> None:
    """As seaborn draws it: no spines, the names of rows turned."""
    ax.pcolormesh(VALUES, edgecolors="white", linewidth=line)
    ax.invert_yaxis()
    for (i, j), value in np.ndenumerate(VALUES):
        ax.text(j + 0.5, i + 0.5, str(value), ha="center", va="center", color="white" if value < 350 else "k")
    ax.set_xticks(np.arange(5) + 0.5, labels=COLUMNS)
    ax.set_yticks(np.arange(6) + 0.5, labels=ROWS, rotation=90, va="center")
    ax.tick_params(length=length)
    ax.spines[:].set_visible(False)


def _touching(ax: Axes) -> None:
    _drawn(ax, 0, 3.5)


def _thin_lines(ax: Axes) -> None:
    _drawn(ax, 0.5, 0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module", params=[_touching, _thin_lines], ids=["touching", "thin lines"])
def axes(request: pytest.FixtureRequest, reader: Reader) -> Read:
    (found,) = read_chart(picture(request.param, (6, 4)), reader).axes
    return found


def test_every_cell_has_its_value_and_text(axes: Read) -> None:
    (heat,) = axes.series
    assert isinstance(heat, Grid2D)
    assert heat.texts == tuple(tuple(str(v) for v in row) for row in VALUES.tolist())
    assert heat.values == tuple(tuple(float(v) for v in row) for row in VALUES.tolist())


def test_cells_are_counted_under_their_names(axes: Read) -> None:
    for scale, names in ((axes.x, COLUMNS), (axes.y, ROWS)):
        assert isinstance(scale, CategoryScale)
        assert [(tick.value, tick.label) for tick in scale.ticks] == list(enumerate(names))
    assert axes.y_label is None


def test_lines_between_cells_have_their_width() -> None:
    read = [
        read_chart(picture(drawn, (6, 4)), Reader()).axes[0].series[0] for drawn in (_touching, _thin_lines)
    ]
    touching, thin = (mark.gap for mark in read if isinstance(mark, Grid2D))
    assert touching == 0
    assert thin == pytest.approx(0.5 * 100 / 72, abs=0.4)


def test_an_even_picture_is_no_lattice() -> None:
    def plain(ax: Axes) -> None:
        ax.bar(range(3), [2, 3, 1], width=1.0, color=["red", "green", "blue"])
        ax.axis("off")

    image = picture(plain, (6, 4))
    assert not lattice_frames(image, np.array([255, 255, 255]), [])


def test_a_tick_at_the_rim_of_the_picture_is_no_trouble(reader: Reader) -> None:
    def wide(ax: Axes) -> None:
        ax.plot([0, 1], [0, 1])
        ax.set_yticks([0.1, 0.9])
        ax.set_position((0.1, 0.02, 0.88, 0.96))

    (found,) = read_chart(picture(wide), reader).axes
    assert sorted(tick.label for tick in found.y.ticks) == ["0.1", "0.9"]
