"""What can go wrong with a drawing, as edits of its SVG."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cairosvg.bounding_box import BOUNDING_BOX_METHODS, is_valid_bounding_box
from cairosvg.helpers import PointError
from lxml import etree

from agent.injection import severity
from agent.injection.colours import other_colour
from agent.injection.plan import Edit, Plan
from agent.injection.words import has_digit, has_word, other_digit, other_letter
from critic.types import Severity

_SHAPES = ("path", "circle", "ellipse", "rect", "polygon", "polyline", "line", "use")
_MEASURED = _SHAPES[:-1]
"""Shapes whose own middle can be told from their attributes."""

_CONTAINERS = {"defs", "clipPath", "mask", "pattern", "marker", "symbol"}
_SHIFTS = (0.05, 0.1, 0.18)
_SCALES = (0.6, 0.8, 1.25)
_WIDER, _THINNER = 2.0, 0.45
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A parsed SVG.

    Attributes:
        root: The ``svg`` element.
        side: Its longer side in its own units.
    """

    root: etree._Element
    side: float

    def parts(self, *names: str) -> list[etree._Element]:
        """The drawn elements with these names, in the order in which they are drawn."""
        wanted = names or _SHAPES
        return [
            item
            for item in self.root.iter(etree.Element)
            if _local(item) in wanted and not any(_local(up) in _CONTAINERS for up in item.iterancestors())
        ]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def parse(code: str) -> Drawing:
    """A drawing to edit.

    Raises:
        ValueError: It is no well-formed SVG.
    """
    try:
        root = etree.fromstring(code.encode(), _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    box = [float(number) for number in root.get("viewBox", "").replace(",", " ").split() if _number(number)]
    sides = [
        float(size) for name in ("width", "height") if _number(size := root.get(name, "").removesuffix("px"))
    ]
    return Drawing(root, max(box[2:] or sides or [336.0]))


def write(drawing: Drawing) -> str:
    """The drawing's code."""
    return str(etree.tostring(drawing.root, encoding="unicode"))


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _given(element: etree._Element, name: str) -> str | None:
    """A property by attribute or style, of the element or of what it is in."""
    for item in (element, *element.iterancestors()):
        for declaration in item.get("style", "").split(";"):
            key, _, value = declaration.partition(":")
            if key.strip() == name:
                return value.strip()
        if item.get(name):
            return str(item.get(name))
    return None


def _set(element: etree._Element, name: str, value: str) -> None:
    kept = [
        item
        for item in element.get("style", "").split(";")
        if item.partition(":")[0].strip() not in ("", name)
    ]
    if element.get("style"):
        element.set("style", "; ".join([*kept, f"{name}: {value}"]))
    else:
        element.set(name, value)


def _plan(
    element: etree._Element,
    grade: Severity,
    told: str,
    do: Callable[[], None],
    *,
    moves: bool = False,
    where: str = "",
) -> Plan:
    hide = partial(_set, element, "visibility", "hidden")
    return Plan(grade, where or _local(element), told, frozenset(element.iter()), do, hide, moves)


def _one(drawing: Drawing, chance: random.Random, *names: str) -> etree._Element | None:
    found = drawing.parts(*names)
    return chance.choice(found) if found else None


def _dropped(drawing: Drawing, chance: random.Random) -> Plan | None:
    parts = drawing.parts()
    if len(parts) <= 1:
        return None
    element = chance.choice(parts)

    def do() -> None:
        if (parent := element.getparent()) is not None:
            parent.remove(element)

    grade = severity.of_loss(1 / len(parts))
    return _plan(element, grade, f"a {_local(element)} is missing", do, moves=True)


def _transformed(element: etree._Element, change: str) -> Callable[[], None]:
    before = element.get("transform", "")
    return lambda: element.set("transform", f"{change} {before}".strip())


def _moved(drawing: Drawing, chance: random.Random) -> Plan | None:
    element = _one(drawing, chance)
    if element is None:
        return None
    share = chance.choice(_SHIFTS)
    by = drawing.side * share
    x, y = (chance.choice((-1, 1)) * by for _ in range(2))
    told = f"a {_local(element)} stands {x:+.3g} across and {y:+.3g} down from its place"
    return _plan(
        element, severity.of_shift(share), told, _transformed(element, f"translate({x:.4g} {y:.4g})")
    )


def _middle(element: etree._Element) -> tuple[float, float] | None:
    """The middle of a shape in its own units; None where its attributes do not tell."""
    try:
        box = BOUNDING_BOX_METHODS[_local(element)](None, element)
    except (
        PointError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
    ):  # broken path data, or sizes of other units
        return None
    if not is_valid_bounding_box(box):
        return None
    left, top, width, height = (float(value) for value in box)
    return left + width / 2, top + height / 2


def _resized(element: etree._Element, across: float, down: float) -> Callable[[], None] | None:
    """Scales a shape about its own middle, so that it stays where it is."""
    middle = _middle(element)
    if middle is None:
        return None
    x, y = middle[0] * (1 - across), middle[1] * (1 - down)
    before = element.get("transform", "")
    change = f"{before} translate({x:.6g} {y:.6g}) scale({across} {down})".strip()
    return partial(element.set, "transform", change)


def _scaled(drawing: Drawing, chance: random.Random) -> Plan | None:
    element = _one(drawing, chance, *_MEASURED)
    factor = chance.choice(_SCALES)
    do = _resized(element, factor, factor) if element is not None else None
    if element is None or do is None:
        return None
    told = f"a {_local(element)} is drawn {factor} times as large as it should be"
    return _plan(element, severity.of_shift(factor - 1), told, do)


def _stretched(drawing: Drawing, chance: random.Random) -> Plan | None:
    element = _one(drawing, chance, *_MEASURED)
    factor = chance.choice(_SCALES)
    do = _resized(element, factor, 1.0) if element is not None else None
    if element is None or do is None:
        return None
    told = f"a {_local(element)} is {factor} times as wide as it should be"
    return _plan(element, severity.of_shift(factor - 1), told, do)


def _recoloured(drawing: Drawing, chance: random.Random) -> Plan | None:
    element = _one(drawing, chance)
    if element is None:
        return None
    stroke = _given(element, "stroke")
    stroked = stroke not in (None, "none") and _given(element, "fill") in (None, "none")
    before = stroke if stroked else _given(element, "fill")
    if before is not None and before.startswith("url("):
        return None
    after = other_colour(before if before not in (None, "currentColor") else "#000", chance)
    told = f"a {_local(element)} is {after} instead of {before or 'black'}"
    return _plan(
        element, severity.MEDIUM, told, partial(_set, element, "stroke" if stroked else "fill", after)
    )


def _stroke(drawing: Drawing, chance: random.Random) -> Plan | None:
    stroked = [item for item in drawing.parts() if _given(item, "stroke") not in (None, "none")]
    if not stroked:
        return None
    element = chance.choice(stroked)
    given = (_given(element, "stroke-width") or "1").removesuffix("px")
    if not _number(given):
        return None
    factor = chance.choice((_WIDER, _THINNER))
    told = f"the stroke of a {_local(element)} is {factor} times as wide as it should be"
    change = partial(_set, element, "stroke-width", f"{float(given) * factor:.4g}")
    return _plan(element, severity.MINOR, told, change)


def _order(drawing: Drawing, chance: random.Random) -> Plan | None:
    parts = [item for item in drawing.parts() if item.getprevious() is not None]
    if not parts:
        return None
    element = chance.choice(parts)

    def do() -> None:
        if (parent := element.getparent()) is not None:
            parent.insert(0, element)

    told = f"a {_local(element)} lies behind the others instead of in front of them"
    return _plan(element, severity.MEDIUM, told, do, moves=True)


def _gradient(drawing: Drawing, chance: random.Random) -> Plan | None:
    found = [
        item
        for item in drawing.root.iter(etree.Element)
        if _local(item) in ("linearGradient", "radialGradient")
    ]
    found = [item for item in found if sum(_local(child) == "stop" for child in item) > 1]
    if not found:
        return None
    element = chance.choice(found)
    stops = [child for child in element if _local(child) == "stop"]
    colours = [_given(stop, "stop-color") or "black" for stop in stops]

    def do() -> None:
        for stop, colour in zip(stops, reversed(colours), strict=True):
            _set(stop, "stop-color", colour)

    touched = frozenset(element.iter())
    return Plan(severity.MEDIUM, "gradient", "the gradient runs the other way round", touched, do)


def _text(drawing: Drawing, chance: random.Random) -> Plan | None:
    texts = [
        item
        for item in drawing.parts("text", "tspan")
        if item.text and (has_word(item.text) or has_digit(item.text))
    ]
    if not texts:
        return None
    element = chance.choice(texts)
    before = str(element.text)
    after = other_letter(before, chance) if has_word(before) else other_digit(before, chance)[0]

    def do() -> None:
        element.text = after

    told = f"says '{after.strip()}' instead of '{before.strip()}'"
    return _plan(element, severity.MEDIUM, told, do, where="text")


def _added(drawing: Drawing, chance: random.Random) -> Plan | None:
    parts = drawing.parts()
    if not parts:
        return None
    element = chance.choice(parts)
    share = chance.choice(_SHIFTS[1:])

    def do() -> None:
        twin = copy.deepcopy(element)
        by = drawing.side * share
        twin.set("transform", f"translate({by:.4g} {-by:.4g}) {twin.get('transform', '')}".strip())
        element.addnext(twin)

    told = f"a second {_local(element)} is drawn beside the one that there should be"
    return Plan(severity.MEDIUM, _local(element), told, frozenset(element.iter()), do, moves=True)


EDITS: tuple[Edit[Drawing], ...] = (
    Edit("shape dropped", "structure_error", _dropped),
    Edit("shape added", "structure_error", _added),
    Edit("order", "structure_error", _order),
    Edit("shape moved", "structure_error", _moved),
    Edit("shape scaled", "shape_error", _scaled),
    Edit("shape stretched", "shape_error", _stretched),
    Edit("recoloured", "style_error", _recoloured),
    Edit("stroke", "style_error", _stroke),
    Edit("gradient", "style_error", _gradient),
    Edit("text", "text_symbol_error", _text),
)
