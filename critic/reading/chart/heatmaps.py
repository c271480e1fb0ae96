"""Heat maps: a lattice of coloured cells, framed or not, and the colour bars beside them."""

from __future__ import annotations

import numpy as np

from critic.reading.chart.colourmaps import best_map, shares
from critic.reading.chart.colours import far, hex_of, mode_colour, near, rgb_of
from critic.reading.chart.description import Axes, CategoryScale, ColourBar, Grid2D, Scale, Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.lattices import SLIM, cells_along
from critic.reading.chart.numbers import number_of, rounded
from critic.reading.chart.words import centre
from renderers.types import Image

_MISS = 10.0
"""Levels that cells may lie off a colour map on average."""
_SHADES = 5
"""Colours that a colour bar shows at least."""
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
_ASIDE, _COLOURED, _WHITE_ROWS = 6, 40, 30
"""Pixels beside an edge where cells show their colours, levels from white from which they have one, and the
percentile of the rows that a line is as white as: the rest may cross texts."""
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
_OFF_MIDDLE, _HALF = 0.15, 0.5
"""Cells by which a tick may be off the middle of one, and of which it stands so far from where one begins."""
_LINE = 0.8
"""Share of a side in one colour from which it is a line: cells along it have several."""
_THIN = 0.4
"""Pixels of white from which there is a line between cells."""


def read_heatmap(image: Image, frame: Frame, x: Scale, y: Scale, texts: list[Text]) -> Grid2D | None:
    """The cells of a frame; None where it holds no lattice of coloured cells."""
    columns = cells_along(image, frame, x, texts, across=True)
    rows = cells_along(image, frame, y, texts, across=False)
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
        strip = image[frame.top + 3 : frame.bottom - 2, at - _ASIDE : at + _ASIDE + 1].astype(float)
        sides = np.stack([strip[:, 0], strip[:, -1]], axis=1)
        # A line of white in any width leaves each channel nearer to white than the cells on both sides.
        lightest = sides.max(axis=1)[:, None]
        coloured = (255.0 - sides.mean(axis=1)).max(axis=1) > _COLOURED
        white = ((strip - lightest) / np.maximum(1.0, 255.0 - lightest)).max(axis=2)[coloured]
        widths.append(float(np.percentile(white, _WHITE_ROWS, axis=0).clip(0).sum()) if len(white) else 0.0)
    found = float(np.median(widths)) if widths else 0.0
    return found if found >= _THIN else 0.0


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


def counted(scale: Scale, cells: int, start: float, end: float) -> Scale:
    """The scale of a heat map's side by its cells from 0 on, where its ticks stand in their middles.

    Args:
        scale: As its labels say, if they say anything.
        cells: How many there are.
        start: Where the first of them begins, in pixels along the side.
        end: Where the last one ends.
    """
    places = [(tick.pixel - start) / (end - start) * cells - 0.5 for tick in scale.ticks]
    if any(abs(place - round(place)) > _OFF_MIDDLE for place in places):
        return scale
    pairs = list(zip(scale.ticks, places, strict=True))
    across = scale.side in ("bottom", "top")
    if (scale.numeric or across) and all(abs(tick.value - round(place)) < _HALF for tick, place in pairs):
        return scale
    ticks = tuple(tick.model_copy(update={"value": float(round(place))}) for tick, place in pairs)
    low, high = (-_HALF, cells - _HALF) if across else (cells - _HALF, -_HALF)
    given = {name: getattr(scale, name) for name in CategoryScale.model_fields if name != "kind"}
    return CategoryScale(**{**given, "low": low, "high": high, "ticks": ticks})


def drawn_sides(image: Image, frame: Frame) -> tuple[bool, bool, bool, bool]:
    """Which sides of painted axes are lines of one colour, not the rims of cells."""
    rows, columns = slice(frame.top + 3, frame.bottom - 2), slice(frame.left + 3, frame.right - 2)
    lines = (
        image[rows, frame.left],
        image[min(frame.top, len(image) - 1), columns],
        image[rows, min(frame.right, image.shape[1] - 1)],
        image[min(frame.bottom, len(image) - 1), columns],
    )
    return tuple(
        bool(drawn and line.size and near(line[None], mode_colour(line), _SAME).mean() > _LINE)
        for drawn, line in zip(frame.sides, lines, strict=True)
    )  # type: ignore[return-value]


def read_colourbar(image: Image, frame: Frame) -> ColourBar | None:
    """The content of a narrow frame that runs through a colour map; None where it does not."""
    high, wide = frame.bottom - frame.top, frame.right - frame.left
    horizontal = wide > high
    if max(high, wide) < SLIM * min(high, wide):
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
