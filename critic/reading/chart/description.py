"""What a chart shows, as typed values: axes, scales, series, legend and texts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from critic.types import Box


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Text(_Frozen):
    """A text with its place.

    Attributes:
        text: What it says.
        box: Its ink, in pixels.
        size: Font size in points.
        colour: As ``#rrggbb``.
        rotation: Degrees, counter-clockwise.
        bold: Whether the weight is bold.
        nudge: Pixels to move the drawn text by, across and down, found by comparing a render.
    """

    text: str
    box: Box
    size: float = 10.0
    colour: str = "#000000"
    rotation: float = 0.0
    bold: bool = False
    nudge: tuple[float, float] = (0.0, 0.0)


class Tick(_Frozen):
    """A tick: its pixel along the axis, its value in data units, and its label."""

    pixel: float
    value: float
    label: str = ""
    box: Box | None = None


class Scale(_Frozen):
    """One direction of an axes rectangle.

    Attributes:
        kind: How pixels map to data.
        low: The value at the left or bottom edge.
        high: The value at the right or top edge.
        numeric: False where the labels are categories counted from 0.
        ticks: Major ticks with labels.
        minor: Whether minor ticks are drawn on a linear scale.
        side: Where the labels stand.
        size: Font size of the labels in points.
        colour: Of the labels.
        rotation: Of the labels, degrees.
        marks: Whether tick marks are drawn.
        pad: Points between tick marks and labels.
        confidence: Share of the labels that agree with the mapping.
    """

    kind: Literal["linear", "log"] = "linear"
    low: float = 0.0
    high: float = 1.0
    numeric: bool = True
    ticks: tuple[Tick, ...] = ()
    minor: bool = False
    side: Literal["bottom", "top", "left", "right"] = "bottom"
    size: float = 10.0
    colour: str = "#000000"
    rotation: float = 0.0
    marks: bool = True
    pad: float = 3.5
    confidence: float = 1.0


class Bars(_Frozen):
    """Bars of one colour: along the axis at ``positions``, from ``bases``, ``values`` long (data units).

    ``hatch`` is the pattern drawn over them, as matplotlib names it, in ``hatch_colour``.
    """

    type: Literal["bars"] = "bars"
    colour: str
    positions: tuple[float, ...]
    widths: tuple[float, ...]
    values: tuple[float, ...]
    bases: tuple[float, ...]
    horizontal: bool = False
    edge: str | None = None
    hatch: str = ""
    hatch_colour: str = "#000000"
    label: str = ""
    labelled: tuple[Text, ...] = ()


class Steps(_Frozen):
    """A histogram outline, steps (``open`` where no stroke leads to zero at the ends) or filled ones.

    ``len(edges) == len(values) + 1``.
    """

    type: Literal["steps"] = "steps"
    colour: str
    edges: tuple[float, ...]
    values: tuple[float, ...]
    bases: tuple[float, ...] = ()
    filled: bool = False
    open: bool = False
    width: float = 1.0
    label: str = ""


class Line(_Frozen):
    """A line through points; ``width`` and ``marker_size`` in points.

    ``dashes`` are the lengths drawn and left out in turn, in line widths, where no named style has them.
    """

    type: Literal["line"] = "line"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    width: float = 1.5
    style: Literal["-", "--", ":", "-.", ""] = "-"
    dashes: tuple[float, ...] = ()
    marker: str = ""
    marker_size: float = 6.0
    label: str = ""
    layer: int = 0


class ErrorBars(_Frozen):
    """Error bars: low and high ends in data units at each point."""

    type: Literal["errors"] = "errors"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    horizontal: bool = False
    width: float = 1.5
    cap: float = 0.0


class Stems(_Frozen):
    """Markers at the ends of upright strokes from ``base``; sizes in points.

    ``base_colour`` is the colour of the level line that they stand on, if there is one.
    """

    type: Literal["stems"] = "stems"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    base: float = 0.0
    width: float = 1.5
    marker: str = "o"
    marker_size: float = 6.0
    base_colour: str = ""
    label: str = ""


class Points(_Frozen):
    """Scattered points; ``sizes`` are areas in points squared, as matplotlib counts them.

    ``edge`` is the outline's colour: ``face`` for the points' own, which draws them larger, or ``none``.
    ``fitted`` points were moved to fractions of a pixel, all at once: nothing is gained by doing it again.
    """

    type: Literal["points"] = "points"
    colours: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    sizes: tuple[float, ...]
    alpha: float = 1.0
    edge: str = "face"
    fitted: bool = False
    marker: str = "o"
    label: str = ""


class Area(_Frozen):
    """A filled region between two curves over ``x``."""

    type: Literal["area"] = "area"
    colour: str
    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    label: str = ""


class Shape(_Frozen):
    """A coloured region that could not be read as data: its outline in data units."""

    type: Literal["shape"] = "shape"
    colour: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    layer: int = 0


class Boxes(_Frozen):
    """A box plot: the five numbers of each box in data units, its notch and its fliers.

    Attributes:
        colour: Of the outlines, whiskers and caps.
        positions: Along the other axis.
        width: Of the boxes in data units.
        lows: Ends of the lower whiskers, likewise ``highs``.
        notches: Low and high end of each notch; empty where boxes have none.
        fliers: Values beyond the whiskers, box by box.
        faces: Filling of each box; None where it is hollow.
        marker: Of the fliers, and its size in points.
        marker_face: Filling of the fliers; None where they are hollow.
    """

    type: Literal["boxes"] = "boxes"
    colour: str
    positions: tuple[float, ...]
    width: float
    q1: tuple[float, ...]
    medians: tuple[float, ...]
    q3: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    notches: tuple[tuple[float, float], ...] = ()
    fliers: tuple[tuple[float, ...], ...] = ()
    faces: tuple[str | None, ...] = ()
    median_colour: str = "#ff7f0e"
    median_width: float = 1.0
    line_width: float = 1.0
    caps: bool = True
    horizontal: bool = False
    marker: str = "o"
    marker_size: float = 6.0
    marker_colour: str = "#000000"
    marker_face: str | None = None


class Ring(_Frozen):
    """One ring of a pie: fractions counter-clockwise from ``start`` degrees, in pixels around its centre."""

    type: Literal["ring"] = "ring"
    centre: tuple[float, float]
    radius: float
    hole: float = 0.0
    start: float = 0.0
    fractions: tuple[float, ...]
    colours: tuple[str, ...]
    explode: tuple[float, ...] = ()
    edge: str | None = None


class Grid2D(_Frozen):
    """A heat map: a value a cell, first row on top; ``smooth`` where the values are samples of an image."""

    type: Literal["heatmap"] = "heatmap"
    values: tuple[tuple[float, ...], ...]
    colours: tuple[tuple[str, ...], ...]
    cmap: str = "viridis"
    low: float = 0.0
    high: float = 1.0
    texts: tuple[tuple[str, ...], ...] = ()
    text_colours: tuple[tuple[str, ...], ...] = ()
    text_size: float = 10.0
    gap: float = 0.0
    smooth: bool = False


class ColourBar(_Frozen):
    """The content of a colour bar's axes: colours from the low to the high end."""

    type: Literal["colourbar"] = "colourbar"
    colours: tuple[str, ...]
    cmap: str = "viridis"
    horizontal: bool = False
    reverse: bool = False


