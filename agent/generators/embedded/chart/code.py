"""A chart's description as matplotlib code that a person would keep."""

from __future__ import annotations

from agent.generators.embedded.chart.drawing import draw
from agent.generators.embedded.chart.layout import is_default, legend_place, rectangle
from critic.marks.literals import call, colour, number, numbers, string, strings
from critic.marks.parts import APART, BETWEEN, GAP, HANDLE, PATCH
from critic.marks.scales import TINT
from critic.reading.chart.colours import apart
from critic.reading.chart.description import Axes, Chart, Entry, Legend, Text
from critic.reading.chart.glyphs import FAMILIES, baseline_of

_ALMOST = 12
"""Texts this near to white are white, seen through anti-aliasing."""
_USUAL_SIZE, _TITLE_SIZE = 10.0, 12.0
"""Points, of texts and of titles, that matplotlib draws unasked."""
_UPRIGHT = 90
"""Degrees of texts that read upwards, as matplotlib turns the label of a colour bar."""
_GRID_WIDTH, _SAME_WIDTH = 0.8, 0.3
"""Points of grid lines in matplotlib, and by how much a measured width may be off: a third of a pixel."""
_TITLE_PAD, _SAME_PAD = 6.0, 1.2
"""Points between an axes and its title in matplotlib, and by how much measured ones may be off."""
_BEGINS, _OFF_CENTRE = 6, 12
"""Pixels from an axes' left side within which a title begins there, and from its middle within which it is
centred, as where titles are read."""
_INTO = -2
"""Pixels that a colour bar may reach into the axes that it explains: frames are read to a pixel or two."""
_MARKER, _SAME_MARKER = 6.0, 1.5
"""Points of matplotlib's markers, and by how much measured ones may be off."""


def write(chart: Chart) -> str:
    """The program."""
    body = _figure(chart)
    names = _names(chart)
    # A colour bar is made from the image that it explains.
    order = sorted(zip(names, chart.axes, strict=True), key=lambda item: _explains(item[1]))
    for name, axes in order:
        body.append("")
        body += _axes(name, axes, chart)
    if chart.texts:
        body.append("")
    body += [_figure_text(text, chart) for text in chart.texts]
    body += ["", "plt.show()"]
    code = "\n".join(body)
    return "\n".join(_imports(code)) + "\n\n" + code + "\n"


def _explains(axes: Axes) -> bool:
    """Whether an axes is drawn from what another one shows."""
    return any(mark.traits.explains for mark in axes.series)


def _imports(code: str) -> list[str]:
    lines = ["import matplotlib.pyplot as plt"]
    if "mdates." in code:
        lines.append("import matplotlib.dates as mdates")
    if "np." in code:
        lines.append("import numpy as np")
    if "Line2D(" in code:
        lines.append("from matplotlib.lines import Line2D")
    if "Patch(" in code:
        lines.append("from matplotlib.patches import Patch")
    return lines


def _names(chart: Chart) -> list[str]:
    return ["ax"] if len(chart.axes) == 1 else [f"ax{i + 1}" for i in range(len(chart.axes))]


def _figure(chart: Chart) -> list[str]:
    lines = []
    if chart.foreground == "#ffffff":
        lines += ['plt.style.use("dark_background")', ""]
    lines += _lettering(chart.family)
    size = f"figsize=({number(chart.width / chart.dpi)}, {number(chart.height / chart.dpi)})"
    face = "#000000" if chart.foreground == "#ffffff" else "#ffffff"
    shade = "" if chart.background == face else f"facecolor={colour(chart.background)}"
    given = [size, f"dpi={number(chart.drawn_dpi)}", shade]
    axes = chart.axes
    if not axes:
        return [*lines, call("fig = plt.figure", *given)]
    if len(axes) == 1 and axes[0].visible:
        lines.append(call("fig, ax = plt.subplots", *given))
        if not is_default(axes[0].box, chart):
            lines.append(_adjust(axes[0], chart))
        return lines
    lines.append(call("fig = plt.figure", *given))
    base = ""
    for name, item in zip(_names(chart), axes, strict=True):
        made = item.projection.over(base)
        lines.append(f"{name} = {made or item.projection.created(rectangle(item.box, chart))}")
        base = base if made else name
    return lines


