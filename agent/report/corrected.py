"""How a scan or photograph was made straight, drawn over the picture as it came."""

from __future__ import annotations

import math
from dataclasses import dataclass

from agent.report.embed import DataPicture, Shows
from agent.report.run_folder import RunFolder

_LEVEL = (0.08, 0.92)
"""Shares of its width between which the line runs that was made level."""

_BROAD = 0.004
"""Share of the picture's longer side that lines are thick."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A picture as it came, and what was done to it.

    Attributes:
        picture: It.
        said: What was done, in words.
        sheet: Corners of the sheet that became a rectangle, as SVG's ``points``; empty for none.
        level: Ends of a line that became level, as ``points``; empty where nothing was turned.
        broad: Thickness of the lines, in its pixels.
    """

    picture: DataPicture
    said: str
    sheet: str
    level: str
    broad: float


def corrected(folder: RunFolder, shows: Shows) -> Corrected | None:
    """What a report shows of a run's correction; None where there was none.

    Args:
        folder: The run.
        shows: How its pictures come into the page.
    """
    done = folder.run.correction
    image = folder.picture(done.picture)
    if image is None:
        return None
    height, width = image.shape[:2]
    corners = [(x, y) for x, y in done.corners if 0 <= x <= width and 0 <= y <= height]
    return Corrected(
        shows(image, done.picture, False),
        done.said,
        _points(corners) if len(corners) == len(done.corners) else "",
        "" if done.corners or not done.degrees else _points(_level(done.degrees, width, height)),
        _BROAD * max(width, height),
    )


def _level(degrees: float, width: int, height: int) -> list[tuple[float, float]]:
    """A line through the middle of a picture that is level once it is turned counter-clockwise by so much."""
    slope = math.tan(math.radians(degrees))
    return [(share * width, height / 2 + (share - 0.5) * width * slope) for share in _LEVEL]


def _points(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
