"""What a projection looks at to find its axes in a picture, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from critic.marks.texts import Text
from critic.reading.chart.colours import Colour
from critic.reading.chart.description import Axes
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image


@dataclass(frozen=True)
class Scene:
    """A picture in which axes are looked for.

    Attributes:
        image: Its pixels.
        background: Their colour where nothing is drawn.
        texts: What is written in it.
        reader: The readings of the run.
        dpi: Dots per inch.
    """

    image: Image
    background: Colour
    texts: tuple[Text, ...]
    reader: Reader
    dpi: float

    def without(self, found: Found) -> Scene:
        """The picture with what was found painted over, and without the texts that belong to it."""
        image = self.image.copy()
        for box in found.covers:
            x0, y0, x1, y1 = (max(0, round(edge)) for edge in box)
            image[y0:y1, x0:x1] = self.background
        left = tuple(t for t in self.texts if not any(t is used for used in found.used))
        return replace(self, image=image, texts=left)


@dataclass(frozen=True)
class Found:
    """Axes that were found.

    Attributes:
        axes: What they show.
        used: The texts that belong to them.
        covers: The pixels that they take up.
    """

    axes: tuple[Axes, ...]
    used: tuple[Text, ...]
    covers: tuple[Box, ...]
