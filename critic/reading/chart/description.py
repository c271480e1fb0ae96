"""What a chart shows, as typed values: axes, scales, series, legend and texts."""

from __future__ import annotations

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.boxes import Boxes
from critic.marks.colourbar import ColourBar
from critic.marks.errors import ErrorBars
from critic.marks.frozen import Frozen
from critic.marks.heatmap import Grid2D
from critic.marks.known import AnyProjection, Series
from critic.marks.line import Line
from critic.marks.parts import Entry, GridLines, Legend
from critic.marks.planes import Plane
from critic.marks.points import Points
from critic.marks.projections import Rectilinear
from critic.marks.ring import Ring
from critic.marks.scales import AnyScale, CategoryScale, LinearScale, LogScale, Scale, Tick
from critic.marks.shape import Shape
from critic.marks.stems import Stems
from critic.marks.steps import Steps
from critic.marks.texts import Text
from critic.types import Box

__all__ = [
    "Area",
    "Axes",
    "Bars",
    "Boxes",
    "CategoryScale",
    "Chart",
    "ColourBar",
    "Entry",
    "ErrorBars",
    "Grid2D",
    "GridLines",
    "Legend",
    "Line",
    "LinearScale",
    "LogScale",
    "Points",
    "Ring",
    "Scale",
    "Series",
    "Shape",
    "Stems",
    "Steps",
    "Text",
    "Tick",
]


class Axes(Frozen):
    """One axes rectangle with all that is in and around it."""

    box: Box
    x: AnyScale
    y: AnyScale
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
    projection: AnyProjection = Rectilinear()
    loose: bool = False
    """Whether it only holds ink that nothing claims, as shapes over the whole picture."""

    @property
    def visible(self) -> bool:
        """Whether its box is a frame with scales along its sides."""
        return self.projection.framed

    @property
    def plane(self) -> Plane:
        """Where its values lie."""
        return self.projection.plane(self.box, self.x, self.y)


class Chart(Frozen):
    """A whole picture of a chart.

    Attributes:
        width: Of the picture as it was read, in pixels, as all its places are.
        height: Likewise.
        dpi: Dots per inch at which it was read.
        scale: Pixels of the picture as it was given in one of those.
        background: The figure's colour.
        foreground: The colour of texts and spines where they have no other.
        family: What its texts are set in; empty for the family that matplotlib uses.
        axes: All that is in and around an axes rectangle, axes by axes.
        texts: Texts of no axes.
    """

    width: int
    height: int
    dpi: float = 100.0
    scale: float = 1.0
    background: str = "#ffffff"
    foreground: str = "#000000"
    family: str = ""
    axes: tuple[Axes, ...] = ()
    texts: tuple[Text, ...] = ()

    @property
    def drawn_dpi(self) -> float:
        """Dots per inch at which the picture as it was given is drawn."""
        return self.dpi * self.scale
