"""Each discrepancy of a chart calls for the change that mends it, by its cause and element alone."""

from __future__ import annotations

import numpy as np
import pytest

from agent.generators.embedded.chart.answers import answers, credited, faces
from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.moves import Move
from critic.reading.chart.description import (
    Axes,
    Bars,
    Chart,
    Entry,
    Legend,
    Line,
    LinearScale,
    Series,
    Text,
    Tick,
)
from critic.reading.chart.glyphs import ink, size_of
from critic.types import Box, Cause, Discrepancy, Element, Value, difference
from renderers.types import Image

BOX = Box(50, 30, 350, 230)
BARS = Bars(
    colour="#336699",
    label="rain",
    positions=(0, 1, 2),
    widths=(0.8, 0.8, 0.8),
    values=(3, 5, 4),
    bases=(0, 0, 0),
)
LINE = Line(colour="#cc5500", label="mean", x=(0, 1, 2), y=(1, 2, 1.5))
TITLE = Text(text="Days of rain", box=Box(150, 8, 250, 20))
TICKS = tuple(Tick(pixel=100 + 100 * k, value=k, label=name) for k, name in enumerate(("a", "b", "c")))


def chart_of(*series: Series, title: Text | None = TITLE, legends: tuple[Legend, ...] = ()) -> Chart:
    """A chart of one axes."""
    scales = {"x": LinearScale(low=-0.5, high=2.5, ticks=TICKS), "y": LinearScale(low=0, high=6)}
    axes = Axes(box=BOX, series=series, title=title, legends=legends, **scales)
    return Chart(width=400, height=260, axes=(axes,))


def answered(
    chart: Chart, cause: Cause, element: Element, box: Box, fresh: Chart | None = None, **values: Value
) -> Axes:
    """The axes after all moves that one discrepancy calls for."""
    said = difference("data_error", 2, cause, element, box, **values)
    assert said is not None
    moves = answers(chart, fresh or chart, [said])
    assert [move.answers for move in moves] == [(0,)]
    for move in moves:
        chart = move.change(chart)
    return chart.axes[0]


BAR = Element(kind="bar", index=(1,), of=Element(kind="bars", name="rain", colour="#336699"))


def test_a_bar_changes_by_what_it_is_off() -> None:
    axes = answered(
        chart_of(LINE, BARS), Cause.VALUE, BAR, BARS.box(chart_of().axes[0].plane), reference=5.0, render=4.5
    )
    (bars,) = (s for s in axes.series if isinstance(s, Bars))
    assert bars.values == (3, 5.5, 4)


def test_a_lost_series_is_drawn_as_it_is_read_again_and_an_extra_one_goes() -> None:
    both, bare = chart_of(BARS, LINE), chart_of(BARS)
    line = Element(kind="line", name="mean", colour="#cc5500")
    box = LINE.box(bare.axes[0].plane)
    assert answered(bare, Cause.MISSING, line, box, fresh=both).series == (BARS, LINE)
    assert answered(both, Cause.EXTRA, line, box).series == (BARS,)


def test_an_axis_a_frame_and_its_labels() -> None:
    chart = chart_of(BARS)
    y, x = Element(kind="y axis"), Element(kind="x axis")
    axes = answered(chart, Cause.RANGE, y, BOX, reference=(0.0, 6.0), render=(0.0, 8.0))
    assert (axes.y.low, axes.y.high) == (0, 4)
    frame = answered(
        chart,
        Cause.RESIZED,
        Element(kind="axes"),
        BOX,
        reference=(50, 30, 350, 230),
        render=(50, 30, 340, 230),
    )
    assert frame.box == Box(50, 30, 360, 230)
    labels = Element(kind="tick labels", of=x)
    axes = answered(chart, Cause.TEXT, labels, BOX, reference=("B",), render=("b",))
    assert [tick.label for tick in axes.x.ticks] == ["a", "B", "c"]
    assert answered(chart, Cause.FONT_SIZE, labels, BOX, reference=12.0, render=10.0).x.size == 12


