"""A line of text in a picture."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from critic.types import Box


class TextLine(BaseModel):
    """One line of text as OCR saw it.

    Attributes:
        text: What it says.
        score: How sure that is, 0..1.
        box: Where it is, in pixels.
        told: Whether the document that the picture is of says so: then it is not read, and not mended.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    score: float
    box: Box
    told: bool = False
