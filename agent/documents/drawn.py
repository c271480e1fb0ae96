"""A drawing as a reference: an SVG file, drawn in the sandbox as large as it says that it is."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

from lxml import etree

from agent.background import BackgroundLoop
from renderers.errors import PictureError
from renderers.pictures import read_file
from renderers.service import Renderers
from renderers.types import Image, Kind, Language, Render, Size

_ENDINGS = (".svg", ".svgz")
_MAX_BYTES = 20_000_000
"""Of a drawing, unpacked: larger ones are not drawn."""

_SMALLEST, _LARGEST = 336, 2000
"""Pixels of the longer side: an icon is drawn larger than it says, and a poster smaller."""

_USUAL = (300.0, 150.0)
"""Width and height of a drawing that names none, as CSS has it."""

_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""CSS pixels in a unit."""


def is_drawing(path: Path) -> bool:
    """Whether a file is called as SVG is."""
    return path.suffix.lower() in _ENDINGS


def pixels_of(path: Path) -> Image:
    """A drawing on white.

    Args:
        path: An SVG file, compressed or not.

    Raises:
        PictureError: It is missing, no SVG, or refused by the sandbox.
    """
    content = _content(path)
    size = size_in(content, str(path))
    loop = BackgroundLoop()
    try:
        drawn = loop.run(_drawn(content.decode("utf-8", "replace"), size))
    finally:
        loop.close()
    if drawn.image is None:
        raise PictureError(f"{path}: the drawing cannot be drawn ({' '.join(drawn.log.split())[:200]})")
    return drawn.image


def size_in(content: bytes, name: str) -> Size:
    """How large a drawing is drawn: as it says, within bounds.

    Args:
        content: The SVG.
        name: What to call it in an error message.

    Raises:
        PictureError: It is no SVG.
    """
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise PictureError(f"{name}: is no SVG ({str(error)[:120]})") from error
    if etree.QName(root).localname != "svg":
        raise PictureError(f"{name}: is no SVG, its root is <{etree.QName(root).localname}>")
    shown = _shown(root.get("viewBox", "")) or _USUAL
    given = _length(root.get("width")), _length(root.get("height"))
    width = given[0] or (given[1] * shown[0] / shown[1] if given[1] else shown[0])
    height = given[1] or width * shown[1] / shown[0]
    scale = max(1.0, _SMALLEST / max(width, height)) * min(1.0, _LARGEST / max(width, height))
    return Size(max(1, round(width * scale)), max(1, round(height * scale)))


def _content(path: Path) -> bytes:
    content = read_file(path, str(path))
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(content)) as file:
                content = file.read(_MAX_BYTES + 1)
        except (OSError, EOFError) as error:
            raise PictureError(f"{path}: is damaged ({error})") from error
    if len(content) > _MAX_BYTES:
        raise PictureError(f"{path}: larger than {_MAX_BYTES // 1_000_000} MB; simplify it first")
    return content


def _shown(box: str) -> tuple[float, float] | None:
    """Width and height of a view box."""
    try:
        _, _, width, height = map(float, box.replace(",", " ").split())
    except ValueError:
        return None
    return (width, height) if 0 < width < float("inf") and 0 < height < float("inf") else None


def _length(value: str | None) -> float:
    """A length in CSS pixels; 0 where none is given, or one that depends on what is around it."""
    text = (value or "").strip().lower()
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz%")
    try:
        length = float(digits) * _PIXELS[text[len(digits) :].strip()]
    except (ValueError, KeyError):
        return 0.0
    return length if 0 < length < float("inf") else 0.0


async def _drawn(code: str, size: Size) -> Render:
    async with Renderers(cache_bytes=0) as renderers:
        return await renderers.render(Kind.SVG, code, Language.SVG, size)
