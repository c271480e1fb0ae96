"""TEDS: tree-edit-distance-based similarity of two HTML tables (Zhong et al., 2020, arXiv 1911.10683)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from apted import APTED, Config
from lxml import etree, html
from markdown_it import MarkdownIt

_SAME = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHTWARDS ARROW}": "->",
    }
)
_TABLE_TAGS = ("td", "th")


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a table's tree: the table, a row or a cell."""

    tag: str
    colspan: int = 1
    rowspan: int = 1
    text: str = ""
    children: tuple[Node, ...] = field(default=())

    @property
    def size(self) -> int:
        """Number of nodes from here down."""
        return 1 + sum(child.size for child in self.children)


def teds(truth: str, predicted: str, *, structure_only: bool = False) -> float:
    """Likeness of two tables, 0..1: 1 - edit distance / size of the larger tree.

    Headings count as cells, sections (thead, tbody) are passed over, and text is compared by ``normalised``.

    Args:
        truth: HTML with the right table; its first table counts.
        predicted: HTML with the table to judge.
        structure_only: Leave the text out (TEDS-S).
    """
    first, second = table_tree(truth), table_tree(predicted)
    distance = APTED(first, second, _Costs(structure_only)).compute_edit_distance()
    return max(0.0, 1.0 - float(distance) / max(first.size, second.size))


MOST_WORK = 4_000_000
"""Product of the two trees' sizes up to which the distance is computed: some seconds; a table of 40 by 25
cells against one like it has a quarter of that."""


def teds_scores(truth: str, predicted: str) -> tuple[dict[str, float], str]:
    """TEDS and TEDS-S of two tables, HTML or Markdown, in bounded time.

    Returns:
        The scores, and why they are 0 where they could not be computed.
    """
    first, second = table_html(truth), table_html(predicted)
    sizes = table_tree(first).size, table_tree(second).size
    if sizes[0] * sizes[1] > MOST_WORK:
        return {
            "teds": 0.0,
            "teds_structure": 0.0,
        }, f"trees of {sizes[0]:,} and {sizes[1]:,} nodes are too large"
    return {"teds": teds(first, second), "teds_structure": teds(first, second, structure_only=True)}, ""


def table_html(code: str) -> str:
    """A table's code as HTML: as it is, or from Markdown."""
    return code if "<table" in code else str(MarkdownIt("commonmark").enable("table").render(code))


def cells_exact(truth: str, predicted: str) -> float:
    """Share of the grid positions of the true table, spans filled in, whose text is the same."""
    right, found = _positions(table_tree(truth)), _positions(table_tree(predicted))
    if not right:
        return 1.0
    return sum(found.get(place) == text for place, text in right.items()) / len(right)


def normalised(text: str) -> str:
    """Text without white space and with plain dashes, quotes and arrows, which look alike in a picture."""
    return re.sub(r"\s+", "", text.translate(_SAME))


def table_tree(markup: str) -> Node:
    """The first table of some HTML as a tree of rows and cells; a lone node where there is none."""
    try:
        document = html.fromstring(markup) if markup.strip() else None
    except (etree.ParserError, ValueError):
        document = None
    if document is None:
        return Node("table")
    table = document if document.tag == "table" else next(document.iter("table"), None)
    if table is None:
        return Node("table")
    rows = []
    for row in table.iter("tr"):
        cells = tuple(
            Node(
                "td",
                _span(cell, "colspan"),
                _span(cell, "rowspan"),
                normalised(" ".join(map(str, cell.itertext()))),
            )
            for cell in row
            if cell.tag in _TABLE_TAGS
        )
        rows.append(Node("tr", children=cells))
    return Node("table", children=tuple(rows))


def _span(cell: html.HtmlElement, name: str) -> int:
    try:
        return min(1000, max(1, int(cell.get(name, "1"))))
    except ValueError:
        return 1


def _positions(tree: Node) -> dict[tuple[int, int], str]:
    taken: dict[tuple[int, int], str] = {}
    for row, line in enumerate(tree.children):
        column = 0
        for cell in line.children:
            while (row, column) in taken:
                column += 1
            for r in range(cell.rowspan):
                for c in range(cell.colspan):
                    taken[row + r, column + c] = cell.text
            column += cell.colspan
    return taken


def _distance(first: str, second: str) -> int:
    """Levenshtein distance."""
    before = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        now = [i]
        for j, b in enumerate(second, 1):
            now.append(min(before[j] + 1, now[-1] + 1, before[j - 1] + (a != b)))
        before = now
    return before[-1]


class _Costs(Config):  # type: ignore[misc]  # the library ships no types
    def __init__(self, structure_only: bool) -> None:
        self._structure_only = structure_only
        self._known: dict[tuple[str, str], float] = {}

    def children(self, node: Node) -> tuple[Node, ...]:
        return node.children

    def rename(self, first: Node, second: Node) -> float:
        if (first.tag, first.colspan, first.rowspan) != (second.tag, second.colspan, second.rowspan):
            return 1.0
        if self._structure_only or first.text == second.text:
            return 0.0
        pair = (first.text, second.text)
        if pair not in self._known:
            self._known[pair] = _distance(*pair) / max(len(first.text), len(second.text))
        return self._known[pair]
