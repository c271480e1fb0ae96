"""A picture of a chart to its description."""

from __future__ import annotations

import cv2
import numpy as np

from critic.marks.findings import Scene
from critic.marks.known import PROJECTIONS
from critic.reading.chart.colours import Colour, hex_of, mode_colour, near, rgb_of, saturation
from critic.reading.chart.composites import parted
from critic.reading.chart.dated import dated
from critic.reading.chart.description import (
    Axes,
    Chart,
    ColourBar,
    Grid2D,
    Legend,
    LinearScale,
    Scale,
    Series,
    Text,
)
from critic.reading.chart.even_sizes import evened, with_common_titles
from critic.reading.chart.frames import Frame, background_of, find_frames, overlapping
from critic.reading.chart.gridded import gridded_frames
from critic.reading.chart.grids import broken_grid
from critic.reading.chart.hatches import Cell, find_hatched, hatched_bars, without_hatched
from critic.reading.chart.heatmaps import (
    counted,
    drawn_sides,
    matched_to_bars,
    read_colourbar,
    read_heatmap,
)
from critic.reading.chart.images import read_image
from critic.reading.chart.inner_legends import inner_legends
from critic.reading.chart.inner_ticks import without_inner_marks
from critic.reading.chart.label_gaps import below_ticks, beside_ticks
from critic.reading.chart.labelled import with_labelled
from critic.reading.chart.labels import (
    dpi_of,
    grown,
    inside_box,
    may_name,
    right_label_of,
    sure,
    title_of,
    x_label_of,
    y_label_of,
)
from critic.reading.chart.lattices import lattice_frames
from critic.reading.chart.legend_words import missed_words
from critic.reading.chart.legends import find_legends
from critic.reading.chart.marks import Side
from critic.reading.chart.minor_grid import with_minor
from critic.reading.chart.naming import named
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.open_legends import key_of, open_legends
from critic.reading.chart.pie_axes import pie_axes
from critic.reading.chart.plot import Plot, cleared, face_of, find_grid, inside
from critic.reading.chart.scales import read_scale
from critic.reading.chart.series import read_series
from critic.reading.chart.settle import is_written
from critic.reading.chart.sides import side_of
from critic.reading.chart.tick_labels import is_mark
from critic.reading.chart.twins import right_scales, with_twins
from critic.reading.chart.unclaimed import are_fillings, unclaimed
from critic.reading.chart.words import read_words
from critic.reading.noise import denoised
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_SMALLEST, _EMPTY = 24, 4
"""Pixels across a picture below which it has no room for a frame with labels, and across a plot area up to
which it holds no more than its frame's blended rims."""
_LIGHT = 384
"""Sum of three channels (0..765) above which a background is light: half of the whole."""
_SPECK, _ROUND, _LARGE = 6, 0.85, 14
"""Of a hollow marker: its least pixels, its least width in heights (a zero has 0.7), and the size in points
from which what reads as a zero is one: labels within a plot area are smaller."""
_LIKE, _NEARER = 120, 0.6
"""Levels from a text's colour within which ink is its own, but at most so much of the way to the ground."""
_NARROW = 40
"""Pixels of a side below which there is no room for labels along it: the short side of a colour bar."""


def read_chart(image: Image, reader: Reader, coarseness: float = 1.0, like: tuple[Axes, ...] = ()) -> Chart:
    """The description of a chart's picture, read once for the same pixels; never raises on odd ones.

    Args:
        image: RGB pixels.
        reader: The readings of the run.
        coarseness: Scales the tolerance at which curves are simplified; below 1 keeps more points.
        like: Where axes are where none can be seen: those of the picture that this is to look like.
    """
    what = "chart" if coarseness == 1.0 else f"chart at {coarseness}"
    places = tuple(Frame.of(axes.box, axes.frame) for axes in like if axes.visible)
    flat = denoised(image, reader)
    return reader.remember(
        f"{what} in {places}" if places else what,
        flat,
        lambda pixels: _read(pixels, reader, coarseness, places),
    )


