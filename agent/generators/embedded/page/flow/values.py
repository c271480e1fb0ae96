"""CSS values of what was measured: whole pixels where they are nearly whole, colours, shadows, gradients."""

from __future__ import annotations

from agent.generators.embedded.page.flow.element import Style
from critic.reading.page import Fill, Shadow, Shape

_HALF = 2
"""Steps in a pixel that lengths are rounded to: lines of odd leading stand on halves."""


_SIDES_TWO, _SIDES_THREE = 2, 3
"""Lengths of which the first stand for several sides (CSS, shorthand of four sides)."""


def px(value: float) -> str:
    """A length; to the half pixel."""
    rounded = round(value * _HALF) / _HALF
    return "0" if rounded == 0 else f"{rounded:g}px"


def lengths(*values: float) -> str:
    """Lengths of four sides (top, right, bottom, left), as short as CSS lets them be."""
    top, right, bottom, left = map(px, values)
    if left != right:
        return f"{top} {right} {bottom} {left}"
    if bottom != top:
        return f"{top} {right} {bottom}"
    return top if top == right else f"{top} {right}"


def sides(value: str) -> tuple[float, float, float, float]:
    """The lengths of ``lengths``, of all four sides."""
    given = [float(length.removesuffix("px")) for length in value.split()]
    top = given[0]
    right = given[1] if len(given) > 1 else top
    bottom = given[2] if len(given) > _SIDES_TWO else top
    return top, right, bottom, given[3] if len(given) > _SIDES_THREE else right


def fill(value: Fill) -> str:
    """A background."""
    if value.flat:
        return value.colour
    stops = ", ".join(f"{stop.colour} {round(stop.at * 100, 1):g}%" for stop in value.stops)
    return f"linear-gradient({value.angle:g}deg, {stops})"


def paint(shape: Shape) -> Style:
    """How a box is painted."""
    style = {"background": fill(shape.fill)}
    if any(shape.radius):
        corners = [px(radius) for radius in shape.radius]
        style["border-radius"] = corners[0] if len(set(corners)) == 1 else " ".join(corners)
    edges = [f"{edge.width}px solid {edge.colour}" if edge else "0" for edge in shape.border]
    if any(shape.border) and len(set(edges)) == 1:
        style["border"] = edges[0]
    else:
        for side, edge in zip(("top", "right", "bottom", "left"), edges, strict=True):
            if edge != "0":
                style[f"border-{side}"] = edge
    if shape.shadow is not None:
        style["box-shadow"] = _shadow(shape.shadow)
    return style


def _shadow(shadow: Shadow) -> str:
    red, green, blue = (int(shadow.colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"0 {shadow.dy:g}px {shadow.blur:g}px rgb({red} {green} {blue} / {round(shadow.opacity, 2):g})"
