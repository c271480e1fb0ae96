"""Pictures of known shapes are read as those shapes."""

from __future__ import annotations

from collections.abc import Callable

import cairosvg
import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import ImageDraw

from agent.generators.embedded.svg_code import write_svg
from agent.generators.embedded.svg_trace import trace
from critic.reading import Reader
from critic.reading.svg import Drawing, arrange, read_drawing, split
from critic.reading.svg.reading import read_svg
from critic.reading.svg.types import Circle, Ellipse, Path, Rect
from critic.similarity import similarity
from renderers.pictures import load_picture
from renderers.types import Image

_OVER = 8


def drawn(size: int, draw: Callable[[ImageDraw.ImageDraw, int], None], ground: str = "white") -> Image:
    """A picture drawn large by Pillow and scaled down; coordinates are multiplied by the second argument."""
    picture = PILImage.new("RGB", (size * _OVER, size * _OVER), ground)
    draw(ImageDraw.Draw(picture), _OVER)
    return np.asarray(picture.resize((size, size), PILImage.Resampling.BOX))


def read(image: Image) -> Drawing:
    return read_drawing(arrange(split(image)))


def rendered(drawing: Drawing) -> Image:
    code = write_svg(drawing).encode()
    size = {"output_width": drawing.width, "output_height": drawing.height}
    return load_picture(cairosvg.svg2png(bytestring=code, background_color="white", **size))


def test_a_circle_is_a_circle() -> None:
    image = drawn(120, lambda d, k: d.ellipse((20 * k, 30 * k, 90 * k - 1, 100 * k - 1), fill="#cc2244"))
    (shape,) = read(image).shapes
    assert isinstance(shape.geometry, Circle)
    assert shape.paint == "#cc2244"
    assert shape.geometry.centre == pytest.approx((55, 65), abs=0.1)
    assert shape.geometry.radius == pytest.approx(35, abs=0.1)


def test_an_ellipse_is_an_ellipse() -> None:
    image = drawn(120, lambda d, k: d.ellipse((10 * k, 40 * k, 110 * k - 1, 80 * k - 1), fill="#2244cc"))
    (shape,) = read(image).shapes
    assert isinstance(shape.geometry, Ellipse)
    assert shape.geometry.radii == pytest.approx((50, 20), abs=0.15)


@pytest.mark.parametrize("radius", [0, 12])
def test_a_rectangle_is_a_rectangle(radius: int) -> None:
    def draw(pen: ImageDraw.ImageDraw, k: int) -> None:
        pen.rounded_rectangle((20 * k, 30 * k, 100 * k - 1, 90 * k - 1), radius * k, fill="black")

    (shape,) = read(drawn(120, draw)).shapes
    assert isinstance(shape.geometry, Rect)
    assert (*shape.geometry.corner, shape.geometry.width, shape.geometry.height) == pytest.approx(
        (20, 30, 80, 60), abs=0.1
    )
    assert shape.geometry.radius == pytest.approx(radius, abs=0.4)


def test_corners_are_sharp_and_sides_straight() -> None:
    corners = [(20, 100), (60, 15), (110, 95)]
    image = drawn(120, lambda d, k: d.polygon([(x * k, y * k) for x, y in corners], fill="#117733"))
    (shape,) = read(image).shapes
    assert isinstance(shape.geometry, Path)
    (outline,) = shape.geometry.outlines
    ends = [segment.end for segment in outline.segments]
    assert {segment.kind for segment in outline.segments} == {"line"}
    assert len(ends) == 3
    for corner in corners:
        assert min(np.hypot(corner[0] - end.x, corner[1] - end.y) for end in ends) < 0.5


def test_a_hole_shows_the_canvas() -> None:
    def ring(pen: ImageDraw.ImageDraw, k: int) -> None:
        pen.ellipse((10 * k, 10 * k, 110 * k, 110 * k), fill="black")
        pen.ellipse((40 * k, 40 * k, 80 * k, 80 * k), fill="white")

    (shape,) = read(drawn(120, ring)).shapes
    assert isinstance(shape.geometry, Path)
    assert len(shape.geometry.outlines) == 2


