"""Series to matplotlib calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from agent.generators.embedded.chart.literals import call, colour, number, numbers, string, strings, tidy
from agent.generators.embedded.chart.scatters import alike, scatter, scatter_loop
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Boxes,
    ColourBar,
    ErrorBars,
    Grid2D,
    Line,
    Points,
    Ring,
    Series,
    Shape,
    Stems,
    Steps,
)

_MANY = 3
"""So many shapes are drawn in a loop."""


def draw(ax: str, axes: Axes) -> list[str]:
    """The calls that draw all series of an axes."""
    lines: list[str] = []
    for shapes, series in _with_shapes_together(axes.series):
        if isinstance(series, Points) and (group := _alike_with(series, axes.series)):
            lines += scatter_loop(ax, group) if group[0] is series else []
        elif len(shapes) >= _MANY:
            lines += _shape_loop(ax, shapes)
        elif shapes:
            lines += [line for shape in shapes for line in _shape(ax, shape)]
        elif isinstance(series, Grid2D):
            lines += _heatmap(ax, series, axes)
        else:
            lines += _WRITERS[series.type](ax, series)
    return lines


def _alike_with(points: Points, items: Sequence[Series]) -> list[Points]:
    """The groups of points that are drawn in one loop with this one; none where it stands alone."""
    group = [item for item in items if isinstance(item, Points) and alike(points, item)]
    return group if len(group) > 1 else []


def _with_shapes_together(items: Sequence[Series]) -> list[tuple[list[Shape], Series]]:
    """Each series in its turn; shapes that follow each other as one group, with the last of them."""
    found: list[tuple[list[Shape], Series]] = []
    for item in items:
        if isinstance(item, Shape):
            if found and found[-1][0]:
                found[-1][0].append(item)
            else:
                found.append(([item], item))
        else:
            found.append(([], item))
    return found


def _shape_loop(ax: str, shapes: list[Shape]) -> list[str]:
    rows = [f"    ({colour(s.colour)}, {numbers(s.x)}, {numbers(s.y)})," for s in shapes]
    name = "shapes" + ax.removeprefix("ax")
    return [
        f"{name} = [",
        *rows,
        "]",
        f"for color, x, y in {name}:\n    {ax}.fill(x, y, color=color, linewidth=0)",
    ]


def _label(text: str) -> str:
    return f"label={string(text)}" if text else ""


def _bars(ax: str, bars: Bars) -> list[str]:
    width = number(bars.widths[0]) if len(set(bars.widths)) == 1 else numbers(bars.widths)
    base = "" if not any(bars.bases) else numbers(bars.bases)
    method, across, start = ("barh", "height", "left") if bars.horizontal else ("bar", "width", "bottom")
    code = call(
        f"{ax}.{method}",
        numbers(bars.positions),
        numbers(bars.values),
        f"{across}={width}" if width != "0.8" else "",
        f"{start}={base}" if base else "",
        f"color={colour(bars.colour)}",
        *_bar_lines(bars),
        _label(bars.label),
    )
    return [code]


def _bar_lines(bars: Bars) -> list[str]:
    """Outline and hatching, which share a colour where both are drawn."""
    hatch = f"hatch={string(bars.hatch)}" if bars.hatch else ""
    if bars.edge or not bars.hatch or bars.hatch_colour == "#000000":
        return [f"edgecolor={colour(bars.edge)}" if bars.edge else "", hatch]
    return [f"edgecolor={colour(bars.hatch_colour)}", "linewidth=0", hatch]


def _boxes(ax: str, boxes: Boxes) -> list[str]:
    """The five numbers of each box by name, drawn by ``bxp``."""
    fliers = boxes.fliers or ((),) * len(boxes.positions)
    rows = []
    for index, (low, q1, median, q3, high) in enumerate(
        zip(boxes.lows, boxes.q1, boxes.medians, boxes.q3, boxes.highs, strict=True)
    ):
        named = [("whislo", low), ("q1", q1), ("med", median), ("q3", q3), ("whishi", high)]
        if boxes.notches:
            named[2:2] = [("cilo", boxes.notches[index][0])]
            named[4:4] = [("cihi", boxes.notches[index][1])]
        given = ", ".join(f"{name}={number(value)}" for name, value in named)
        rows.append(f"    dict({given}, fliers={numbers(fliers[index])}),")
    name = "boxes" + ax.removeprefix("ax")
    painted = [face for face in boxes.faces if face is not None]
    drawn = "drawn" + ax.removeprefix("ax")
    made = call(
        f"{ax}.bxp",
        name,
        f"positions={numbers(boxes.positions)}",
        f"widths={number(boxes.width)}",
        'orientation="horizontal"' if boxes.horizontal else "",
        "shownotches=True" if boxes.notches else "",
        "patch_artist=True" if painted else "",
        "" if boxes.caps else "showcaps=False",
        "" if any(fliers) else "showfliers=False",
        "manage_ticks=False",
        *_box_styles(boxes),
    )
    lines = [f"{name} = [", *rows, "]", f"{drawn} = {made}" if painted else made]
    if painted:
        faces = [face or "#ffffff" for face in boxes.faces]
        lines.append(
            f'for box, color in zip({drawn}["boxes"], {strings(faces)}):\n    box.set_facecolor(color)'
        )
    return lines


def _box_styles(boxes: Boxes) -> list[str]:
    """What differs from matplotlib's own box plots."""
    given = []
    width = f"linewidth={number(boxes.line_width)}" if boxes.line_width != 1 else ""
    shade = f"color={colour(boxes.colour)}" if boxes.colour != "#000000" else ""
    style = ", ".join(part for part in (shade, width) if part)
    if style:
        framed = style.replace("color=", "edgecolor=") if any(boxes.faces) else style
        given += [f"boxprops=dict({framed})", f"whiskerprops=dict({style})", f"capprops=dict({style})"]
    median = f"color={colour(boxes.median_colour)}" if boxes.median_colour != "#ff7f0e" else ""
    thick = f"linewidth={number(boxes.median_width)}" if boxes.median_width != 1 else ""
    if median or thick:
        given.append(f"medianprops=dict({', '.join(part for part in (median, thick) if part)})")
    marks = [
        "" if boxes.marker == "o" else f"marker={string(boxes.marker)}",
        "" if boxes.marker_size == 6 else f"markersize={number(boxes.marker_size)}",
        f"markeredgecolor={colour(boxes.marker_colour)}" if boxes.marker_colour != "#000000" else "",
        f"markerfacecolor={colour(boxes.marker_face)}" if boxes.marker_face else "",
    ]
    if any(marks) and any(boxes.fliers):
        given.append(f"flierprops=dict({', '.join(mark for mark in marks if mark)})")
    return given


