from .errors import (
    BrowserError,
    ChoiceError,
    LanguageError,
    PictureError,
    PluginError,
    RendererError,
    WorkerError,
)
from .formats import FORMATS, FormatSpec
from .kinds import KINDS, KindSpec
from .pictures import load_picture
from .registry import Registry
from .service import Renderers
from .types import LANGUAGES, Image, Kind, Language, Render, Renderer, RenderStatus, Size

__all__ = [
    "FORMATS",
    "KINDS",
    "LANGUAGES",
    "BrowserError",
    "ChoiceError",
    "FormatSpec",
    "Image",
    "Kind",
    "KindSpec",
    "Language",
    "LanguageError",
    "PictureError",
    "PluginError",
    "Registry",
    "Render",
    "RenderStatus",
    "Renderer",
    "RendererError",
    "Renderers",
    "Size",
    "WorkerError",
    "load_picture",
]
