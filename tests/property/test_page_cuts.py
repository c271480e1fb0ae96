"""Cutting a page into rows and columns comes to an end, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from agent.generators.embedded.page.flow.cuts import arranged
from agent.generators.embedded.page.flow.nodes import Node
from critic.types import Box

_PLACES = st.integers(0, 12).map(lambda step: step / 2)
_LENGTHS = st.sampled_from([0.5, 1.0, 2.0, 3.0, 6.0])


@st.composite
def boxes(draw: st.DrawFn) -> Node:
    x, y = draw(_PLACES), draw(_PLACES)
    return Node(Box(x0=x, y0=y, x1=x + draw(_LENGTHS), y1=y + draw(_LENGTHS)))


def leaves(node: Node) -> Iterator[Node]:
    inner = (*node.children, *node.pinned)
    if not inner:
        yield node
    for child in inner:
        yield from leaves(child)


@given(st.lists(boxes(), min_size=1, max_size=8))
def test_every_box_is_in_the_tree_once(nodes: list[Node]) -> None:
    (root,) = arranged(tuple(nodes))
    assert sorted(map(id, leaves(root))) == sorted(map(id, nodes))
