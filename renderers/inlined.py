"""What a document brings along: pictures inlined as data, by what the browser loads, and refreshes."""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from lxml import etree
from PIL import Image as PILImage

MAX_PICTURE_PIXELS = 50_000_000
"""Pixels of all pictures of a document together; the browser takes four bytes for each."""

_NESTED = 4
"""Drawings within drawings that are looked into."""

_ENCODED = 5
"""Times that a document within a document may be written in entities."""

_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|(.))", re.DOTALL)
_IGNORED = str.maketrans("", "", "\t\r\n")
_META = re.compile(r"<meta(?=[\s/])", re.IGNORECASE)
_TAG = 4_000
"""Characters of a tag that are looked at."""

_DRAWING = re.compile(r"data:image/svg\+xml[^,]{0,200},", re.IGNORECASE)
_DRAWING_END = re.compile(r"</svg|%3c/svg", re.IGNORECASE)
_PACKED = re.compile(r"[A-Za-z0-9+/=\s]*")
_MOTION, _STILL = "keyframes", "stillness"
"""What makes a style's animations, and a rule that no style has."""

_DATA = re.compile(r"data:[^\"'()<>\s,]{0,200},[^\"'()<>]*", re.IGNORECASE)
_SURROGATES, _LAST_SURROGATE, _LAST = 0xD800, 0xDFFF, 0x10FFFF
"""Code points that stand for no sign, from the first to the last of them, and the last one of Unicode."""


def brings_data(plain: str) -> bool:
    """Whether there may be a data URI in a document, however it is written, by its text in plain form."""
    return "data:" in plain


def without_refresh(document: str, plain: str) -> str:
    """The document, with what would load another one in its place made harmless: a ``link`` of no kind."""
    if "refresh" not in plain:
        return document
    pieces = _META.split(document)
    return pieces[0] + "".join(
        ("<link" if "refresh" in plainly(piece[:_TAG]) else "<meta") + piece for piece in pieces[1:]
    )


def with_still_drawings(document: str, plain: str) -> str:
    """The document, with drawings that it shows as pictures without animations of their own styles.

    Such a picture keeps a time of its own, which nothing outside can stop: it would be another one each time.
    """
    if "image/svg" not in plain:
        return document
    pieces, end = [], 0
    for match in _DRAWING.finditer(document):
        if match.start() < end:  # within another one
            continue
        pieces.append(document[end : match.end()])
        packed = match[0].rstrip(",").lower().endswith(";base64")
        found = (_PACKED.match if packed else _DRAWING_END.search)(document, match.end())
        end = found.end() if found else len(document)
        body = document[match.end() : end]
        pieces.append(_unpacked_still(body) if packed else body.replace(_MOTION, _STILL))
    return "".join(pieces) + document[end:]


def _unpacked_still(body: str) -> str:
    try:
        content = base64.b64decode(body)
    except (binascii.Error, ValueError):
        return body
    still = content.replace(_MOTION.encode(), _STILL.encode())
    return body if still == content else base64.b64encode(still).decode()


def plainly(text: str) -> str:
    """Text as a browser comes to see it, with whatever entities, escapes and line breaks it is written."""
    for _ in range(_ENCODED):
        if "&" not in text:
            break
        text = html.unescape(text)
    return unescaped(text).translate(_IGNORED).lower()


def unescaped(css: str) -> str:
    """A style sheet with its escapes written out."""
    return _ESCAPE.sub(_character, css) if "\\" in css else css


def _character(match: re.Match[str]) -> str:
    if match[2] is not None:
        return "" if match[2] in "\r\n\f" else match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < _SURROGATES or _LAST_SURROGATE < code <= _LAST else "\ufffd"


def pixels_of_frames(tree: dict[str, Any]) -> int:
    """Pixels of all pictures that a page has loaded, by the protocol's tree of frames and resources."""
    found = {url for frame in _frames(tree) for url in _pictures_in(frame)}
    return sum(pixels_of(url) for url in found)


def _pictures_in(frame: dict[str, Any]) -> Iterator[str]:
    """The addresses of a frame's pictures; its own where a picture is all that it shows."""
    if frame["frame"]["mimeType"].startswith("image/"):
        yield frame["frame"]["url"]
    yield from (entry["url"] for entry in frame.get("resources", ()) if entry["type"] == "Image")


def _frames(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        frame = waiting.pop()
        yield frame
        waiting += frame.get("childFrames", ())


def pixels_of(uri: str, depth: int = 0) -> int:
    """Pixels of an inlined picture by its header, and of a drawing by the pictures in it; 0 for none."""
    head, comma, body = uri.partition(",")
    if not comma or head[:5].lower() != "data:":
        return 0
    data = unquote_to_bytes(body)
    if head.rstrip().lower().endswith("base64"):
        try:
            data = base64.b64decode(data + b"==", validate=False)
        except (binascii.Error, ValueError):
            return 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with PILImage.open(io.BytesIO(data)) as picture:
                return picture.width * picture.height
    except PILImage.DecompressionBombError:
        return MAX_PICTURE_PIXELS + 1
    except Exception:  # decoders raise anything at all; what is left is a drawing, or nothing
        return _pixels_in_drawing(data, depth)


def _pixels_in_drawing(data: bytes, depth: int) -> int:
    parser = etree.XMLParser(resolve_entities=True, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return 0
    if root is None:
        return 0
    if depth == _NESTED:
        return MAX_PICTURE_PIXELS + 1
    texts = (
        text
        for element in root.iter(etree.Element)
        for text in (*element.attrib.values(), element.text or "")
    )
    uris = (match[0] for text in texts for match in _DATA.finditer(unescaped(str(text)).translate(_IGNORED)))
    return sum(pixels_of(uri, depth + 1) for uri in uris)
