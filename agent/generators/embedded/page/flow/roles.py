"""What the elements are: landmarks, navigation, lists, cards; ``controls`` tells what a person works with."""

from __future__ import annotations

from itertools import groupby, pairwise

from agent.generators.embedded.page.flow.controls import give_controls
from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.nodes import Node, union
from agent.generators.embedded.page.flow.values import sides
from critic.types import Box

_HEADER = 130.0
"""Pixels that a page's header is high at most."""

_FOOTER = 0.25
"""Part of the window that its foot is high at most."""

_ASIDE, _TALL = 0.4, 0.6
"""A sidebar is at most so wide, and at least so high, as parts of the window."""

_ENTRIES = 3
"""Equal things one after another that make a list."""

_SHORT = 28
"""Letters that an entry of a navigation has at most."""

_ICON = 40.0
"""Pixels that a sign before an entry measures at most."""

_TOGETHER = 1.35
"""Times its letters' own height that the step to the next entry is more than for lines of one text."""


def give_roles(root: Element) -> None:
    """Tell tags, roles and attributes, in place."""
    window = root.node
    assert window is not None
    give_controls(root)
    for element in list(root.walk()):
        _bulleted(element)
        _list_runs(element)
        _cards(element)
    _landmarks(root, window.box)


def _landmarks(root: Element, window: Box) -> None:
    """Header, sidebar, main and footer among the largest parts of the page."""
    if root.place.get("flex-direction") != "column" and len(root.children) > 1:
        for child in root.children:
            if _is_aside(child, window):
                _become(child, "aside", "sidebar")
                _navigation(child)
        rest = [child for child in root.children if child.tag == "div"]
        if rest:
            main = max(rest, key=lambda child: child.node.width if child.node else 0.0)
            _become(main, "main", "main")
            _head_and_foot(main, window, inner=True)
        return
    _head_and_foot(root, window, inner=False)


def _head_and_foot(column: Element, window: Box, *, inner: bool) -> None:
    flow = [child for child in column.children if child.place.get("position") != "absolute"]
    if column.place.get("flex-direction") != "column" or not flow:
        return
    if _is_header(flow[0], window):
        _become(flow[0], "header", "header")
        _navigation(flow[0])
    last = flow[-1]
    if last is not flow[0] and _is_footer(last, window):
        _become(last, "footer", "footer")
    body = [child for child in flow if child.tag not in ("header", "footer")]
    if not inner and body:
        _main(column, body, window)
    for child in body if inner else []:
        _section(child)


def _main(column: Element, body: list[Element], window: Box) -> None:
    rows = [child for child in body if child.tag == "div"]
    if len(body) == 1 and rows:
        sides = [child for child in rows[0].children if _is_aside(child, window)]
        _become(body[0], "main", "main")
        for side in sides:
            _become(side, "aside", "sidebar")
            _navigation(side)
        return
    first = column.children.index(body[0])
    for child in body:
        _section(child)
    wrap(column, first, first + len(body), "main", "main")


def _section(child: Element) -> None:
    if child.tag == "div" and any(inner.tag in ("h1", "h2", "h3") for inner in child.walk()):
        child.tag = "section"


def _become(element: Element, tag: str, role: str) -> None:
    if element.tag in ("div", "p"):
        element.tag, element.role = ("div" if element.tag == "p" else tag), role
        element.tag = tag


def _is_header(element: Element, window: Box) -> bool:
    node = element.node
    return (
        node is not None
        and element.tag == "div"
        and node.box.y0 <= window.y0 + 1
        and node.height <= _HEADER
        and (node.shape is not None or node.arrangement == "row")
    )


def _is_footer(element: Element, window: Box) -> bool:
    node = element.node
    if node is None or node.height > _FOOTER * window.height:
        return False
    words = _words(element).lower()
    told = any(sign in words for sign in ("©", "copyright", "all rights"))
    return told or (
        element.tag == "div" and node.box.y1 >= window.y1 - 1 and node.shape is not None and bool(words)
    )


def _is_aside(element: Element, window: Box) -> bool:
    node = element.node
    return (
        node is not None
        and element.tag == "div"
        and node.width <= _ASIDE * window.width
        and node.height >= _TALL * window.height
    )


def _words(element: Element) -> str:
    return " ".join(inner.text for inner in element.walk())


def _bulleted(element: Element) -> None:
    """Entries with markers, one after another, are a list."""
    if element.place.get("flex-direction") != "column" or element.tag in ("ul", "ol"):
        return
    for is_entry, run in groupby(list(element.children), key=lambda child: child.role == "entry"):
        members = list(run)
        if not is_entry:
            continue
        for member in members:
            member.tag = "li"
        if len(members) == len(element.children) and element.tag == "div" and element.role == "stack":
            element.tag, element.role = "ul", "bullets"
            continue
        first = element.children.index(members[0])
        wrap(element, first, first + len(members), "ul", "bullets")


