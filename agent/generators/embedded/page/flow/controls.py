"""Buttons, badges, fields with their labels, boxes to tick, and the form around them."""

from __future__ import annotations

import html
import re

from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.values import lengths, px, sides
from critic.reading.page import Shape
from critic.reading.page.colours import rgb

_BUTTON = (24.0, 64.0)
"""Pixels that a button, and a field, is high: from dense desktop tools to large touch targets."""

_BUTTON_WIDE = 640.0
"""Pixels across above which a box with a text in its middle is a banner."""

_CENTRED = 4.0
"""Pixels by which the room left and right of a button's text may differ."""

_FREE = 0.25
"""Part of a field's width that is free after its text."""

_FIELD_WIDE = 120.0
"""Pixels across from which a box may be a field."""

_LABEL = 16.0
"""Pixels between a field and the label above it at most."""

_TICK = (11.0, 24.0)
"""Pixels that a box to tick measures."""

_SQUARE = 2.0
"""Pixels by which its sides differ at most: each edge is read to the pixel."""

_UNEVEN = 1.0
"""Pixels by which the corners of a box to tick differ at most: radii are read to half a pixel."""

_JOINT, _LEAST_JOINED = 1.0, 2
"""Pixels between the frames of boxes that join, half of them; and boxes that a cell joins at least."""

_PARTS = 2
"""What a control holds at most: a text, and a sign before or after it."""

_LIGHT = 600
"""Sum of the channels from which a fill may be a field's: white, or nearly."""

_DOTS = re.compile(r"[.…•·●*]{3,}")

_PALER = 40
"""Channel levels, summed, by which a placeholder is nearer to its field's fill than a value is."""

_GREY = 60
"""Channel levels between the channels of a placeholder's colour at most: what is coloured is chosen."""


def give_controls(root: Element) -> None:
    """Tell what a person works with, in place."""
    ink = _ink(root)
    cells = _cells(root)
    for element in list(root.walk()):
        signs = sum(map(_begins_with_sign, element.children))
        ticks = [child for child in element.children if _is_tick_row(child)]
        for index, child in enumerate(element.children):
            if child in ticks and len(ticks) >= signs:
                _tick(child)
            elif child.role == "panel" and child.tag == "div" and id(child.node) not in cells:
                _control(element, index, child, ink)
    _forms(root)


def _cells(root: Element) -> set[int]:
    """Framed boxes that join two others of their look at least, as cells of a table do: no controls."""
    nodes = [element.node for element in root.walk() if element.node is not None]
    framed = [node for node in nodes if node.shape and all(node.shape.border)]
    return {id(node) for node in framed if sum(_joins(node, other) for other in framed) >= _LEAST_JOINED}


def _joins(node: Node, other: Node) -> bool:
    """Whether two boxes of one look share most of a side."""
    if other is node or node.shape is None or other.shape is None:
        return False
    alike = node.shape.fill == other.shape.fill and node.shape.border[0] == other.shape.border[0]
    shared = node.box.grown(_JOINT).intersection(other.box.grown(_JOINT))
    if not alike or shared is None:
        return False
    beside = shared.width <= 4 * _JOINT and 2 * shared.height > node.height
    below = shared.height <= 4 * _JOINT and 2 * shared.width > node.width
    return beside or below