@pytest.mark.parametrize(
    ("cause", "values", "field", "expected"),
    [
        (Cause.TEXT, {"reference": "Days of snow", "render": "Days of rain"}, "text", "Days of snow"),
        (Cause.FONT_SIZE, {"reference": 12.0, "render": 10.0}, "size", 12.0),
        (Cause.RECOLOURED, {"reference": "#ff0000", "render": "#000000"}, "colour", "#ff0000"),
        (Cause.MOVED, {"reference": (0, 0, 8, 8), "render": (3, 1, 11, 9)}, "nudge", (-3, -1)),
    ],
)
def test_a_title(cause: Cause, values: dict[str, Value], field: str, expected: object) -> None:
    title = answered(chart_of(BARS), cause, Element(kind="title", name=TITLE.text), TITLE.box, **values).title
    assert getattr(title, field) == expected


def test_texts_and_legends_that_are_missing_or_too_much() -> None:
    title, bare = Element(kind="title", name=TITLE.text), chart_of(BARS, title=None)
    assert answered(bare, Cause.MISSING, title, TITLE.box, fresh=chart_of(BARS)).title == TITLE
    assert answered(chart_of(BARS), Cause.EXTRA, title, TITLE.box).title is None
    legend = Legend(box=Box(280, 40, 340, 60), entries=(Entry(text="rain"),))
    named = chart_of(BARS, legends=(legend,))
    element = Element(kind="legend")
    assert answered(chart_of(BARS), Cause.MISSING, element, legend.box, fresh=named).legends == (legend,)
    assert answered(named, Cause.EXTRA, element, legend.box).legends == ()
    text = Element(kind="legend text", name="snow", of=element)
    (changed,) = answered(named, Cause.TEXT, text, legend.box, reference="snow", render="rain").legends
    assert changed.entries[0].text == "snow"


WORDS = ("Days of rain", "Quarterly figures", "Regions by name", "Average height")


def lettered(family: str) -> tuple[Chart, Image]:
    """A chart's texts as a reader of one family reads them from a picture that is set in another."""
    image, texts = np.full((220, 320, 3), 255, np.uint8), []
    for row, word in enumerate(WORDS):
        dark = ink(word, 14.0, family=family).pixels
        high, wide = dark.shape
        box = Box(20, 20 + 50 * row, 20 + wide, 20 + 50 * row + high)
        image[box.pixels] -= dark[..., None]
        texts.append(Text(text=word, box=box, size=size_of(word, wide, high, 100.0)))
    return Chart(width=320, height=220, texts=tuple(texts)), image


def test_another_typeface_is_answered_by_the_family_whose_letters_fit() -> None:
    said = difference("style_error", 1, Cause.FACE, Element(kind="lettering"), BOX)
    assert said is not None
    chart, image = lettered("DejaVu Serif")
    best = faces(chart, [said], image)[0]
    assert best.answers == (0,)
    changed = best.change(chart)
    assert changed.family == "DejaVu Serif"
    # the picture's letters stand on whole pixels, and are up to a pixel of a size's 19 smaller by that
    assert [text.size for text in changed.texts] == pytest.approx([14.0] * len(WORDS), abs=14.0 / 19)
    assert 'plt.rcParams["font.serif"] = ["DejaVu Serif"]' in write(changed)
    assert faces(chart, [], image) == []
    chart, image = lettered("DejaVu Sans")
    assert faces(chart, [said], image) == []


def test_words_alone_call_for_nothing_and_are_credited_by_category_and_place() -> None:
    words = Discrepancy(
        category="style_error", severity=1, description="the title is too small", box=TITLE.box
    )
    assert answers(chart_of(BARS), chart_of(BARS), [words]) == []
    near = Move("title larger", lambda chart: chart, TITLE.box, ("style_error",))
    far = Move("bars wider", lambda chart: chart, Box(60, 200, 80, 220), ("style_error",))
    assert [move.answers for move in credited([near, far], [words], [])] == [(0,), ()]
