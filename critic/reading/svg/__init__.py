"""Reading icons and drawings: zones of colour, what lies on what, outlines, primitives and strokes."""

from critic.reading.svg.reading import (
    DRAFT_TOLERANCE,
    Layers,
    Region,
    arrange,
    draft_tolerance,
    read_as_stroke,
    read_drawing,
    read_shape,
    read_svg,
    sides_of,
    taken_apart,
)
from critic.reading.svg.types import Drawing, Shape
from critic.reading.svg.zones import Zones, enlarged, split

__all__ = [
    "DRAFT_TOLERANCE",
    "Drawing",
    "Layers",
    "Region",
    "Shape",
    "Zones",
    "arrange",
    "draft_tolerance",
    "enlarged",
    "read_as_stroke",
    "read_drawing",
    "read_shape",
    "read_svg",
    "sides_of",
    "split",
    "taken_apart",
]
