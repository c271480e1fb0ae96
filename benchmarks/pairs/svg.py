"""Single edits of an icon's SVG, to measure what a critic finds and what it makes up."""

from __future__ import annotations

import random
from collections.abc import Callable

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {_SVG + name for name in ("path", "circle", "ellipse", "rect", "polygon", "line")}
_COLOURS = ("#d7263d", "#1b998b", "#f4d35e", "#5b2a86")

Edit = Callable[[etree._Element, random.Random, float], bool]


def edits(code: str) -> list[tuple[str, str, str]]:
    """Name, expected category and edited code of each edit that the drawing allows, always the same."""
    result = []
    for name, category, edit in _EDITS:
        root = etree.fromstring(code.encode())
        size = float(root.get("viewBox", "0 0 336 336").split()[2])
        if edit(root, random.Random(f"{name}{len(code)}"), size):
            result.append((name, category, etree.tostring(root, encoding="unicode")))
    return result


def _shapes(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter() if element.tag in _SHAPES]


def _one(root: etree._Element, chance: random.Random) -> etree._Element | None:
    shapes = _shapes(root)
    return chance.choice(shapes) if shapes else None


def _colour(root: etree._Element, chance: random.Random, size: float) -> bool:
    element = _one(root, chance)
    if element is None:
        return False
    stroked = any(item.get("stroke") for item in (element, element.getparent()) if item is not None)
    element.set("stroke" if stroked else "fill", chance.choice(_COLOURS))
    return True


def _remove(root: etree._Element, chance: random.Random, size: float) -> bool:
    shapes = _shapes(root)
    if len(shapes) < 2:
        return False
    element = chance.choice(shapes)
    element.getparent().remove(element)
    return True


def _add(root: etree._Element, chance: random.Random, size: float) -> bool:
    x, y = (f"{size * chance.uniform(0.2, 0.8):.1f}" for _ in range(2))
    etree.SubElement(root, _SVG + "circle", cx=x, cy=y, r=f"{size * 0.07:.1f}", fill=chance.choice(_COLOURS))
    return True


def _move(root: etree._Element, chance: random.Random, size: float) -> bool:
    element = _one(root, chance)
    if element is None or element.get("transform"):
        return False
    by = size * chance.choice((-0.05, 0.05))
    element.set("transform", f"translate({by:.1f} {-by:.1f})")
    return True


def _scale(root: etree._Element, chance: random.Random, size: float) -> bool:
    element = _one(root, chance)
    if element is None or element.get("transform"):
        return False
    half = size / 2
    element.set("transform", f"translate({half:g} {half:g}) scale(.85) translate({-half:g} {-half:g})")
    return True


def _stretch(root: etree._Element, chance: random.Random, size: float) -> bool:
    element = _one(root, chance)
    if element is None or element.get("transform"):
        return False
    half = size / 2
    element.set("transform", f"translate({half:g}) scale(.85 1) translate({-half:g})")
    return True


def _background(root: etree._Element, chance: random.Random, size: float) -> bool:
    root.insert(0, etree.Element(_SVG + "rect", width="100%", height="100%", fill="#ffe9b0"))
    return True


def _letter(root: etree._Element, chance: random.Random, size: float) -> bool:
    place = {"x": f"{size * 0.04:.1f}", "y": f"{size * 0.2:.1f}", "font-size": f"{size * 0.18:.1f}"}
    text = etree.SubElement(root, _SVG + "text", fill="#7a1fa2", **place)
    text.set("font-family", "DejaVu Sans, sans-serif")
    text.set("font-weight", "bold")
    text.text = chance.choice("ABEGKR3")
    return True


_EDITS: tuple[tuple[str, str, Edit], ...] = (
    ("colour", "style_error", _colour),
    ("background", "style_error", _background),
    ("shape removed", "structure_error", _remove),
    ("shape added", "structure_error", _add),
    ("shape moved", "shape_error", _move),
    ("shape smaller", "shape_error", _scale),
    ("shape narrower", "shape_error", _stretch),
    ("letter added", "text_symbol_error", _letter),
)
