"""Dashes that stand in cells for nothing: OCR passes over them, or takes them for other signs."""

from __future__ import annotations

from collections.abc import Sequence

from critic.types import Box

_FLAT = 0.3
"""Text heights that a dash is thick at most."""

_SLIM = 1.6
"""Times its thickness that a dash is wide at least; a full stop is as wide as high."""

_NARROWEST, _WIDEST = 0.25, 1.8
"""Text heights that dashes are wide: a hyphen of 10 pixel letters has 4, an em dash of them 14."""

_HYPHEN, _EN = 0.62, 1.15
"""Text heights up to which a dash is a hyphen, and an en dash: in Arial all three have 0.4, 0.78 and 1.4."""

_MIDDLE = (0.25, 0.85)
"""Where in a text's height a dash stands; what is lower underlines."""

_ALONE = 0.8
"""Text heights on both sides of a dash in which nothing stands."""


def dash_of(box: Box, height: float) -> str:
    """The dash that ink is by its shape; empty where it is none.

    Args:
        box: The ink's extent.
        height: Of the texts around it.
    """
    flat = box.height <= _FLAT * height and box.width >= _SLIM * box.height
    if not flat or not _NARROWEST * height <= box.width <= _WIDEST * height:
        return ""
    if box.width <= _HYPHEN * height:
        return "-"
    return "\u2013" if box.width <= _EN * height else "\u2014"


def is_in_row(box: Box, texts: Sequence[Box]) -> bool:
    """Whether a dash stands at the middle of other texts of its row, and beside nothing."""
    middle = (box.y0 + box.y1) / 2
    beside = [text for text in texts if text.y0 <= middle <= text.y1]
    level = any(_MIDDLE[0] <= (middle - text.y0) / max(1.0, text.height) <= _MIDDLE[1] for text in beside)
    return level and not any(
        text.x0 - _ALONE * text.height < box.x1 and box.x0 < text.x1 + _ALONE * text.height for text in beside
    )
