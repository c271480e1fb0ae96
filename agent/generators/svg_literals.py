"""Measured shapes put into SVG of anyone's, where it draws the same shape with literals of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from agent.generators.literals import Mend
from critic.boxes import Box
from critic.reading.svg import Drawing
from critic.reading.svg.types import Circle, Ellipse, Geometry, Rect

_TAG = re.compile(r"<(rect|circle|ellipse)\b[^<>]*>")
_ATTRIBUTE = re.compile(r"(?<=\s)([\w-]+)=(\"|')([^\"'<>]*)\2")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_VIEW = re.compile(r"<svg\b[^<>]*?\bviewBox=[\"']([^\"']+)[\"']")
_OPAQUE = re.compile(
    r"\btransform\b|\bpreserveAspectRatio\b|<(?:use|symbol|pattern|clipPath|mask|style)\b|<svg\b.*<svg\b",
    re.DOTALL,
)
"""What can move or paint a shape from elsewhere: its own literals do not tell where it is."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SAME_SHAPE = 0.4
"""Intersection over union from which a measured shape of the same form is the one that was meant."""

_EXACT = 0.3
"""Pixels of the picture within which a place or a length is right already: readers err by as much."""

_PARTS = {
    "rect": ("x", "y", "width", "height"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
}


def count(code: str) -> int:
    """How many shapes there are that may be understood; none where something else moves or paints them."""
    return 0 if _OPAQUE.search(code) or not _VIEW.search(code) else len(_TAG.findall(code))


def shape_mend(code: str, drawing: Drawing, number: int) -> Mend | None:
    """What makes one shape of the code as it was measured; None where it is, or none is like it.

    Args:
        code: SVG in which ``count`` finds shapes.
        drawing: What was read from the reference.
        number: Which of the shapes, in the order of the code.
    """
    frame = _frame(code, drawing)
    if frame is None:
        return None
    tag = list(_TAG.finditer(code))[number]
    given = {name: text for name, _, text in _ATTRIBUTE.findall(tag[0])}
    numbers = {part: given.get(part, "0").removesuffix("px") for part in _PARTS[tag[1]]}
    if not all(map(_NUMBER.fullmatch, numbers.values())):
        return None
    values = {part: float(text) for part, text in numbers.items()}
    alike = [
        (_likeness(_box(tag[1], values), tag[1], shape.geometry, frame), shape) for shape in drawing.shapes
    ]
    likeness, shape = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    if shape is None or likeness < _SAME_SHAPE:
        return None
    wanted = _measured(shape.geometry, frame)
    changed = {
        part: f"{to:.5g}" for part, to in wanted.items() if abs(to - values[part]) > _EXACT * frame.unit
    }
    fill = given.get("fill", "")
    if isinstance(shape.paint, str) and _HEX.fullmatch(fill) and shape.paint.lower() != fill.lower():
        changed["fill"] = shape.paint
    return _written(tag, given, changed) if changed else None


class _Frame(NamedTuple):
    """Where the picture's corner lies in the view box, and how many of its units a pixel has."""

    left: float
    top: float
    unit: float


def _frame(code: str, drawing: Drawing) -> _Frame | None:
    """How the view box lies in the picture: whole and in its middle, as it does by default."""
    view = _VIEW.search(code)
    edges = view[1].replace(",", " ").split() if view else []
    if len(edges) != len(Box._fields) or not all(map(_NUMBER.fullmatch, edges)):
        return None
    left, top, width, height = map(float, edges)
    unit = max(width / drawing.width, height / drawing.height)
    if unit <= 0.0:
        return None
    across, down = (drawing.width * unit - width) / 2, (drawing.height * unit - height) / 2
    return _Frame(left - across, top - down, unit)


def _likeness(drawn: Box, form: str, geometry: Geometry, frame: _Frame) -> float:
    """Intersection over union with a measured shape of the same form; 0 with one of another."""
    if geometry.kind != form or (isinstance(geometry, Ellipse) and geometry.angle):
        return 0.0
    other = _box(form, _measured(geometry, frame))
    shared = drawn.overlap(other)
    union = drawn.area + other.area - shared
    return shared / union if union > 0.0 else 0.0


def _measured(geometry: Geometry, frame: _Frame) -> dict[str, float]:
    """A measured shape as attributes in the view box; none for forms that have no literals."""
    left, top, unit = frame
    match geometry:
        case Rect(corner=(x, y), width=width, height=height):
            return {"x": left + x * unit, "y": top + y * unit, "width": width * unit, "height": height * unit}
        case Circle(centre=(x, y), radius=radius):
            return {"cx": left + x * unit, "cy": top + y * unit, "r": radius * unit}
        case Ellipse(centre=(x, y), radii=(across, down)):
            return {"cx": left + x * unit, "cy": top + y * unit, "rx": across * unit, "ry": down * unit}
    return {}


def _box(form: str, parts: Mapping[str, float]) -> Box:
    if form == "rect":
        x, y, width, height = (parts[name] for name in _PARTS["rect"])
        return Box(x, y, x + width, y + height)
    across, down = (parts["r"],) * 2 if form == "circle" else (parts["rx"], parts["ry"])
    return Box(parts["cx"] - across, parts["cy"] - down, parts["cx"] + across, parts["cy"] + down)


def _written(tag: re.Match[str], given: Mapping[str, str], changed: Mapping[str, str]) -> Mend:
    text = _ATTRIBUTE.sub(lambda found: f'{found[1]}="{changed.get(found[1], found[3])}"', tag[0])
    missing = "".join(f' {name}="{value}"' for name, value in changed.items() if name not in given)
    text = text.replace(f"<{tag[1]}", f"<{tag[1]}{missing}", 1)
    told = ", ".join(f"{name} {given.get(name, '0')} became {value}" for name, value in changed.items())
    return Mend(*tag.span(), text, f"{tag[1]}: {told}, as measured")
