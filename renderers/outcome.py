"""From pixels to a finished render."""

from __future__ import annotations

import time

from renderers.pictures import is_blank
from renderers.types import Image, Render, RenderStatus


def finished(image: Image, started: float, log: str = "") -> Render:
    """A render that gave pixels: ``ok``, or ``blank`` where they all have one colour.

    Args:
        image: The pixels.
        started: ``time.perf_counter()`` at the start.
        log: What the code printed.
    """
    status = RenderStatus.BLANK if is_blank(image) else RenderStatus.OK
    return Render(status, image, log, time.perf_counter() - started)