def _ink(root: Element) -> int:
    """How light most of the page's text is."""
    lights = [
        sum(map(int, rgb(e.node.block.style.colour)))
        for e in root.walk()
        if e.node is not None and e.node.block
    ]
    return sorted(lights)[len(lights) // 2] if lights else 0


def _control(parent: Element, index: int, child: Element, ink: int) -> None:
    node = child.node
    if node is None:
        return
    texts = [inner for inner in child.children if inner.tag in ("p", "h1", "h2", "h3") and inner.node]
    if len(texts) != 1 or len(child.children) > _PARTS or node.height > _BUTTON[1]:
        return
    text = texts[0]
    if text.node is None or text.node.block is None or len(text.node.block.lines) != 1:
        return
    before = min(inner.node.box.x0 for inner in child.children if inner.node) - node.inside.x0
    after = node.inside.x1 - max(inner.node.box.x1 for inner in child.children if inner.node)
    alone = len(child.children) == 1
    if _is_field(child, node, text.node, alone=alone) and _is_told(parent, index, node, text.node, ink):
        _field(parent, index, child, text, ink)
    elif abs(before - after) <= _CENTRED and _is_edged(node) and node.width <= _BUTTON_WIDE:
        tag, role = ("button", "btn") if node.height >= _BUTTON[0] else ("span", "badge")
        child.tag, child.role = tag, role
        if tag == "button":
            child.attributes["type"] = "button"
        if alone:
            _flat(parent, child, text)
            if tag == "span":
                child.place["display"] = "inline-block"
        else:
            for inner in child.walk():
                inner.tag = "span" if inner.tag in ("p", "div") else inner.tag


def _is_edged(node: Node) -> bool:
    shape = node.shape
    return shape is not None and (any(shape.radius) or any(shape.border))


def _flat(parent: Element, child: Element, text: Element) -> None:
    """The control with the text as its own; one that is stretched needs no padding beside it."""
    child.look.update(text.look)
    child.text = text.text
    child.children = []
    for key in ("display", "flex-direction", "align-items", "gap"):
        child.place.pop(key, None)
    child.place["text-align"] = "center"
    held = {"align-self", "width", "flex"} & child.place.keys() or "align-items" in parent.place
    if parent.place.get("flex-direction") == "column" and not held:
        top, _, bottom, _ = sides(child.place.get("padding", "0"))
        child.place["padding"] = lengths(top, 0, bottom, 0)


def _is_field(child: Element, node: Node, text: Node, *, alone: bool) -> bool:
    shape = node.shape
    if shape is None or not shape.fill.flat or node.width < _FIELD_WIDE or not _BUTTON[0] <= node.height:
        return False
    light = int(rgb(shape.fill.colour).sum()) >= _LIGHT
    before, after = text.box.x0 - node.inside.x0, node.inside.x1 - text.box.x1
    if not light or after - before < _FREE * node.width:
        return False
    sign = next((inner for inner in child.children if inner.tag == "img"), None)
    return alone or (sign is not None and sign.node is not None and sign.node.box.x0 > text.box.x1)


def _is_told(parent: Element, index: int, node: Node, text: Node, ink: int) -> bool:
    """Whether a box is a field's: a line all around it, or words that only a field has."""
    shape, block = node.shape, text.block
    assert shape is not None and block is not None
    if len(set(shape.radius)) > 1:
        return False
    if all(shape.border):
        return True
    channels = [int(value) for value in rgb(block.style.colour)]
    grey = max(channels) - min(channels) <= _GREY
    paler = grey and _is_paler(block.style.colour, ink)
    return not any(shape.border) and (paler or _label(parent, index, node) is not None)


def _field(parent: Element, index: int, child: Element, text: Element, ink: int) -> None:
    node, block = child.node, text.node.block if text.node else None
    assert node is not None and block is not None and text.node is not None and node.shape is not None
    words = block.lines[0].text
    sign = next((inner for inner in child.children if inner.tag == "img"), None)
    label = _label(parent, index, node)
    name = re.sub(r"[^a-z]+", "-", (_plain(label) if label else words).lower()).strip("-") or "field"
    if label is not None:
        label.tag = "label"
        label.attributes["for"] = name
    child.children = []
    child.look.update(text.look)
    low, high = text.node.box.y0 - node.inside.y0, node.inside.y1 - text.node.box.y1
    child.place["padding"] = lengths(low, 0, high, text.node.box.x0 - node.inside.x0)
    for key in ("display", "flex-direction", "align-items", "gap", "white-space"):
        child.place.pop(key, None)
    child.place.setdefault("width", "100%")
    child.attributes["id"] = name
    if label is None:
        child.attributes["aria-label"] = html.escape(words)
    if sign is not None:
        _select(child, sign, words)
        return
    child.tag, child.role = "input", "field"
    child.attributes["type"] = _type(words, name)
    if _DOTS.fullmatch(words):
        child.attributes["value"] = "•" * len(words)
    elif _is_paler(block.style.colour, ink):
        child.attributes["placeholder"] = html.escape(words)
    else:
        child.attributes["value"] = html.escape(words)


def _select(child: Element, sign: Element, words: str) -> None:
    """A field with a sign at its end: a choice, the sign drawn in its background."""
    node = child.node
    assert node is not None and sign.node is not None
    child.tag, child.role = "select", "choice"
    right = px(node.inside.x1 - sign.node.box.x1)
    child.look["background"] += f' url("{sign.attributes["src"]}") no-repeat right {right} center'
    child.look["appearance"] = "none"
    child.children = [Element("option", "option", text=html.escape(words))]


def _type(words: str, name: str) -> str:
    if _DOTS.fullmatch(words) or "password" in name:
        return "password"
    if "@" in words or "email" in name:
        return "email"
    return "search" if words.lower().startswith("search") else "text"


def _is_paler(colour: str, ink: int) -> bool:
    return sum(map(int, rgb(colour))) > ink + _PALER


def _label(parent: Element, index: int, node: Node) -> Element | None:
    """The text right above a field, in one column with it."""
    if parent.place.get("flex-direction") != "column" or index == 0:
        return None
    before = parent.children[index - 1]
    if before.tag not in ("p", "h3") or before.node is None or before.node.block is None:
        return None
    near = node.box.y0 - before.node.box.y1 <= _LABEL and abs(before.node.box.x0 - node.box.x0) <= _CENTRED
    return before if near and len(before.node.block.lines) == 1 else None


def _plain(element: Element) -> str:
    return re.sub(r"<[^>]*>|&\w+;", "", element.text)


def _is_tick_row(child: Element) -> bool:
    """Whether a row is a small square and a text."""
    if child.tag != "div" or child.role != "row" or not child.children:
        return False
    square = child.children[0].node
    text = child.children[1] if len(child.children) > 1 else None
    if square is None or square.shape is None or text is None or text.tag != "p":
        return False
    low, high = _TICK
    sized = low <= square.height <= high and abs(square.height - square.width) <= _SQUARE
    return sized and _is_edged(square) and _is_even(square.shape)


def _begins_with_sign(child: Element) -> bool:
    """Whether a row is a picture and what follows it: squares of the same column are signs too then."""
    return child.role == "row" and bool(child.children) and child.children[0].tag == "img"


def _is_even(shape: Shape) -> bool:
    """Whether all corners and sides are alike, as a control's are; those of a drawn sign differ."""
    corners = max(shape.radius) - min(shape.radius) <= _UNEVEN
    framed = {edge.width if edge else 0 for edge in shape.border}
    return corners and len(framed) == 1


def _tick(row: Element) -> None:
    """A box to tick with its label; full where it is filled or holds a sign."""
    square, text = row.children[0], row.children[1]
    node = square.node
    assert node is not None and node.shape is not None
    full = bool(node.children) or int(rgb(node.shape.fill.colour).sum()) < _LIGHT
    name = re.sub(r"[^a-z]+", "-", _plain(text).lower()).strip("-") or "tick"
    box = Element("input", "tick", node, look={"accent-color": node.shape.fill.colour} if full else {})
    box.place = {**{k: v for k, v in square.place.items() if k.startswith("margin")}, "flex-shrink": "0"}
    box.place.update({"width": px(node.width), "height": px(node.height)})
    box.attributes = {"type": "checkbox", "id": name, **({"checked": ""} if full else {})}
    row.children[0] = box
    text.tag = "label"
    text.attributes["for"] = name


def _forms(root: Element) -> None:
    """The smallest box around a field and a button is a form."""
    for element in reversed(list(root.walk())):
        tags = {inner.tag for inner in element.walk()}
        if element.tag == "div" and {"input", "button"} <= tags and "form" not in tags:
            element.tag = "form"