def _lettering(family: str) -> list[str]:
    """Sets the family of all texts: its generic one is found here, whatever else the machine has."""
    if not family:
        return []
    generic, others = FAMILIES[family]
    names = ", ".join(string(name) for name in (family, *others))
    lines = [] if generic == "sans-serif" else [f'plt.rcParams["font.family"] = {string(generic)}']
    return [*lines, f'plt.rcParams["font.{generic}"] = [{names}]', ""]


def _adjust(axes: Axes, chart: Chart) -> str:
    left, bottom, width, height = rectangle(axes.box, chart)
    return (
        f"fig.subplots_adjust(left={left:.4g}, right={left + width:.4g}, "
        f"bottom={bottom:.4g}, top={bottom + height:.4g})"
    )


def _axes(ax: str, axes: Axes, chart: Chart) -> list[str]:
    lines: list[str] = []
    source = _explained_beside(axes, chart) if _explains(axes) else None
    if source is not None:
        return _colour_bar(ax, source, axes)
    own_face = axes.visible and axes.projection.over(ax) is None
    if own_face and axes.face != ("#000000" if chart.foreground == "#ffffff" else "#ffffff"):
        lines.append(f"{ax}.set_facecolor({colour(axes.face)})")
    lines += draw(ax, axes)
    lengths = axes.box.width * 72 / chart.dpi, axes.box.height * 72 / chart.dpi
    lines += axes.projection.code(ax, axes.x, axes.y, lengths, chart.foreground)
    lines += [line for mark in axes.series for line in mark.code_after(ax, chart.dpi)]
    if axes.visible:
        lines += _grid(ax, axes) + _spines(ax, axes, chart)
    lines += _labels(ax, axes, chart)
    for index, legend in enumerate(axes.legends):
        lines += _legend(ax, legend, axes, chart, last=index == len(axes.legends) - 1)
    lines += [_axes_text(ax, text, axes, chart) for text in axes.texts]
    return lines


def _explained_beside(axes: Axes, chart: Chart) -> str | None:
    """What the code calls the image that a colour bar explains: of the nearest axes to its left."""
    best, gap = None, float("inf")
    for name, other in zip(_names(chart), chart.axes, strict=True):
        level = min(axes.box.y1, other.box.y1) - max(axes.box.y0, other.box.y0) > 0
        away = axes.box.x0 - other.box.x1
        image = other.series[0].image_name(name) if other.series else None
        if image is not None and level and _INTO <= away < gap:
            best, gap = image, away
    return best


def _colour_bar(ax: str, image: str, axes: Axes) -> list[str]:
    name = "bar" + ax.removeprefix("ax")
    lines = [f"{name} = fig.colorbar({image}, cax={ax})"]
    if axes.right_label is not None:
        text = axes.right_label
        turn = "" if text.rotation == _UPRIGHT else ', rotation=-90, va="bottom"'
        size = "" if text.size == _USUAL_SIZE else f", fontsize={number(text.size)}"
        lines.append(f"{name}.set_label({string(text.text)}{turn}{size})")
    values = [t.value for t in sorted(axes.y.ticks, key=lambda t: t.value)]
    labels = [t.label for t in sorted(axes.y.ticks, key=lambda t: t.value)]
    if not axes.y.numeric:
        lines.append(call(f"{name}.set_ticks", numbers(values), f"labels={strings(labels)}"))
    elif values:
        lines.append(call(f"{name}.set_ticks", numbers(values)))
    if axes.y.size != _USUAL_SIZE:
        lines.append(f"{name}.ax.tick_params(labelsize={number(axes.y.size)})")
    if not any(axes.frame):
        lines.append(f"{name}.outline.set_visible(False)")
    return lines


def _grid(ax: str, axes: Axes) -> list[str]:
    grid = axes.grid
    if grid is None:
        return []
    width = "" if abs(grid.width - _GRID_WIDTH) < _SAME_WIDTH else f"linewidth={number(round(grid.width, 1))}"
    shade = "" if grid.colour == "#b0b0b0" else f"color={colour(grid.colour)}"
    style = "" if grid.style == "-" else f"linestyle={string(grid.style)}"
    between = {name: bool(scale.between) for name, scale in (("x", axes.x), ("y", axes.y))}
    drawn = [name for name, shown in (("x", grid.x), ("y", grid.y)) if shown]
    both = grid.minor and grid.minor_colour == grid.colour
    lines = []
    for which, names in (
        ('which="both"' if both else "", [name for name in drawn if not between[name]]),
        ('which="minor"', [name for name in drawn if between[name]]),
    ):
        axis = "" if len(names) == len(between) else f'axis="{"".join(names)}"'
        lines += [call(f"{ax}.grid", "True", which, axis, shade, style, width)] if names else []
    if grid.minor and not both:
        axis = "" if len(drawn) == len(between) else f'axis="{"".join(drawn)}"'
        lines.append(call(f"{ax}.grid", "True", 'which="minor"', axis, f"color={colour(grid.minor_colour)}"))
    if not grid.above:
        lines.append(f"{ax}.set_axisbelow(True)")
    return lines


