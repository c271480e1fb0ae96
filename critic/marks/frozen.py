"""The base of all values that describe a chart."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes; copies are made with ``model_copy``."""

    model_config = ConfigDict(frozen=True)
