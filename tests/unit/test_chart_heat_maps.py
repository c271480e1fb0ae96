"""Heat maps as galleries draw them: names at a slant, cells without a frame beside a colour bar."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from critic.marks.heatmap import Grid2D
from critic.reading import Reader
from critic.reading.chart import read_chart
from tests.charts import picture

NAMES = ["Farmer Joe", "Upland Bros.", "Smith Gardening", "Agrifun", "Organiculture", "BioGoods Ltd."]
VALUES = np.random.default_rng(3).uniform(0, 6, (6, 6)).round(1)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(("rotation", "ha"), [(45, "right"), (-45, "left")])
def test_names_at_a_slant_are_read_the_way_that_they_run(rotation: int, ha: str, reader: Reader) -> None:
    """Also where the box of a name holds the ends of its neighbours."""

    def draw(ax: Axes) -> None:
        ax.figure.subplots_adjust(left=0.25, right=0.75, bottom=0.28, top=0.95)
        ax.imshow(VALUES)
        ax.set_xticks(range(6), NAMES, rotation=rotation, ha=ha, rotation_mode="anchor")
        ax.set_yticks(range(6), NAMES)

    (axes,) = read_chart(picture(draw, (6.4, 4.8)), reader).axes
    assert [tick.label for tick in axes.x.ticks] == NAMES
    assert axes.x.rotation == pytest.approx(rotation, abs=6)


def test_cells_without_a_frame_beside_a_colour_bar_are_one_heat_map(reader: Reader) -> None:
    def draw(ax: Axes) -> None:
        image = ax.imshow(VALUES, cmap="YlGn")
        ax.figure.colorbar(image, ax=ax)
        ax.spines[:].set_visible(False)
        ax.set_xticks(range(6), NAMES[:1] * 6)
        ax.set_yticks(range(6), NAMES)
        ax.set_xticks(np.arange(7) - 0.5, minor=True)
        ax.set_yticks(np.arange(7) - 0.5, minor=True)
        ax.grid(which="minor", color="w", linewidth=3)
        ax.tick_params(which="minor", bottom=False, left=False)

    maps = [mark for axes in read_chart(picture(draw, (6.4, 4.8)), reader).axes for mark in axes.series]
    cells = [mark for mark in maps if isinstance(mark, Grid2D)]
    assert len(cells) == 1 and np.shape(cells[0].values) == (6, 6)
