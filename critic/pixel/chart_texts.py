"""Differences between the texts of two charts."""

from __future__ import annotations

import math
from typing import NamedTuple

from critic.elements import shift
from critic.pixel.chart_pixels import glyphs_differ
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, Rank
from critic.pixel.ledger import Ledger, filled
from critic.reading.chart.description import Axes, Chart, Scale, Text, Tick
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_HERE, _NEARBY = 12, 60
"""Pixels within which a text is the one that stands here, and within which one that says the same is."""
_OTHER_COLOUR = 80
"""Channel difference from which thin strokes, which are blended, are of another colour."""
_SIZE = 0.4
"""Points by which sizes that are read from letters' heights may differ: half a step of what people set."""
_IN_PROPORTION = 0.12
"""Difference of the two ratios of length and height up to which a text is larger rather than longer."""
_SHIFT = 2
"""Pixels from which a text stands elsewhere; rounding to whole pixels moves texts by 1."""
_FEW_TICKS = 24
"""Differing pixels of tick labels that read alike, from which they look different: about one digit's."""
_RANGE, _LOG_RANGE = 0.02, 0.03
"""Share of its span by which the ends of an axis may be read otherwise: 1 pixel in 50 between two ticks."""
_TICK_SIZE = 0.9
"""Points by which sizes of tick labels may differ: digits alone say less about it than words."""
_STRETCH = 0.025
"""Share by which the same text may be longer, drawn by another version of a font library."""
_FACE_SIZE = 0.06
"""Share by which sizes read from letters' heights differ between typefaces set alike: capitals are 0.66 to
0.73 of an em high."""
_FACE_LENGTH = 0.25
"""Share by which the same text is longer or shorter in another typeface: Verdana is a fifth over Arial."""
FEW = 5
"""So many differing pixels under a text are no difference."""


class Placed(NamedTuple):
    """A text with its role, as a person would name it, and the axes that it belongs to."""

    role: str
    text: Text
    axes: Element | None = None

    @property
    def element(self) -> Element:
        """The text as an element."""
        return Element(kind=self.role, name=self.text.text, of=self.axes)

    @property
    def where(self) -> str:
        """Its role and axes in words."""
        return str(Element(kind=self.role, of=self.axes))


def placed_texts(chart: Chart) -> list[Placed]:
    """All texts of a chart but legends and tick labels."""
    found = [Placed("text", text) for text in chart.texts]
    for index, axes in enumerate(chart.axes):
        where = axes_element(chart, index)
        for role, text in (("title", axes.title), ("x label", axes.x_label), ("y label", axes.y_label)):
            if text is not None:
                found.append(Placed(role, text, where))
        found += [Placed("text in the plot", text, where) for text in axes.texts]
    return found


def axes_element(chart: Chart, index: int) -> Element | None:
    """An axes as an element; None where the figure has one alone."""
    return Element(kind="axes", index=(index,)) if len(chart.axes) > 1 else None


