"""What a person or an agent says is wrong, as the studio's page and the MCP tools take it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from agent.errors import InputError
from critic.types import CATEGORIES, Box, Cause, Discrepancy, Element, Severity
from renderers.types import Kind

_PROPOSED = {
    Cause.TEXT: ("text_error", "text_symbol_error"),
    Cause.RECOLOURED: ("style_error",),
    Cause.EXTRA: ("element_error", "shape_error", "structure_error"),
    Cause.MISSING: ("element_error", "shape_error", "structure_error"),
}
"""Categories that a cause is of, in kinds that have them."""


def proposed(kind: Kind, cause: Cause | None) -> str:
    """The category of a kind that a cause is of; the kind's first where it is of none."""
    names = CATEGORIES[kind]
    wanted = () if cause is None else _PROPOSED.get(cause, ())
    return next((name for name in wanted if name in names), names[0])


class Said(BaseModel):
    """What is wrong with a render; it outranks what the critic says.

    Without a model server only what has a box and a cause is acted on.
    """

    description: str = Field(max_length=2000, description="what is wrong, or what is wanted")
    category: str | None = Field(default=None, description="one of the kind's; by default that of the cause")
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
            InputError: The kind has no such category, or the box is empty.
        """
        names = CATEGORIES[kind]
        if self.category is not None and self.category not in names:
            raise InputError(f"a {kind} has no category {self.category!r}; choose one of {', '.join(names)}")
        box = Box(*self.box) if self.box else None
        if box is not None and box.is_empty:
            raise InputError(f"the box {self.box} is empty; give left, top, right, bottom")
        cause = Cause(self.cause) if self.cause else None
        return Discrepancy(
            category=self.category or proposed(kind, cause),
            severity=self.severity,
            description=self.description,
            box=box,
            cause=cause,
            element=Element(kind=self.part) if self.part else None,
            reference=self.wanted,
            source=self.source,
        )
