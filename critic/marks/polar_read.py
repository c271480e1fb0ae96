"""Reads radar charts: a web, the numbers at its rings, the names at its spokes, outlines and legends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Found, Scene
from critic.marks.outlines import VIVID, read_outlines
from critic.marks.polar_names import reread
from critic.marks.polar_scale import is_slanted, radial
from critic.marks.rings import bands_of, standing
from critic.marks.scales import CategoryScale, Tick
from critic.marks.texts import Text
from critic.marks.web import PALE, TICKS, Web, find_web, rings_of
from critic.reading.chart.colours import hex_of
from critic.reading.chart.description import Axes, Legend
from critic.reading.chart.frames import Frame
from critic.reading.chart.legends import find_legends, usual_colour
from critic.reading.chart.numbers import number_of
from critic.types import Box

if TYPE_CHECKING:
    from critic.marks.polar import Polar

_NAME_REACH = 34
"""Pixels from the end of a spoke within which its name begins: the room of tick labels beside any axes."""
_NUMBERS = 1.25
"""Radii from the centre within which numbers belong to rings."""
_USUAL_SIZE, _USUAL_GRID = 10.0, "#b0b0b0"
"""Points of names, and the colour of grids, of matplotlib."""
_ENDS = (0.8, 0.97)
"""Shares of a spoke between which little else is drawn over it."""
_GREY, _ENOUGH = 20, 0.2
"""Levels between the channels of a grid's own colour, and share of the places where it shows by itself."""
_ROOM = 6
"""Pixels round a web that tick marks and markers may take."""


def find_radars(polar: type[Polar], picture: Scene) -> Found | None:
    """The radar chart of a picture; None where no web of spokes and rings shows."""
    web = find_web(picture)
    if web is None:
        return None
    grey = cv2.cvtColor(picture.image, cv2.COLOR_RGB2GRAY).astype(np.int16)
    polygons, circles = (rings_of(grey, web, polygons=straight) for straight in (True, False))
    round_ones = len(circles) >= len(polygons)
    rings = circles if round_ones else polygons
    if web.radius - rings[-1] <= TICKS:
        web = web._replace(radius=rings[-1])
    given = picture.texts
    picture = replace(picture, texts=reread(picture, web, rings, given)) if round_ones else picture
    legends = _legends(picture, web)
    texts = [t for t in picture.texts if not any(legend.box.meets(t.box) for legend in legends)]
    numbers = [t for t in texts if number_of(t.text) is not None and _away(t, web) < _NUMBERS * web.radius]
    y, angle = radial(web, rings, numbers)
    names = _names(web, [t for t in texts if not any(t is n for n in numbers)])
    series = read_outlines(picture, web, y)
    if not series:
        return None
    ticks = [
        Tick(pixel=float(k), value=float(k), label=t.text if t else "", box=t.box if t else None)
        for k, t in enumerate(names)
    ]
    named = [t for t in names if t is not None]
    sizes = [t.size for t in named] or [_USUAL_SIZE]
    beside, pad = standing(web, names, picture.dpi)
    x = CategoryScale(
        low=0.0,
        high=float(web.spokes),
        ticks=tuple(ticks),
        size=float(np.median(sizes)),
        colour=usual_colour(named),
        pad=pad,
    )
    y = y.model_copy(update={"colour": usual_colour(numbers)})
    grid = _colour_of(picture, _spoke_ends(picture, web)) or _USUAL_GRID
    projection = polar(
        start=web.start,
        clockwise=True,
        polygons=not round_ones,
        grid=grid,
        rim=(_colour_of(picture, _rim(picture, web)) or grid) if round_ones else grid,
        numbers_at=round(angle, 1) if angle is not None else web.start,
        bands=bands_of(picture, web, [tick.pixel for tick in y.ticks], polygons=not round_ones),
        beside=beside,
    )
    axes = Axes(box=web.box, x=x, y=y, series=tuple(series), legends=tuple(legends), projection=projection)
    slanted = [t for t in texts if _away(t, web) < web.radius and is_slanted(t)]
    taken = (
        *numbers,
        *named,
        *slanted,
        *(t for t in picture.texts if not any(t is other for other in texts)),
    )
    # The picture's texts stay its own, however they were read here.
    read = zip(given, picture.texts, strict=True)
    used = tuple(old for old, new in read if any(new is t for t in taken))
    return Found((axes,), used, (web.box.grown(_ROOM),))


def _legends(picture: Scene, web: Web) -> list[Legend]:
    """The framed legends that reach into the square of a web; others are found beside it."""
    high, wide = picture.image.shape[:2]
    whole = Frame(0, 0, wide - 1, high - 1, (False,) * 4)
    found = find_legends(picture.image, whole, list(picture.texts), picture.background, picture.dpi)
    return [legend for legend in found if web.box.meets(legend.box)]


def _away(text: Text, web: Web) -> float:
    x, y = text.box.centre
    return float(np.hypot(x - web.x, y - web.y))


def _names(web: Web, texts: Sequence[Text]) -> list[Text | None]:
    """The text at the end of each spoke, as far as there is one."""
    found: list[Text | None] = []
    for x, y in web.points([web.radius] * web.spokes).tolist():
        near_ones = [
            (gap, index)
            for index, t in enumerate(texts)
            if (gap := _gap(t.box, x, y)) < _NAME_REACH and not any(t is other for other in found)
        ]
        found.append(texts[min(near_ones)[1]] if near_ones else None)
    return found


def _gap(box: Box, x: float, y: float) -> float:
    """Pixels from a place to a box."""
    return float(np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0)))


def _spoke_ends(picture: Scene, web: Web) -> NDArray[np.uint8]:
    """Pixels of the spokes beyond what is drawn."""
    radii = np.linspace(*_ENDS, 12) * web.radius
    return np.concatenate([_pixels(picture, *web.at(float(angle), radii)) for angle in web.angles()])


def _rim(picture: Scene, web: Web) -> NDArray[np.uint8]:
    """Of each ray, the pixel within two of the rim that differs most from the background."""
    found = []
    for angle in np.radians(np.arange(0, 360, 2)):
        pixels = _pixels(picture, *web.at(float(angle), web.radius + np.arange(-2.0, 2.5, 0.5)))
        found.append(pixels[np.abs(pixels.astype(int) - picture.background).max(axis=1).argmax()])
    return np.array(found)


def _pixels(picture: Scene, columns: NDArray[np.int_], rows: NDArray[np.int_]) -> NDArray[np.uint8]:
    high, wide = picture.image.shape[:2]
    return np.asarray(picture.image[rows.clip(0, high - 1), columns.clip(0, wide - 1)])


def _colour_of(picture: Scene, pixels: NDArray[np.uint8]) -> str | None:
    """The usual colour of pixels that are neither background nor data; None where there are none."""
    levels = pixels.astype(int)
    tint = levels.max(axis=1) - levels.min(axis=1)
    shown = np.abs(levels - picture.background).max(axis=1) > PALE
    # Fillings tint what shows through them.
    for most in (_GREY, VIVID):
        inked = levels[shown & (tint < most)]
        if len(inked) >= _ENOUGH * len(levels):
            break
    return hex_of(np.median(inked, axis=0).round().astype(int)) if len(inked) else None
