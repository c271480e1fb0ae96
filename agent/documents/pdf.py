"""PDF by PDFium: a page at a time, as pixels with the lines of text that it says it has."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from agent.documents.chosen import numbers_in
from agent.errors import InputError
from critic.reading.ocr import TextLine
from critic.types import Box
from renderers.files import read_regular
from renderers.types import Image

_LOCK = threading.Lock()
"""PDFium is not to be called from two threads at once."""

_MAX_BYTES = 500_000_000
_MAX_PAGES = 200
"""Pages that are read unasked: a paper or a report; a book takes hours, so that it is asked for."""

_DOTS = 144.0
"""Dots per inch at which a page is drawn: text of 9 points is then as large as on a screen."""

_POINTS = 72.0
_LARGEST = 6000.0
"""Pixels along the longest side of a page; a larger one (a poster) is drawn with fewer dots per inch."""

_SMALLEST = 3.0
"""Points along the shortest side below which there is nothing to see."""

_MANY_RUNS = 20_000
"""Runs of text that a page is believed to have: a full page of a newspaper has some thousands."""

_SURE = 1.0


@dataclass(frozen=True)
class Page:
    """A page as it is seen.

    Attributes:
        number: From 1.
        pixels: RGB, on white.
        lines: What it says, run by run, in its pixels; none where it is a scan.
        pictures: Boxes of the raster pictures on it.
        dots: Dots per inch.
    """

    number: int
    pixels: Image
    lines: tuple[TextLine, ...]
    pictures: tuple[Box, ...]
    dots: float


class Document:
    """A PDF; use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            InputError: It is missing, encrypted or no PDF.
        """
        import pypdfium2

        self._name = str(path)
        self._pdfium: Any = pypdfium2
        try:
            content = read_regular(path, _MAX_BYTES)
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', error)})") from error
        with _LOCK:
            try:
                self._document = pypdfium2.PdfDocument(content)
                self.pages = len(self._document)
            except pypdfium2.PdfiumError as error:
                if "assword" in str(error):
                    raise InputError(f"{path}: is encrypted; save it without its password first") from error
                raise InputError(f"{path}: is no PDF, or a broken one") from error
        if not self.pages:
            raise InputError(f"{path}: has no pages")

    def chosen(self, pages: str | None) -> list[int]:
        """The numbers of the pages that are asked for.

        Args:
            pages: Such as ``3``, ``1-4,7`` or ``5-``; all of them by default.

        Raises:
            InputError: There are no such pages, or too many to take unasked.
        """
        if pages is None:
            if self.pages > _MAX_PAGES:
                raise InputError(
                    f"{self._name}: has {self.pages:,} pages, more than {_MAX_PAGES}; "
                    "choose some with --pages, such as --pages 1-20"
                )
            return list(range(1, self.pages + 1))
        return numbers_in(pages, self.pages, self._name)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page, in points."""
        with _LOCK:
            width, height = self._document.get_page_size(number - 1)
        return float(width), float(height)

    def page(self, number: int) -> Page:
        """A page, drawn and read.

        Raises:
            InputError: It is broken.
        """
        with _LOCK:
            try:
                return self._page(number)
            except self._pdfium.PdfiumError as error:
                raise InputError(f"{self._name}: page {number} is broken ({error})") from error

    def _page(self, number: int) -> Page:
        page = self._document[number - 1]
        try:
            sides = page.get_size()
            if min(sides) < _SMALLEST:
                raise InputError(f"{self._name}: page {number} is too small to hold anything")
            scale = min(_DOTS / _POINTS, _LARGEST / max(sides))
            bitmap = page.render(scale=scale, rev_byteorder=True)
            pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
            place = bitmap.get_posconv(page)
            lines = _lines(page, place)
            pictures = [
                _box(place, item.get_bounds())
                for item in page.get_objects(filter=[self._pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
            ]
            bitmap.close()
            return Page(number, pixels, lines, tuple(pictures), scale * _POINTS)
        finally:
            page.close()

    def close(self) -> None:
        """Release it."""
        with _LOCK:
            self._document.close()

    def __enter__(self) -> Self:
        """The document itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release it."""
        self.close()


def _lines(page: Any, place: Any) -> tuple[TextLine, ...]:
    """The runs of text: what stands in one line and one face without a gap."""
    text = page.get_textpage()
    try:
        found = []
        for index in range(min(text.count_rects(), _MANY_RUNS)):
            edges = text.get_rect(index)
            said = " ".join(text.get_text_bounded(*edges).split())
            box = _box(place, edges)
            if said and box.width > 0 and box.height > 0:
                found.append(TextLine(text=said, score=_SURE, box=box, told=True))
        return tuple(found)
    finally:
        text.close()


def _box(place: Any, edges: tuple[float, float, float, float]) -> Box:
    """Left, bottom, right and top in the page's units as pixels."""
    left, bottom, right, top = edges
    (x0, y0), (x1, y1) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
    return Box(float(min(x0, x1)), float(min(y0, y1)), float(max(x0, x1)), float(max(y0, y1)))
