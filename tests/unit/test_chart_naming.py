"""Legend entries give their texts to the marks that look like their handles."""

from __future__ import annotations

from critic.marks.bars import Bars
from critic.marks.line import Line
from critic.marks.parts import Entry, Legend
from critic.marks.ring import Ring
from critic.reading.chart.naming import named
from critic.types import Box

BLUE, NEARLY, ORANGE = "#1f77b4", "#2279b6", "#ff7f0e"
BOX = Box(0, 0, 90, 60)


def line(colour: str, style: str = "-") -> Line:
    return Line(colour=colour, x=(0.0, 1.0), y=(0.0, 1.0), style=style)


def labels(marks: list, *entries: Entry) -> list[str]:
    return [mark.label for mark in named(marks, [Legend(box=BOX, entries=entries)])]


def test_each_text_goes_to_the_nearest_colour():
    marks = [line(ORANGE), line(BLUE)]
    assert labels(marks, Entry(text="a", colour=NEARLY), Entry(text="b", colour=ORANGE)) == ["b", "a"]


def test_of_one_colour_the_style_decides():
    marks = [line(BLUE), line(BLUE, "--")]
    dashed, solid = Entry(text="dashed", colour=BLUE, style="--"), Entry(text="solid", colour=BLUE)
    assert labels(marks, dashed, solid) == ["solid", "dashed"]


def test_a_mark_is_named_once_and_a_strange_colour_names_none():
    marks = [line(BLUE)]
    entries = Entry(text="a", colour=BLUE), Entry(text="b", colour=BLUE), Entry(text="c", colour=ORANGE)
    assert labels(marks, *entries) == ["a"]
    assert labels(marks, Entry(text="c", colour=ORANGE)) == [""]


def test_what_no_legend_can_name_is_passed_over():
    ring = Ring(centre=(10.0, 10.0), radius=5.0, hole=0.0, fractions=(0.4, 0.6), colours=(BLUE, ORANGE))
    bars = Bars(colour=BLUE, positions=(1.0,), widths=(1.0,), values=(2.0,), bases=(0.0,))
    assert labels([ring, bars], Entry(text="a", colour=BLUE)) == ["", "a"]
