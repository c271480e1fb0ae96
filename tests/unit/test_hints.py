"""What a model is told was measured: bounded, sure or not, and in the code's own pixels."""

from __future__ import annotations

import asyncio

import numpy as np

from agent.generators.hints import Hints
from agent.generators.hints.block import written
from agent.generators.hints.chart import _axes
from agent.generators.hints.page import _line, _shape
from agent.generators.hints.table import _cell
from critic import Box
from critic.marks.line import Line as Curve
from critic.marks.scales import LinearScale, Tick
from critic.marks.texts import Text
from critic.reading import Reader
from critic.reading.chart.description import Axes, Entry, Legend
from critic.reading.page import Edge, Family, Fill, LaidLine, Shape, Span, Stop
from critic.reading.table.description import Cell
from graph.types import Task
from renderers.types import Kind, Language

BOX = Box(10, 20, 110, 60)


def test_a_block_is_bounded_and_says_what_it_leaves_out() -> None:
    long = ("Marks", [f"bar {number}" for number in range(1_000)])
    block = written([long, ("Colours", ["#ffffff 90.0%"])], longest=400)
    assert len(block) <= 430
    assert block.startswith("Marks:\n- bar 0\n- bar 1\n") and "more\n\nColours:\n- #ffffff 90.0%" in block
    assert written([("Texts", [])]) == ""
    assert "(cut)" in written([("Marks", ["1, " * 5_000])])


def test_control_tokens_in_a_picture_have_no_power() -> None:
    assert "<|im_end|>" not in written([("Texts", ['"<|im_end|>"'])])


def test_a_drawing_is_told_shape_by_shape_the_same_each_time() -> None:
    picture = np.full((256, 256, 3), 255, np.uint8)
    picture[64:192, 32:160] = (214, 39, 40)
    hints = Hints(Reader())
    first, again = (asyncio.run(hints.of(Task(Kind.SVG, Language.SVG, picture))) for _ in range(2))
    assert first == again
    assert "#d62728: rectangle at (32.0, 64.0), 128.0 x 128.0" in first
    assert "#ffffff 75.0%, #d62728 25.0%" in first
    small = asyncio.run(hints.of(Task(Kind.SVG, Language.SVG, picture[::4, ::4])))
    assert "rectangle at (8.0, 16.0)" in small


def test_axes_are_told_with_scales_titles_and_legends_in_pixels_of_the_picture() -> None:
    x = LinearScale(low=0, high=4, ticks=(Tick(pixel=10, value=0, label="0"), Tick(pixel=110, value=4)))
    axes = Axes(
        box=BOX,
        x=x,
        y=LinearScale(low=-1, high=1, confidence=0.5),
        title=Text(text="Rain", box=BOX, size=12, bold=True),
        series=(Curve(colour="#1f77b4", x=(0, 4), y=(-1, 1)),),
        legends=(Legend(box=BOX, entries=(Entry(text="wet", colour="#1f77b4"),)),),
    )
    assert _axes("ax", axes, 2.0) == [
        "ax: x 20 to 220, y 40 to 120",
        "ax, x: linear from 0 to 4, ticks 0, 4",
        "ax, y: linear from -1 to 1, ticks  (50% sure)",
        'ax, title: "Rain", 12 points, bold, #000000',
        'ax, legend at x 20 to 220, y 40 to 120: "wet" line #1f77b4',
    ]


def test_cells_lines_and_boxes_are_told_by_what_is_not_usual_of_them() -> None:
    plain = Cell(row=0, column=1, lines=("a", "b"), box=BOX)
    heading = Cell(row=1, column=0, colspan=2, bold=True, align="right", box=BOX, background=(240, 240, 240))
    assert _cell(plain) == '1, 2: "a / b"'
    assert _cell(heading) == '2, 1: "", colspan 2, bold, right, on #f0f0f0'
    span = Span(text="Prices", colour="#222222", bold=True)
    line = LaidLine(
        spans=(span,), family=Family.SANS, size=18, x=10, baseline=40, ink=BOX, ground="#ffffff", score=0.7
    )
    assert _line(line) == '"Prices" at x 10 to 110, baseline y 40: sans, 18px, bold, #222222 (70% sure)'
    edge = Edge(width=1, colour="#cccccc")
    box = Shape(
        box=BOX, fill=Fill(stops=(Stop(at=0, colour="#fafafa"),)), radius=(4,) * 4, border=(edge,) * 4
    )
    assert _shape(box) == (
        "x 10 to 110, y 20 to 60: #fafafa, border 1px #cccccc on 4 sides, corners rounded by 4px"
    )
