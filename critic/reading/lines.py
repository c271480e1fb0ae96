"""A line of text in a picture."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from critic.types import Box


class TextLine(BaseModel):
    """One line of text as OCR saw it."""

    model_config = ConfigDict(frozen=True)

    text: str
    score: float
    box: Box
