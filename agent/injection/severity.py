"""The rule by which an injected error is severe: how much of what it changes is lost to a reader.

1, minor: it barely changes how the picture is read. 2, medium: a part is misread. 3, severe: a main part is
lost or misleads. The words are Visual-ERM's (arXiv 2603.13224); the shares at which one turns into the next
are set here, once, for all kinds.
"""

from __future__ import annotations

from typing import Final

from critic.types import Severity

MINOR: Final[Severity] = 1
MEDIUM: Final[Severity] = 2
SEVERE: Final[Severity] = 3

_SMALL_CHANGE, _LARGE_CHANGE = 0.15, 0.40
"""Of a value, as a share of what it was: under 15% the comparison with its neighbours mostly stays true, and
from 40% on it is another value."""

_SMALL_TEXT, _LARGE_TEXT = 0.10, 0.60
"""Of a text, as a share of its letters: a misspelt letter is read over; from 60% on it is another text."""

_SMALL_SHIFT, _LARGE_SHIFT = 0.08, 0.25
"""Of a place or a size, as a share of the picture's side: under 8% a part keeps its neighbours."""

_LARGE_PART = 0.25
"""A part that covers a quarter of the picture, or of its kind's parts, is a main part."""


def of_value(share: float) -> Severity:
    """A number that became another one."""
    return _step(abs(share), _SMALL_CHANGE, _LARGE_CHANGE)


def of_text(changed: int, length: int) -> Severity:
    """A text of which ``changed`` of ``length`` letters are others or gone."""
    return _step(changed / max(1, length), _SMALL_TEXT, _LARGE_TEXT)


def of_shift(share: float) -> Severity:
    """A part that was moved or scaled by this share of the picture's side."""
    return _step(abs(share), _SMALL_SHIFT, _LARGE_SHIFT)


def of_loss(share: float) -> Severity:
    """A part that is missing, which was this share of what there was."""
    return SEVERE if share >= _LARGE_PART else MEDIUM


def _step(share: float, small: float, large: float) -> Severity:
    return MINOR if share < small else MEDIUM if share < large else SEVERE
