"""The marks that come with the package: one line each."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, SerializeAsAny

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.base import MARKS, Mark
from critic.marks.boxes import Boxes
from critic.marks.colourbar import ColourBar
from critic.marks.errors import ErrorBars
from critic.marks.heatmap import Grid2D
from critic.marks.line import Line
from critic.marks.points import Points
from critic.marks.projections import PROJECTIONS, Projection
from critic.marks.ring import Ring
from critic.marks.shape import Shape
from critic.marks.stems import Stems
from critic.marks.steps import Steps
from renderers.registry import Registry as Added

__all__ = ["MARKS", "PROJECTIONS", "AnyProjection", "Series"]

MARKS.add(Bars, Steps, Line, ErrorBars, Stems, Points, Area, Shape, Boxes, Ring, Grid2D, ColourBar)

ADDED: Added[type[Mark]] = Added("lookalike.marks", "chart mark", {}, by_path=False)
"""The marks that installed distributions add."""

MARKS.add(*(ADDED[name] for name in ADDED.names()))


def _mark(value: Any) -> Any:
    return MARKS.read_back(value)


def _projection(value: Any) -> Any:
    return PROJECTIONS.read_back(value)


Series = Annotated[SerializeAsAny[Mark], BeforeValidator(_mark)]
"""A field that holds any mark that is registered."""
AnyProjection = Annotated[SerializeAsAny[Projection], BeforeValidator(_projection)]
"""A field that holds any projection that is registered."""