def union(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    return Box(min(one.x0, other.x0), min(one.y0, other.y0), max(one.x1, other.x1), max(one.y1, other.y1))


def _apart(one: Box, other: Box) -> float:
    return max(
        abs((one.x0 + one.x1) - (other.x0 + other.x1)) / 2 - 0.5 * abs(one.width - other.width),
        abs((one.y0 + one.y1) - (other.y0 + other.y1)) / 2,
    )


def paired_texts(
    reference: Chart, render: Chart
) -> tuple[list[tuple[Placed, Placed]], list[Placed], list[Placed]]:
    """Texts paired by role and place; those of the reference alone; those of the render alone."""
    pairs, lost, left = [], [], placed_texts(render)
    for item in placed_texts(reference):
        mate = _mate(item, left)
        if mate is None:
            lost.append(item)
        else:
            left.remove(mate)
            pairs.append((item, mate))
    return pairs, lost, left


def compare_texts(
    reference: Chart,
    render: Chart,
    images: tuple[Image, Image],
    ledger: Ledger[Discrepancy],
    face: Discrepancy | None = None,
) -> list[Claim]:
    """What differs between texts; in another typeface its finding takes the place of other glyphs."""
    pairs, lost, extra = paired_texts(reference, render)
    found = [claim for item, mate in pairs for claim in _pair(item, mate, images, ledger, face)]
    found += [claim for item in lost for claim in _alone(Cause.MISSING, item)]
    return found + [claim for item in extra for claim in _alone(Cause.EXTRA, item)]


def _alone(cause: Cause, item: Placed) -> list[Claim]:
    said = difference("text_error", 2, cause, item.element, item.text.box)
    return (
        []
        if said is None
        else [Claim(said, Rank.TEXT, item.text.box, 4, proof=_rim(item.text.box), least=FEW)]
    )


def _rim(box: Box) -> Box:
    return Box(box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1)


def _mate(item: Placed, others: list[Placed]) -> Placed | None:
    near = [o for o in others if _apart(item.text.box, o.text.box) < _HERE]
    if not near:
        near = [
            o for o in others if o.text.text == item.text.text and _apart(item.text.box, o.text.box) < _NEARBY
        ]
    if not near and item.role[:4] in ("titl", "x la", "y la"):
        near = [o for o in others if o.role == item.role]
    return min(
        near, key=lambda o: (o.text.text != item.text.text, _apart(item.text.box, o.text.box)), default=None
    )


def _pair(
    item: Placed,
    mate: Placed,
    images: tuple[Image, Image],
    ledger: Ledger[Discrepancy],
    face: Discrepancy | None,
) -> list[Claim]:
    """What differs between a text and its mate; nothing where their glyphs agree, whatever was read."""
    box = union(item.text.box, mate.text.box)
    if ledger.seen(box, 1) <= FEW:
        return []
    said = _difference(item, mate, box, images, face)
    return [] if said is None else [Claim(said, Rank.TEXT, box, 4, proof=_rim(box), least=FEW)]


def _difference(
    item: Placed, mate: Placed, box: Box, images: tuple[Image, Image], face: Discrepancy | None
) -> Discrepancy | None:
    one, other, element = item.text, mate.text, item.element
    wide = (one.box.width, other.box.width)
    tall = (one.box.height, other.box.height)
    if one.rotation:
        wide, tall = tall, wide
    same_size = abs(one.size - other.size) <= _SIZE
    same_length = not other_length(*wide)
    same_shape = same_length and abs(tall[0] - tall[1]) <= 1 + same_size
    same_text = plain(one.text) == plain(other.text)
    if same_length and same_size and same_text and not same_shape:
        # Neighbours' ink made one box taller: what it says and how long it is agree.
        return None
    if same_shape and not glyphs_differ(*images, one.box, other.box):
        return _moved(element, one, other, box)
    if not same_text:
        return difference("text_error", 2, Cause.TEXT, element, box, reference=one.text, render=other.text)
    by_face = face is not None and _of_face(one, other, wide)
    if same_shape or by_face:
        if one.colour != other.colour and _far_colours(one.colour, other.colour):
            colours = one.colour, other.colour
            return difference(
                "style_error", 1, Cause.RECOLOURED, element, box, reference=colours[0], render=colours[1]
            )
        if by_face:
            return _moved(element, one, other, box, _SHIFT + abs(wide[0] - wide[1]) / 2) or face
        return difference("text_error", 2, Cause.TEXT, element, box, reference=one.text)
    if not same_size or abs(wide[0] / max(wide[1], 1) - tall[0] / max(tall[1], 1)) < _IN_PROPORTION:
        said = difference(
            "style_error", 1, Cause.FONT_SIZE, element, box, reference=one.size, render=other.size
        )
        if said is not None:
            return said
    return difference("text_error", 2, Cause.RESIZED, element, box, reference=wide[0], render=wide[1])


def _of_face(one: Text, other: Text, wide: tuple[float, float]) -> bool:
    """Whether another typeface explains how long and large the same text is."""
    return not other_size(one, other) and abs(wide[0] - wide[1]) <= _FACE_LENGTH * wide[0]


def other_length(one: float, other: float) -> bool:
    """Whether a text's lengths, in pixels, differ by more than rounding and versions of font libraries."""
    return abs(one - other) > max(_SHIFT, _STRETCH * one)


def other_size(one: Text, other: Text) -> bool:
    """Whether two texts are set in sizes that differ by more than typefaces do."""
    return abs(one.size - other.size) > max(_SIZE, _FACE_SIZE * one.size)


def plain(text: str) -> str:
    """A text as OCR cannot mistake it: without spaces, dashes alike."""
    return "".join(text.split()).replace("−", "-").replace("–", "-").replace("—", "-")


def _far_colours(one: str, other: str) -> bool:
    return max(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5)) > _OTHER_COLOUR


def _moved(element: Element, one: Text, other: Text, box: Box, least: float = _SHIFT) -> Discrepancy | None:
    way = shift(one.box, other.box)
    if way is None or max(abs(part) for part in way) < least:
        return None
    return difference("style_error", 1, Cause.MOVED, element, box, reference=one.box, render=other.box)


def compare_ticks(view: View) -> list[Claim]:
    """Axis ranges and tick labels, one discrepancy an axis."""
    one, other = view.one, view.other
    ticks_only = view.ledger.visible.copy()
    for label in (one.title, one.x_label, one.y_label, other.title, other.x_label, other.y_label):
        if label is not None:
            ticks_only &= ~filled(label.box, ticks_only.shape, 3)
    found: list[Claim] = []
    for name, ours, theirs in (("x", one.x, other.x), ("y", one.y, other.y)):
        strip = tick_strip(one, name, ours, theirs)
        own, proof = (ticks_only & filled(strip, ticks_only.shape, margin) for margin in (3, 0))
        if proof.sum() <= FEW:
            continue
        axis = view.part(f"{name} axis")
        said = _at_labels(_axis_pair(axis, ours, theirs, strip, view), ours)
        least = FEW
        if said is None:
            labels, least = Element(kind="tick labels", of=axis), _FEW_TICKS
            said = difference("text_error", 1, Cause.UNEXPLAINED, labels, strip)
        if said is not None:
            found.append(Claim(said, Rank.TICKS, own, proof=proof, least=least))
            if said.cause in (Cause.RANGE, Cause.SCALE):
                # Everything in the plot moves with its scale: the scale is the cause.
                found.append(Claim(said, Rank.TICKS, one.box, 0, proof=proof, least=least))
    return found


