"""What changes where the window is narrow: rows go on below, padding shrinks, letters keep off its edge."""

from __future__ import annotations

from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.values import lengths, px
from critic.types import Box

GUTTER = 24.0
"""Pixels that stay free beside what is centred, and inside a box, where the window is narrow."""

FITS_ANY = 160.0
"""Pixels of width up to which an empty box fits any window: half of the narrowest phone's."""

_IDLE = 96.0
"""Pixels that a box is emptier below than above from which it was only as high as its neighbours."""

_BAR = 12.0
"""Pixels that a bar is thick at most: lines of quotations have 3 to 6, bars of progress 4 to 12."""


def is_wide(node: Node) -> bool:
    """Whether a box has to give way: it holds something, or is wider than a narrow window."""
    return bool(node.children) or node.width > FITS_ANY


def less_padding(element: Element, top: float, right: float, bottom: float, left: float) -> None:
    """No more padding than narrow windows have room for, where the box has much."""
    idle = bottom > top + _IDLE
    if max(right, left) > 2 * GUTTER or idle:
        foot = max(top, GUTTER) if idle else bottom
        sides = (max(0.0, top), min(right, GUTTER), max(0.0, foot), min(left, GUTTER))
        element.narrow["padding"] = lengths(*sides)


def margins(column: Box) -> Style:
    """The margins of what stood far from its column's left edge: beside the window's, letters need room."""
    gutter = px(max(0.0, GUTTER - column.x0))
    return {"margin-left": gutter, "margin-right": gutter}


def keep_off_the_edge(element: Element, children: list[Element]) -> None:
    """Padding for the groups of a page's own row, whose sides were given by what stood beside them."""
    if element.node is None or not element.node.is_window:
        return
    for child in children:
        if child.node is not None and child.node.shape is None and "flex" in child.place:
            child.narrow["padding"] = lengths(0, GUTTER, GUTTER, GUTTER)


def go_on_below(element: Element, children: list[Element]) -> None:
    """A row of things goes on in another row, unless it is a bar, or a line beside what it belongs to."""
    bars = [child for child in children if _is_bar(child)]
    if not bars:
        element.narrow["flex-wrap"] = "wrap"
    for child in bars:
        whole = len(bars) == len(children)
        child.narrow.update({"flex-shrink": "1"} if whole else {"height": "auto", "align-self": "stretch"})


def _is_bar(child: Element) -> bool:
    """Whether a box without content is a line beside something, as at a quotation, or a part of a bar."""
    node = child.node
    if node is None or node.shape is None or node.children or node.block is not None:
        return False
    return min(node.width, node.height) <= _BAR < max(node.width, node.height)
