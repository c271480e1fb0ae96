"""How children stand in their box, as flex: gaps, padding and alignment measured from where they lie."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.narrow import (
    FITS_ANY,
    GUTTER,
    go_on_below,
    is_wide,
    keep_off_the_edge,
    less_padding,
    margins,
)
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.values import lengths, px
from critic.types import Box

_SAME = 1.5
"""Pixels within which two edges are one: texts are read to about a pixel."""

_CENTRED = 2.5
"""Pixels by which the room left and right of something centred may differ."""

_ROOM = 6.0
"""Pixels of room on either side from which something can be told to be centred."""

_FAR = 2.0
"""Times the other gaps from which one pushes what follows to the far end."""

CONTROL = 64.0
"""Pixels up to which a box with one text is high as its text asks for; touch targets are 44 to 56."""

_MOST_OF = 2
"""Part of a row, as one of so many, from which a box takes most of it."""

_PAIR = 2
"""Children that stand at both ends of a box: a text and its sign."""

_LEAST_PUSH = 24.0
"""Pixels that half of such a gap has at least."""

_SIDEBAR = 0.45
"""Part of the widest of its row below which a box keeps its width while the others share the rest."""

_LEAST_MARGIN = 0.75
"""Pixels below which a box's own offset is noise of its reading."""


def is_fluid(node: Node) -> bool:
    """Whether a node takes the width it is given: what holds several things, or text that wraps."""
    if node.block is not None:
        return len(node.block.lines) > 1
    if node.arrangement in ("leaf", "table"):
        return node.arrangement == "table"
    if node.shape is None:
        return any(map(is_fluid, node.children)) or _is_list_of_boxes(node)
    if is_control(node):
        return False
    return node.height > CONTROL or any(map(is_fluid, node.children))


def is_control(node: Node) -> bool:
    """Whether a box is as large as its one text or sign asks for: a button, a badge, a field."""
    if node.shape is None or node.height > CONTROL or len(node.children) != 1:
        return False
    only = node.children[0]
    return only.arrangement == "leaf" and not is_fluid(only)


def _is_list_of_boxes(node: Node) -> bool:
    """Whether boxes of one width, wider than their texts ask for, stand below each other."""
    wide = [child for child in node.children if child.shape is not None and child.children]
    return (
        node.arrangement == "column"
        and len(wide) > 1
        and not any(map(_is_hugging, wide))
        and all(abs(child.width - node.width) < _SAME for child in wide)
    )


def _is_hugging(node: Node) -> bool:
    """Whether a control is as wide as what it holds and its padding."""
    return is_control(node) and _is_centred(node.children[0].box, node.inside, 0.0)


def place_column(element: Element, children: list[Element], region: Box) -> list[Box]:
    """Set the children below each other.

    Args:
        element: The box; gets padding, gap and alignment.
        children: What it holds, from top to bottom.
        region: Where the box lies, without its border.

    Returns:
        For each child the room that it is given.
    """
    boxes = [_box(child) for child in children]
    centred = [_is_centred(box, region) for box in boxes]
    left = min((box.x0 for box, middle in zip(boxes, centred, strict=True) if not middle), default=region.x0)
    right = max((box.x1 for box, middle in zip(boxes, centred, strict=True) if not middle), default=region.x1)
    node = element.node
    if node is not None and _is_hugging(node):
        left, right = boxes[0].x0, boxes[0].x1
    indent = max(0.0, left - region.x0)
    solid = any(
        _is_solid(child) and abs(box.x1 - right) < _SAME for child, box in zip(children, boxes, strict=True)
    )
    solid = solid or (node is not None and _is_hugging(node))
    slack = max(0.0, region.x1 - right)
    margin = slack if solid and slack <= 2 * indent + _ROOM else min(slack, indent)
    if any(centred):
        # what stands in the middle does so between equal margins, and none reaches into it
        widest = min(box.x0 - region.x0 for box, middle in zip(boxes, centred, strict=True) if middle)
        indent = margin = max(0.0, min(indent, margin, widest))
    if node is not None and _is_hugging(node):
        indent = margin = (indent + slack) / 2
    inner = Box(region.x0 + indent, boxes[0].y0, region.x1 - margin, boxes[-1].y1)
    element.place["display"] = "flex"
    element.place["flex-direction"] = "column"
    foot = 0.0 if element.node is not None and element.node.is_window else region.y1 - boxes[-1].y1
    _pad(element, boxes[0].y0 - region.y0, margin, foot, indent)
    _gaps(element, children, [b.y0 - a.y1 for a, b in pairwise(boxes)], "margin-top")
    rooms = []
    for child, box in zip(children, boxes, strict=True):
        rooms.append(_across(child, box, inner))
    for above, below in pairwise(children):
        if _abut(above, below):
            above.place["position"] = "relative"  # the lower one's shadow falls behind it
    if children and all(child.place.get("align-self") == "center" for child in children):
        for child in children:
            del child.place["align-self"]
            child.place.pop("text-align", None)
        element.place["align-items"] = "center"
        element.place["text-align"] = "center"
    return rooms


