"""What a critic says: discrepancies with a place, and the critique that holds them."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from renderers.types import Image, Kind

Severity = Literal[1, 2, 3]
"""1 minor, 2 medium, 3 severe."""

CATEGORIES: dict[Kind, tuple[str, ...]] = {
    Kind.CHART: ("structure_error", "data_error", "text_error", "style_error"),
    Kind.SVG: ("structure_error", "shape_error", "style_error", "text_symbol_error"),
    Kind.TABLE: ("layout_error", "text_error", "numeric_error"),
    Kind.PAGE: ("layout_error", "element_error", "text_error", "style_error"),
}
"""Visual-ERM's categories for its three kinds (arXiv 2603.13224), and ours for pages."""


class Box(NamedTuple):
    """A rectangle in the reference's pixels: left, top, right, bottom (the last two exclusive)."""

    x0: float
    y0: float
    x1: float
    y1: float


class Discrepancy(BaseModel):
    """One difference between the reference and a render, in Visual-ERM's terms."""

    model_config = ConfigDict(frozen=True)

    category: str
    severity: Severity
    location: str = ""
    description: str
    box: Box | None = None


class Critique(BaseModel):
    """All that one critic says of one render.

    Attributes:
        critic: Who said so.
        discrepancies: The differences, most severe first.
        similarity: Continuous likeness of the pixels, 0..1 (see ``critic.similarity``).
        seconds: Time it took.
    """

    model_config = ConfigDict(frozen=True)

    critic: str
    discrepancies: tuple[Discrepancy, ...] = ()
    similarity: float = Field(ge=0.0, le=1.0)
    seconds: float = 0.0


class Critic(Protocol):
    """Compares a reference with a render."""

    name: str

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``."""
        ...


def by_severity(discrepancies: list[Discrepancy]) -> tuple[Discrepancy, ...]:
    """Most severe first; otherwise in the order given."""
    return tuple(sorted(discrepancies, key=lambda item: -item.severity))