def _spines(ax: str, axes: Axes, chart: Chart) -> list[str]:
    sides = ("left", "top", "right", "bottom")
    hidden = [side for side, drawn in zip(sides, axes.frame, strict=True) if not drawn]
    if len(hidden) == len(sides):
        return [f"{ax}.spines[:].set_visible(False)"]
    lines = [f"{ax}.spines[{strings(hidden)}].set_visible(False)"] if hidden else []
    if apart(axes.spine, chart.foreground) > TINT:
        lines.append(f"{ax}.spines[:].set_color({colour(axes.spine)})")
    return lines


def _labels(ax: str, axes: Axes, chart: Chart) -> list[str]:
    lines = []
    if axes.title:
        left = (
            abs(axes.title.box.x0 - axes.box.x0) < _BEGINS
            and abs((axes.title.box.x0 + axes.title.box.x1 - axes.box.x0 - axes.box.x1) / 2) > _OFF_CENTRE
        )
        pad = (axes.box.y0 - baseline_of(axes.title)) * 72 / chart.dpi
        pad = _TITLE_PAD if abs(pad - _TITLE_PAD) < _SAME_PAD else pad
        pad -= axes.title.nudge[1] * 72 / chart.dpi
        lines.append(
            call(
                f"{ax}.set_title",
                string(axes.title.text),
                "" if axes.title.size == _TITLE_SIZE else f"fontsize={number(axes.title.size)}",
                'loc="left"' if left else "",
                _along(axes.title, "x", axes, 0.0 if left else 0.5),
                "" if pad == _TITLE_PAD else f"pad={number(round(pad, 1))}",
                _weight(axes.title),
                _tint(axes.title, chart),
            )
        )
    for name, text in (("x", axes.x_label), ("y", axes.y_label)):
        if text is not None:
            size = "" if text.size == _USUAL_SIZE else f"fontsize={number(text.size)}"
            right = name == "y" and axes.y.side == "right"
            if right and axes.projection.over(ax) is None:
                lines.append(f'{ax}.yaxis.set_label_position("right")')
            away = text.nudge[1] if name == "x" else text.nudge[0] if right else -text.nudge[0]
            away_points = number(round(4 + away * 72 / chart.dpi, 1))
            label_pad = f"labelpad={away_points}" if away else ""
            along = _along(text, name, axes, 0.5)
            lines.append(
                call(
                    f"{ax}.set_{name}label",
                    string(text.text),
                    size,
                    _weight(text),
                    along,
                    label_pad,
                    _tint(text, chart),
                )
            )
    return lines


def _along(text: Text, direction: str, axes: Axes, usual: float) -> str:
    """Where along its side a title or label stands, where it is not the usual place."""
    share = text.nudge[0] / axes.box.width if direction == "x" else -text.nudge[1] / axes.box.height
    return f"{direction}={number(round(usual + share, 4))}" if text.nudge[direction == "y"] else ""


def _weight(text: Text) -> str:
    """That a text is bold, where it is."""
    return 'fontweight="bold"' if text.bold else ""


def _tint(text: Text, chart: Chart) -> str:
    """The colour of a text that is not the figure's."""
    return f"color={colour(text.colour)}" if apart(text.colour, chart.foreground) > TINT else ""


