"""Code to picture: a renderer a kind, behind one service."""

from renderers.errors import BrowserError, LanguageError, PictureError, RendererError
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
    "load_picture",
]
