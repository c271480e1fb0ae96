"""Text above and below a grid of drawn lines, which belongs to the table and lies in no cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from critic.reading.table import look
from critic.reading.table.description import Caption, Rgb
from critic.reading.table.sizes import em_of
from critic.reading.table.surface import Surface
from critic.reading.table.text import Fragment, text_lines, union


def captions_of(
    surface: Surface, fragments: Sequence[Fragment], top: float, bottom: float, plain: float
) -> tuple[Caption | None, Caption | None]:
    """What stands above a grid, and below it.

    Args:
        surface: The picture.
        fragments: Its texts.
        top: Where the grid begins.
        bottom: Where it ends.
        plain: The weight of the table's plain text.
    """
    above = [fragment for fragment in fragments if fragment.middle < top]
    below = [fragment for fragment in fragments if fragment.middle > bottom]
    return _caption(surface, above, plain), _caption(surface, below, plain)


def _caption(surface: Surface, fragments: Sequence[Fragment], plain: float) -> Caption | None:
    if not fragments:
        return None
    lines = text_lines(list(fragments))
    ink = union([fragment.box for fragment in fragments])
    size = float(np.median([em_of(fragment.text, fragment.height) for fragment in fragments]))
    weight = float(np.median([look.weight(surface, fragment.box, size) for fragment in fragments]))
    ground: Rgb = look.fill_colour(surface, ink)
    return Caption(
        lines=tuple(" ".join(fragment.text for fragment in line) for line in lines),
        ink=ink,
        size=size,
        bold=look.is_bold(weight, plain),
        colour=look.text_colour(surface, ink, ground),
    )
