"""Pies as axes of their own, with the texts and the legend that belong to them."""

from __future__ import annotations

from critic.marks.projections import Bare
from critic.reading.chart.colours import Colour, rgb_of
from critic.reading.chart.description import Axes, LinearScale, Ring, Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.labels import dpi_of, inside_box, sure, text_above
from critic.reading.chart.legends import find_legends
from critic.reading.chart.open_legends import open_legends
from critic.reading.chart.pies import find_pies
from critic.reading.chart.words import centre
from critic.types import Box
from renderers.types import Image


def pie_axes(image: Image, background: Colour, texts: list[Text]) -> tuple[list[Axes], list[Text]]:
    """The pies of a picture without axes, and the texts that are left."""
    axes: list[Axes] = []
    whole = Frame(0, 0, image.shape[1] - 1, image.shape[0] - 1, (False,) * 4)
    legends = find_legends(image, whole, texts, background, dpi_of(image))
    texts = [t for t in texts if not any(inside_box(t, legend.box) for legend in legends)]
    pies = find_pies(image, background, texts)
    discs = [_disc(rings[0]) for rings in pies]
    if pies:
        loose = [t for t in texts if not any(inside_box(t, disc) for disc in discs)]
        colours = [rgb_of(name) for rings in pies for ring in rings for name in ring.colours]
        legends += open_legends(image, loose, colours, background, dpi_of(image))
        texts = [t for t in texts if not any(inside_box(t, legend.box) for legend in legends)]
    for rings, disc in zip(pies, discs, strict=True):
        title = text_above(texts, disc, 60)
        texts = [t for t in texts if t is not title and not _misread(t, disc, rings[-1].hole)]
        inner = tuple(t for t in texts if _near_disc(t, disc))
        texts = [t for t in texts if not any(t is other for other in inner)]
        axes.append(
            Axes(
                box=disc,
                x=LinearScale(),
                y=LinearScale(side="left"),
                series=tuple(rings),
                title=sure(image, title),
                texts=inner,
                legends=() if axes else tuple(legends),
                projection=Bare(),
            )
        )
    return axes, texts


def _disc(ring: Ring) -> Box:
    (x, y), radius = ring.centre, ring.radius
    return Box(x - radius, y - radius, x + radius, y + radius)


def _misread(text: Text, disc: Box, hole: float) -> bool:
    """A whole disc read as the letter O, or a lone sign in an empty hole."""
    return len(text.text) <= 1 and text.box.height > 0.3 * max(hole, 30) and text.text in "Oo0.c"


def _near_disc(text: Text, disc: Box) -> bool:
    x, y = centre(text.box)
    grow = 0.45 * disc.width
    return disc.x0 - grow < x < disc.x1 + grow and disc.y0 - 0.15 * grow * 2 < y < disc.y1 + 0.3 * grow
