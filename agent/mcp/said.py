"""What a person or an agent says is wrong, as a tool takes it."""

from __future__ import annotations

from typing import Literal

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from critic.types import CATEGORIES, Box, Cause, Discrepancy, Element, Severity
from renderers.types import Kind


class Said(BaseModel):
    """What is wrong with a render; it outranks what the critic says.

    Without a model server only what has a box and a cause is acted on.
    """

    description: str = Field(max_length=2000, description="what is wrong, or what is wanted")
    category: str | None = Field(default=None, description="one of the kind's; the first by default")
    severity: Severity = 2
    box: tuple[float, float, float, float] | None = Field(
        default=None, description="left, top, right, bottom in the reference's pixels; the whole by default"
    )
    cause: Literal["text", "recoloured", "extra", "missing"] | None = None
    part: Literal["text", "fill"] | None = Field(default=None, description="what a colour is meant for")
    wanted: str | None = Field(default=None, description="the right text, or the right colour (#rrggbb)")
    source: Literal["human", "agent"] = Field(default="agent", description="who says so")

    def discrepancy(self, kind: Kind) -> Discrepancy:
        """As the loop has it.

        Raises:
            ToolError: The kind has no such category, or the box is empty.
        """
        names = CATEGORIES[kind]
        if self.category is not None and self.category not in names:
            raise ToolError(f"a {kind} has no category {self.category!r}; choose one of {', '.join(names)}")
        box = Box(*self.box) if self.box else None
        if box is not None and box.is_empty:
            raise ToolError(f"the box {self.box} is empty; give left, top, right, bottom")
        return Discrepancy(
            category=self.category or names[0],
            severity=self.severity,
            description=self.description,
            box=box,
            cause=Cause(self.cause) if self.cause else None,
            element=Element(kind=self.part) if self.part else None,
            reference=self.wanted,
            source=self.source,
        )
