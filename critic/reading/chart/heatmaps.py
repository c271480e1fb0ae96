"""Heat maps: a lattice of coloured cells, framed or not, and the colour bars beside them."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.colourmaps import best_map, shares
from critic.reading.chart.colours import Colour, far, hex_of, mode_colour, rgb_of
from critic.reading.chart.description import Axes, ColourBar, Grid2D, Scale, Text, Tick
from critic.reading.chart.frames import Frame, overlapping
from critic.reading.chart.numbers import number_of, rounded
from critic.reading.chart.words import centre
from renderers.types import Image

_MISS = 10.0
"""Levels that cells may lie off a colour map on average."""
_SMALLEST, _LARGEST = 8, 160
"""Pixels across the cells of a lattice, either way."""
_STRIP, _SHORTEST, _SLIM = 7, 60, 6
"""Pixels across the narrowest colour bar and along the shortest, and how many times its width one is long."""
_SHADES = 5
"""Colours that a colour bar shows at least."""
_STEP = 4
"""Pixels between the starts of neighbouring cells are more than this; those of one column differ by less."""
_LATTICE = 9
"""Cells that make a lattice where no spine surrounds them."""
_FILLED = 0.6
"""Share of the crossings of their columns and rows at which cells stand: others may be pale."""
_OFF = 3
"""Pixels by which neighbouring cells differ in size, and lie off their row or column, at most."""
_FEWEST, _MOST = 2, 60
"""Cells along a side of a heat map."""
_PLAIN, _PLAIN_CELLS = 0.4, 0.85
"""Share of a cell that has its usual colour (a text takes some), and of the cells that are so."""
_SAME = 6
"""Levels within which pixels or cells are of one colour."""
_LONE = 3
"""Cells beside those of the usual colour from which a colour map is told."""
_READ = 0.5
"""Share of the cells whose texts are numbers from which the map is fitted to them."""
_SPAN_SLACK, _HALF_SLACK = 0.4, 0.06
"""Cells by which a scale's span may differ from its number of categories, and its ends from half a unit."""
_SHARP, _GENTLE = 20, 5
"""Levels by which neighbouring cells differ along an edge: usually, and in a gentle field."""
_EDGE = 0.3
"""Share of a side along which neighbours differ at an edge."""
_BETWEEN = 6
"""Pixels between edges are more than this; those nearer to each other are the sides of one line."""
_ENDS = 2
"""Edges that a cell lies between."""
_WHITE, _WHITE_LINE = 250, 0.8
"""Level of the weakest channel of white, and the share of a column that is white in a line between cells."""
_LIGHT, _DARK = 500, 120
"""Sums of channels, of 765, above which a text in a cell is white, and below which it is black."""
_STEPS = 12
"""Pixels along a colour bar from which its map is told."""
_BAR_MISS = 12
"""Levels that a colour bar may lie off a map, with what it lies off an even run."""
_FROM, _TO = 0.15, 0.85
"""Shares of a bar's length beyond which its map must begin and end."""
_BELIEVED = 0.5
"""Confidence above which the scale of a colour bar gives the values of cells."""


def lattice_frames(image: Image, background: Colour) -> list[Frame]:
    """Rectangles of equal, evenly spaced cells that no spine surrounds."""
    ink = far(image, background, 5).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=4)
    cells = []
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        if _SMALLEST <= w <= _LARGEST and _SMALLEST <= h <= _LARGEST and area > 0.6 * w * h:
            cells.append((x, y, w, h))
    found: list[Frame] = []
    for group in _groups(cells):
        x0, y0 = min(c[0] for c in group), min(c[1] for c in group)
        x1, y1 = max(c[0] + c[2] for c in group), max(c[1] + c[3] for c in group)
        # The white lines between cells lie half outside at the rim.
        gap = _pitch([c[0] for c in group]) - float(np.median([c[2] for c in group]))
        half = round(min(gap, 8.0) / 2) if gap > 0 else 0
        frame = Frame(x0 - half, y0 - half, x1 + half, y1 + half, (False,) * 4)
        if not overlapping(frame, found):
            found.append(frame)
    found += [f for f in _strips(image, stats[1:]) if not overlapping(f, found)]
    return sorted(found, key=lambda frame: (round(frame.top / 40), frame.left))


