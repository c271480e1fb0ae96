"""The paints of a picture's zones, and which zones are its background."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from critic.reading.svg.colour import Shade, hexadecimal
from critic.reading.svg.types import Gradient
from critic.reading.svg.zones import Mask, Zones

_SAME = 6.0
_SAME_IF_SMALL = 28.0
_SMALL = 150.0
_WHITE = np.array([255.0, 255.0, 255.0], np.float32)
_ALIKE = 3.0
"""Channel levels within which two colours of a canvas are one."""

_MOST_CORNERS = 3
"""Corners of one colour that make it the canvas's."""

_SHOWS_WHITE = 0.02
"""Share of the border above which it shows white."""


@dataclass(frozen=True)
class Palette:
    """Paints by zone.

    Attributes:
        colours: Of each zone, equal where they look equal.
        paints: What each zone is painted with.
        ground: Colour of the canvas.
        background: Which zones are canvas that shows.
    """

    colours: Shade
    paints: tuple[str | Gradient, ...]
    ground: Shade
    background: Mask


def read_palette(zones: Zones) -> Palette:
    """Give zones of one look one colour, and find the canvas."""
    colours = _merged(zones)
    ground = _ground(zones, colours)
    same = (np.abs(colours - ground).max(axis=1) < 1.0) if zones.count else np.zeros(0, bool)
    same[list(zones.ramps)] = False
    inks = np.unique(colours[~same].round(), axis=0)
    background = same if len(inks) <= 1 else same & _on_border(zones)
    paints: list[str | Gradient] = [hexadecimal(colour) for colour in colours]
    for zone, ramp in zones.ramps.items():
        paints[zone] = ramp.paint()
    return Palette(colours, tuple(paints), ground, background)


def _merged(zones: Zones) -> Shade:
    """Colours of small zones, which are less certain, give way to those of larger ones close by."""
    result = zones.colours.copy()
    kept: list[int] = []
    for zone in np.argsort(-zones.areas, kind="stable").tolist():
        if zone in zones.ramps:
            continue
        near = _SAME if zones.areas[zone] > _SMALL else _SAME_IF_SMALL
        if kept:
            distance = np.abs(zones.colours[kept] - zones.colours[zone]).max(axis=1)
            closest = int(distance.argmin())
            if distance[closest] <= near:
                result[zone] = result[kept[closest]]
                continue
        kept.append(zone)
    return result


def _border(zones: Zones) -> NDArray[np.int32]:
    first = zones.first
    return np.concatenate([first[0], first[-1], first[:, 0], first[:, -1]])


def _on_border(zones: Zones) -> Mask:
    return np.bincount(_border(zones), minlength=zones.count) > 0


def _ground(zones: Zones, colours: Shade) -> Shade:
    """White if the border shows any: drawings are laid on white; else the colour of the corners or border."""
    corners = colours[zones.first[[0, 0, -1, -1], [0, -1, 0, -1]]]
    same = np.abs(corners[:, None] - corners[None]).max(axis=2) < _ALIKE
    if same.sum(axis=1).max() >= _MOST_CORNERS:
        return np.asarray(corners[same.sum(axis=1).argmax()].round(), dtype=np.float32)
    shown = colours[_border(zones)]
    if (np.abs(shown - _WHITE).max(axis=1) < _ALIKE).mean() > _SHOWS_WHITE:
        return _WHITE
    values, counts = np.unique(shown.round(), axis=0, return_counts=True)
    return np.asarray(values[counts.argmax()], dtype=np.float32)