def _abut(above: Element, below: Element) -> bool:
    """Whether a box lies right on one that throws a shadow, as a card's head on its body."""
    first, second = above.node, below.node
    if first is None or second is None or first.shape is None or second.shape is None:
        return False
    return second.shape.shadow is not None and second.box.y0 - first.box.y1 < _SAME


def _box(child: Element) -> Box:
    assert child.node is not None
    return child.node.box


def _is_solid(child: Element) -> bool:
    """Whether a child's right edge is seen."""
    return child.node is not None and (child.node.shape is not None or child.node.picture is not None)


def _is_centred(box: Box, region: Box, room: float = _ROOM) -> bool:
    before, after = box.x0 - region.x0, region.x1 - box.x1
    return before >= room and abs(before - after) <= _CENTRED


def _pad(element: Element, top: float, right: float, bottom: float, left: float) -> None:
    padding = lengths(max(0.0, top), max(0.0, right), max(0.0, bottom), max(0.0, left))
    if padding != "0":
        element.place["padding"] = padding
    less_padding(element, top, right, bottom, left)
    if top < -_LEAST_MARGIN:
        element.children[0].place["margin-top"] = px(top)


def _gaps(element: Element, children: list[Element], gaps: list[float], side: str) -> None:
    """One gap where all are alike, else each child's own margin on top of the least."""
    if not gaps:
        return
    least = min(gaps)
    usual = max(0.0, float(np.median(gaps)) if max(gaps) - least < _SAME else least)
    usual = round(usual)
    if usual:
        element.place["gap"] = px(usual)
    for child, gap in zip(children[1:], gaps, strict=True):
        if abs(gap - usual) > _LEAST_MARGIN:
            child.place[side] = px(gap - usual)
            if side == "margin-left" and gap - usual > 2 * GUTTER:
                child.narrow[side] = "0"


def _across(child: Element, box: Box, inner: Box) -> Box:
    """Where in its column's width a child stands; gives the room it has."""
    before, after = box.x0 - inner.x0, inner.x1 - box.x1
    node = child.node
    assert node is not None
    room = Box(inner.x0, box.y0, inner.x1, box.y1)
    group = node.shape is None and node.arrangement != "leaf"
    if abs(before) < _SAME and abs(after) < _SAME:
        if child.place.get("width") == px(node.width) and node.width > FITS_ANY:
            child.place["width"] = "100%"
        return room
    if _is_centred(box, inner):
        if group and not is_fluid(node):
            return room  # its own row is set from the middle
        child.place["align-self"] = "center"
        if node.block is not None:
            child.place["text-align"] = "center"
        if is_fluid(node) or (node.shape is not None and is_wide(node) and not _is_hugging(node)):
            gutter = round(min(GUTTER, before))
            child.place["width"] = f"calc(100% - {2 * gutter}px)"
            child.place["max-width"] = px(box.width)
        return box
    if group:
        return room
    if abs(after) < _SAME:
        child.place["align-self"] = "flex-end"
    elif node.block is None or not is_fluid(node):
        child.place["align-self"] = "flex-start"
    if abs(after) >= _SAME and before > _LEAST_MARGIN:
        child.place["margin-left"] = px(before)
        if before > 2 * GUTTER:
            child.narrow.update(margins(inner))
    if node.shape is not None and not _is_hugging(node) and (is_wide(node) or child.tag == "hr"):
        child.place["width"] = px(box.width)
        offset = child.place.get("margin-left", "0")
        child.place["max-width"] = "100%" if offset == "0" else f"calc(100% - {offset})"
        return box
    return Box(box.x0, box.y0, inner.x1, box.y1) if node.block is not None else box


