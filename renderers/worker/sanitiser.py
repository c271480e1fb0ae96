"""SVG made harmless before it is drawn: nothing from outside, nothing that runs, all of it bounded."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections import Counter
from urllib.parse import unquote_to_bytes

from lxml import etree
from PIL import Image as PILImage

from renderers.inlined import unescaped
from renderers.worker.cairo_svg import is_drawing

MAX_DEPTH = 100
MAX_ELEMENTS = 50_000
MAX_DRAWN = 200_000
MAX_STYLED = 2_000_000
MAX_REGION = 20_000.0
MAX_PICTURE_PIXELS = 20_000_000

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_NOTHING = ("", "#")
"""References that a browser follows nowhere, and CairoSVG to the document itself, without end."""
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_NEVER = {
    "script",
    "foreignObject",
    "iframe",
    "embed",
    "object",
    "audio",
    "video",
    "canvas",
    "handler",
    "listener",
    "tref",
}
_REGIONS = {"filter", "pattern", "mask", "marker"}
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_LONG = {"d", "points", "href", "path", "x", "y", "dx", "dy", "rotate"}
_LONGEST_VALUE = 10_000
"""Characters of an attribute that is no list of numbers; CairoSVG takes quadratic time over some."""

_LONGEST_STYLE = 200_000

_DATA_PICTURE = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp|bmp)[^,]{0,100},", re.IGNORECASE)
_URL = re.compile(r"url\(\s*['\"]?\s*([^)'\"]*)", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")

Notes = Counter[str]


class RefusedSvgError(Exception):
    """An SVG that is not drawn at all."""


def sanitise(code: bytes) -> tuple[bytes, list[str]]:
    """The document without what is not drawn, and a note for each kind of thing left out.

    Raises:
        RefusedSvgError: It is nested too deeply, has too many elements or uses itself without end.
        lxml.etree.XMLSyntaxError: It is not XML.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(code, parser)
    if etree.QName(root).localname != "svg":
        raise RefusedSvgError(f"the document's root is {etree.QName(root).localname}, not svg")
    notes: Notes = Counter()
    _drop_elements(root, notes)
    _check_size(root)
    for element in root.iter(etree.Element):
        _clean(element, notes)
    _check_expansion(root)
    # in UTF-8: a name cannot be written in ASCII where it has other letters
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False), [
        f"left out: {what} ({count})" for what, count in notes.items()
    ]


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _drop_elements(root: etree._Element, notes: Notes) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            notes["entity"] += 1
        elif _name(element) in _NEVER:
            notes[_name(element)] += 1
        elif _name(element) == "image" and not _inside(_reference(element)):
            notes["picture outside the document, or not a plain picture"] += 1
        elif _name(element) == "use" and (reference := _reference(element)) in _NOTHING:
            notes["reference to nothing"] += 1
        elif _name(element) == "use" and not _inside(reference):
            notes["reference outside the document"] += 1
        else:
            continue
        _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _reference(element: etree._Element) -> str:
    return str(element.get("href") or element.get(_XLINK) or "").strip()


def _inside(reference: str) -> bool:
    """Whether a reference stays in the document: to one of its elements, or to a picture of bounded size."""
    if reference.startswith("#"):
        return True
    match = _DATA_PICTURE.match(reference)
    return match is not None and 0 < _pixels(reference[match.end() :]) <= MAX_PICTURE_PIXELS


def _pixels(payload: str) -> int:
    data = unquote_to_bytes(payload)
    try:
        content = base64.b64decode(data)
        with PILImage.open(io.BytesIO(content), formats=_FORMATS) as picture:
            return 0 if is_drawing(content) else picture.width * picture.height
    except (binascii.Error, ValueError, OSError, SyntaxError, PILImage.DecompressionBombError):
        return 0