def _at_labels(said: Discrepancy | None, ours: Scale) -> Discrepancy | None:
    """What is said of an axis, placed where its labels are; it accounts for the strip beside the axes."""
    return said if said is None or said.box is None else at_labels(said, ours, (said.box,))


def at_labels(said: Discrepancy, ours: Scale, places: tuple[Box, ...]) -> Discrepancy:
    """What is said of an axis, placed where its labels are.

    Args:
        said: The finding.
        ours: The reference's axis.
        places: What the finding accounts for.
    """
    named = said.reference if said.cause is Cause.TEXT and isinstance(said.reference, tuple) else ()
    boxes = [tick.box for tick in ours.ticks if tick.box is not None and (tick.label in named or not named)]
    return said if not boxes else said.model_copy(update={"box": Box.around(boxes), "places": places})


def tick_strip(axes: Axes, name: str, ours: Scale, theirs: Scale) -> Box:
    """Where tick labels stand: beside the axes, as far as the labels reach."""
    b = axes.box
    if name == "x":
        strip = Box(b.x0 - 14, b.y1 + 2, b.x1 + 14, b.y1 + 30)
        strip = Box(b.x0, b.y0 - 24, b.x1, b.y0 - 1) if ours.side == "top" else strip
    else:
        strip = Box(b.x0 - 48, b.y0 - 8, b.x0 - 1, b.y1 + 8)
        strip = Box(b.x1 + 2, b.y0, b.x1 + 48, b.y1) if ours.side == "right" else strip
    for tick in (*ours.ticks, *theirs.ticks):
        if tick.box is not None and _apart(tick.box, strip) < _NEARBY:
            strip = union(strip, tick.box)
    return strip


def _axis_pair(axis: Element, ours: Scale, theirs: Scale, strip: Box, view: View) -> Discrepancy | None:
    labels, others = tuple(t.label for t in ours.ticks), tuple(t.label for t in theirs.ticks)
    if ours.kind != theirs.kind and ours.numeric and theirs.numeric:
        return difference(
            "structure_error", 3, Cause.SCALE, axis, strip, reference=ours.kind, render=theirs.kind
        )
    span = abs(ours.high - ours.low) or 1.0
    numbers = ours.numeric and theirs.numeric
    comparable = ours.kind == theirs.kind and (numbers or _same_names(labels, others))
    off = max(abs(ours.low - theirs.low), abs(ours.high - theirs.high)) / span
    if comparable and (off > _RANGE if ours.straight else _log_off(ours, theirs) > _LOG_RANGE):
        said = difference(
            "data_error",
            2,
            Cause.RANGE,
            axis,
            strip,
            reference=(ours.low, ours.high),
            render=(theirs.low, theirs.high),
        )
        if said is not None:
            return said
    ticks = Element(kind="tick labels", of=axis)
    if labels and len(labels) == len(others):
        pairs = [(a, b) for a, b in zip(ours.ticks, theirs.ticks, strict=True) if _apart_ticks(a, b, view)]
        if pairs:
            changed = tuple(a.label for a, _ in pairs), tuple(b.label for _, b in pairs)
            return difference(
                "text_error", 2, Cause.TEXT, ticks, strip, reference=changed[0], render=changed[1]
            )
    elif labels:
        return difference("text_error", 2, Cause.TEXT, ticks, strip, reference=labels, render=others)
    if abs(ours.size - theirs.size) > _TICK_SIZE:
        return difference(
            "style_error", 1, Cause.FONT_SIZE, ticks, strip, reference=ours.size, render=theirs.size
        )
    return None


def _same_names(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two axes have the same categories: theirs may then have another room on each side."""
    return bool(ours) and [plain(name) for name in ours] == [plain(name) for name in theirs]


def _apart_ticks(ours: Tick, theirs: Tick, view: View) -> bool:
    """Whether two labels say different things, by what was read and by their glyphs."""
    if plain(ours.label) == plain(theirs.label):
        return False
    if ours.box is None or theirs.box is None:
        return True
    return view.seen(union(ours.box, theirs.box), 1) > FEW and glyphs_differ(
        *view.images, ours.box, theirs.box
    )


def _log_off(ours: Scale, theirs: Scale) -> float:
    values = [math.log10(max(v, 1e-300)) for v in (ours.low, ours.high, theirs.low, theirs.high)]
    span = abs(values[1] - values[0]) or 1.0
    return max(abs(values[0] - values[2]), abs(values[1] - values[3])) / span
