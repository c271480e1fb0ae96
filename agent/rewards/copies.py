"""Answers that embed a picture instead of drawing one: how much of a render is not the code's own drawing.

The code is drawn a second time without its embedded pictures. Where most of what was to be seen is gone
then, it was a copy: a model that learns to put the reference's own pixels into its answer learns nothing
else.
"""

from __future__ import annotations

import ast
import re

import numpy as np
from lxml import etree, html

from renderers.types import Image, Kind

_NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""A picture of one transparent pixel."""

_DATA = re.compile(r"data:[^\"'\s)>]*", re.IGNORECASE)
_URL = re.compile(r"url\(\s*(?!['\"]?#)[^)]*\)", re.IGNORECASE)

_IMAGES = {"imshow", "matshow", "figimage", "pcolormesh", "pcolor", "imread", "frombuffer", "b64decode"}
_IMAGES |= {"OffsetImage", "BboxImage", "FigureImage", "AxesImage", "NonUniformImage", "PcolorImage"}
_MOST_TEXT, _MOST_NUMBERS = 2_000, 2_500
"""Letters in one constant, and numbers in all, that a chart's program may hold and still carry no picture: a
heat map of 50 by 50 cells has as many."""

_WITHOUT = (
    "import matplotlib.image as _i, matplotlib.collections as _c\n"
    "_i._ImageBase.draw = lambda *a, **k: None\n"
    "_c.QuadMesh.draw = lambda *a, **k: None\n"
)

_PLAIN_CHANGE = 24
"""Of 255, from which a pixel is plainly another."""

_COPIED = 0.5
"""Of all that is drawn: embedded pictures that make up more of it are a copy. A logo or a portrait on a
page is well below."""

_LEAST_INK = 0.05
"""Of the reference's ink, that a render has to have to be more than an empty one with a dot."""


def without_pictures(kind: Kind, code: str) -> str | None:
    """The code with its embedded pictures made invisible; None where it has none."""
    try:
        if kind == Kind.CHART:
            return _chart(code)
        return _svg(code) if kind == Kind.SVG else _html(code)
    except (SyntaxError, ValueError, RecursionError, etree.LxmlError):
        return None  # what cannot be parsed was not drawn either


def _chart(code: str) -> str | None:
    tree = ast.parse(code)
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    longest = max((len(value) for value in values if isinstance(value, str | bytes)), default=0)
    numbers = sum(isinstance(value, int | float) for value in values)
    if not names & _IMAGES or (longest < _MOST_TEXT and numbers < _MOST_NUMBERS):
        return None
    place = next((n for n, node in enumerate(tree.body) if not _must_be_first(node)), len(tree.body))
    tree.body[place:place] = ast.parse(_WITHOUT).body
    return ast.unparse(tree)


def _must_be_first(node: ast.stmt) -> bool:
    """A docstring, or an import from the future."""
    future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
    return future or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _svg(code: str) -> str | None:
    root = etree.fromstring(code.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    found = [item for item in root.iter(etree.Element) if etree.QName(item).localname in ("image", "feImage")]
    for item in found:
        item.set("visibility", "hidden")
        item.set("opacity", "0")
        for name in [name for name in item.attrib if str(name).endswith("href")]:
            item.set(name, _NOTHING)
    return etree.tostring(root, encoding="unicode") if found else None


def _html(code: str) -> str | None:
    """Pictures of elements become transparent, so that nothing else moves; those of styles go."""
    document = html.document_fromstring(code)
    changed = False
    for element in document.iter(etree.Element):
        style = _bare(element.get("style", ""))
        if any(_DATA.search(str(value)) for name, value in element.attrib.items() if name != "style"):
            shown = element.getparent() if element.tag == "source" else None
            for item in (element, *([] if shown is None else [shown])):
                kept = style if item is element else item.get("style", "")
                item.set("style", f"{kept.rstrip('; ')}; opacity: 0 !important".lstrip("; "))
            changed = True
        elif style != element.get("style", ""):
            element.set("style", style)
            changed = True
        if element.tag == "style" and element.text:
            bare = _bare(element.text)
            changed |= bare != element.text
            element.text = bare
    return str(html.tostring(document.getroottree(), encoding="unicode")) if changed else None


def _bare(style: str) -> str:
    """CSS without pictures, however their addresses are written."""
    return _DATA.sub(_NOTHING, _URL.sub(f"url({_NOTHING})", style))


def is_copy(whole: Image, bare: Image | None) -> bool:
    """Whether most of a render is gone when its embedded pictures are.

    Args:
        whole: The render.
        bare: The same without embedded pictures; None where nothing is drawn then.
    """
    if bare is None:
        return True
    if bare.shape != whole.shape:
        canvas = np.empty_like(whole)
        canvas[:] = ground_of(bare)
        rows, columns = min(len(whole), len(bare)), min(whole.shape[1], bare.shape[1])
        canvas[:rows, :columns] = bare[:rows, :columns]
        bare = canvas
    lost = _apart(whole, bare)
    drawn = _apart(whole, np.broadcast_to(ground_of(bare), whole.shape))
    return int(np.count_nonzero(lost)) > _COPIED * max(1, int(np.count_nonzero(drawn | lost)))


def is_empty_beside(reference: Image, render: Image) -> bool:
    """Whether a render has next to nothing on it, and the reference has something."""
    wanted, found = (ink(image) for image in (reference, render))
    return found < _LEAST_INK * wanted


def ink(image: Image) -> float:
    """Share of the pixels that are plainly not the ground."""
    return float(_apart(image, np.broadcast_to(ground_of(image), image.shape)).mean())


def ground_of(image: Image) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    """The colour of most of the rim."""
    rim = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    colours, counts = np.unique(rim, axis=0, return_counts=True)
    return np.asarray(colours[counts.argmax()], dtype=np.uint8)


def _apart(first: Image, second: Image) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    return np.asarray(np.abs(first.astype(np.int16) - second).max(axis=2) > _PLAIN_CHANGE)