def _check_size(root: etree._Element) -> None:
    count, depth, above = 0, 0, [(root, 1)]
    while above:
        element, level = above.pop()
        count, depth = count + 1, max(depth, level)
        above += [(child, level + 1) for child in element]
    if depth > MAX_DEPTH:
        raise RefusedSvgError(f"elements are nested {depth} deep, more than the {MAX_DEPTH} allowed")
    if count > MAX_ELEMENTS:
        raise RefusedSvgError(f"the document has {count:,} elements, more than the {MAX_ELEMENTS:,} allowed")


def _clean(element: etree._Element, notes: Notes) -> None:
    for name, value in list(element.attrib.items()):
        plain = str(etree.QName(name).localname).lower()
        if plain.startswith("on"):
            notes["event handler"] += 1
        elif name in ("href", _XLINK) and str(value).strip() in _NOTHING:
            notes["reference to nothing"] += 1
        elif name in ("href", _XLINK) and not _inside(str(value).strip()):
            notes["reference outside the document"] += 1
        elif name == _BASE:
            notes["xml:base"] += 1
        elif len(value) > _LONGEST_VALUE and plain not in _LONG:
            notes["oversized value"] += 1
        elif _leads_out(unescaped(str(value))):
            notes["url outside the document"] += 1
            if plain == "style":
                element.set(name, _kept_inside(unescaped(str(value))))
                continue
        elif _name(element) in _REGIONS and plain in ("width", "height", "markerwidth", "markerheight"):
            if _largest(str(value)) <= MAX_REGION:
                continue
            notes["oversized region"] += 1
        else:
            continue
        del element.attrib[name]
    if _name(element) == "style" and element.text:
        _clean_style(element, notes)


def _clean_style(element: etree._Element, notes: Notes) -> None:
    text = unescaped(str(element.text))
    if len(text) > _LONGEST_STYLE:
        notes["oversized style"] += 1
        element.text = ""
    elif _IMPORT.search(text) or _leads_out(text):
        notes["style that leads outside the document"] += 1
        element.text = _kept_inside(text)


def _kept_inside(style: str) -> str:
    """A style whose addresses lead to nothing, so that its other rules are kept."""
    return _URL.sub("url(#none", _IMPORT.sub("", style))


def _leads_out(value: str) -> bool:
    targets = (match[1].strip() for match in _URL.finditer(value))
    return any(target in _NOTHING or not target.startswith("#") for target in targets)


def _largest(value: str) -> float:
    return max(
        (abs(float(number)) for number in _NUMBER.findall(value) if number.strip("+-.eE")), default=0.0
    )


def _check_expansion(root: etree._Element) -> None:
    """Count what would be drawn if every use and every pattern, mask, marker and clip were written out."""
    named = {element.get("id"): element for element in root.iter(etree.Element) if element.get("id")}
    known: dict[etree._Element, int] = {}
    open_now: set[etree._Element] = set()

    def weight(element: etree._Element) -> int:
        if element in known:
            return known[element]
        if element in open_now or len(open_now) > 4 * MAX_DEPTH:
            raise RefusedSvgError(
                "an element is drawn as a part of itself, or references are nested too deeply"
            )
        open_now.add(element)
        total = 1 + sum(weight(child) for child in element)
        targets = [_reference(element).removeprefix("#")] if _name(element) in ("use", "pattern") else []
        for value in element.attrib.values():
            targets += [match[1].strip().removeprefix("#") for match in _URL.finditer(str(value))]
        total += sum(weight(named[target]) for target in targets if target in named)
        open_now.discard(element)
        known[element] = total
        if total > MAX_DRAWN:
            raise RefusedSvgError(f"written out, more than {MAX_DRAWN:,} elements would be drawn")
        return total

    styles = [str(element.text) for element in root.iter(f"{{{_SVG}}}style", "style") if element.text]
    by_style = {
        match[1].strip().removeprefix("#") for text in styles for match in _URL.finditer(unescaped(text))
    }
    drawn = weight(root)
    # whichever elements a rule is about: at the most, all of them
    drawn += len(known) * sum(weight(named[target]) for target in by_style if target in named)
    if drawn > MAX_STYLED:
        raise RefusedSvgError(f"written out, more than {MAX_STYLED:,} elements would be drawn by its styles")