def _steps(ax: str, steps: Steps) -> list[str]:
    code = call(
        f"{ax}.stairs",
        numbers(steps.values),
        numbers(steps.edges),
        f"baseline={numbers(steps.bases)}" if any(steps.bases) else "",
        "baseline=None" if steps.open else "",
        "fill=True" if steps.filled else "",
        f"color={colour(steps.colour)}",
        "" if steps.filled or steps.width == 1.0 else f"linewidth={number(steps.width)}",
        _label(steps.label),
    )
    return [code]


def _style(line: Line) -> str:
    if line.dashes and line.style not in ("", "-"):
        return f"linestyle=(0, ({', '.join(number(length) for length in line.dashes)}))"
    return "" if line.style == "-" else f"linestyle={string(line.style)}"


def _line(ax: str, line: Line) -> list[str]:
    code = call(
        f"{ax}.plot",
        numbers(line.x),
        numbers(line.y),
        f"color={colour(line.colour)}",
        _style(line),
        "" if line.width == 1.5 else f"linewidth={number(line.width)}",
        f"marker={string(line.marker)}" if line.marker else "",
        f"markersize={number(line.marker_size)}" if line.marker and line.marker_size != 6 else "",
        _label(line.label),
    )
    return [code]


def _errors(ax: str, errors: ErrorBars) -> list[str]:
    below = [max(0.0, y - low) for y, low in zip(errors.y, errors.low, strict=True)]
    above = [max(0.0, high - y) for y, high in zip(errors.y, errors.high, strict=True)]
    axis = "xerr" if errors.horizontal else "yerr"
    code = call(
        f"{ax}.errorbar",
        numbers(errors.x),
        numbers(errors.y),
        f"{axis}=[{numbers(below)}, {numbers(above)}]",
        'fmt="none"',
        f"ecolor={colour(errors.colour)}",
        "" if errors.width == 1.5 else f"elinewidth={number(errors.width)}",
        f"capsize={number(errors.cap)}" if errors.cap else "",
    )
    return [code]


def _stems(ax: str, stems: Stems) -> list[str]:
    """Drawn in matplotlib's own colours where they are those."""
    plain = stems.colour == "#1f77b4" and stems.marker == "o"
    base = {"": '" "', "#d62728": ""}.get(stems.base_colour, colour(stems.base_colour or "#000000"))
    drawn = f"stems{ax.removeprefix('ax')}"
    styles = ["" if stems.width == 1.5 else f"{drawn}.stemlines.set_linewidth({number(stems.width)})"]
    if stems.marker != "o":
        styles.append(f"{drawn}.markerline.set_marker({string(stems.marker)})")
    if stems.marker_size != 6:
        styles.append(f"{drawn}.markerline.set_markersize({number(stems.marker_size)})")
    styles = [style for style in styles if style]
    made = call(
        f"{ax}.stem",
        numbers(stems.x),
        numbers(stems.y),
        "" if plain else f"linefmt={colour(stems.colour)}",
        f"bottom={number(stems.base)}" if stems.base else "",
        f"basefmt={base}" if base else "",
        _label(stems.label),
    )
    return [f"{drawn} = {made}" if styles else made, *styles]


def _area(ax: str, area: Area) -> list[str]:
    flat = len(set(area.low)) == 1
    low = ("" if area.low[0] == 0 else number(area.low[0])) if flat else numbers(area.low)
    code = call(
        f"{ax}.fill_between",
        numbers(area.x),
        numbers(area.high),
        low,
        f"color={colour(area.colour)}",
        "linewidth=0",
        _label(area.label),
    )
    return [code]


