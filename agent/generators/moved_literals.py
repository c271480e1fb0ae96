"""Texts put where they were measured, in HTML of anyone's that places them by pixels of its own."""

from __future__ import annotations

import html
import re

from agent.generators.literals import Mend
from critic.elements import Cause, Value
from critic.types import Discrepancy

_LEFT, _TOP = (re.compile(rf"(?<![\w-]){side}\s*:\s*(-?[\d.]+)px") for side in ("left", "top"))


def moved_mend(code: str, found: Discrepancy, scale: float = 1.0) -> Mend | None:
    """What puts a text back into its place; None where its own tag does not say where it stands.

    Args:
        code: HTML.
        found: A typed discrepancy with the text as the element's name and both its boxes; of others nothing
            is known.
        scale: Pixels of the picture that a CSS pixel has across.
    """
    wanted, drawn = _corner(found.reference), _corner(found.render)
    if found.cause is not Cause.MOVED or found.element is None or not found.element.name:
        return None
    if wanted is None or drawn is None:
        return None
    text = re.escape(html.escape(found.element.name, quote=False))
    tags = list(re.finditer(rf"<[^<>/][^<>]*>(?=\s*{text}\s*</)", code))
    if len(tags) != 1 or any(len(side.findall(tags[0][0])) != 1 for side in (_LEFT, _TOP)):
        return None
    across, down = (round((to - at) / scale) for to, at in zip(wanted, drawn, strict=True))
    tag = _moved(_moved(tags[0][0], _LEFT, across), _TOP, down)
    return Mend(*tags[0].span(), tag, f"{found.element.name!r} moved by {across}, {down} px, as measured")


def _corner(box: Value | None) -> tuple[float, float] | None:
    """The left upper corner of a measured box; None for any other value."""
    if not isinstance(box, tuple):
        return None
    left, top = box[:2]
    return (left, top) if isinstance(left, float) and isinstance(top, float) else None


def _moved(tag: str, side: re.Pattern[str], by: int) -> str:
    return side.sub(lambda match: match[0].replace(match[1], f"{float(match[1]) + by:g}"), tag)