def _strips(image: Image, stats: np.ndarray) -> list[Frame]:
    """Narrow full rectangles of many colours: colour bars without an outline."""
    found = []
    for x, y, w, h, area in stats.tolist():
        long, short = max(w, h), min(w, h)
        if short < _STRIP or long < _SLIM * short or long < _SHORTEST or area < 0.95 * w * h:
            continue
        line = image[y : y + h, x + w // 2] if h > w else image[y + h // 2, x : x + w]
        if len({tuple(c) for c in line.tolist()}) >= _SHADES:
            found.append(Frame(x, y, x + w, y + h, (False,) * 4))
    return found


def _pitch(starts: list[int]) -> float:
    steps = np.diff(sorted(set(starts)))
    steps = steps[steps > _STEP]
    return float(np.median(steps)) if len(steps) else 0.0


def _groups(cells: list[tuple[int, int, int, int]]) -> list[list[tuple[int, int, int, int]]]:
    """Cells of one size that lie next to each other, nine or more."""
    left = list(cells)
    groups = []
    while left:
        group, queue = [], [left.pop()]
        while queue:
            cell = queue.pop()
            group.append(cell)
            near = [c for c in left if _neighbours(cell, c)]
            left = [c for c in left if c not in near]
            queue += near
        if len(group) >= _LATTICE and _fills(group):
            groups.append(group)
    return sorted(groups, key=len, reverse=True)


def _fills(group: list[tuple[int, int, int, int]]) -> bool:
    """Whether cells stand in several columns and rows, at most crossings: keys of a legend stand in one."""
    columns, rows = (1 + int((np.diff(sorted(cell[way] for cell in group)) > _STEP).sum()) for way in (0, 1))
    return min(columns, rows) >= _FEWEST and len(group) >= _FILLED * columns * rows


def _neighbours(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    if abs(one[2] - other[2]) > _OFF or abs(one[3] - other[3]) > _OFF:
        return False
    dx, dy = abs(one[0] - other[0]), abs(one[1] - other[1])
    return (dx < 1.5 * one[2] + 4 and dy <= _OFF) or (dy < 1.5 * one[3] + 4 and dx <= _OFF)


def read_heatmap(image: Image, frame: Frame, x: Scale, y: Scale, texts: list[Text]) -> Grid2D | None:
    """The cells of a frame; None where it holds no lattice of coloured cells."""
    columns, rows = _cells_along(image, frame, x, across=True), _cells_along(image, frame, y, across=False)
    if not (_FEWEST <= columns <= _MOST and _FEWEST <= rows <= _MOST):
        return None
    colours, share, gap = _cell_colours(image, frame, rows, columns)
    flat = colours.reshape(-1, 3)
    distinct = len({(r // 8, g // 8, b // 8) for r, g, b in flat.tolist()})
    if (share > _PLAIN).mean() < _PLAIN_CELLS or distinct < max(3, min(8, 0.1 * rows * columns)):
        return None
    lone = flat[np.abs(flat - mode_colour(flat.astype(np.uint8))).max(axis=1) > _SAME]
    if len(lone) < _LONE or best_map(lone)[3] > _MISS:
        return None
    words, shades, size = _cell_texts(frame, rows, columns, texts)
    values = np.array([[_value(word) for word in row] for row in words])
    known = np.isfinite(values)
    usable = values.reshape(-1) if known.mean() > _READ else None
    cmap, low, high, _ = best_map(flat, usable)
    guess = low + shares(flat, cmap).reshape(rows, columns) * (high - low)
    digits = rounded((high - low) / 400, (high - low) / 1000)
    filled = (
        np.where(known, values, np.round(guess / digits) * digits)
        if usable is not None
        else np.round(guess, 3)
    )
    span = max(high - low, 1e-9)
    lowest, highest = float(filled.min()), float(filled.max())
    low = lowest if abs(low - lowest) < 0.03 * span else rounded(low, 0.01 * span)
    high = highest if abs(high - highest) < 0.03 * span else rounded(high, 0.01 * span)
    return Grid2D(
        values=tuple(tuple(float(f"{v:.5g}") for v in row) for row in filled),
        cmap=cmap,
        low=low,
        high=high,
        colours=tuple(tuple(hex_of(c) for c in row) for row in colours),
        texts=tuple(tuple(row) for row in words),
        text_colours=tuple(tuple(row) for row in shades),
        text_size=size,
        gap=gap,
    )


def _cells_along(image: Image, frame: Frame, scale: Scale, *, across: bool) -> int:
    """How many cells lie along a side: one a category, one a unit, or as many as edges show."""
    count = len(scale.ticks)
    span = abs(scale.high - scale.low)
    if not scale.numeric and count >= _FEWEST:
        return round(span) if abs(span - count) < _SPAN_SLACK else 0
    if (
        scale.numeric
        and scale.ticks
        and abs(scale.low % 1 - 0.5) < _HALF_SLACK
        and abs(scale.high % 1 - 0.5) < _HALF_SLACK
    ):
        return round(span)
    area = image[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1].astype(np.int16)
    change = np.abs(np.diff(area, axis=1 if across else 0)).max(axis=2)
    for least in (_SHARP, _GENTLE):
        # Neighbours in a gentle field differ little, but all along an edge.
        strong = (change > least).mean(axis=0 if across else 1)
        cells = _evenly(np.where(strong > _EDGE)[0], len(strong) + 1, 0.5 if least == _SHARP else 0.2)
        if cells:
            return cells
    return 0


def _evenly(edges: np.ndarray, length: int, slack: float) -> int:
    """How many cells of one width edges make along a length; 0 where they do not."""
    merged = [e for i, e in enumerate(edges) if i == 0 or e - edges[i - 1] > _BETWEEN]
    if len(merged) < _ENDS:
        return 0
    steps = np.diff(merged)
    step = float(np.median(steps))
    cells = round(length / step)
    even = np.abs(steps / step - np.round(steps / step)).max() <= slack
    return cells if even and abs(length / cells - step) < 0.1 * step else 0


def _cell_colours(
    image: Image, frame: Frame, rows: int, columns: int
) -> tuple[np.ndarray, np.ndarray, float]:
    box = frame.box
    high, wide = box.height / rows, box.width / columns
    colours, share = np.zeros((rows, columns, 3), int), np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            y0, y1 = int(box.y0 + (i + 0.1) * high) + 1, int(box.y0 + (i + 0.9) * high)
            x0, x1 = int(box.x0 + (j + 0.1) * wide) + 1, int(box.x0 + (j + 0.9) * wide)
            region = image[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
            colours[i, j] = mode_colour(region)
            share[i, j] = (~far(region, colours[i, j], _SAME)).mean()
    return colours, share, _gap(image, frame, columns, wide)


def _gap(image: Image, frame: Frame, columns: int, wide: float) -> float:
    """Width in pixels of the white lines between cells; 0 where cells touch."""
    widths = []
    for j in range(1, columns):
        at = round(frame.left + j * wide)
        strip = image[frame.top + 3 : frame.bottom - 2, at - 6 : at + 7].astype(np.int16)
        white = (strip.min(axis=2) > _WHITE).mean(axis=0)
        widths.append(float((white > _WHITE_LINE).sum()))
    return float(np.median(widths)) if widths else 0.0


def _cell_texts(
    frame: Frame, rows: int, columns: int, texts: list[Text]
) -> tuple[list[list[str]], list[list[str]], float]:
    words = [[""] * columns for _ in range(rows)]
    shades = [["#000000"] * columns for _ in range(rows)]
    sizes = []
    for text in texts:
        cx, cy = centre(text.box)
        i = int((cy - frame.top) / (frame.bottom - frame.top) * rows)
        j = int((cx - frame.left) / (frame.right - frame.left) * columns)
        if 0 <= i < rows and 0 <= j < columns:
            words[i][j] = _cell_word(text.text)
            shades[i][j] = "#ffffff" if rgb_of(text.colour).sum() > _LIGHT else hex_of(rgb_of(text.colour))
            sizes.append(text.size)
    dark = {s for row in shades for s in row if rgb_of(s).sum() < _DARK}
    shades = [["#000000" if s in dark else s for s in row] for row in shades]
    return words, shades, float(np.median(sizes)) if sizes else 10.0


def _cell_word(text: str) -> str:
    """A cell's text with the commas and blanks that OCR puts into numbers mended."""
    mended = (
        text.replace(",", ".") if text.replace(",", "").replace(".", "").replace("-", "").isdigit() else text
    )
    head, _, unit = mended.partition("t")
    return (
        f"{head.strip()} t" if unit == "" and mended.endswith("t") and number_of(head) is not None else mended
    )


def _value(word: str) -> float:
    number = number_of(word)
    if number is None and word:
        number = number_of(word.split()[0])
    return float("nan") if number is None else number


def with_rows(y: Scale, rows: int) -> Scale:
    """The y scale of a heat map: row 0 on top."""
    ordered = sorted(y.ticks, key=lambda tick: tick.pixel)
    if y.numeric or len(ordered) != rows:
        return y
    ticks = tuple(
        Tick(pixel=t.pixel, value=float(i), label=t.label, box=t.box) for i, t in enumerate(ordered)
    )
    return y.model_copy(update={"low": rows - 0.5, "high": -0.5, "ticks": ticks})


def read_colourbar(image: Image, frame: Frame) -> ColourBar | None:
    """The content of a narrow frame that runs through a colour map; None where it does not."""
    high, wide = frame.bottom - frame.top, frame.right - frame.left
    horizontal = wide > high
    if max(high, wide) < _SLIM * min(high, wide):
        return None
    middle = (
        image[(frame.top + frame.bottom) // 2, frame.left + 2 : frame.right - 1]
        if horizontal
        else image[frame.top + 2 : frame.bottom - 1, (frame.left + frame.right) // 2][::-1]
    )
    steps = middle[:: max(1, len(middle) // 64)].astype(int)
    if len(steps) < _STEPS or len({tuple(c) for c in steps.tolist()}) < _SHADES:
        return None
    cmap, low, high_value, miss = best_map(steps, np.linspace(0, 1, len(steps)))
    if miss > _BAR_MISS or low > _FROM or high_value < _TO:
        return None
    return ColourBar(colours=tuple(hex_of(c) for c in steps), cmap=cmap, horizontal=horizontal)


def matched_to_bars(axes: list[Axes]) -> list[Axes]:
    """Heat maps whose values run as the colour bar beside them says."""
    bars = [a for a in axes if a.series and a.series[0].traits.explains]
    result = []
    for item in axes:
        near = [b for b in bars if b.box.x0 >= item.box.x1 - 2 and _beside(item, b)]
        bar = min(near, key=lambda b: b.box.x0 - item.box.x1, default=None)
        if item.series and bar is not None and bar.y.numeric and bar.y.confidence > _BELIEVED:
            heat, *others = item.series
            item = item.model_copy(update={"series": (heat.explained(bar.series[0], bar.y), *others)})
        result.append(item)
    return result


def _beside(item: Axes, bar: Axes) -> bool:
    return min(item.box.y1, bar.box.y1) - max(item.box.y0, bar.box.y0) > 0.5 * bar.box.height


def valued_by(heat: Grid2D, cmap: str, scale: Scale) -> dict[str, object]:
    """What changes of a heat map whose colours a colour map gives between the ends of a scale."""
    low, high = sorted((scale.low, scale.high))
    span = (high - low) or 1.0
    shade = shares(np.array([rgb_of(c) for row in heat.colours for c in row]), cmap)
    guess = (low + shade * span).reshape(len(heat.colours), -1)
    unread = not any(t for row in heat.texts for t in row)
    values = (
        tuple(tuple(rounded(float(v), span / 500) for v in row) for row in guess) if unread else heat.values
    )
    flat = [v for row in values for v in row]
    low = min(flat) if abs(min(flat) - low) < 0.02 * span else rounded(low, 0.004 * span)
    high = max(flat) if abs(max(flat) - high) < 0.02 * span else rounded(high, 0.004 * span)
    return {"cmap": cmap, "low": low, "high": high, "values": values}
