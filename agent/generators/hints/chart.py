"""Measured in a chart: texts, axes with their scales, values of marks, legends, colours."""

from __future__ import annotations

from collections.abc import Sequence

from agent.generators.embedded.chart.drawing import draw
from agent.generators.hints.block import Measured, colours, place, sureness, texts
from critic.marks.scales import Scale
from critic.reading import Reader
from critic.reading.canvas import Canvas
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Chart, Legend, Text

_MOST_TICKS = 12


def measure(canvas: Canvas, reader: Reader) -> Sequence[Measured]:
    """The parts for a chart; places are in pixels of the picture as given."""
    chart = read_chart(canvas.pixels, reader)
    scale = canvas.scale
    return [
        (
            f"Axes, in pixels of the original, sizes in points at {chart.dpi * scale:.0f} dots per inch",
            _all_axes(chart, scale),
        ),
        ("Marks, as matplotlib would draw what was measured", _all_marks(chart)),
        texts(canvas, reader, scale),
        colours(canvas.pixels),
    ]


def _all_axes(chart: Chart, scale: float) -> list[str]:
    return [line for name, axes in _named(chart) for line in _axes(name, axes, scale)]


def _all_marks(chart: Chart) -> list[str]:
    return [line for name, axes in _named(chart) for line in draw(name, axes)]


def _named(chart: Chart) -> list[tuple[str, Axes]]:
    only = len(chart.axes) == 1
    return [("ax" if only else f"ax{number}", axes) for number, axes in enumerate(chart.axes, start=1)]


def _axes(name: str, axes: Axes, scale: float) -> list[str]:
    lines = [f"{name}: {place(axes.box, scale)}"]
    if axes.visible:
        lines += [f"{name}, {_scale(which, side)}" for which, side in (("x", axes.x), ("y", axes.y))]
    titled = (("title", axes.title), ("x label", axes.x_label), ("y label", axes.y_label))
    lines += [f"{name}, {what}: {_text(text)}" for what, text in titled if text is not None]
    return lines + [f"{name}, legend at {_legend(legend, scale)}" for legend in axes.legends]


def _scale(name: str, scale: Scale) -> str:
    """Limits and ticks of a direction, and how many labels agree with them."""
    ticks = ", ".join(tick.label or f"{tick.value:g}" for tick in scale.ticks[:_MOST_TICKS])
    more = ", ..." if len(scale.ticks) > _MOST_TICKS else ""
    return (
        f"{name}: {scale.kind} from {scale.low:.5g} to {scale.high:.5g}, ticks {ticks}{more}"
        f"{sureness(scale.confidence)}"
    )


def _text(text: Text) -> str:
    weight = ", bold" if text.bold else ""
    return f'"{text.text}", {text.size:g} points{weight}, {text.colour}'


def _legend(legend: Legend, scale: float) -> str:
    entries = ", ".join(f'"{entry.text}" {entry.handle} {entry.colour}' for entry in legend.entries)
    return f"{place(legend.box, scale)}: {entries}"
