"""An element of the document in the making: its tag, its role and how it is styled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from agent.generators.embedded.page.flow.nodes import Node
from critic.types import Box

Style = dict[str, str]
"""CSS declarations."""


@dataclass(slots=True)
class Element:
    """A tag with what it holds.

    Attributes:
        tag: Its name.
        role: What it is on the page, which its class is named by.
        node: The box that it stands for; None for what only structures (``li``, ``label``).
        look: How it is painted and set.
        place: Where it stands among its siblings, and how its children do.
        narrow: What changes on a narrow screen.
        attributes: Other attributes.
        text: Markup that it holds before its children, escaped already.
        children: In the order of the document.
        classes: Named by the sheet.
        room: What its parent gives it, for a group, whose own edges are not seen.
    """

    tag: str
    role: str
    node: Node | None = None
    look: Style = field(default_factory=dict)
    place: Style = field(default_factory=dict)
    narrow: Style = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)
    classes: tuple[str, ...] = ()
    room: Box | None = None

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()
