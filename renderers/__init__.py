"""Code to picture: a renderer a kind, behind one service."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renderers.errors import BrowserError, LanguageError, PictureError, RendererError, WorkerError
    from renderers.pictures import load_picture
    from renderers.service import Renderers
    from renderers.types import LANGUAGES, Image, Kind, Language, Render, Renderer, RenderStatus, Size

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

_HOME = {"Renderers": "renderers.service", "load_picture": "renderers.pictures"}


def __getattr__(name: str) -> object:
    """Names on demand: worker processes import this package and start faster without its dependencies."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOME.get(name) or ("renderers.errors" if name.endswith("Error") else "renderers.types")
    return getattr(import_module(home), name)
