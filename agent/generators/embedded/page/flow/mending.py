"""The tree corrected by where a browser puts it: gaps, widths and padding, not coordinates.

What is off is told against the parent's edge and the neighbour before: each correction stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.values import lengths, px, sides
from agent.generators.embedded.page.fonts import line_height, rise
from critic.types import Box
from renderers.layout import Extent, Laid, PageLayout

_LEAST = 0.75
"""Pixels below which an offset is left alone: it would part elements that are alike."""

_LEAST_DOWN = 0.4
"""As much down the page: text is set on whole rows, so that half a pixel moves it by one."""

_MOST = 60.0
"""Pixels above which the tree itself is wrong there, and no gap mends that."""

_HALF = 0.5
"""Part of a line more than it has from which a text is broken once more."""

_ROOM = 4.0
"""Pixels of room that a text is given a round: faces that stand in for others are wider by as much."""

_LENGTH = re.compile(r"-?[\d.]+(px)?")
"""A length that can be added to: no ``auto``, no share of a parent."""


class Fix(NamedTuple):
    """A correction of one element, known by its number in the order of the document."""

    number: int
    key: str
    by: float


_Off = tuple[float, float, float, float]
"""How far an element's left, top, right and bottom are from where they should be."""


def fixes(root: Element, layout: PageLayout) -> tuple[Fix, ...]:
    """What would bring the elements to their places.

    Args:
        root: The body, as it was written with numbers.
        layout: Where the browser put it.
    """
    laid = {item.number: item for item in layout.elements if item.number is not None}
    off = {}
    numbers = {}
    for number, element in enumerate(root.walk()):
        numbers[id(element)] = number
        if element.node is not None and number in laid:
            off[id(element)] = _off(element, laid[number])
    found: list[Fix] = []
    for element in root.walk():
        number = numbers[id(element)]
        if number in laid and _is_broken(element, laid[number]):
            found += _wider(element, number)
        if element.children and id(element) in off:
            found += _within(element, off, numbers)
    return tuple(fix for fix in found if _least(fix) <= abs(fix.by) <= _MOST)


def _is_broken(element: Element, laid: Laid) -> bool:
    """Whether a text takes more lines than it has on the picture."""
    block = element.node.block if element.node is not None else None
    if block is None or laid.text is None or element.tag in ("input", "select", "pre"):
        return False
    return laid.text.y1 - laid.text.y0 > (len(block.lines) + _HALF) * block.pitch


def _wider(element: Element, number: int) -> Iterator[Fix]:
    """A little more room for a text that is set a little wider than it was."""
    if "max-width" in element.place:
        yield Fix(number, "max-width", _ROOM)
    yield Fix(number, "margin-right", -_ROOM)


def _least(fix: Fix) -> float:
    return _LEAST_DOWN if fix.key == "margin-top" else _LEAST


def _off(element: Element, laid: Laid) -> _Off:
    assert element.node is not None
    wanted: Box = element.room or element.node.box
    real: Extent = laid.box
    block = element.node.block
    if block is not None and laid.text is not None:
        style = block.style
        natural = line_height(style.family, style.size)
        top = block.lines[0].baseline - rise(style.family, style.size, natural)
        down = laid.text.y0 - top
        return laid.text.x0 - wanted.x0, down, laid.text.x1 - wanted.x1, real.y1 - wanted.y1
    return real.x0 - wanted.x0, real.y0 - wanted.y0, real.x1 - wanted.x1, real.y1 - wanted.y1


def _within(element: Element, off: dict[int, _Off], numbers: dict[int, int]) -> Iterator[Fix]:
    """Corrections of what an element holds, and of its own end."""
    own = off[id(element)]
    children = [child for child in element.children if child.place.get("position") != "absolute"]
    if element.place.get("flex-direction") == "column":
        yield from _column(element, children, own, off, numbers)
    elif element.place.get("display") == "flex":
        yield from _row(element, children, own, off, numbers)


def _column(
    element: Element, children: list[Element], own: _Off, off: dict[int, _Off], numbers: dict[int, int]
) -> Iterator[Fix]:
    last = own[1]
    for child in children:
        if id(child) not in off:
            continue
        left, top, _, bottom = off[id(child)]
        yield Fix(numbers[id(child)], "margin-top", last - top)
        last = bottom if _ends_itself(child) else top
        if _is_at_start(child, element):
            yield Fix(numbers[id(child)], "margin-left", own[0] - left)
    node = element.node
    if node is not None and node.shape is not None and not node.is_window:
        yield Fix(numbers[id(element)], "padding-bottom", last - own[3])


def _ends_itself(child: Element) -> bool:
    """Whether a child's own end is corrected: what holds others; a text's the next one makes up for."""
    return bool(child.children) or child.tag in ("input", "select")


def _is_at_start(child: Element, element: Element) -> bool:
    """Whether a child stands at its column's left edge, or at a distance from it."""
    node = child.node
    middle = "center" in (child.place.get("align-self"), element.place.get("align-items"))
    own_middle = child.place.get("justify-content") == "center"
    return node is not None and not middle and not own_middle and child.place.get("align-self") != "flex-end"


def _row(
    element: Element, children: list[Element], own: _Off, off: dict[int, _Off], numbers: dict[int, int]
) -> Iterator[Fix]:
    last = own[0]
    stays = element.place.get("justify-content") in (None, "flex-start")
    for child in children:
        if id(child) not in off:
            continue
        left, top, right, _ = off[id(child)]
        if child.place.get("margin-left") == "auto":
            stays = False
        if stays and not _is_shared(child):
            yield Fix(numbers[id(child)], "margin-left", last - left)
        last = right
        yield Fix(numbers[id(child)], "margin-top", (own[1] - top) * _share_of_margin(element))
    node = element.node
    if node is not None and node.shape is not None and not node.is_window and children:
        known = [child for child in children if id(child) in off and child.node is not None]
        lowest = max(known, key=lambda child: _foot(child) + off[id(child)][3], default=None)
        if lowest is not None:
            yield Fix(numbers[id(element)], "padding-bottom", off[id(lowest)][3] - own[3])


def _foot(child: Element) -> float:
    return child.node.box.y1 if child.node is not None else 0.0


def _share_of_margin(element: Element) -> float:
    """Pixels of margin that move a row's child by one: two where it stands in the middle."""
    return {"center": 2.0, "baseline": 0.0, "flex-end": 0.0}.get(element.place.get("align-items", ""), 1.0)


def _is_shared(child: Element) -> bool:
    return "flex" in child.place


def mended(root: Element, wanted: tuple[Fix, ...]) -> None:
    """Make the corrections, in place."""
    elements = dict(enumerate(root.walk()))
    for fix in wanted:
        element = elements.get(fix.number)
        if element is None:
            continue
        if fix.key == "padding-bottom":
            _pad_bottom(element, fix.by)
        elif _LENGTH.fullmatch(element.place.get(fix.key, "0")):
            element.place[fix.key] = _moved(element.place.get(fix.key, "0"), fix.by)


def _pad_bottom(element: Element, by: float) -> None:
    top, right, bottom, left = sides(element.place.get("padding", "0"))
    padding = lengths(top, right, max(0.0, bottom + by), left)
    element.place["padding"] = padding


def _moved(length: str, by: float) -> str:
    return px(float(length.removesuffix("px")) + by)
