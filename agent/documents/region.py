"""A table or figure on a page of a document, or on a picture that holds several: a picture of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from agent.documents.chosen import numbers_in
from agent.errors import InputError
from critic.types import Box
from renderers.files import open_regular
from renderers.pictures import frames_in, load_laid, load_picture
from renderers.types import Image, Kind

if TYPE_CHECKING:
    from agent.documents.continued import Sight
    from agent.documents.pdf import Document
    from critic.reading.ocr import TextLine
    from critic.reading.reader import Reader

Whole = Literal["", "page", "frame"]

_POINTS = 72.0
_MAGIC = b"%PDF-"
_WITHIN = 1024
"""Bytes among which a PDF's first words stand; some have others before them."""


class Cut(NamedTuple):
    """A region's pixels, and what its document says that they say."""

    pixels: Image
    lines: tuple[TextLine, ...] = ()


class Piece(NamedTuple):
    """Where a table goes on: page and box, as of ``Region``."""

    page: int
    box: Box


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
        whole: ``page`` or ``frame`` where it is all of one; empty for a part. The kind is then not known.
        pieces: Where it goes on, on later pages.
        held: What ``load`` gives, where the file may not be at hand.
    """

    source: Path
    page: int | None
    number: int
    kind: Kind | None
    box: Box
    confidence: float = 1.0
    whole: Whole = ""
    pieces: tuple[Piece, ...] = ()
    held: Cut | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """What it is called in reports."""
        if self.whole:
            return f"{self.source.name}, {self.whole} {self.page}"
        page = f"page {self.page}, " if self.page is not None else ""
        return f"{self.source.name}, {page}{self.kind or 'photograph'} {self.number}"

    @property
    def folder(self) -> str:
        """A name for its run folder."""
        if self.whole:
            return f"{self.source.stem}-{self.whole}-{self.page}"
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
            **({"goes_on": [_place(piece) for piece in self.pieces]} if self.pieces else {}),
        }

    @property
    def note(self) -> str:
        """What is worth knowing about it; empty where nothing is."""
        if not self.pieces:
            return ""
        pages = ", ".join(str(piece.page) for piece in self.pieces)
        return f"the table begins on page {self.page} and goes on on page {pages}; its parts are joined"

    def load(self) -> Cut:
        """Its pixels, and the text that the document has for them.

        Raises:
            InputError: The document is gone or broken.
            PictureError: The picture is.
        """
        if self.held is not None:
            return self.held
        from agent.documents.regions import cut

        if self.whole == "frame":
            return Cut(load_laid(self.source, frame=self.page or 1).pixels)
        if self.page is None:
            return Cut(*cut(load_picture(self.source), (), self.box))
        from agent.documents.continued import stacked
        from agent.documents.pdf import Document

        cuts = []
        with Document(self.source) as document:
            for number, box in ((self.page, self.box), *self.pieces):
                page = document.page(number)
                scale = page.dots / _POINTS
                part = Cut(*cut(page.pixels, page.lines, Box(*(edge * scale for edge in box))))
                cuts.append(Cut(page.pixels, page.lines) if self.whole else part)
        return stacked(cuts) if len(cuts) > 1 else cuts[0]


def is_pdf(path: Path) -> bool:
    """Whether a file is a PDF, by its first words."""
    try:
        with open_regular(path) as file:
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
        found = find_regions(load_picture(path), (), reader)
        for number, one in enumerate(found, start=1):
            yield Region(path, None, number, one.kind, one.box, one.confidence)
        return
    from agent.documents.continued import joined
    from agent.documents.pdf import Document

    with Document(path) as document:
        seen = (_on_page(path, document, number, reader) for number in document.chosen(pages))
        yield from joined(seen)


def wholes_of(path: Path, pages: str | None = None) -> list[Region]:
    """Pages of a PDF, or frames of a picture that has several, each as one picture.

    Args:
        path: The file.
        pages: Which ones, such as ``1-4,7``; all of them by default.

    Raises:
        InputError: It cannot be opened, or has no such pages or frames.
    """
    if is_pdf(path):
        from agent.documents.pdf import Document

        with Document(path) as document:
            sizes = {number: document.size(number) for number in document.chosen(pages)}
        return [
            Region(path, number, 1, None, Box(0.0, 0.0, *size), whole="page")
            for number, size in sizes.items()
        ]
    count, size = frames_in(path)
    if count == 1:
        raise InputError(f"--pages {pages}: {path} is one picture; PDF files have pages, animations frames")
    chosen = numbers_in(pages, count, str(path), "frames") if pages else range(1, count + 1)
    return [Region(path, number, 1, None, Box(0.0, 0.0, *size), whole="frame") for number in chosen]


def several_on(path: Path, reader: Reader) -> list[Region]:
    """The tables or panels of a picture that is plainly of several; none where it is of one.

    Raises:
        PictureError: It cannot be read.
    """
    from agent.documents.several import several_of

    found = several_of(load_picture(path), reader)
    return [
        Region(path, None, number, one.kind, one.box, one.confidence)
        for number, one in enumerate(found, start=1)
    ]


def _on_page(path: Path, document: Document, number: int, reader: Reader) -> Sight:
    from agent.documents.continued import Sight
    from agent.documents.regions import find_regions

    page = document.page(number)
    scale = page.dots / _POINTS
    found = find_regions(page.pixels, page.lines, reader, page.pictures)
    lines = page.lines or (reader.lines(page.pixels) if found else ())  # as it was looked through
    regions = [
        Region(path, number, count, one.kind, _in_points(one.box, scale), one.confidence)
        for count, one in enumerate(found, start=1)
    ]
    said = (line.model_copy(update={"box": _in_points(line.box, scale)}) for line in lines)
    return Sight(regions, tuple(said), page.pixels.shape[0] / scale)


def _in_points(box: Box, scale: float) -> Box:
    return Box(*(edge / scale for edge in box))


def _place(piece: Piece) -> dict[str, Any]:
    return {"page": piece.page, "box": [round(edge, 1) for edge in piece.box]}
