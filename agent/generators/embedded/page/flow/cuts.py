"""Boxes on one ground to rows and columns, by recursive cuts along the gaps between them.

An XY-cut (Nagy and Seth 1984), at the widest gap first, so that what is near stays together.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from agent.generators.embedded.page.flow.nodes import Node, union
from critic.types import Box

_TOUCHING = 1.5
"""Pixels that neighbours may overlap: edges are read to the pixel."""

_SAME_ROW = 0.5
"""Part of the lower one's height that parts beside each other share; with less they are of two rows."""

_SAME_GAP = 0.6
"""Part of the widest gap from which another is of its rank and is cut too."""


def arranged(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes as one row or column of groups, within one node; those that overlap others are pinned to it.

    Returns:
        One node, or none where there was none.
    """
    if not nodes:
        return ()
    if len(nodes) == 1:
        return nodes
    across, down = _gaps(nodes, _across), _gaps(nodes, _down)
    if not across and not down:
        return (_pinned(nodes),)
    side = _sidebar(nodes, across, down)
    if side:
        return (_group(nodes, side, "row"),)
    if _columns_first(nodes, across, down):
        return (_group(nodes, across, "row"),)
    return (_group(nodes, down, "column"),)


def _across(node: Node) -> tuple[float, float]:
    return node.box.x0, node.box.x1


def _down(node: Node) -> tuple[float, float]:
    """A text's own rows: its line boxes may reach into its neighbours'."""
    if node.block is None:
        return node.box.y0, node.box.y1
    lines = node.block.lines
    size = lines[0].size
    return min(lines[0].ink.y0, lines[0].baseline - size / 2), max(lines[-1].ink.y1, lines[-1].baseline)


_Extent = Callable[[Node], tuple[float, float]]
_Gap = tuple[float, float]


def _gaps(nodes: tuple[Node, ...], extent: _Extent) -> list[_Gap]:
    """Blank stretches between the nodes' extents: where each begins and ends.

    Those alone that leave something on either side: of a hairline that lies on another's edge both middles
    may be on one.
    """
    extents = sorted(map(extent, nodes))
    found, reach = [], float("-inf")
    for start, stop in extents:
        if reach > float("-inf") and start >= reach - _TOUCHING:
            found.append((reach, max(start, reach)))
        reach = max(reach, stop)
    return [gap for gap in found if len({_after(span, gap) for span in extents}) > 1]


def _after(span: tuple[float, float], gap: _Gap) -> bool:
    """Whether the middle of an extent lies behind that of a gap."""
    return sum(span) > sum(gap)


def _columns_first(nodes: tuple[Node, ...], across: list[_Gap], down: list[_Gap]) -> bool:
    """Whether the parts beside each other are nearer within than to each other."""
    if not across or not down:
        return bool(across)
    parts = _parts(nodes, _ranked(across), _across)
    if not all(_beside(a, b) for a, b in pairwise(map(union, parts))):
        return False
    return _widest(across) > _widest(down)


def _sidebar(nodes: tuple[Node, ...], across: list[_Gap], down: list[_Gap]) -> list[_Gap]:
    """The gap after a first column that ends above rows which go on beside it, where there is one.

    Rows that were cut first would leave it a hole in all but the first.
    """
    if not across or not down or across[0][1] - across[0][0] < _SAME_GAP * _widest(down):
        return []
    parts = _parts(nodes, across[:1], _across)
    side, rest = map(union, parts)
    rows = [gap for gap in _gaps(parts[1], _down) if gap[0] >= side.y1 - _TOUCHING]
    begins = abs(side.y0 - rest.y0) <= _SAME_ROW * min(side.height, rest.height)
    return across[:1] if rows and len(parts[0]) > 1 and begins else []


def _beside(first: Box, second: Box) -> bool:
    shared = min(first.y1, second.y1) - max(first.y0, second.y0)
    return shared >= _SAME_ROW * min(first.height, second.height)


def _widest(gaps: list[_Gap]) -> float:
    return max(stop - start for start, stop in gaps)


def _ranked(gaps: list[_Gap]) -> list[_Gap]:
    """The widest gaps, and those nearly as wide."""
    least = _SAME_GAP * _widest(gaps)
    return [gap for gap in gaps if gap[1] - gap[0] >= least]


def _parts(nodes: tuple[Node, ...], gaps: list[_Gap], extent: _Extent) -> list[tuple[Node, ...]]:
    """The nodes between the gaps."""
    parts: list[list[Node]] = [[] for _ in range(len(gaps) + 1)]
    for node in sorted(nodes, key=extent):
        parts[sum(_after(extent(node), gap) for gap in gaps)].append(node)
    return [tuple(part) for part in parts if part]


def _group(nodes: tuple[Node, ...], gaps: list[_Gap], arrangement: str) -> Node:
    """One row, or one column: flat where its parts are single boxes anyway."""
    extent = _across if arrangement == "row" else _down
    parts = _parts(nodes, gaps if arrangement == "row" else _less_seams(nodes, gaps), extent)
    if arrangement == "row" and any(len(part) > 1 for part in parts):
        parts = _parts(nodes, _ranked(gaps), extent)
    children = tuple(child for part in parts for child in arranged(part))
    if len(children) == 1:
        return children[0]
    return Node(union(children), "row" if arrangement == "row" else "column", children)


def _less_seams(nodes: tuple[Node, ...], gaps: list[_Gap]) -> list[_Gap]:
    """The gaps without seams, where boxes beside each other touch those below: heads of cards and bodies."""
    kept = [
        gap
        for gap in gaps
        if gap[1] - gap[0] > _TOUCHING or not all(map(_is_row_of_boxes, _around(nodes, gap, gaps)))
    ]
    return kept or gaps


def _around(nodes: tuple[Node, ...], gap: _Gap, gaps: list[_Gap]) -> list[tuple[Node, ...]]:
    """What lies right above a gap, and right below."""
    parts, at = _parts(nodes, gaps, _down), gaps.index(gap)
    return parts[at : at + 2] if len(parts) == len(gaps) + 1 else [()]


def _is_row_of_boxes(part: tuple[Node, ...]) -> bool:
    return len(part) > 1 and all(node.shape is not None for node in part)


def _pinned(nodes: tuple[Node, ...]) -> Node:
    """The nodes arranged without the smallest that overlaps another; that one lies over the rest."""
    smallest = min(
        (node for node in nodes if any(_overlap(node, other) for other in nodes if other is not node)),
        key=lambda node: (node.shape is None, node.width * node.height),
        default=nodes[-1],
    )
    (rest,) = arranged(tuple(node for node in nodes if node is not smallest))
    if rest.shape is None and rest.arrangement in ("row", "column"):
        return Node(rest.box, rest.arrangement, rest.children, (*rest.pinned, smallest))
    return Node(rest.box, "column", (rest,), (smallest,))


def _overlap(first: Node, second: Node) -> bool:
    (a0, a1), (b0, b1) = _across(first), _across(second)
    (c0, c1), (d0, d1) = _down(first), _down(second)
    return min(a1, b1) - max(a0, b0) > _TOUCHING and min(c1, d1) - max(c0, d0) > _TOUCHING
