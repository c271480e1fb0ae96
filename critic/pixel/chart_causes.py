"""Collapses differences to their cause: a moved frame, a scale or a missing part explains what follows."""

from __future__ import annotations

import re
from collections.abc import Callable

from critic.pixel.chart_geometry import around, overlap, pixel_of
from critic.pixel.chart_pixels import Mask, without
from critic.pixel.chart_series import compare_series
from critic.reading.chart.description import Axes, Scale
from critic.types import Box, Discrepancy
from renderers.types import Image

_MOST = 3
"""More discrepancies of one kind in one place are said together."""


def series_or_scale(
    where: str, one: Axes, other: Axes, different: Mask, images: tuple[Image, Image]
) -> list[Discrepancy]:
    """The differences of the series, or the change of scale that accounts for them.

    Where all marks stand elsewhere, yet have the same values on the axes that they are drawn on, it is the
    mapping of values to pixels that changed.
    """
    before = different.copy()
    found = compare_series(where, one, other, different, images)
    marks = [item for item in found if item.category in ("data_error", "structure_error")]
    off = _mapping_gap(one, other)
    if not marks or max(off.values()) < 1.2:
        return found
    mapped = other.model_copy(update={"x": one.x, "y": one.y, "box": one.box})
    if compare_series(where, one, mapped, before, images):
        return found
    without(different, one.box, 0)
    name = max(off, key=lambda key: off[key])
    a, b = (getattr(axes, name) for axes in (one, other))
    text = (
        f"range of the {name} axis: reference {a.low:.4g} to {a.high:.4g}, render {b.low:.4g} to {b.high:.4g}"
    )
    return [Discrepancy(category="data_error", severity=2, location=where, box=one.box, description=text)]


def _mapping_gap(one: Axes, other: Axes) -> dict[str, float]:
    """How many pixels apart the two axes put the same values, at most, along each direction."""
    a, b = one.box, other.box
    return {
        "x": _gap(one.x, other.x, (a.x0, a.x1), (b.x0, b.x1)),
        "y": _gap(one.y, other.y, (a.y1, a.y0), (b.y1, b.y0)),
    }


def _gap(one: Scale, other: Scale, here: tuple[float, float], there: tuple[float, float]) -> float:
    return max(abs(pixel_of(one, *here, v) - pixel_of(other, *there, v)) for v in (one.low, one.high))


def collapsed(found: list[Discrepancy]) -> list[Discrepancy]:
    """Without what follows from something else that was found; many alike in one place as one."""
    kept = [item for item in found if not any(rule(item, found) for rule in _FOLLOWS)]
    return _together(kept)


def _is(item: Discrepancy, *words: str) -> bool:
    return any(word in item.description for word in words)


def _others(item: Discrepancy, found: list[Discrepancy]) -> list[Discrepancy]:
    return [other for other in found if other is not item]


def _legend_follows_series(item: Discrepancy, found: list[Discrepancy]) -> bool:
    """A handle has its series' colour, and a missing series has no entry."""
    others = _others(item, found)
    if item.description.startswith("legend handle"):
        return any(o.description.startswith("colour of") for o in others)
    if item.description.startswith(("legend entries", "legend box")):
        return any(o.category == "structure_error" and _is(o, "missing", "not in") for o in others)
    return False


def _series_follow_series(item: Discrepancy, found: list[Discrepancy]) -> bool:
    """A line hidden by one that is gone is seen further: a change inside a missing series' own place."""
    if item.category not in ("data_error", "style_error") or "line" not in item.description:
        return False
    return any(
        o.category == "structure_error" and _is(o, "missing", "not in") and _same_place(item, o)
        for o in _others(item, found)
    )


def _text_follows_layout(item: Discrepancy, found: list[Discrepancy]) -> bool:
    """Labels stand away from tick labels, and all texts from the frame: they move with them."""
    if not _is(item, "should be moved by", "legend box"):
        return False
    return any(
        _is(o, "axes rectangle", "range of the", "scale of the", "tick labels", "font size")
        and not _is(o, "moved")
        for o in _others(item, found)
        if _axes_of(o) == _axes_of(item) or _is(o, "axes rectangle")
    )


def _ticks_follow_frame(item: Discrepancy, found: list[Discrepancy]) -> bool:
    """Tick labels that merely look different beside a frame that moved, or along a range that changed."""
    if not _is(item, "look different") or not item.description.startswith("tick labels"):
        return False
    direction = "x axis" if "x axis" in item.location else "y axis"
    return any(
        _is(o, "axes rectangle") or (_is(o, f"range of the {direction}") and _axes_of(o) == _axes_of(item))
        for o in _others(item, found)
    )


def _pixels_follow_neighbour(item: Discrepancy, found: list[Discrepancy]) -> bool:
    """Unexplained pixels right beside something found are the rest of it."""
    if not _is(item, "different here") or item.box is None:
        return False
    return any(
        o.box is not None and not _is(o, "different here") and overlap(item.box, o.box, 14)
        for o in _others(item, found)
        if _area(item.box) <= 1.5 * _area(o.box or item.box)
    )


_FOLLOWS: tuple[Callable[[Discrepancy, list[Discrepancy]], bool], ...] = (
    _legend_follows_series,
    _series_follow_series,
    _text_follows_layout,
    _ticks_follow_frame,
    _pixels_follow_neighbour,
)


def _axes_of(item: Discrepancy) -> str:
    match = re.search(r"axes (\d+)", item.location)
    return match.group(1) if match else ""


def _same_place(one: Discrepancy, other: Discrepancy) -> bool:
    return (
        _axes_of(one) == _axes_of(other)
        and one.box is not None
        and other.box is not None
        and overlap(one.box, other.box)
    )


def _area(box: Box) -> float:
    return max(1.0, (box.x1 - box.x0) * (box.y1 - box.y0))


def _together(found: list[Discrepancy]) -> list[Discrepancy]:
    """Many of one category in one place, or any number of unexplained places, as one with all their boxes."""
    groups: dict[tuple[str, str, bool], list[Discrepancy]] = {}
    for item in found:
        place = re.sub(r", (bar|line|row|column|wedge)\b.*", "", item.location)
        groups.setdefault((item.category, place, _is(item, "different here")), []).append(item)
    kept: list[Discrepancy] = []
    for (_, place, loose), items in groups.items():
        if len(items) == 1 or (len(items) <= _MOST and not loose):
            kept += items
            continue
        boxes = [item.box for item in items if item.box]
        said = "; ".join(item.description for item in items[:4])
        text = f"{len(items)} places: {said}" + ("; …" if len(items) > 4 else "")
        kept.append(
            items[0].model_copy(
                update={
                    "severity": max(item.severity for item in items),
                    "location": place,
                    "box": around(boxes) if boxes else None,
                    "description": text,
                }
            )
        )
    return kept
