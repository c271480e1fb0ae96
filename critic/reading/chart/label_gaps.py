"""How far the label of an axis stands from its tick labels, where that is not matplotlib's distance."""

from __future__ import annotations

from critic.marks.scales import Scale
from critic.marks.texts import Text

_PAD = 4.0
"""Points that matplotlib leaves between the tick labels and the label of an axis."""
_DESCENT, _RISE = 0.236, 0.03
"""Of a font's size that a line reaches below its base, and above its capitals, in DejaVu Sans."""
_DESCENDERS = frozenset("gjpqy(),;")
_OWN = 2.0
"""Points by which a distance is another than the usual one: boxes of letters are whole pixels."""
_FURTHEST = 30.0
"""Points beyond which a text is no label of its axis."""


def below_ticks(label: Text | None, scale: Scale, dpi: float) -> Text | None:
    """The label of a lower axis, moved from its usual place to where it stands; ``dpi`` dots per inch."""
    boxes = [tick.box for tick in scale.ticks if tick.box is not None]
    if label is None or not boxes or scale.side != "bottom" or scale.rotation:
        return label
    usual = _PAD + _DESCENT * scale.size + _RISE * label.size
    off = _off((label.box.y0 - min(box.y1 for box in boxes)) * 72 / dpi - usual)
    return label.model_copy(update={"nudge": (0.0, off * dpi / 72)}) if off else label


def beside_ticks(label: Text | None, scale: Scale, dpi: float) -> Text | None:
    """The label of a left axis, moved from its usual place to where it stands; ``dpi`` dots per inch."""
    boxes = [tick.box for tick in scale.ticks if tick.box is not None]
    if label is None or not boxes or scale.side != "left" or scale.rotation:
        return label
    usual = _PAD + (0.0 if set(label.text) & _DESCENDERS else _DESCENT * label.size)
    off = _off((min(box.x0 for box in boxes) - label.box.x1) * 72 / dpi - usual)
    return label.model_copy(update={"nudge": (-off * dpi / 72, 0.0)}) if off else label


def _off(points: float) -> float:
    return points if _OWN < abs(points) < _FURTHEST else 0.0