def _read(image: Image, reader: Reader, coarseness: float, places: tuple[Frame, ...]) -> Chart:
    height, width = image.shape[:2]
    if min(height, width) < _SMALLEST:
        return Chart(width=width, height=height, dpi=dpi_of(image))
    background = background_of(image)
    foreground = "#000000" if background.sum() > _LIGHT else "#ffffff"
    texts = parted(image, read_words(image, reader, dpi_of(image)), reader, dpi_of(image))
    others, picture = _other_axes(Scene(image, background, tuple(texts), reader, dpi_of(image)))
    image, texts = picture.image, list(picture.texts)
    frames = find_frames(image, background) or gridded_frames(image, background)
    frames += [f for f in lattice_frames(image, background, texts) if not overlapping(f, frames)]
    if not others:
        frames = with_labelled(frames, image, background, texts)
    frames = frames or list(places)
    axes, left = _framed(image, frames, texts, background, reader, coarseness)
    if are_fillings(axes, image, background, texts):
        frames = with_labelled([], image, background, texts)
        axes, left = _framed(image, frames, texts, background, reader, coarseness)
        if are_fillings(axes, image, background, texts):
            axes, left = [], list(texts)
    axes = [*others, *axes]
    if not axes:
        axes, left = pie_axes(image, background, left)
        axes = axes or unclaimed(image, background, left, dpi_of(image))
    else:
        rights = right_scales(Scene(image, background, tuple(left), reader, dpi_of(image)), axes)
        left = [t for t in left if not any(t is used for right in rights for used in right.used)]
        axes, left = _legends_beside(image, frames, axes, left, background, reader)
        axes, left = with_twins(axes, rights, left)
    left = [t for t in left if not any(is_mark(t, frame) for frame in frames)]
    axes = with_common_titles(axes)
    return Chart(
        width=width,
        height=height,
        dpi=dpi_of(image),
        background=hex_of(background),
        foreground=foreground,
        axes=tuple(matched_to_bars(axes)),
        texts=evened(left),
    )


def _framed(
    image: Image,
    frames: list[Frame],
    texts: list[Text],
    background: Colour,
    reader: Reader,
    coarseness: float,
) -> tuple[list[Axes], list[Text]]:
    """The axes in all frames, and the texts that belong to none."""
    axes, left = [], list(texts)
    for frame in frames:
        read, used = _axes(image, frame, frames, left, background, reader, coarseness)
        axes.append(read)
        left = [text for text in left if not any(text is other for other in used)]
    return axes, left


def _other_axes(picture: Scene) -> tuple[list[Axes], Scene]:
    """The axes that no rectangle frames, and the picture without them."""
    axes: list[Axes] = []
    for projection in PROJECTIONS:
        found = projection.find(picture)
        if found is not None:
            axes += [a.model_copy(update={"series": named(a.series, a.legends)}) for a in found.axes]
            picture = picture.without(found)
    return axes, picture


def _legends_beside(
    image: Image,
    frames: list[Frame],
    axes: list[Axes],
    texts: list[Text],
    background: Colour,
    reader: Reader,
) -> tuple[list[Axes], list[Text]]:
    """Legends outside of all axes given to the nearest of them, and the texts that are left."""
    bare = image.copy()
    for frame in frames:
        bare[max(0, frame.top - 1) : frame.bottom + 2, max(0, frame.left - 1) : frame.right + 2] = background
    whole = Frame(0, 0, image.shape[1] - 1, image.shape[0] - 1, (False,) * 4)
    given, dpi = list(axes), dpi_of(image)
    texts = [*texts, *missed_words(bare, texts, background, reader, dpi)]
    legends = find_legends(bare, whole, texts, background, dpi)
    loose = [t for t in texts if not any(inside_box(t, legend.box) for legend in legends)]
    legends += open_legends(bare, loose, _colours(axes), background, dpi)
    for legend in legends:
        texts = [t for t in texts if not inside_box(t, legend.box)]
        index = min(range(len(given)), key=lambda i: _apart(given[i].box, legend.box))
        owner = given[index]
        series = named(owner.series, [legend])
        given[index] = owner.model_copy(update={"legends": (*owner.legends, legend), "series": series})
    return given, texts


def _colours(axes: list[Axes]) -> list[Colour]:
    """The colours of all series that have one."""
    return [rgb_of(mark.palette[0]) for one in axes for mark in one.series if mark.traits.single]


def _apart(one: Box, other: Box) -> float:
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    return across + max(one.y0 - other.y1, other.y0 - one.y1, 0.0)


