"""A table or figure on a page of a document, or on a picture that holds several: a picture of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.errors import InputError
from critic.types import Box
from renderers.types import Image, Kind

if TYPE_CHECKING:
    from agent.documents.pdf import Document
    from critic.reading.ocr import TextLine
    from critic.reading.reader import Reader

_POINTS = 72.0
_MAGIC = b"%PDF-"
_WITHIN = 1024
"""Bytes among which a PDF's first words stand; some have others before them."""


class Cut(NamedTuple):
    """A region's pixels, and what its document says that they say."""

    pixels: Image
    lines: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """A table or figure, where it is.

    Attributes:
        source: The file.
        page: From 1; None on a picture.
        number: On its page, from 1, from top to bottom.
        kind: What it shows; None for a photograph or the like.
        box: Where it is, in points (1/72 inch) from the page's top left corner; of a picture in pixels.
        confidence: How sure the kind is, 0..1.
    """

    source: Path
    page: int | None
    number: int
    kind: Kind | None
    box: Box
    confidence: float = 1.0

    @property
    def name(self) -> str:
        """What it is called in reports."""
        page = f"page {self.page}, " if self.page is not None else ""
        return f"{self.source.name}, {page}{self.kind or 'photograph'} {self.number}"

    @property
    def folder(self) -> str:
        """A name for its run folder."""
        page = f"p{self.page}-" if self.page is not None else ""
        return f"{self.source.stem}-{page}{self.number}"

    def to_json(self) -> dict[str, Any]:
        """Where it comes from, as ``run.json`` and ``lookalike regions --json`` say it."""
        return {
            "source": str(self.source),
            "page": self.page,
            "number": self.number,
            "kind": self.kind.value if self.kind else None,
            "box": [round(edge, 1) for edge in self.box],
            "confidence": round(self.confidence, 3),
        }

    def load(self) -> Cut:
        """Its pixels, and the text that the document has for them.

        Raises:
            InputError: The document is gone or broken.
            PictureError: The picture is.
        """
        from agent.documents.regions import cut

        if self.page is None:
            from renderers.pictures import load_picture

            return Cut(*cut(load_picture(self.source), (), self.box))
        from agent.documents.pdf import Document

        with Document(self.source) as document:
            page = document.page(self.page)
        scale = page.dots / _POINTS
        return Cut(*cut(page.pixels, page.lines, Box(*(edge * scale for edge in self.box))))


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF, by its first words."""
    try:
        with path.open("rb") as file:
            return _MAGIC in file.read(_WITHIN)
    except (OSError, ValueError):
        return False


def regions_of(path: Path, reader: Reader, pages: str | None = None) -> Iterator[Region]:
    """The tables and figures of a PDF or of a picture, page by page.

    Args:
        path: The file.
        reader: The readings of the run.
        pages: Pages of a PDF, such as ``1-4,7``; all of them by default.

    Raises:
        InputError: It cannot be opened, or has no such pages.
        PictureError: The picture cannot be read.
    """
    from agent.documents.regions import find_regions

    if not is_pdf(path):
        if pages is not None:
            raise InputError(f"--pages {pages}: {path} is a picture; only a PDF has pages")
        from renderers.pictures import load_picture

        found = find_regions(load_picture(path), (), reader)
        for number, one in enumerate(found, start=1):
            yield Region(path, None, number, one.kind, one.box, one.confidence)
        return
    from agent.documents.pdf import Document

    with Document(path) as document:
        for page_number in document.chosen(pages):
            yield from _on_page(path, document, page_number, reader)


def several_on(path: Path, reader: Reader) -> list[Region]:
    """The tables or panels of a picture that is plainly of several; none where it is of one.

    Raises:
        PictureError: It cannot be read.
    """
    from agent.documents.several import several_of
    from renderers.pictures import load_picture

    found = several_of(load_picture(path), reader)
    return [
        Region(path, None, number, one.kind, one.box, one.confidence)
        for number, one in enumerate(found, start=1)
    ]


def _on_page(path: Path, document: Document, number: int, reader: Reader) -> Iterator[Region]:
    from agent.documents.regions import find_regions

    page = document.page(number)
    scale = page.dots / _POINTS
    for count, one in enumerate(find_regions(page.pixels, page.lines, reader, page.pictures), start=1):
        box = Box(*(edge / scale for edge in one.box))
        yield Region(path, number, count, one.kind, box, one.confidence)
