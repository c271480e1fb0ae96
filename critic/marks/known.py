"""What charts are made of: one line each. Distributions add more by entry points of the same form."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, SerializeAsAny

from critic.marks.base import Mark
from critic.marks.projections import Projection
from critic.marks.registry import Registry

__all__ = ["MARKS", "PROJECTIONS", "AnyProjection", "Series"]

MARKS: Registry[Mark] = Registry(
    Mark,  # type: ignore[type-abstract]
    "type",
    "chart mark",
    {
        "bars": "critic.marks.bars:Bars",
        "steps": "critic.marks.steps:Steps",
        "errors": "critic.marks.errors:ErrorBars",
        "points": "critic.marks.points:Points",
        "line": "critic.marks.line:Line",
        "stems": "critic.marks.stems:Stems",
        "area": "critic.marks.area:Area",
        "shape": "critic.marks.shape:Shape",
        "radar": "critic.marks.radar:Radar",
        "candles": "critic.marks.candles:Candles",
        "boxes": "critic.marks.boxes:Boxes",
        "ring": "critic.marks.ring:Ring",
        "heatmap": "critic.marks.heatmap:Grid2D",
        "colourbar": "critic.marks.colourbar:ColourBar",
    },
    "lookalike.marks",
)
"""The marks there are. Who comes first is asked first, which spares time and decides nothing else."""

PROJECTIONS: Registry[Projection] = Registry(
    Projection,  # type: ignore[type-abstract]
    "type",
    "projection",
    {
        "rectilinear": "critic.marks.projections:Rectilinear",
        "bare": "critic.marks.projections:Bare",
        "polar": "critic.marks.polar:Polar",
        "twin": "critic.marks.twin:Twin",
    },
    "lookalike.projections",
)
"""The kinds of axes there are."""


def _mark(value: Any) -> Any:
    return MARKS.read_back(value)


def _projection(value: Any) -> Any:
    return PROJECTIONS.read_back(value)


Series = Annotated[SerializeAsAny[Mark], BeforeValidator(_mark)]
"""A field that holds any mark that is registered."""
AnyProjection = Annotated[SerializeAsAny[Projection], BeforeValidator(_projection)]
"""A field that holds any projection that is registered."""