def _axes(
    image: Image,
    frame: Frame,
    frames: list[Frame],
    texts: list[Text],
    background: Colour,
    reader: Reader,
    coarseness: float,
) -> tuple[Axes, list[Text]]:
    face = face_of(image, frame)
    x, y, maps, used = _scales(image, frame, texts, background, reader)
    rest = [t for t in texts if not any(t is u for u in used)]
    near = [t for t in rest if may_name(t, frame)]
    names = [t for t in near if key_of(image, t, texts, background, dpi_of(image)) is None]
    title, x_label = title_of(names, frame, frames), x_label_of(names, frame, frames, x)
    y_label = y_label_of(image, frame, frames, texts, used, y, reader)
    within = [t for t in inside(rest, frame) if t is not title and t is not x_label]
    dpi = dpi_of(image)
    drawn = [
        t
        for t in within
        if not _stands_alone(image, t, frame) or _are_circles(image, t) or not is_written(image, t, dpi)
    ]
    within = [t for t in within if not any(t is d for d in drawn)]
    used += drawn
    legends = find_legends(image, frame, within, face, dpi_of(image))
    legends = legends or inner_legends(image, frame, within, face, dpi)
    covered = [t for t in within if any(inside_box(t, legend.box) for legend in legends)]
    free = [t for t in within if not any(t is c for c in covered)]
    bar = read_colourbar(image, frame)
    plain = bar is None and not frame.gridded
    heat = read_heatmap(image, frame, x, y, free) if plain else None
    if plain and heat is None and not legends:
        heat = read_image(image, frame)
    if bar is not None or heat is not None:
        return _painted(
            image, frame, x, y, bar, heat, title, x_label, y_label, [*used, *within], texts, reader
        )
    cells, image = _hatched(image, frame, face, legends)
    image = without_inner_marks(image, frame, face)
    grid = with_minor(image, frame, find_grid(image, frame, x, y, face), face)
    if grid is None or not ((grid.x and grid.y) or grid.minor):
        broken = broken_grid(image, frame, x, y, face)
        grid = broken if broken is not None and (grid is None or (broken.x and broken.y)) else grid
    hide = [legend.covered for legend in legends] + [grown(t.box) for t in free]
    pixels, hidden = cleared(image, frame, grid, x, y, face, hide)
    plot = Plot(pixels, hidden, *maps, frame.left + 2, frame.top + 2, face, dpi_of(image), coarseness)
    series, kept = read_series(plot, legends, free) if min(pixels.shape[:2]) > _EMPTY else ([], free)
    if cells:
        series = [*hatched_bars(plot, cells), *series]
    used = [*used, *within, *(t for t in (title, x_label) if t is not None)]
    if y_label is not None:
        used += [t for t in texts if inside_box(t, grown(y_label.box, 4))]
    axes = Axes(
        box=frame.box,
        x=x,
        y=y,
        face=hex_of(face),
        frame=frame.sides,
        spine=_spine(image, frame),
        title=sure(image, title),
        x_label=below_ticks(sure(image, x_label), x, dpi),
        y_label=beside_ticks(sure(image, y_label), y, dpi),
        grid=grid,
        series=named(series, legends),
        legends=tuple(legends),
        texts=evened(kept),
    )
    return dated(axes), used


def _hatched(image: Image, frame: Frame, face: Colour, legends: list[Legend]) -> tuple[list[Cell], Image]:
    """The hatched rectangles of a plot area, and the picture without them."""
    rows, columns = slice(frame.top + 2, frame.bottom - 1), slice(frame.left + 2, frame.right - 1)
    bare = image.copy()
    for b in (legend.box for legend in legends):
        bare[int(b.y0) - 1 : int(b.y1) + 2, int(b.x0) - 1 : int(b.x1) + 2] = face
    cells = find_hatched(bare[rows, columns], face, dpi_of(image))
    if not cells:
        return [], image
    plain = image.copy()
    without_hatched(plain[rows, columns], cells, face)
    return cells, plain


