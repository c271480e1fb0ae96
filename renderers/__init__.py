"""Code to picture: a renderer a kind, behind one service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from renderers.errors import BrowserError, LanguageError, PictureError, RendererError, WorkerError
from renderers.pictures import load_picture
from renderers.types import LANGUAGES, Image, Kind, Language, Render, Renderer, RenderStatus, Size

if TYPE_CHECKING:
    from renderers.service import Renderers

__all__ = [
    "LANGUAGES",
    "BrowserError",
    "Image",
    "Kind",
    "Language",
    "LanguageError",
    "PictureError",
    "Render",
    "RenderStatus",
    "Renderer",
    "RendererError",
    "Renderers",
    "Size",
    "WorkerError",
    "load_picture",
]


def __getattr__(name: str) -> object:
    """``Renderers`` on demand: worker processes import this package and need no browser."""
    if name == "Renderers":
        from renderers.service import Renderers

        return Renderers
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
