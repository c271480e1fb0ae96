"""What a renderer takes and gives: kinds, languages, sizes and renders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from renderers.formats import FORMATS
from renderers.kinds import KINDS, ByKind
from renderers.layout import PageLayout

Image = NDArray[np.uint8]
"""Pixels as an array of shape (height, width, 3), RGB, 0..255."""


class Kind(StrEnum):
    """What a picture shows; decides the renderer, the discrepancy categories and the prompts.

    Ours are members; one that an installed distribution adds (see ``renderers.kinds``) is had by its name.
    """

    CHART = "chart"
    TABLE = "table"
    SVG = "svg"
    PAGE = "page"

    @classmethod
    def _missing_(cls, value: object) -> Kind | None:
        return _added(cls, value) if value in KINDS else None


class Language(StrEnum):
    """What a piece of generated code is written in.

    Ours are members; one that an installed distribution adds (see ``renderers.formats``) is had by its name.
    """

    PYTHON = "python"
    HTML = "html"
    MARKDOWN = "markdown"
    SVG = "svg"

    @classmethod
    def _missing_(cls, value: object) -> Language | None:
        return _added(cls, value) if value in FORMATS else None

    @property
    def suffix(self) -> str:
        """File name ending, with its dot."""
        return FORMATS[self].suffix


Named = TypeVar("Named", bound=StrEnum)


def _added(names: type[Named], value: object) -> Named:
    """A name that is not listed in the enumeration, as a member of it: the same object each time."""
    member: Named = str.__new__(names, str(value))
    member._name_ = member._value_ = str(value)
    names._value2member_map_[member._value_] = member
    return member


LANGUAGES: Mapping[str, tuple[Language, ...]] = ByKind(lambda spec: tuple(map(Language, spec.formats)))
"""The languages each kind can be written in; the first is the default."""


class Size(NamedTuple):
    """A picture's size in pixels, and how many of them a CSS pixel has across.

    Attributes:
        width: In pixels of the picture.
        height: Likewise.
        scale: Pixels of the picture in a CSS pixel, as on finer screens; for what a browser draws.
    """

    width: int
    height: int
    scale: float = 1.0

    @property
    def window(self) -> Size:
        """The size in CSS pixels of the window that shows as much, a part of a pixel counted whole."""
        return Size(math.ceil(self.width / self.scale), math.ceil(self.height / self.scale))


class RenderStatus(StrEnum):
    """How a render ended; everything but ``ok`` is a failed render."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    BLANK = "blank"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Render:
    """Code made into pixels, or the reason it could not be.

    Attributes:
        status: How it ended.
        image: The pixels where the status is ``ok`` or ``blank``, else None.
        log: What the code printed, or why it failed; trimmed, for a revision to read.
        seconds: Wall-clock time it took.
        layout: Where the elements of a page are, in CSS pixels; None for what no browser lays out.
    """

    status: RenderStatus
    image: Image | None = None
    log: str = ""
    seconds: float = 0.0
    layout: PageLayout | None = None

    @property
    def ok(self) -> bool:
        """Whether there are pixels worth comparing."""
        return self.status is RenderStatus.OK


class Renderer(Protocol):
    """Turns code of one kind into pixels. Failures are data: ``render`` raises only for a broken set-up."""

    kind: Kind

    async def render(self, code: str, language: Language, size: Size | None = None) -> Render:
        """Render ``code``, at exactly ``size`` pixels where the kind allows."""
        ...

    async def aclose(self) -> None:
        """Release browsers, workers and files. Safe to call twice."""
        ...
