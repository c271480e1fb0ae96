"""Writes a drawing as SVG that a person would keep: grouped by paint, short paths, rounded numbers."""

from __future__ import annotations

from itertools import groupby
from math import hypot, sqrt

from critic.reading.svg.types import (
    Arc,
    Circle,
    Cubic,
    Drawing,
    Ellipse,
    Gradient,
    Outline,
    Path,
    Point,
    Rect,
    Segment,
    Shape,
    Stop,
    Straight,
    Stroke,
)

_FINE_BELOW = 160
_BLACK, _WHITE = "#000000", "#ffffff"
_SAME_PLACE = 1e-6
"""User units within which two numbers, rounded to fewer decimals, are one."""
_MORE_DIGITS = 4
"""Numbers of digits that are tried for a radius, from that of other numbers on."""

_LONE_LINES = 2
"""Straight lines of one pen up to which each is a ``line``; more are one path, as icon sets have them."""

_LONG_COLOUR = len("#aabbcc")
"""Letters of a colour written out."""


class SvgWriter:
    """Writes one drawing.

    Args:
        drawing: What to write.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._unit = drawing.unit
        self._size = drawing.width / drawing.unit, drawing.height / drawing.unit
        self._digits = 2 if max(self._size) < _FINE_BELOW else 1
        self._gradients: list[Gradient] = []

    def write(self) -> str:
        """The SVG document."""
        paints = {self._paint(shape) for shape in self._drawing.shapes}
        drawn = all(isinstance(shape.geometry, Stroke) for shape in self._drawing.shapes)
        whole = paints.pop() if drawn and len(paints) == 1 and self._drawing.ground == _WHITE else ""
        body = self._body(whole)
        box = f"0 0 {self._size[0]:g} {self._size[1]:g}"
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{whole}>'
        return "\n".join([head, *self._definitions(), *body, "</svg>"]) + "\n"

    def inline(self, attributes: str) -> str:
        """The drawing as an element of HTML in one line, without its ground: it shows what it lies on.

        Args:
            attributes: Of the element, after its own, each with a blank before it.
        """
        paints = {self._paint(shape) for shape in self._drawing.shapes}
        whole = paints.pop() if len(paints) == 1 else ""
        box = f"0 0 {self._size[0]:g} {self._size[1]:g}"
        body = "".join(line.strip() for line in self._body(whole, ground=False))
        return f'<svg viewBox="{box}"{whole}{attributes}>{body}</svg>'

    def _body(self, whole: str, *, ground: bool = True) -> list[str]:
        """The elements.

        Args:
            whole: The attributes that the document has already.
            ground: Whether the canvas is painted where it is not white.
        """
        lines = []
        if ground and self._drawing.ground != _WHITE:
            lines.append(f'  <rect width="100%" height="100%" fill="{_short(self._drawing.ground)}"/>')
        for paint, group in groupby(self._drawing.shapes, key=lambda shape: self._paint(shape)):
            elements = self._together(list(group))
            if len(elements) == 1:
                lines.append(f"  <{elements[0]}{'' if paint == whole else paint}/>")
            elif paint in ("", whole):
                lines += [f"  <{element}/>" for element in elements]
            else:
                lines += [f"  <g{paint}>", *(f"    <{element}/>" for element in elements), "  </g>"]
        return lines

    def _paint(self, shape: Shape) -> str:
        """The attributes that shapes of one group share."""
        colour = shape.paint if isinstance(shape.paint, str) else self._reference(shape.paint)
        if isinstance(shape.geometry, Stroke):
            pen, width = shape.geometry, self._number(shape.geometry.width)
            ends = "" if pen.cap == "butt" else f' stroke-linecap="{pen.cap}"'
            corners = "" if pen.join == "miter" else f' stroke-linejoin="{pen.join}"'
            return f' fill="none" stroke="{_short(colour)}" stroke-width="{width}"{ends}{corners}'
        return "" if colour == _BLACK else f' fill="{_short(colour)}"'

    def _reference(self, gradient: Gradient) -> str:
        if gradient not in self._gradients:
            self._gradients.append(gradient)
        return f"url(#g{self._gradients.index(gradient) + 1})"

    def _definitions(self) -> list[str]:
        if not self._gradients:
            return []
        lines = ["  <defs>"]
        for index, gradient in enumerate(self._gradients, 1):
            name = "radialGradient" if gradient.radial else "linearGradient"
            lines += [
                f'    <{name} id="g{index}" gradientUnits="userSpaceOnUse" {self._ends(gradient)}>',
                *(f"      <{_stop(stop)}/>" for stop in gradient.stops),
                f"    </{name}>",
            ]
        return [*lines, "  </defs>"]

    def _ends(self, gradient: Gradient) -> str:
        n, begin, end = self._number, gradient.start, gradient.end
        if gradient.radial:
            return f'cx="{n(begin.x)}" cy="{n(begin.y)}" r="{n(hypot(end.x - begin.x, end.y - begin.y))}"'
        return f'x1="{n(begin.x)}" y1="{n(begin.y)}" x2="{n(end.x)}" y2="{n(end.y)}"'

    def _together(self, shapes: list[Shape]) -> list[str]:
        """The elements of shapes of one paint; several straight lines of a pen are one path."""
        straight = [line for shape in shapes if (line := _straight(shape)) is not None]
        if len(straight) <= _LONE_LINES:
            return [element for shape in shapes for element in self._elements(shape)]
        data = "".join(self._outline(line, closed=False) for line in straight)
        rest = [shape for shape in shapes if _straight(shape) is None]
        return [*(element for shape in rest for element in self._elements(shape)), f'path d="{data}"']

    def _elements(self, shape: Shape) -> list[str]:
        geometry = shape.geometry
        if isinstance(geometry, Stroke):
            return self._pen_lines(geometry)
        if isinstance(geometry, Path):
            data = "".join(self._outline(item, closed=True) for item in geometry.outlines)
            rule = ' fill-rule="evenodd"' if len(geometry.outlines) > 1 else ""
            return [f'path d="{data}"{rule}']
        return [self._primitive(geometry)]

    def _pen_lines(self, stroke: Stroke) -> list[str]:
        """What is round or a rectangle one by one, and one path for all other lines that meet."""
        whole = [self._primitive(line) for line in stroke.lines if not isinstance(line, Outline)]
        paths = [line for line in stroke.lines if isinstance(line, Outline)]
        if len(paths) == 1 and len(paths[0].segments) == 1 and isinstance(paths[0].segments[0], Straight):
            return [*whole, self._line(paths[0].start, paths[0].segments[0].end)]
        data = "".join(self._outline(item, closed=_returns(item)) for item in paths)
        return [*whole, f'path d="{data}"'] if paths else whole

    def _line(self, start: Point, end: Point) -> str:
        n = self._number
        return f'line x1="{n(start.x)}" y1="{n(start.y)}" x2="{n(end.x)}" y2="{n(end.y)}"'

    def _primitive(self, geometry: Circle | Ellipse | Rect) -> str:
        n = self._number
        if isinstance(geometry, Circle):
            return f'circle cx="{n(geometry.centre.x)}" cy="{n(geometry.centre.y)}" r="{n(geometry.radius)}"'
        if isinstance(geometry, Ellipse):
            cx, cy = n(geometry.centre.x), n(geometry.centre.y)
            angle = self._text(geometry.angle)
            turn = f' transform="rotate({angle} {cx} {cy})"' if geometry.angle else ""
            return f'ellipse cx="{cx}" cy="{cy}" rx="{n(geometry.radii.x)}" ry="{n(geometry.radii.y)}"{turn}'
        return self._rect(geometry)

    def _rect(self, rect: Rect) -> str:
        n = self._number
        left, top = rect.corner
        place = "".join(
            f' {name}="{n(value)}"' for name, value in (("x", left), ("y", top)) if n(value) != "0"
        )
        size = f'width="{n(left + rect.width, left)}" height="{n(top + rect.height, top)}"'
        return f"rect{place} {size}" + (f' rx="{n(rect.radius)}"' if rect.radius > 0 else "")

    def _outline(self, outline: Outline, *, closed: bool) -> str:
        here = self._rounded(outline.start)
        home, start = here, outline.start
        data = f"M{_packed([self._text(here.x), self._text(here.y)])}"
        command = "M"
        for index, segment in enumerate(outline.segments):
            end = self._rounded(segment.end)
            last = closed and index == len(outline.segments) - 1
            if last and isinstance(segment, Straight) and hypot(end.x - home.x, end.y - home.y) < _SAME_PLACE:
                break
            if end == here and not isinstance(segment, Cubic):
                continue
            written = self._segment(segment, start, here, end)
            start = segment.end
            data += (
                written[1:] if written[0] == command and written[0] in "la" and written[1] == "-" else written
            )
            command, here = written[0], end
        return data + ("z" if closed else "")

    def _segment(self, segment: Segment, start: Point, here: Point, end: Point) -> str:
        """One path command from ``here`` to ``end``, which are ``start`` and its own end, rounded."""
        x, y = self._text(end.x - here.x), self._text(end.y - here.y)
        if isinstance(segment, Arc):
            radius = self._radius(start, segment, hypot(end.x - here.x, end.y - here.y))
            return "a" + _packed(
                [radius, radius, "0", str(int(segment.large)), str(int(segment.sweep)), x, y]
            )
        if isinstance(segment, Cubic):
            controls = [self._rounded(segment.first), self._rounded(segment.second)]
            numbers = [self._text(v) for p in controls for v in (p.x - here.x, p.y - here.y)]
            return "c" + _packed([*numbers, x, y])
        if y == "0":
            return f"h{x}"
        if x == "0":
            return f"v{y}"
        return "l" + _packed([x, y])

    def _radius(self, start: Point, arc: Arc, chord: float) -> str:
        """The radius that keeps an arc's height although its ends were rounded.

        Near half a circle the height hangs on the last digit of the radius, which gets as many as that takes.

        Args:
            start: Where it begins, in pixels.
            arc: In pixels.
            chord: Between its rounded ends, in units.
        """
        exact = hypot(arc.end.x - start.x, arc.end.y - start.y) / 2
        height = _height(arc.radius, exact, large=arc.large) / self._unit
        half = chord / 2
        radius = (half**2 + height**2) / (2 * height) if height > _SAME_PLACE else arc.radius / self._unit
        digits = self._digits
        for more in range(_MORE_DIGITS):
            near = round(radius, self._digits + more)
            if abs(_height(near, half, large=arc.large) - height) <= 10.0**-self._digits:
                digits += more
                break
        return self._text(max(half, radius), digits)

    def _rounded(self, point: Point) -> Point:
        return Point(round(point.x / self._unit, self._digits), round(point.y / self._unit, self._digits))

    def _number(self, value: float, start: float = 0.0) -> str:
        """A length as text; the distance from ``start``, both rounded first."""
        scaled, begin = value / self._unit, start / self._unit
        return self._text(round(scaled, self._digits) - round(begin, self._digits))

    def _text(self, value: float, digits: int | None = None) -> str:
        text = f"{value:.{self._digits if digits is None else digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if text in ("-0", ""):
            return "0"
        return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _stop(stop: Stop) -> str:
    offset = f' offset="{round(stop.place, 3):g}"' if stop.place else ""
    return f'stop{offset} stop-color="{_short(stop.colour)}"'


def write_svg(drawing: Drawing) -> str:
    """The drawing as an SVG document."""
    return SvgWriter(drawing).write()


def inline_svg(drawing: Drawing, attributes: str = "") -> str:
    """The drawing as an element within HTML; see ``SvgWriter.inline``."""
    return SvgWriter(drawing).inline(attributes)


def _straight(shape: Shape) -> Outline | None:
    """The line of a pen that draws nothing but one straight line."""
    if not isinstance(shape.geometry, Stroke) or len(shape.geometry.lines) != 1:
        return None
    line = shape.geometry.lines[0]
    if not isinstance(line, Outline) or len(line.segments) != 1:
        return None
    return line if isinstance(line.segments[0], Straight) else None


def _returns(outline: Outline) -> bool:
    return outline.segments[-1].end == outline.start


def _height(radius: float, half: float, *, large: bool) -> float:
    """How far an arc rises over the middle of a chord; one whose radius is too short is half a circle."""
    flat = sqrt(max(0.0, radius**2 - half**2))
    return max(radius, half) + (flat if large else -flat)


def _packed(numbers: list[str]) -> str:
    """Numbers in a row, separated only where two would run together."""
    text = numbers[0]
    for number in numbers[1:]:
        text += number if number.startswith("-") else f" {number}"
    return text


def _short(colour: str) -> str:
    """``#aabbcc`` as ``#abc`` where that says the same."""
    if len(colour) == _LONG_COLOUR and colour[1::2] == colour[2::2]:
        return "#" + colour[1::2]
    return colour
