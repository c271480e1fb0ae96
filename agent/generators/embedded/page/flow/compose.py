"""The tree of boxes as elements: what each is painted and set with, and where it stands."""

from __future__ import annotations

import html

from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.faces import Faces
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.placing import CONTROL, is_fluid, pin, place_column, place_row
from agent.generators.embedded.page.flow.tables import table_element
from agent.generators.embedded.page.flow.texts import text_element
from agent.generators.embedded.page.flow.values import paint, px
from critic.types import Box

_SPARE = 4.0
"""Pixels of width that a text over something else has more than it was seen to need."""

_HAIR = 3
"""Pixels up to which a box is a rule."""


def compose(node: Node, faces: Faces, room: Box | None = None) -> Element:
    """The element of a node with all below it.

    Args:
        node: The node.
        faces: What the page is set in.
        room: What it is given by its parent; None for its own box.
    """
    room = room or node.box
    if node.block is not None:
        return text_element(node, faces, room.width)
    if node.picture is not None:
        return _img(node)
    if node.arrangement == "table":
        return table_element(node, room, lambda child, own: compose(child, faces, own))
    if not node.children and not node.pinned and not node.is_window:
        return _bare(node)
    element = Element("div", "row" if node.arrangement == "row" else "stack", node)
    if node.shape is not None:
        element.look.update(paint(node.shape))
        element.role = "panel"
    region = _region(node, room)
    element.room = region if node.shape is None else None
    children = [compose(child, faces) for child in node.children]
    element.children = children
    if node.shape is not None and node.height <= CONTROL and not is_fluid(node):
        element.place["white-space"] = "nowrap"
    if children:
        place = place_row if node.arrangement == "row" else place_column
        rooms = place(element, children, region)
        # texts wrap by the room that they turn out to have, groups are set within theirs
        element.children = [_again(child, faces, given) for child, given in zip(children, rooms, strict=True)]
    elif not node.is_window:
        _sized(element, node)
    for pinned in node.pinned:
        over = compose(pinned, faces)
        over.place.update(pin(over, pinned.box, region))
        if pinned.block is not None and len(pinned.block.lines) == 1:
            over.place["white-space"] = "nowrap"
            over.narrow["white-space"] = "normal"
        else:
            # a text that is set a little wider must not break for it
            over.place.setdefault("width", px(pinned.width + (_SPARE if pinned.block is not None else 0.0)))
        if _is_aside(pinned, node):
            over.narrow.update({"position": "static", "width": "auto", "margin-top": "24px"})
        element.place["position"] = "relative"
        element.children.append(over)
    return element


def _is_aside(pinned: Node, home: Node) -> bool:
    """Whether what lies over a group is a box beside its texts, as a float is: it follows where they wrap."""
    return (
        pinned.shape is not None and bool(pinned.children) and pinned.height > CONTROL and home.shape is None
    )


def _region(node: Node, room: Box) -> Box:
    """Where its children lie: within its border, or all the room that a group has."""
    return node.inside if node.shape is not None else replace_x(node.box, room)


def replace_x(box: Box, room: Box) -> Box:
    """The box as wide as its room."""
    return box._replace(x0=min(box.x0, room.x0), x1=max(box.x1, room.x1))


def _again(child: Element, faces: Faces, room: Box) -> Element:
    """A child composed for its room, with the place that it was given."""
    node = child.node
    assert node is not None
    if node.picture is not None or (not node.children and node.block is None):
        return child
    anew = compose(node, faces, room)
    if "flex" in child.place and "max-width" in anew.place:
        # its share of the row stays: the text is kept narrower within it
        wide = float(anew.place.pop("max-width").removesuffix("px"))
        anew.place["padding-right"] = px(max(0.0, room.width - wide))
    anew.place.update(_given(child))
    anew.narrow.update(child.narrow)
    return anew


_GIVEN = ("margin-top", "margin-left", "align-self", "flex", "flex-shrink", "min-width", "width", "max-width")


def _given(child: Element) -> dict[str, str]:
    own_width = child.node is not None and child.node.block is not None and "width" not in child.place
    return {
        key: child.place[key]
        for key in _GIVEN
        if key in child.place and not (own_width and key == "max-width")
    }


def _img(node: Node) -> Element:
    picture = node.picture
    assert picture is not None
    attributes = {
        "src": f"data:{picture.mime};base64,{picture.data}",
        "alt": html.escape(picture.alt),
        "width": f"{node.width:.0f}",
        "height": f"{node.height:.0f}",
    }
    role = "picture" if picture.drawing is None else "icon"
    return Element("img", role, node, place={"flex-shrink": "0"}, attributes=attributes)


def _bare(node: Node) -> Element:
    """A box without content: a rule, or a patch of colour."""
    shape = node.shape
    assert shape is not None
    rule = node.height <= _HAIR < node.width
    element = Element("hr" if rule else "div", "rule" if rule else "patch", node, look=paint(shape))
    _sized(element, node)
    return element


def _sized(element: Element, node: Node) -> None:
    element.place["height"] = px(node.height)
    if element.tag != "hr":
        element.place["width"] = px(node.width)
        element.place["flex-shrink"] = "0"
