"""Line icons: strokes with their widths and ends, on the numbers of the grid that they were drawn on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import cairosvg
import numpy as np
import pytest
from lxml import etree

from agent.generators.embedded.svg import generator
from agent.generators.embedded.types import Bench
from critic.reading import Reader
from critic.reading.svg.numbers import numbers_of, rebuilt, reversed_outline, track
from critic.reading.svg.plainer import plainer
from critic.reading.svg.types import Arc, Cubic, Outline, Point, Straight, Stroke
from critic.similarity import similarity
from graph.types import Task
from renderers.pictures import load_picture
from renderers.types import LANGUAGES, Image, Kind, Render, RenderStatus
from renderers.worker.cairo_svg import true_corners

_SIZE = 240
_ROUND = 'stroke-linecap="round" stroke-linejoin="round"'


def drawn(code: str) -> Image:
    """CairoSVG's picture of a document."""
    true_corners()
    data = cairosvg.svg2png(
        bytestring=code.encode(), output_width=_SIZE, output_height=_SIZE, background_color="white"
    )
    return load_picture(data)


def icon(body: str, units: int = 24, width: float = 2, ends: str = _ROUND) -> str:
    """A document of lines."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {units} {units}"'
    return f'{head} fill="none" stroke="#000" stroke-width="{width}" {ends}>{body}</svg>'


def read(code: str) -> etree._Element:
    """What is written for the picture of a document, which must look the same."""
    picture = drawn(code)

    async def probe(tried: str) -> Render:
        return Render(RenderStatus.OK, image=drawn(tried))

    task = Task(reference=picture, kind=Kind.SVG, language=LANGUAGES[Kind.SVG][0])
    draft = asyncio.run(generator.draft(task, Bench(reader=Reader(), probe=probe), 0))
    assert similarity(picture, drawn(draft.code)) > 0.995
    return etree.fromstring(draft.code.encode())


def tags(document: etree._Element) -> Sequence[str]:
    """Names of the elements, in alphabetical order."""
    return sorted(etree.QName(element).localname for element in document)


def test_lines_and_circles_are_drawn_with_one_pen_on_the_grid() -> None:
    document = read(icon('<circle cx="11" cy="11" r="7"/><path d="M20 3v6"/>'))
    assert document.get("viewBox") == "0 0 24 24"
    assert (document.get("stroke-width"), document.get("stroke-linecap")) == ("2", "round")
    assert tags(document) == ["circle", "line"]
    circle = next(element for element in document if element.get("r"))
    assert (circle.get("cx"), circle.get("cy"), circle.get("r")) == ("11", "11", "7")


def test_a_rounded_frame_is_a_rect() -> None:
    document = read(icon('<rect x="3" y="4" width="18" height="16" rx="3"/>'))
    assert tags(document) == ["rect"]
    assert [document[0].get(name) for name in ("x", "y", "width", "height", "rx")] == [
        "3",
        "4",
        "18",
        "16",
        "3",
    ]


def test_lines_that_meet_end_in_each_other() -> None:
    document = read(icon('<path d="M7 17L17 7M7 7h10v10"/>'))
    assert tags(document) == ["path"]
    assert document.get("stroke-width") == "2"


@pytest.mark.parametrize(("units", "width"), [(16, 1.5), (20, 1)])
def test_other_grids(units: int, width: float) -> None:
    document = read(icon(f'<path d="M3 4h{units - 7}M5 8v{units - 12}"/>', units, width))
    assert document.get("viewBox") == f"0 0 {units} {units}"
    assert float(document.get("stroke-width") or 0) == width


def test_flat_ends_stay_flat() -> None:
    document = read(icon('<path d="M4 18c4-14 10 4 16-12"/>', ends=""))
    assert document.get("stroke-linecap") is None


def test_a_filled_shape_gets_no_stroke() -> None:
    document = read(icon('<path fill="#000" stroke="none" d="M4 20L12 4l8 16z"/>'))
    assert document.get("stroke") is None


def test_lines_that_stay_far_from_the_sides_are_not_searched_for_fewer_joints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zigzag = Outline(
        start=Point(20, 20),
        segments=tuple(Straight(end=Point(20 + 10 * step, 20 + 8 * (step % 2))) for step in range(1, 9)),
    )
    beside = np.linspace(20, 100, 200) + 18j
    around = 60 + 60j + 50 * np.exp(1j * np.linspace(0, 6.2, 200))
    searched: list[Stroke] = []
    monkeypatch.setattr("critic.reading.svg.plainer._trials", lambda stroke: searched.append(stroke) or ())
    plainer(Stroke(lines=(zigzag,), width=4.0), around)
    assert not searched
    straight = Outline(start=Point(20, 20), segments=(Straight(end=Point(100, 20)),))
    plainer(Stroke(lines=(straight,), width=4.0), np.concatenate([beside, beside.conj() + 40j]))
    assert searched


def test_numbers_make_the_same_part_again() -> None:
    line = Outline(
        start=Point(1, 2),
        segments=(
            Straight(end=Point(5, 2)),
            Arc(end=Point(9, 6), radius=4, large=False, sweep=True),
            Cubic(first=Point(9, 8), second=Point(7, 9), end=Point(5, 9)),
        ),
    )
    again = rebuilt(line, numbers_of(line))
    assert track(again) == pytest.approx(track(line))
    assert track(reversed_outline(line))[::-1] == pytest.approx(track(line), abs=0.01)


def test_thin_white_lines_on_a_dark_ground_are_lines() -> None:
    body = '<path d="M3 12l9-9 9 9M5 10v9a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-9"/>'
    code = icon(f'<path d="M0 0h24v24H0z" fill="#202020" stroke="none"/>{body}', width=0.7)
    document = read(code.replace("#000", "#fff"))
    assert document.get("viewBox") == "0 0 24 24"
    strokes = [element.get("stroke") for element in document.iter() if element.get("stroke")]
    assert strokes == ["#fff"]


def test_short_strokes_are_lines_of_the_pen_and_many_are_one_path() -> None:
    ticks = "".join(f'<path d="M{x} 3v1"/>' for x in (4, 9, 15, 20))
    document = read(icon(f'{ticks}<path d="M3 12h18"/><circle cx="12" cy="18" r="3"/>'))
    assert tags(document) == ["circle", "path"]
    assert document.get("stroke-width") == "2" and document.get("viewBox") == "0 0 24 24"
    (path,) = document.findall("{*}path")
    assert path.get("d").count("M") == 5 and "a" not in path.get("d")