def _legend(ax: str, legend: Legend, axes: Axes, chart: Chart, *, last: bool) -> list[str]:
    place = legend_place(legend, axes, chart.dpi) if legend.nudge == (0.0, 0.0) else None
    labelled = [mark.label for mark in axes.series if mark.label]
    framed = any(e.handle == "patch" and e.edge for e in legend.entries)
    filled = all(mark.traits.filled for mark in axes.series if mark.label)
    own = labelled == [e.text for e in legend.entries] and len(axes.legends) == 1 and (filled or not framed)
    if place is not None:
        where = f"loc={string(place)}"
    else:
        x = (legend.box.x0 + legend.nudge[0] - axes.box.x0) / axes.box.width
        y = (axes.box.y1 - legend.box.y0 - legend.nudge[1]) / axes.box.height
        where = f'loc="upper left", bbox_to_anchor=({x:.4g}, {y:.4g}), borderaxespad=0'
    handles = (
        "" if own else "handles=[\n" + "".join(f"        {_handle(e)},\n" for e in legend.entries) + "    ]"
    )
    tinted = legend.colour and apart(legend.colour, chart.foreground) > TINT
    made = call(
        f"{ax}.legend",
        handles,
        where,
        f"title={string(legend.title)}" if legend.title else "",
        f"ncols={legend.columns}" if legend.columns > 1 else "",
        f"fontsize={number(legend.size)}" if legend.size != _USUAL_SIZE else "",
        f"facecolor={colour(legend.face)}" if legend.face not in (axes.face, "#ffffff") else "",
        "framealpha=1" if legend.face not in (axes.face, "#ffffff") else "",
        "shadow=True" if legend.shadow else "",
        "" if legend.frame else "frameon=False",
        "" if legend.marker_first else "markerfirst=False",
        f"handlelength={number(legend.handle)}" if legend.handle != HANDLE else "",
        f"handletextpad={number(legend.gap)}" if legend.gap != GAP else "",
        f"labelspacing={number(legend.between)}" if legend.between != BETWEEN else "",
        f"columnspacing={number(legend.apart)}" if legend.apart != APART and legend.columns > 1 else "",
        f"handleheight={number(legend.height)}" if legend.height != PATCH else "",
        f"labelcolor={colour(legend.colour)}" if tinted else "",
    )
    return [made if last else f"{ax}.add_artist({made})"]


def _handle(entry: Entry) -> str:
    label = f"label={string(entry.text)}"
    if entry.handle == "patch":
        edge = f", edgecolor={colour(entry.edge)}" if entry.edge else ""
        return f"Patch(facecolor={colour(entry.colour)}{edge}, {label})"
    style = "" if entry.style == "-" else f"linestyle={string(entry.style)}, "
    if entry.handle == "marker":
        size = f"markersize={number(round(max(1.0, entry.size - 1), 1))}"
        return f'Line2D([], [], color={colour(entry.colour)}, marker="o", linestyle="none", {size}, {label})'
    marker = f'marker="{entry.marker}", ' if entry.marker else ""
    wide = max(1.0, entry.size - 1)
    if entry.marker and abs(wide - _MARKER) > _SAME_MARKER:
        marker += f"markersize={number(round(wide, 1))}, "
    return f"Line2D([], [], color={colour(entry.colour)}, {style}{marker}{label})"


def _axes_text(ax: str, text: Text, axes: Axes, chart: Chart) -> str:
    """A text at its data position: centred, on its baseline."""
    if not axes.visible:
        return _figure_text(text, chart)
    x = axes.plane.across.value((text.box.x0 + text.box.x1) / 2 + text.nudge[0])
    y = axes.plane.up.value(baseline_of(text) + text.nudge[1])
    return call(
        f"{ax}.text", f"{x:.5g}", f"{y:.5g}", string(text.text), 'ha="center"', _text_style(text, chart)
    )


def _figure_text(text: Text, chart: Chart) -> str:
    x = ((text.box.x0 + text.box.x1) / 2 + text.nudge[0]) / chart.width
    if text.rotation:
        y = 1 - ((text.box.y0 + text.box.y1) / 2 + text.nudge[1]) / chart.height
        return call(
            "fig.text",
            f"{x:.4g}",
            f"{y:.4g}",
            string(text.text),
            'ha="center", va="center"',
            f"rotation={number(text.rotation)}",
            _text_style(text, chart),
        )
    y = 1 - (baseline_of(text) + text.nudge[1]) / chart.height
    return call(
        "fig.text", f"{x:.4g}", f"{y:.4g}", string(text.text), 'ha="center"', _text_style(text, chart)
    )


def _text_style(text: Text, chart: Chart) -> str:
    parts = [] if text.size == _USUAL_SIZE else [f"fontsize={number(text.size)}"]
    if apart(text.colour, chart.foreground) > TINT:
        shade = "#ffffff" if apart(text.colour, "#ffffff") <= _ALMOST else text.colour
        parts.append(f"color={colour(shade)}")
    return ", ".join([*parts, _weight(text)] if text.bold else parts)
