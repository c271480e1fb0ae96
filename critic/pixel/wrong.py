"""What the share of the reference's ink that is wrong costs at the least, however few findings tell of it.

A finding says what to mend, and one may stand for most of a picture: a series that is gone, a text in another
place and fifty more. The sum of severities alone would then hardly fall. So S has a floor that rises with the
share of the reference's ink in which the render visibly differs.
"""

from __future__ import annotations

import numpy as np

from critic.elements import Cause
from critic.pixel.folding import ALL
from critic.pixel.ledger import Ledger, Mask
from critic.types import Discrepancy

_STILL_THERE = frozenset(
    {
        Cause.MOVED,
        Cause.RESIZED,
        Cause.RECOLOURED,
        Cause.OPACITY,
        Cause.FONT_SIZE,
        Cause.FACE,
        Cause.WEIGHT,
        Cause.STYLE,
        Cause.RANGE,
        Cause.SCALE,
        Cause.ORDER,
        Cause.LAYOUT,
    }
)
"""What is wrong for one of these alone is still there to be read: elsewhere, or in other looks."""

_LESS = 0.5
"""How much ink that is still there counts beside ink that is lost or says something else: a page set 3 px
lower is at 0.25 of the floor of an empty one, the floor rising with the square."""

_POWER = 2
"""The floor rises slowly at first, where findings tell all that there is, and reaches the top where all ink
is wrong. So what lacks one of a few large parts is still far from what lacks all of them."""


def least_severity(told: Ledger[Discrepancy], ink: Mask) -> int:
    """S at the least, 0 where all of the reference's ink agrees, ``ALL`` where none does.

    Args:
        told: What visibly differs, with all findings entered.
        ink: The pixels that the reference draws on.
    """
    wrong, total = told.visible & ink, int(ink.sum())
    if not total or not wrong.any():
        return 0
    lost = told.left & ink
    for item, mask in told.entries.items():
        if item.cause not in _STILL_THERE:
            lost |= mask & ink
    return least_for(wrong, lost, ink)


def least_for(wrong: Mask, lost: Mask, ink: Mask) -> int:
    """S at the least for ink that is wrong, and for that part of it that is not just elsewhere.

    Args:
        wrong: The reference's ink in which the render visibly differs.
        lost: What of it is lost or says something else.
        ink: All of the reference's ink.
    """
    total = int(ink.sum())
    if not total:
        return 0
    weighed = _LESS * float(wrong.sum()) + (1.0 - _LESS) * float(np.count_nonzero(lost))
    return round(ALL * (weighed / total) ** _POWER)