def _list_runs(element: Element) -> None:
    """Equal entries below each other become a list."""
    if element.place.get("flex-direction") != "column" or element.tag in ("ul", "button", "label"):
        return
    start = 0
    for key, run in groupby(list(element.children), key=_entry_key):
        members = list(run)
        first = element.children.index(members[0], start)
        start = first
        if key is None or len(members) < _ENTRIES or not _apart(members):
            continue
        if len(members) == len(element.children) and element.tag == "div" and element.role == "stack":
            element.tag, element.role = "ul", "list"
        else:
            wrap(element, first, first + len(members), "ul", "list")
            start = first + 1
        for member in members:
            member.tag, member.role = "li", "item"


def _entry_key(child: Element) -> tuple[object, ...] | None:
    """What entries of one list have in common; None for what is no entry."""
    node = child.node
    if node is None or child.place.get("position") == "absolute":
        return None
    if child.tag == "p" and node.block is not None and len(node.block.lines) == 1:
        return ("text", node.block.style.size, round(node.box.x0 / 4))
    if child.tag == "div" and child.role == "row" and _is_iconed(child):
        text = next(inner for inner in child.children if inner.tag == "p").node
        assert text is not None and text.block is not None
        return ("icon", text.block.style.size, round(text.box.x0 / 4))
    return None


def _is_iconed(row: Element) -> bool:
    """Whether a row is a small sign and one text."""
    texts = [inner for inner in row.children if inner.tag == "p"]
    signs = [inner for inner in row.children if inner.node is not None and inner.tag in ("img", "div")]
    return (
        len(texts) == 1
        and 1 <= len(signs) <= len(row.children) - 1
        and all(sign.node is not None and sign.node.height <= _ICON for sign in signs)
    )


def _apart(members: list[Element]) -> bool:
    """Whether entries stand further apart than lines of one text would."""
    boxes = [member.node.box for member in members if member.node is not None]
    steps = [b.y0 - a.y0 for a, b in pairwise(boxes)]
    heights = [box.height for box in boxes]
    return min(steps) >= _TOGETHER * min(heights)


def _navigation(landmark: Element) -> None:
    """Short texts beside each other in a header, and lists in a sidebar, lead somewhere."""
    for element in list(landmark.walk()):
        if element.tag == "ul":
            for item in element.children:
                _link(item)
            element.tag, element.role = "nav", "nav"
        elif element.place.get("display") == "flex" and element.place.get("flex-direction") != "column":
            _row_of_links(element)


def _row_of_links(row: Element) -> None:
    for is_entry, run in groupby(list(row.children), key=_is_nav_text):
        members = list(run)
        if row.children[0] is members[0] and len(members) > _ENTRIES and _is_brand(members):
            members = members[1:]
        if not is_entry or len(members) < _ENTRIES:
            continue
        for member in members:
            _link(member)
        first = row.children.index(members[0])
        wrap(row, first, first + len(members), "nav", "nav")


def _is_brand(members: list[Element]) -> bool:
    """Whether the first of some texts is set unlike the others."""
    return members[0].look != members[1].look


def _is_nav_text(child: Element) -> bool:
    block = child.node.block if child.node is not None else None
    return (
        child.tag == "p"
        and block is not None
        and len(block.lines) == 1
        and len(block.lines[0].text) <= _SHORT
    )


def _link(element: Element) -> None:
    element.tag, element.role = "a", "nav-link"
    element.attributes["href"] = "#"
    for inner in element.walk():
        if inner.tag in ("p", "div"):
            inner.tag = "span"


def _cards(element: Element) -> None:
    """Painted boxes of one size beside each other are cards."""
    boxes = [child for child in element.children if _is_painted(child)]
    if len(boxes) > 1 and _alike([child.node.width for child in boxes if child.node]):
        for child in boxes:
            child.tag, child.role = "article", "card"


def _is_painted(child: Element) -> bool:
    node = child.node
    return child.tag == "div" and child.role == "panel" and node is not None and node.height > 2 * _ICON


def _alike(widths: list[float]) -> bool:
    return max(widths) - min(widths) <= 0.1 * max(widths)


def wrap(parent: Element, start: int, stop: int, tag: str, role: str) -> Element:
    """Some children of a row or column in an element of their own, standing as before."""
    members = parent.children[start:stop]
    nodes = tuple(member.node for member in members if member.node is not None)
    column = parent.place.get("flex-direction") == "column"
    box = union(nodes)
    room = parent.room or (parent.node.inside if parent.node is not None else box)
    wrapper = Element(tag, role, Node(box, "column" if column else "row", nodes))
    if column:
        left = sides(parent.place.get("padding", "0"))[3]
        first = min(node.box.x0 for node in nodes)
        # what stands in the middle, or off by a margin of its own, begins further right than its column
        wrapper.room = box._replace(x0=first if left else min(first, room.x0), x1=room.x1)
    for key in ("display", "flex-direction", "gap", "align-items"):
        if key in parent.place:
            wrapper.place[key] = parent.place[key]
    if column and wrapper.place.get("align-items"):
        wrapper.place["align-self"] = "stretch"
    _hand_over(members[0], wrapper, "margin-top" if column else "margin-left")
    wrapper.children = members
    parent.children[start:stop] = [wrapper]
    return wrapper


def _hand_over(member: Element, wrapper: Element, key: str) -> None:
    if key in member.place:
        wrapper.place[key] = member.place.pop(key)