def place_row(element: Element, children: list[Element], region: Box) -> list[Box]:
    """Set the children beside each other; see ``place_column``."""
    boxes = [_box(child) for child in children]
    gaps = [b.x0 - a.x1 for a, b in pairwise(boxes)]
    element.place["display"] = "flex"
    top, bottom = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    before, after = boxes[0].x0 - region.x0, region.x1 - boxes[-1].x1
    fluid = [child.node is not None and is_fluid(child.node) for child in children]
    inner = Box(region.x0, top, region.x1, bottom)
    if any(fluid):
        rooms = _share(element, children, boxes, region)
        after = region.x1 - rooms[-1].x1
    else:
        rooms = boxes
        for child in children:
            if (
                child.node is not None
                and child.node.children
                and child.node.shape is not None
                and not _is_hugging(child.node)
            ):
                if _fills(child.node, region):
                    child.place["flex"] = (
                        "1 1 0"  # of the room that the others leave, however wide the window
                    )
                else:
                    child.place["width"] = px(child.node.width)
        before, after = _justify(element, children, gaps, before, after)
    foot = 0.0 if element.node is not None and element.node.is_window else region.y1 - bottom
    _pad(element, top - region.y0, after, foot, before)
    _down(element, children, boxes, inner)
    return rooms


def _fills(node: Node, region: Box) -> bool:
    """Whether a box takes most of its row, to its end: a bar beside a logo."""
    return node.width > region.width / _MOST_OF and abs(node.box.x1 - region.x1) < _SAME


def _justify(
    element: Element, children: list[Element], gaps: list[float], before: float, after: float
) -> tuple[float, float]:
    """Where a row of things of their own width stands; gives its padding left and right."""
    go_on_below(element, children)
    node = element.node
    roomy = node is not None and node.shape is not None and node.height > CONTROL
    if roomy and len(children) == _PAIR and abs(before - after) <= before:
        element.place["justify-content"] = "space-between"
        return before, max(0.0, after)
    if before > max(_ROOM, min(gaps, default=0.0)) and abs(before - after) <= _CENTRED:
        usual = min(gaps) if len(gaps) > 1 else _LEAST_PUSH
        far = [gap for gap in gaps if gap > _FAR * usual]
        if not far:
            element.place["justify-content"] = "center"
            _gaps(element, children, gaps, "margin-left")
            return 0.0, 0.0
    widest = int(np.argmax(gaps)) if gaps else -1
    others = [gap for index, gap in enumerate(gaps) if index != widest]
    if gaps and after < gaps[widest] and gaps[widest] > _FAR * max((*others, _LEAST_PUSH)):
        if len(children) == _PAIR:
            element.place["justify-content"] = "space-between"
        else:
            children[widest + 1].place["margin-left"] = "auto"
            rest = [
                gap if index != widest else (min(others) if others else 0.0) for index, gap in enumerate(gaps)
            ]
            auto = dict(children[widest + 1].place)
            _gaps(element, children, rest, "margin-left")
            children[widest + 1].place.update({"margin-left": auto["margin-left"]})
        return before, max(0.0, after)
    _gaps(element, children, gaps, "margin-left")
    return before, 0.0


