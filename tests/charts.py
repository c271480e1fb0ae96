"""Charts drawn by matplotlib for tests to read."""

from __future__ import annotations

import io
from collections.abc import Callable

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from renderers.pictures import load_picture
from renderers.types import Image


def picture(draw: Callable[[Axes], object], inches: tuple[float, float] = (4, 3), dpi: float = 100) -> Image:
    """What ``draw`` puts on axes of its own, as a picture."""
    with plt.rc_context({"backend": "agg"}):
        figure, ax = plt.subplots(figsize=inches, dpi=dpi)
        draw(ax)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=dpi)
        plt.close(figure)
    return load_picture(buffer.getvalue())
