"""Differences between two lines: their dashes, markers and courses."""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.chart_geometry import off_path, path_of, pixel_of
from critic.pixel.chart_ink import dashes_of
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim
from critic.pixel.ledger import Mask
from critic.pixel.marks.claiming import OFF, ROUND, WIDER, claimed, restyled
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Axes, Line
from critic.types import Box, Cause, Element
from renderers.types import Image

_INKED = 60
"""Channel difference up to which a pixel shows a line's colour, thin and paler as it may be."""
_SEVERELY_OFF = 12
"""Pixels from which a line that is off tells something else: about the height of a letter."""
_MARKER = 1.0
"""Points by which markers must differ in size: half a pixel on each side at 72 dots per inch."""
_ELSEWHERE = 0.25
"""Share of a line's path in its colour below which the line is not there: the shortest dashes fill more."""
_DASHED = 0.05
"""Difference in the share drawn that tells a broken line from a solid one: crossing lines make as much."""
_NEAR = 30.0
"""Pixels at 100 dots per inch on either side of the worst place that a finding on a line is boxed by."""
_PIECE = 2
"""Vertices of the shortest line."""
_DIFFERING = 2
"""Pixels round a vertex that may differ where the pictures are the same but for blending."""


def compare_lines(ours: Line, mate: Line, view: View, box: Box) -> list[Claim]:
    """The most important difference of two lines."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    if broken := _dashes(ours, mate, view):
        return restyled(Cause.STYLE, element, box, ink, *broken)
    if bool(ours.marker) != bool(mate.marker):
        markers = Element(kind="markers", of=element)
        return restyled(Cause.MISSING if ours.marker else Cause.EXTRA, markers, box, ink)
    gap, at = _line_gap(ours, mate, view.one, view.other, view.images)
    if gap > OFF:
        column = pixel_of(view.one.x, view.one.box.x0, view.one.box.x1, at)
        near = Box(max(box.x0, column - _NEAR), box.y0, min(box.x1, column + _NEAR), box.y1)
        severe = gap >= _SEVERELY_OFF
        aside = f"up to {gap:.0f} px off, near x = {at:.4g}"
        values = [_height(line, at) for line in (ours, mate)]
        place = box if severe else near
        return claimed(
            "data_error",
            3 if severe else 2,
            Cause.VALUE,
            element,
            place,
            ink,
            reference=values[0],
            render=values[1],
            aside=aside,
        ) or claimed("data_error", 3 if severe else 2, Cause.VALUE, element, place, ink, aside=aside)
    if abs(ours.width - mate.width) > WIDER:
        return restyled(Cause.WEIGHT, element, box, ink, ours.width, mate.width)
    if ours.marker and abs(ours.marker_size - mate.marker_size) > _MARKER:
        markers = Element(kind="markers", of=element)
        return restyled(Cause.RESIZED, markers, box, ink, ours.marker_size, mate.marker_size)
    return []


def _height(line: Line, x: float) -> float:
    """The value of a line at a place."""
    order = np.argsort(line.x)
    return float(np.interp(x, np.array(line.x)[order], np.array(line.y)[order]))


def _dashes(ours: Line, mate: Line, view: View) -> tuple[str, str] | None:
    """The styles of two lines, one of them broken or in other dashes: from the pixels along each path."""
    one, other, images = view.one, view.other, view.images
    a = dashes_of(ours, one, images[0], ours.colour)
    b = dashes_of(ours, one, images[1], mate.colour)
    # Where the render's line runs elsewhere its own path must tell.
    b = dashes_of(mate, other, images[1], mate.colour) if b.share < _ELSEWHERE else b
    other_length = max(a.length, b.length) > 1.7 * max(1.0, min(a.length, b.length))
    if a.broken != b.broken and abs(a.share - b.share) > _DASHED:
        return ("broken", "solid") if a.broken else ("solid", "broken")
    if a.broken and b.broken and other_length and ours.style != mate.style:
        return ours.style, mate.style
    return None


def _line_gap(
    ours: Line, mate: Line, one: Axes, other: Axes, images: tuple[Image, Image]
) -> tuple[float, float]:
    """The largest distance in pixels from the reference's vertices to the render's line, and where.

    Vertices round which the pixels agree were only read otherwise: behind other lines, mostly. And no line
    is farther away than ink of its colour: dashes may have been joined otherwise.
    """
    a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
    if len(a) < _PIECE or len(b) < _PIECE:
        return 0.0, 0.0
    gaps, back = off_path(a, b), off_path(b, a)
    if max(gaps.max(), back.max()) > OFF:
        different = differing(*images)
        gaps = np.minimum(gaps, _to_ink(a, images[1], ours.colour)) * _differs_at(a, different)
        back = np.minimum(back, _to_ink(b, images[0], mate.colour)) * _differs_at(b, different)
    if back.max() > gaps.max():
        return float(back.max()), float(mate.x[int(back.argmax())])
    return float(gaps.max()), float(ours.x[int(gaps.argmax())])


def _to_ink(path: np.ndarray, image: Image, colour: str) -> np.ndarray:
    """How far each point of a path is from pixels of a colour."""
    away = cv2.distanceTransform((~near(image, rgb_of(colour), _INKED)).astype(np.uint8), cv2.DIST_L2, 3)
    rows = path[:, 1].round().astype(int).clip(0, away.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, away.shape[1] - 1)
    return np.asarray(away[rows, columns], dtype=float)


def _differs_at(path: np.ndarray, different: Mask) -> np.ndarray:
    """Whether the pictures differ round each point of a path."""
    counts = cv2.boxFilter(different.astype(np.float32), -1, (ROUND, ROUND), normalize=False)
    rows = path[:, 1].round().astype(int).clip(0, counts.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, counts.shape[1] - 1)
    return np.asarray(counts[rows, columns] > _DIFFERING)