def _share(element: Element, children: list[Element], boxes: list[Box], region: Box) -> list[Box]:
    """The width of a row shared out: equal boxes equally, a narrow one beside a wide one keeps its own."""
    starts = [box.x0 for box in boxes]
    gaps = [b.x0 - a.x1 for a, b in pairwise(boxes)]
    gap = max(0, round(min(gaps)))
    element.place["gap"] = px(gap)
    stops = [start - gap for start in starts[1:]]
    stops.append(boxes[-1].x1 if _is_solid(children[-1]) else max(region.x1, boxes[-1].x1))
    last = children[-1]
    if not _is_solid(last) and last.node is not None and not is_fluid(last.node):
        stops[-1] = boxes[-1].x1
    widths = []
    for child, box, stop in zip(children, boxes, stops, strict=True):
        assert child.node is not None
        widths.append((box.x1 if _is_solid(child) or not is_fluid(child.node) else stop) - box.x0)
    widest = max(widths)
    rooms = []
    previous = starts[0] - gap
    for child, box, width in zip(children, boxes, widths, strict=True):
        assert child.node is not None
        if is_fluid(child.node):
            _fluid_width(child, width, widest)
        elif child.node.shape is not None and not _is_hugging(child.node):
            child.place["width"] = px(width)
        else:
            child.place["flex-shrink"] = "0"
        offset = box.x0 - previous - gap
        if offset > _LEAST_MARGIN:
            grows = box.x0 + width > region.x1 - _SAME and not is_fluid(child.node)
            child.place["margin-left"] = "auto" if grows else px(offset)
            child.narrow["margin-left"] = "0"
        rooms.append(Box(box.x0, box.y0, box.x0 + width, box.y1))
        previous = box.x0 + width
    keep_off_the_edge(element, children)
    _even(children)
    element.narrow.update({"flex-direction": "column", "align-items": "stretch"})
    if gap > 2 * GUTTER:
        element.narrow["gap"] = px(GUTTER)
    return rooms


def _fluid_width(child: Element, width: float, widest: float) -> None:
    grows = 0 if width < _SIDEBAR * widest else 1
    child.place["flex"] = f"{grows} 1 {px(width)}"
    child.place["min-width"] = "0"
    child.narrow["flex"] = "none"


def _even(children: list[Element]) -> None:
    """Boxes of nearly one width get one."""
    widths = [child.place["flex"].split()[2] for child in children if "flex" in child.place]
    values = [float(width.removesuffix("px")) for width in widths]
    if values and max(values) - min(values) <= _SAME:
        for child in children:
            if "flex" in child.place:
                child.place["flex"] = f"1 1 {widths[0]}"


def _down(element: Element, children: list[Element], boxes: list[Box], inner: Box) -> None:
    """How the row's children stand in its height."""
    place = element.place
    tops = [box.y0 - inner.y0 for box in boxes]
    feet = [inner.y1 - box.y1 for box in boxes]
    if max(tops) < _SAME and max(feet) < _SAME:
        return
    if max(abs(a - b) for a, b in zip(tops, feet, strict=True)) <= _SAME:
        place["align-items"] = "center"
    elif _on_one_baseline(children):
        place["align-items"] = "baseline"
    elif max(tops) < _SAME and any(child.node is not None and child.node.shape is None for child in children):
        place["align-items"] = "flex-start"
    elif max(feet) < _SAME and inner.height <= 2 * CONTROL:
        place["align-items"] = "flex-end"
    else:
        place["align-items"] = "flex-start"
        for child, top in zip(children, tops, strict=True):
            if top > _LEAST_MARGIN:
                child.place["margin-top"] = px(top)


def _on_one_baseline(children: list[Element]) -> bool:
    lines = [child.node.block.lines[0].baseline for child in children if child.node and child.node.block]
    return len(lines) == len(children) and max(lines) - min(lines) < _SAME


def pin(child: Element, box: Box, home: Box) -> Style:
    """The place of what lies over a box: by its nearer corner."""
    across = (
        ("left", box.x0 - home.x0) if box.x0 - home.x0 <= home.x1 - box.x1 else ("right", home.x1 - box.x1)
    )
    down = ("top", box.y0 - home.y0) if box.y0 - home.y0 <= home.y1 - box.y1 else ("bottom", home.y1 - box.y1)
    return {"position": "absolute", across[0]: px(across[1]), down[0]: px(down[1])}
