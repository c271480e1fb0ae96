"""What an area is filled with: a flat colour, or a linear gradient."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.page.colours import commonest, css, distance, rgb
from critic.reading.page.types import Fill, Stop

_FLAT_SHARE = 0.4
_NOISE = 3.0
_SAMPLES = 20000
_SAME_COLOUR = 2
"""Channel levels within which a pixel has the fill's commonest colour; rounding adds as much."""

_STILL_FLAT = 0.3
"""Share of the undisturbed pixels with one colour from which the fill is flat; less than ``_FLAT_SHARE``, as
shadows are out of it already. A gradient spreads its pixels over many colours."""

_MOST_STOPS = 6
"""Stops a profile gets at most, its two ends with them."""

_SHORT = 4
"""Rows between two stops below which no third is looked for."""

_ALONG_A_SIDE = 0.15
"""Part of its direction across the main one below which a gradient runs straight down or across: the profiles
describe it then."""


def flat(colour: str) -> Fill:
    """A single colour."""
    return Fill(stops=(Stop(at=0.0, colour=colour),))


def find_fill(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Fill:
    """The fill of the masked pixels of an area.

    Args:
        pixels: The area.
        mask: Which of its pixels show the fill, and nothing laid on it.
    """
    inside = pixels[mask]
    colour, share = commonest(inside)
    away = distance(inside[:: max(1, len(inside) // _SAMPLES)], colour)
    if share >= _FLAT_SHARE or np.percentile(away, 90) <= _NOISE or (away <= 1).mean() > _FLAT_SHARE:
        return flat(css(colour))
    mask = _undisturbed(mask)
    if (distance(pixels[mask], colour) <= _SAME_COLOUR).mean() > _STILL_FLAT:
        return flat(css(colour))
    down, down_error = _profile(pixels, mask)
    across, across_error = _profile(pixels.swapaxes(0, 1), mask.T)
    slope = _slope(pixels, mask)
    if slope is not None and slope[1] + 0.5 < min(down_error, across_error):
        return slope[0]
    error = min(down_error, across_error)
    # Shadows on a flat ground look a little like a gradient; a gradient explains nearly all.
    if error > 3 * _NOISE or error > 0.35 * float(away.mean()):
        return flat(css(colour))
    if down_error <= across_error:
        return Fill(stops=_stops(down), angle=180.0)
    return Fill(stops=_stops(across), angle=90.0)


def _undisturbed(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels far from what lies on the area, where no shadow falls: in each row the farthest."""
    away = cv2.distanceTransform(np.pad(mask, 1, mode="edge").astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(mask & (away >= 0.6 * away.max(axis=1, keepdims=True)))


def _profile(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Median colour of each row, and how far the pixels are from it."""
    rows = np.zeros((len(pixels), 3))
    known = np.zeros(len(pixels), dtype=bool)
    errors = []
    for index, (row, seen) in enumerate(zip(pixels, mask, strict=True)):
        if seen.any():
            chosen = row[seen]
            rows[index] = np.median(chosen, axis=0)
            known[index] = True
            errors.append(float(distance(chosen, rows[index].round()).mean()))
    places = np.flatnonzero(known)
    for channel in range(3):
        rows[:, channel] = np.interp(np.arange(len(rows)), places, rows[places, channel])
    return rows, float(np.mean(errors))


def _stops(profile: NDArray[np.float64], tolerance: float = 1.6) -> tuple[Stop, ...]:
    """The fewest stops between which straight lines keep to the profile (Douglas and Peucker 1973)."""
    kept = {0, len(profile) - 1}
    open_ = [(0, len(profile) - 1)]
    while open_ and len(kept) < _MOST_STOPS:
        first, last = open_.pop(0)
        if last - first < _SHORT:
            continue
        way = np.linspace(0, 1, last - first + 1)[:, None]
        straight = profile[first] * (1 - way) + profile[last] * way
        away = np.abs(profile[first : last + 1] - straight).max(axis=1)
        worst = int(away.argmax())
        if away[worst] > tolerance:
            kept.add(first + worst)
            open_ += [(first, first + worst), (first + worst, last)]
    count = max(1, len(profile) - 1)
    return tuple(Stop(at=round(index / count, 3), colour=css(profile[index])) for index in sorted(kept))


def _slope(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[Fill, float] | None:
    """A gradient in any direction: a plane fitted to each channel."""
    rows, columns = np.nonzero(mask)
    step = max(1, len(rows) // _SAMPLES)
    rows, columns = rows[::step], columns[::step]
    values = pixels[rows, columns].astype(np.float64)
    system = np.column_stack([np.ones(len(rows)), columns, rows])
    plane, *_ = np.linalg.lstsq(system, values, rcond=None)
    error = float(np.abs(system @ plane - values).max(axis=1).mean())
    direction = plane[1:, int(np.abs(plane[1:]).sum(axis=0).argmax())]
    length = float(np.hypot(*direction))
    if length == 0:
        return None
    dx, dy = direction / length
    if min(abs(dx), abs(dy)) < _ALONG_A_SIDE:
        return None
    height, width = mask.shape
    reach = (abs(dx) * width + abs(dy) * height) / 2
    middle = np.array([1.0, width / 2, height / 2])
    change = plane[1] * dx + plane[2] * dy
    ends = [middle @ plane - change * reach, middle @ plane + change * reach]
    angle = round(float(np.degrees(np.arctan2(dx, -dy))) % 360, 1)
    stops = tuple(Stop(at=at, colour=css(end)) for at, end in zip((0.0, 1.0), ends, strict=True))
    return Fill(stops=stops, angle=angle), error


def painted(fill: Fill, width: int, height: int) -> NDArray[np.float32]:
    """The fill as pixels."""
    canvas = np.empty((height, width, 3), dtype=np.float32)
    if fill.flat:
        canvas[:] = rgb(fill.colour)
        return canvas
    turn = np.radians(fill.angle)
    dx, dy = np.sin(turn), -np.cos(turn)
    reach = (abs(dx) * width + abs(dy) * height) or 1.0
    across = (np.arange(width) + 0.5 - width / 2) * dx
    down = (np.arange(height) + 0.5 - height / 2) * dy
    way = (down[:, None] + across[None, :]) / reach + 0.5
    places = [stop.at for stop in fill.stops]
    for channel in range(3):
        values = [float(rgb(stop.colour)[channel]) for stop in fill.stops]
        canvas[..., channel] = np.interp(way, places, values)
    return canvas