def test_what_lies_on_a_shape_leaves_it_whole() -> None:
    def face(pen: ImageDraw.ImageDraw, k: int) -> None:
        pen.ellipse((10 * k, 10 * k, 110 * k, 110 * k), fill="#ffcc4d")
        pen.ellipse((35 * k, 40 * k, 50 * k, 60 * k), fill="#664500")
        pen.ellipse((70 * k, 40 * k, 85 * k, 60 * k), fill="#664500")

    shapes = read(drawn(120, face)).shapes
    assert [shape.paint for shape in shapes] == ["#ffcc4d", "#664500", "#664500"]
    assert isinstance(shapes[0].geometry, Circle)


def test_a_dark_ground_is_painted() -> None:
    image = drawn(
        120, lambda d, k: d.rectangle((30 * k, 30 * k, 90 * k - 1, 90 * k - 1), fill="#eeeeee"), "#102030"
    )
    drawing = read(image)
    assert drawing.ground == "#102030"
    assert similarity(image, rendered(drawing)) > 0.995


def _busy(pen: ImageDraw.ImageDraw, k: int) -> None:
    pen.rounded_rectangle((10 * k, 20 * k, 150 * k, 140 * k), 25 * k, fill="#0072c6")
    pen.polygon([(30 * k, 120 * k), (80 * k, 40 * k), (140 * k, 120 * k)], fill="#f4d35e")
    pen.arc((40 * k, 60 * k, 120 * k, 130 * k), 200, 340, fill="#d7263d", width=7 * k)
    pen.line((20 * k, 30 * k, 140 * k, 34 * k), fill="white", width=2 * k)


@pytest.mark.parametrize("size", [160, 320])
def test_the_code_draws_the_picture(size: int) -> None:
    image = drawn(size, lambda pen, k: _busy(pen, k * size // 160))
    drawing = read(image)
    assert similarity(image, rendered(drawing)) > 0.985
    assert len(write_svg(drawing)) < 2500


def test_a_description_survives_json() -> None:
    drawing = read(drawn(160, _busy))
    assert Drawing.model_validate_json(drawing.model_dump_json()) == drawing


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (64, 64)])
def test_an_empty_picture_is_an_empty_drawing(shape: tuple[int, int]) -> None:
    assert read(np.full((*shape, 3), 255, np.uint8)).shapes == ()


def test_noise_is_read_without_error() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    write_svg(read(noise))


def test_a_huge_picture_is_read_at_a_bounded_size() -> None:
    side = 2600
    rows, columns = np.ogrid[:side, :side]
    image = np.full((side, side, 3), 255, np.uint8)
    image[(rows - side / 2) ** 2 + (columns - side / 2) ** 2 < (side / 4) ** 2] = (200, 30, 30)
    drawing = read_svg(image, Reader())
    assert drawing.width * drawing.height <= 4_000_000
    assert [shape.paint for shape in drawing.shapes] == ["#c81e1e"]
    assert f'viewBox="0 0 {drawing.width} {drawing.height}"' in trace(image)


@pytest.mark.parametrize("radial", [False, True])
def test_a_gradient_has_its_stops_where_they_are(radial: bool) -> None:
    ends = 'cx="80" cy="80" r="60"' if radial else 'x1="20" y1="20" x2="140" y2="140"'
    name = "radialGradient" if radial else "linearGradient"
    code = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160"><defs><{name} id="a" '
        f'gradientUnits="userSpaceOnUse" {ends}><stop stop-color="#f6c35b"/><stop offset=".4" '
        f'stop-color="#d8226f"/><stop offset="1" stop-color="#3344d6"/></{name}></defs>'
        f'<circle cx="80" cy="80" r="60" fill="url(#a)"/><circle cx="100" cy="60" r="12" fill="#012"/></svg>'
    )
    picture = load_picture(
        cairosvg.svg2png(
            bytestring=code.encode(), output_width=320, output_height=320, background_color="white"
        )
    )
    drawing = read(picture)
    lowest = drawing.shapes[0]
    assert not isinstance(lowest.paint, str)
    assert (lowest.paint.radial, lowest.geometry.kind, len(lowest.paint.stops)) == (radial, "circle", 3)
    assert similarity(picture, rendered(drawing)) > 0.99