def _stands_alone(image: Image, text: Text, frame: Frame) -> bool:
    """Whether a text's ink ends with it; where it runs on beyond the box, it is a bit of a drawn line."""
    b = text.box
    x0, y0 = max(frame.left, int(b.x0) - 5), max(frame.top, int(b.y0) - 5)
    region = image[y0 : int(b.y1) + 6, x0 : int(b.x1) + 6]
    colour = rgb_of(text.colour)
    contrast = int(np.abs(mode_colour(region).astype(int) - colour).max())
    mask = near(region, colour, min(_LIKE, round(_NEARER * contrast))).astype(np.uint8)
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    rim = np.ones(mask.shape, bool)
    rim[2:-2, 2:-2] = False
    inner = np.zeros(mask.shape, bool)
    inner[5:-5, 5:-5] = True
    beyond = set(np.unique(labels[rim & (mask > 0)]).tolist())
    own = np.bincount(labels[inner], minlength=count)
    return float(own[list(beyond)].sum()) <= 0.6 * float(own[1:].sum()) if beyond else True


def _are_circles(image: Image, text: Text) -> bool:
    """Whether what was read as zeros is round: hollow markers, alone or in a column."""
    if not set(text.text) <= set("Oo0Q8°©"):
        return False
    b = text.box
    region = image[max(0, int(b.y0) - 1) : int(b.y1) + 1, max(0, int(b.x0) - 1) : int(b.x1) + 1]
    mask = near(region, rgb_of(text.colour), 140).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parts = [(int(w), int(h)) for _, _, w, h, area in stats[1:count] if area >= _SPECK]
    column = len(text.text) > 1 and b.height > b.width
    return bool(parts) and (column or text.size >= _LARGE or all(w > _ROUND * h for w, h in parts))


def _painted(
    image: Image,
    frame: Frame,
    x: Scale,
    y: Scale,
    bar: ColourBar | None,
    heat: Grid2D | None,
    title: Text | None,
    x_label: Text | None,
    y_label: Text | None,
    used: list[Text],
    texts: list[Text],
    reader: Reader,
) -> tuple[Axes, list[Text]]:
    """Axes that hold a heat map or a colour bar and nothing else."""
    right = right_label_of(image, frame, used, texts, reader) if bar is not None else None
    if right is not None:
        used = used + [t for t in texts if inside_box(t, grown(right.box, 4))]
    if heat is not None and not heat.smooth:
        x = counted(x, len(heat.values[0]), frame.box.x0, frame.box.x1)
        y = counted(y, len(heat.values), frame.box.y0, frame.box.y1)
    series: tuple[Series, ...] = tuple(s for s in (bar, heat) if s is not None)
    axes = Axes(
        box=frame.box,
        x=x,
        y=y,
        frame=drawn_sides(image, frame),
        spine=_spine(image, frame),
        title=title,
        x_label=x_label,
        y_label=y_label,
        right_label=right,
        series=series,
    )
    return axes, [*used, *(t for t in (title, x_label) if t is not None)]


def _scales(
    image: Image, frame: Frame, texts: list[Text], background: Colour, reader: Reader
) -> tuple[Scale, Scale, tuple[Mapping, Mapping], list[Text]]:
    read = []
    used: list[Text] = []
    sides: tuple[tuple[Side, Side], ...] = (("bottom", "top"), ("left", "right"))
    for usual, other in sides:
        side = side_of(image, frame, texts, background, usual, other)
        scale, mapping, texts_used = read_scale(image, frame, side, texts, background, reader, dpi_of(image))
        narrow = (frame.right - frame.left if usual == "bottom" else frame.bottom - frame.top) < _NARROW
        if narrow and not scale.marks:
            scale, texts_used = LinearScale(side=usual, marks=False), []
        read.append((scale, mapping))
        used += texts_used
    (x, x_map), (y, y_map) = read
    return x, y, (x_map, y_map), used


def _spine(image: Image, frame: Frame) -> str:
    left, _, _, bottom = frame.sides
    row = min(frame.bottom, image.shape[0] - 1)  # axes may fill the picture to its rim
    lines = [image[frame.top + 3 : frame.bottom - 2, frame.left]] if left else []
    lines += [image[row, frame.left + 3 : frame.right - 2]] if bottom or not left else []
    colours = [mode_colour(line) for line in lines if line.size and any(frame.sides)]
    # Bars cover the spine that they stand on.
    return hex_of(min(colours, key=saturation, default=np.zeros(3, int)))
