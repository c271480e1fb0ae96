"""CairoSVG as it is used here: neither what it fetches nor how long it looks depends on the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

_NOTHING = b'<svg width="1" height="1"></svg>'

_DRAWINGS = (b"<svg", b"<?xml", b"<!doc", b"\x1f\x8b")
"""What CairoSVG takes for a drawing: at the beginning, and the first anywhere."""

_PNG = b"\x89PNG"

_URL_STYLE = re.compile(
    r"""(.*?)(?:url\(\s*(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^)\\])*)\s*\)|$)""",
    re.IGNORECASE,
)
_QUARTER = 4 * (2**0.5 - 1) / 3
"""Share of the radius at which a cubic's control points make it a quarter of a circle."""
_MARKERS = {"marker", "marker-start", "marker-mid", "marker-end"}
_REFERENCES = {"href", "id", "class"}
"""Attributes by which one element is found from another, which no style can set."""
_SEPARATOR = re.compile(r"([\s,]+)")


def fetch(url: str, resource: str) -> bytes:
    """The pictures that a harmless document holds, and nothing else, by whatever way it is asked for.

    Args:
        url: The address, with all that CSS or XML wrapped around it taken off.
        resource: What CairoSVG wants it for; style sheets are never fetched.
    """
    head, comma, body = url.partition(",")
    if not comma or not head.lower().startswith("data:image/") or not resource.startswith("image/"):
        return _NOTHING
    data = unquote_to_bytes(body)
    if head.lower().endswith(";base64"):
        import base64
        import binascii

        try:
            data = base64.b64decode(data)
        except (binascii.Error, ValueError):
            return _NOTHING
    return _NOTHING if is_drawing(data) else data


def is_drawing(data: bytes) -> bool:
    """Whether CairoSVG would take a picture's content for another document."""
    if data.startswith(_PNG):
        return False
    return data[:5].lower().startswith(_DRAWINGS) or _DRAWINGS[0] in data.lower()


def bound_patterns() -> None:
    """Put linear readers in the place of two regular expressions that take exponential time on odd values."""
    from cairosvg import parser

    parser.normalize_url_style_declaration = _url_style
    parser.normalize_font_style_declaration = _font_style


def known_markers() -> None:
    """Have a marker that is not there not drawn, as in a browser: CairoSVG would end with the first."""
    from cairosvg import parser, surface

    draw_markers = surface.draw_markers

    def draw_known_markers(surface: Any, node: Any) -> None:
        for place in _MARKERS & node.keys():
            if parser.parse_url(node[place]).fragment not in surface.markers:
                node[place] = ""
        draw_markers(surface, node)

    surface.draw_markers = draw_known_markers


def true_corners() -> None:
    """Have the corners of rounded rectangles drawn as SVG defines them: quarters of an ellipse.

    CairoSVG 2.9 measures a control point of each from the wrong end: corners lie 4% of their radius off.
    """
    from cairosvg import surface

    surface.TAGS["rect"] = _rect


def styles_only() -> None:
    """Have styles say how something looks, as in a browser, and not what it refers to.

    CairoSVG takes each declaration for an attribute: what ``href`` in a style refers to would not be counted.
    """
    from cairosvg import css

    parse_declarations = css.parse_declarations

    def parse_styles(text: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        normal, important = parse_declarations(text)
        return _without_references(normal), _without_references(important)

    css.parse_declarations = parse_styles


def _without_references(declarations: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in declarations if name not in _REFERENCES]


class _Context(Protocol):
    """What is used of a cairo context."""

    def rectangle(self, x: float, y: float, width: float, height: float) -> None: ...
    def new_sub_path(self) -> None: ...
    def move_to(self, x: float, y: float) -> None: ...
    def line_to(self, x: float, y: float) -> None: ...
    def curve_to(self, x1: float, y1: float, x2: float, y2: float, x3: float, y3: float) -> None: ...
    def close_path(self) -> None: ...


class _Surface(Protocol):
    """What is used of a CairoSVG surface."""

    context: _Context


def _rect(surface: _Surface, node: Mapping[str, str]) -> None:
    from cairosvg.helpers import size

    left, top = size(surface, node.get("x"), "x"), size(surface, node.get("y"), "y")
    width, height = size(surface, node.get("width"), "x"), size(surface, node.get("height"), "y")
    across, down = node.get("rx"), node.get("ry")
    rx = min(size(surface, across or down, "x"), width / 2)
    ry = min(size(surface, down or across, "y"), height / 2)
    context = surface.context
    if rx <= 0 or ry <= 0:
        context.rectangle(left, top, width, height)
        return
    right, bottom = left + width, top + height
    kx, ky = rx * (1 - _QUARTER), ry * (1 - _QUARTER)
    context.new_sub_path()
    context.move_to(left + rx, top)
    context.line_to(right - rx, top)
    context.curve_to(right - kx, top, right, top + ky, right, top + ry)
    context.line_to(right, bottom - ry)
    context.curve_to(right, bottom - ky, right - kx, bottom, right - rx, bottom)
    context.line_to(left + rx, bottom)
    context.curve_to(left + kx, bottom, left, bottom - ky, left, bottom - ry)
    context.line_to(left, top + ry)
    context.curve_to(left, top + ky, left + kx, top, left + rx, top)
    context.close_path()


def _url_style(value: str) -> str:
    """All but addresses in lower case."""
    return "".join(
        match[1].lower() + match[0][len(match[1]) :] for match in _URL_STYLE.finditer(value) if match[0]
    )


def _font_style(value: str) -> str:
    """All before the names of the fonts in lower case: up to the last word that begins with a digit."""
    pieces = _SEPARATOR.split(value)
    last = -1
    for place in range(0, len(pieces), 2):
        word = pieces[place]
        if not word or not (word[0].isalnum() or word[0] == "_"):
            break
        if word[0].isdigit():
            last = place
    return "".join(pieces[: last + 1]).lower() + "".join(pieces[last + 1 :])
