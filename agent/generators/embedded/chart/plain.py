"""The last resort: texts where they stand and plain axes, code that cannot fail."""

from __future__ import annotations

from critic.marks.literals import call, number, string
from critic.reading.chart.description import Axes, Chart, Text


def plain_code(chart: Chart) -> str:
    """Empty axes in their places, with every text as a figure text."""
    lines = ["import matplotlib.pyplot as plt", ""]
    size = f"figsize=({number(chart.width / chart.dpi)}, {number(chart.height / chart.dpi)})"
    face = f"facecolor={string(chart.background)}"
    lines.append(call("fig = plt.figure", size, f"dpi={number(chart.drawn_dpi)}", face))
    for axes in chart.axes:
        if axes.visible:
            lines += _axes(axes, chart)
    for text in _texts(chart):
        x = (text.box.x0 + text.box.x1) / 2 / chart.width
        y = 1 - (text.box.y0 + text.box.y1) / 2 / chart.height
        turn = f"rotation={number(text.rotation)}" if text.rotation else ""
        written = string(text.text.replace("$", r"\$"))
        style = f"fontsize={number(text.size)}, color={string(text.colour)}"
        lines.append(
            call("fig.text", f"{x:.4f}", f"{y:.4f}", written, 'ha="center", va="center"', style, turn)
        )
    return "\n".join([*lines, "", "plt.show()", ""])


def _axes(axes: Axes, chart: Chart) -> list[str]:
    b = axes.box
    place = (
        b.x0 / chart.width,
        1 - b.y1 / chart.height,
        b.width / chart.width,
        b.height / chart.height,
    )
    inside = ", ".join(f"{v:.4f}" for v in place)
    return [f"ax = fig.add_axes([{inside}], facecolor={string(axes.face)})", "ax.set(xticks=[], yticks=[])"]


def _texts(chart: Chart) -> list[Text]:
    found = list(chart.texts)
    for axes in chart.axes:
        found += [t for t in (axes.title, axes.x_label, axes.y_label, axes.right_label) if t is not None]
        found += axes.texts
    return found
