"""``lookalike read``: what was seen is told, drawn over the picture, and given as JSON."""

from __future__ import annotations

import json

import numpy as np
from PIL import Image as PILImage
from typer.testing import CliRunner

from agent.cli import app
from critic.reading.seen import overlay, seen
from critic.reading.svg.types import Circle, Drawing, Outline, Path, Point, Rect, Shape, Straight

TRIANGLE = Outline(start=Point(1, 1), segments=(Straight(end=Point(9, 1)), Straight(end=Point(5, 8))))
DRAWING = Drawing(
    width=20,
    height=10,
    ground="#ffffff",
    shapes=(
        Shape(paint="#000000", geometry=Path(outlines=(TRIANGLE,))),
        Shape(paint="#ff0000", geometry=Circle(centre=Point(14, 5), radius=3)),
        Shape(paint="#ff0000", geometry=Rect(corner=Point(2, 8), width=4, height=1)),
    ),
)


def test_every_place_of_a_drawing_is_seen() -> None:
    found = list(seen(DRAWING))
    assert [place.name for place in found] == ["outlines", "circle", "rect"]
    assert found[0].path.tolist() == [[1, 1], [9, 1], [5, 8]]
    assert found[1].path.tolist() == [[11, 2], [17, 2], [17, 8], [11, 8]]


def test_it_is_drawn_at_the_size_of_the_picture() -> None:
    picture = np.full((20, 40, 3), 255, np.uint8)
    drawn = overlay(picture, DRAWING)
    assert drawn.shape == picture.shape
    assert (drawn[2, 2:19] != 255).any(axis=-1).all(), "the triangle's upper edge, twice as large"


def test_the_command_tells_counts_draws_and_gives_json(pictures, tmp_path) -> None:
    file, out = str(pictures / "chart" / "two_lines.png"), tmp_path / "seen.png"
    told = CliRunner().invoke(app, ["read", file, "-o", str(out)])
    assert told.exit_code == 0, told.output
    assert "chart: 2 line, 14 tick, 1 axes" in told.output
    with PILImage.open(file) as picture, PILImage.open(out) as drawn:
        assert picture.size == drawn.size
    told = CliRunner().invoke(app, ["read", file, "--kind", "chart", "--json"])
    assert len(json.loads(told.stdout)["axes"][0]["series"]) == 2


def test_what_is_no_picture_is_told_in_a_line(tmp_path) -> None:
    told = CliRunner().invoke(app, ["read", str(tmp_path / "none.png")])
    assert told.exit_code == 2
    assert "Traceback" not in told.output