Series = Annotated[
    Bars | Steps | Line | ErrorBars | Stems | Points | Area | Shape | Boxes | Ring | Grid2D | ColourBar,
    Field(discriminator="type"),
]


class GridLines(_Frozen):
    """Grid lines of an axes; ``width`` in points."""

    colour: str = "#b0b0b0"
    width: float = 0.8
    style: Literal["-", "--", ":"] = "-"
    x: bool = True
    y: bool = True
    above: bool = False
    minor: bool = False
    minor_colour: str = "#e6e6e6"


class Entry(_Frozen):
    """A legend entry: its text and its handle."""

    text: str
    handle: Literal["patch", "line", "marker", "none"] = "line"
    colour: str = "#000000"
    style: str = "-"
    marker: str = ""
    size: float = 6.0
    edge: str | None = None
    box: Box | None = None


class Legend(_Frozen):
    """A legend: its box in pixels, its entries top to bottom and left to right.

    Where no ``frame`` is drawn, the box is where one would be. Lengths are in font sizes: of a ``handle``, of
    the ``gap`` between it and its text, and of the space ``between`` rows.
    """

    box: Box
    entries: tuple[Entry, ...]
    columns: int = 1
    title: str = ""
    size: float = 10.0
    frame: bool = True
    handle: float = 2.0
    gap: float = 0.8
    between: float = 0.5
    face: str = "#ffffff"
    shadow: bool = False
    nudge: tuple[float, float] = (0.0, 0.0)


class Axes(_Frozen):
    """One axes rectangle with all that is in and around it."""

    box: Box
    x: Scale
    y: Scale
    face: str = "#ffffff"
    frame: tuple[bool, bool, bool, bool] = (True, True, True, True)
    """Which of the spines left, top, right and bottom are drawn."""
    spine: str = "#000000"
    spine_width: float = 0.8
    title: Text | None = None
    x_label: Text | None = None
    y_label: Text | None = None
    grid: GridLines | None = None
    series: tuple[Series, ...] = ()
    legends: tuple[Legend, ...] = ()
    right_label: Text | None = None
    texts: tuple[Text, ...] = ()
    visible: bool = True


class Chart(_Frozen):
    """A whole picture of a chart."""

    width: int
    height: int
    dpi: float = 100.0
    background: str = "#ffffff"
    foreground: str = "#000000"
    axes: tuple[Axes, ...] = ()
    texts: tuple[Text, ...] = ()