def _shape(ax: str, shape: Shape) -> list[str]:
    return [
        call(f"{ax}.fill", numbers(shape.x), numbers(shape.y), f"color={colour(shape.colour)}", "linewidth=0")
    ]


def _ring(ax: str, ring: Ring) -> list[str]:
    """Drawn in units of the outermost ring's radius, which the caller has made 1."""
    hole = ring.hole / ring.radius if ring.hole else 0.0
    inner = f"width={number(round(ring.hole and 1 - hole, 3))}, " if ring.hole else ""
    properties = [inner.strip(", "), f"edgecolor={colour(ring.edge)}" if ring.edge else ""]
    given = ", ".join(p for p in properties if p)
    code = call(
        f"{ax}.pie",
        numbers(ring.fractions),
        f"colors={strings(ring.colours)}",
        f"startangle={number(ring.start)}" if ring.start else "",
        f"explode={numbers(ring.explode)}" if any(ring.explode) else "",
        f"wedgeprops=dict({given})" if given else "",
    )
    return [code]


def _heatmap(ax: str, grid: Grid2D, axes: Axes) -> list[str]:
    rows = ",\n".join("    " + numbers(row) for row in grid.values)
    lines = [f"data = [\n{rows},\n]"]
    flat = [v for row in grid.values for v in row]
    whole = min(flat) == grid.low and max(flat) == grid.high
    limits = "" if whole else f"vmin={number(grid.low)}, vmax={number(grid.high)}"
    smooth = 'interpolation="bicubic"' if grid.smooth else ""
    cmap = "" if grid.cmap == "viridis" else f"cmap={string(grid.cmap)}"
    lines.append(
        f"{image_name(ax)} = "
        + call(f"{ax}.imshow", "data", cmap, limits, smooth, 'aspect="auto"', _extent(grid, axes))
    )
    if any(t for row in grid.texts for t in row):
        lines += _cell_texts(ax, grid)
    return lines


def _extent(grid: Grid2D, axes: Axes) -> str:
    """Where the cells lie in data units, unless they are counted from 0 with the first row on top."""
    rows, columns = len(grid.values), len(grid.values[0])
    ends = (axes.x.low, axes.x.high, axes.y.low, axes.y.high)
    counted = (-0.5, columns - 0.5, rows - 0.5, -0.5)
    if all(abs(a - b) < 0.1 for a, b in zip(ends, counted, strict=True)):
        return ""
    scales = (axes.x, axes.x, axes.y, axes.y)
    return f"extent={numbers([tidy(v, scale) for v, scale in zip(ends, scales, strict=True)])}"


def cell_gaps(ax: str, grid: Grid2D, dpi: float) -> list[str]:
    """White lines between the cells, as a minor grid."""
    rows, columns = len(grid.values), len(grid.values[0])
    return [
        f"{ax}.set_xticks(np.arange({columns + 1}) - 0.5, minor=True)",
        f"{ax}.set_yticks(np.arange({rows + 1}) - 0.5, minor=True)",
        f'{ax}.grid(which="minor", color="white", linewidth={round(grid.gap * 72 / dpi)})',
        f'{ax}.tick_params(which="minor", length=0)',
    ]


def image_name(ax: str) -> str:
    """What the image of an axes is called in the code."""
    return "image" + ax.removeprefix("ax")


def _cell_texts(ax: str, grid: Grid2D) -> list[str]:
    rows = ",\n".join("    " + strings(row) for row in grid.texts)
    flat = [c for row in grid.text_colours for c in row]
    size = "" if grid.text_size == 10 else f", fontsize={number(grid.text_size)}"
    lines = [f"labels = [\n{rows},\n]"]
    shade = colour(flat[0]) if len(set(flat)) == 1 else "colors[i][j]"
    if len(set(flat)) > 1:
        colours = ",\n".join("    " + strings(row) for row in grid.text_colours)
        lines.append(f"colors = [\n{colours},\n]")
    text = f'    {ax}.text(j, i, label, ha="center", va="center", color={shade}{size})'
    lines.append("for i, row in enumerate(labels):\n    for j, label in enumerate(row):\n    " + text)
    return lines


def _colourbar(ax: str, bar: ColourBar) -> list[str]:
    """A bar without its heat map: the shades themselves."""
    shape = "np.linspace(0, 1, 256)[None, :]" if bar.horizontal else "np.linspace(0, 1, 256)[:, None]"
    extent = f"extent=[*{ax}.get_xlim(), *{ax}.get_ylim()]"
    code = call(f"{ax}.imshow", shape, f"cmap={string(bar.cmap)}", 'aspect="auto"', 'origin="lower"', extent)
    return [code]


_WRITERS: dict[str, Callable[[str, Any], list[str]]] = {
    "bars": _bars,
    "boxes": _boxes,
    "steps": _steps,
    "line": _line,
    "errors": _errors,
    "stems": _stems,
    "points": scatter,
    "area": _area,
    "shape": _shape,
    "ring": _ring,
    "colourbar": _colourbar,
}
