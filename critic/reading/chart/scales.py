"""Ticks and their labels along the sides of an axes rectangle, and the scale they settle."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from critic.marks.scales import TINT
from critic.reading.chart.colours import Colour, apart, hex_of, rgb_of
from critic.reading.chart.description import CategoryScale, LinearScale, LogScale, Scale, Text, Tick
from critic.reading.chart.frames import Frame
from critic.reading.chart.lone_labels import bare_marks, reread
from critic.reading.chart.marks import Side, marks_on, ticks_beside
from critic.reading.chart.moments import moments_of
from critic.reading.chart.numbers import Mapping, fit, is_power, number_of
from critic.reading.chart.slanted import slanted_on
from critic.reading.chart.tick_format import TickFormat, format_of
from critic.reading.chart.tick_labels import (
    holds,
    is_label,
    is_of,
    is_row,
    labels_on,
    of_one_size,
    without_mark,
)
from critic.reading.chart.tick_marks import USUAL_LENGTH, label_pad, tick_look
from critic.reading.chart.turned import turned_on, within
from critic.reading.chart.words import centre
from critic.reading.reader import Reader
from critic.types import Box
from renderers.types import Image

_PAIR = 2
"""Labels or ticks from which there is a step from one to the next; two values also fit any scale."""
_CHECKED = 3
"""Values or ticks from which a rule for their steps can turn out wrong: two fit any."""
_OFF_MARK = 9
"""Pixels from a tick within which the middle of its label lies: centred but for signs read into it."""
_DOUBTED = 0.5
"""Confidence (0..1) below which the labels are rather names that hold numbers."""
_TEN_AND_DIGIT = 3
"""Signs of "10" with one digit of a power behind it."""
_EVEN_CATEGORIES = 2.5
"""Pixels by which steps between categories may differ: two rounded places, and a blended edge."""
_LEAST_STEP = 2
"""Pixels: ticks that lie closer are one mark's two edges."""
_EVEN = 2.1
"""Pixels by which steps between evenly spaced ticks may differ: both ends are rounded."""
_AT_VALUE = 1.6
"""Pixels from a tick within which its round value lies: rounding of the tick, and of the fit's places."""
_ROUND_STEP = 0.02
"""Share by which a step may be off a round one: the round ones differ by a fifth and more."""
_ALL_AGREE = 0.9
"""Share of the numbers that must be on one scale for those without a line to have a mark."""
_THEIRS = 0.5
"""Share of the labels that stand at marks below which the marks are something else's."""
_APART = 0.5
"""Of the step between labels, from which a label stands at no other's mark."""
_OUTWARDS = 3
"""Pixels that a mark reaches out of the axes at least: matplotlib's has 4.9."""
_LONGER, _MINOR = range(5, 9), 2
"""Pixels that longer marks reach out of the axes where shorter ones have ended (bokeh's have 6, minor ones
4), and how many times as many marks there are at least where minor ones stand between."""
_FLUSH = 3
"""Pixels from a mark at which the label of an axis' end begins or ends where it is kept within the axis."""
_MOST_PLAIN = 0.5
"""Share of a logarithmic scale's labels above which they are written out, but for its lowest."""
_ON_CATEGORY = 0.04
"""Of the step between categories, within which a tick is at one."""
_ON_EDGE = 0.6
"""Pixels from an edge within which a tick stands on it: half a pixel of rounding."""


def read_scale(
    image: Image, frame: Frame, side: Side, texts: list[Text], background: Colour, reader: Reader, dpi: float
) -> tuple[Scale, Mapping, list[Text]]:
    """The scale on one side of a frame, the mapping behind it, and the texts it used up."""
    across = side in ("bottom", "top")
    low, high = (frame.box.x0, frame.box.x1) if across else (frame.box.y1, frame.box.y0)
    marks = marks_on(image, frame, side, background)
    minor = (
        len(marks) > 1
        and not frame.gridded
        and len(marks_on(image, frame, side, background, 2)) > 2 * len(marks)
    )
    labels = labels_on(texts, frame, side)
    longer = [] if frame.gridded else _longer(image, frame, side, background, marks, labels)
    marks, minor = longer or marks, minor or bool(longer)
    if len(marks) < _PAIR and len(labels) >= _CHECKED and not frame.gridded:
        # A single mark beside a column of labels is none of theirs.
        marks = []
    if across and len(marks) > _PAIR:
        # A row that was read as one is read again, mark by mark.
        labels = [label for label in labels if not is_row(label, marks)]
    marked = bool(marks) if not frame.gridded else len(ticks_beside(image, frame, side, background, 3)) > 1
    look = tick_look(image, frame, side, marks, background, dpi) if frame.gridded else None
    lines, marked = marks, marked or look is not None
    if not marks and any(frame.cells):
        marks = lines = frame.middles(across=across)
    if marked or not frame.gridded:
        labels = [without_mark(image, label, frame, side, dpi) for label in labels]
    labels = of_one_size(image, labels, reader, dpi)
    if frame.gridded:
        marks = _under_labels(labels, marks, across, (low, high))
        marks = marks if marks is not lines else _with_hidden(labels, marks, across)
        lines = marks if len(marks) > len(lines) else lines
    if not marked or _point_inwards(image, frame, side, background):
        told = _with_labels(labels, marks, across, (low, high), everywhere=frame.gridded)
        marks, lines = told, told if marks is lines else lines
    pairs = _matched(labels, marks, across)
    slanted = slanted_on(image, texts, frame, side, marks, dpi) if across and marks else []
    if len(slanted) >= _PAIR and len(slanted) >= 0.5 * len(marks):
        pairs = slanted
    turned = turned_on(image, frame, side, marks, background, reader, dpi)
    pairs = turned or pairs
    used = [t for t in texts if any(is_of(t, p) for _, p in pairs)]
    used += [bit for _, label in turned for bit in within(texts, label)]
    if marks and len(pairs) < len(marks) and not slanted and not turned:
        extra = reread(image, frame, side, marks, pairs, background, reader, dpi)
        whole = [t for t in texts if any(holds(t.box, p.box) and is_label(t.box, p.box) for _, p in extra)]
        rows = [t for t in texts if across and is_row(t, marks)]
        used += [*whole, *(t for t in rows if any(holds(t.box, p.box) for _, p in extra))]
        pairs = sorted(pairs + extra, key=lambda pair: pair[0])
    bare = bare_marks(image, frame, side, marks, pairs, background) if not slanted and not turned else set()
    written = format_of([text.text for _, text in pairs])
    mapping = None if _tell_dates(pairs) else _mapping(pairs, written)
    numeric = mapping is not None
    if mapping is None:
        mapping = _counted(marks or [p for p, _ in pairs], low, high)
        ticks = tuple(
            sorted(
                [
                    *(
                        Tick(pixel=p, value=_whole(mapping.value(p)), label=t.text, box=t.box)
                        for p, t in pairs
                    ),
                    *(Tick(pixel=p, value=_whole(mapping.value(p))) for p in bare),
                ],
                key=lambda tick: tick.pixel,
            )
        )
    else:
        mapping = _settled(mapping, marks or [p for p, _ in pairs])
        ticks = _numeric_ticks(mapping, marks or [p for p, _ in pairs], pairs, written, bare)
    kind = CategoryScale if not numeric else LogScale if mapping.log else LinearScale
    colour = _usual([t.colour for _, t in pairs])
    own = look is not None and apart(look.colour, colour) > TINT
    size = _common([t.size for _, t in pairs]) if pairs else 10.0
    level = [] if slanted or turned else [t.box for _, t in pairs]
    length = (look.length if look else USUAL_LENGTH) if marked and marks is lines else 0.0
    scale = kind(
        low=_limit(mapping, low, ticks),
        high=_limit(mapping, high, ticks),
        ticks=ticks,
        minor=minor and not mapping.log,
        side=side,
        size=size,
        pad=label_pad(level, frame, side, length, size, dpi),
        colour=colour,
        mark_length=look.length if look else USUAL_LENGTH,
        mark_colour=look.colour if look and own else "",
        between=() if numeric or marks is lines else tuple(_half(mapping.value(at)) for at in lines),
        rotation=float(np.median([t.rotation for _, t in pairs])) if pairs else 0.0,
        marks=marked,
        confidence=mapping.confidence,
    )
    return scale, mapping, used


def _longer(
    image: Image, frame: Frame, side: Side, background: Colour, marks: list[float], labels: list[Text]
) -> list[float]:
    """The longer ones of marks of two lengths, where all labels stand at them; empty where there are none."""
    places = [centre(label.box)[0 if side in ("bottom", "top") else 1] for label in labels]
    for away in _LONGER if len(places) >= _CHECKED else ():
        found = marks_on(image, frame, side, background, away)
        own = [at for at in found if any(abs(at - mark) < 1 for mark in marks)]
        labelled = all(any(abs(at - mark) <= _OFF_MARK for mark in own) for at in places)
        if labelled and len(own) == len(found) and _MINOR * len(own) <= len(marks):
            return own
    return []


def _under_labels(
    labels: list[Text], marks: list[float], across: bool, ends: tuple[float, float]
) -> list[float]:
    """Where ticks are: at the lines, or halfway between them or the axes' ends where more labels stand."""
    off = [end for end in ends if all(abs(end - mark) > _OFF_MARK for mark in marks)]
    halfway = [(one + other) / 2 for one, other in pairwise(sorted([*marks, *off]))]
    better = len(_matched(labels, halfway, across)) > len(_matched(labels, marks, across))
    return halfway if halfway and better else marks


def _point_inwards(image: Image, frame: Frame, side: Side, background: Colour) -> bool:
    """Whether marks point into the axes: at corners there is no telling them from the spine."""
    return not frame.gridded and not ticks_beside(image, frame, side, background, _OUTWARDS)


def _with_labels(
    labels: list[Text], marks: list[float], across: bool, ends: tuple[float, float], *, everywhere: bool
) -> list[float]:
    """The marks with those of labels that have none: where data hide a line, or no line is drawn.

    Args:
        labels: The labels of the side.
        marks: Where lines or marks run.
        across: Whether the side runs from left to right.
        ends: Where the side begins and ends.
        everywhere: Whether labels may stand anywhere; else only at the side's ends are marks not seen.
    """
    matched = [label for _, label in _matched(labels, marks, across)]
    if len(labels) < _CHECKED or not marks:
        return marks
    if everywhere and len(matched) < _THEIRS * len(labels):
        return []
    step = min(np.diff(sorted(centre(label.box)[0 if across else 1] for label in labels)))
    places = [centre(label.box)[0 if across else 1] for label in labels if label not in matched]
    at_end = [end for end in ends if any(abs(end - at) <= _AT_VALUE for at in places)]
    missing = places if everywhere else at_end
    return sorted([*marks, *(at for at in missing if min(abs(at - mark) for mark in marks) > _APART * step)])


def _is_flush(box: Box, mark: float, marks: list[float]) -> bool:
    """Whether a label begins at the first mark, or ends at the last: Vega keeps labels within the axis."""
    begins = mark == min(marks) and abs(box.x0 - mark) <= _FLUSH
    return begins or (mark == max(marks) and abs(box.x1 - mark) <= _FLUSH)


def _with_hidden(labels: list[Text], marks: list[float], across: bool) -> list[float]:
    """The marks with those of the numbers whose lines data hide, where all numbers are on one scale."""
    written = format_of([label.text for label in labels])
    numbers = [
        (centre(label.box)[0 if across else 1], value)
        for label in labels
        if (value := written.number(label.text)) is not None
    ]
    mapping = fit(numbers, slack=_AT_VALUE)
    if len(numbers) < _CHECKED or mapping is None or mapping.confidence < _ALL_AGREE:
        return marks
    lined = [
        (at, value) for at, text in _matched(labels, marks, across) if (value := written.number(text.text))
    ]
    exact = (fit(lined) if len(lined) >= _PAIR else None) or mapping
    missing = [value for at, value in numbers if all(abs(at - mark) > _OFF_MARK for mark in marks)]
    return sorted([*marks, *map(exact.pixel, missing)])


def _matched(labels: list[Text], marks: list[float], across: bool) -> list[tuple[float, Text]]:
    pairs = []
    for label in labels:
        at = centre(label.box)[0 if across else 1]
        near = min(marks, key=lambda mark: abs(mark - at), default=None)
        if near is not None and (
            abs(near - at) < _OFF_MARK or (across and _is_flush(label.box, near, marks))
        ):
            pairs.append((near, label))
        elif not marks:
            pairs.append((at, label))
    best: dict[float, tuple[float, Text]] = {}
    for mark, label in pairs:
        off = abs(mark - centre(label.box)[0 if across else 1])
        if mark not in best or off < best[mark][0]:
            best[mark] = (off, label)
    return sorted(((mark, label) for mark, (_, label) in best.items()), key=lambda pair: pair[0])


def _tell_dates(pairs: list[tuple[float, Text]]) -> bool:
    """Whether labels are dates that look like numbers in part: days of a month that one of them names."""
    labels = [text.text for _, text in pairs]
    if all(number_of(label) is not None for label in labels):
        return False
    return moments_of([pixel for pixel, _ in pairs], labels, _AT_VALUE) is not None


def _mapping(pairs: list[tuple[float, Text]], written: TickFormat) -> Mapping | None:
    values = [(pixel, written.number(text.text)) for pixel, text in pairs]
    known = [(pixel, value) for pixel, value in values if value is not None]
    if len(known) < _PAIR or len(known) < 0.5 * len(pairs):
        return None
    powers = sum(is_power(text.text) for _, text in pairs)
    if powers >= max(1, len(known) // 2):
        known = [(pixel, _as_power(text.text)) for pixel, text in pairs if _as_power(text.text) > 0]
        return fit(known, log=True)
    linear, logarithmic = fit(known), fit(known, log=True)
    if logarithmic and (
        _are_decades([value for _, value in known])
        if len(known) < _CHECKED
        else not linear or logarithmic.confidence > linear.confidence + 0.3
    ):
        return logarithmic
    if linear and linear.confidence < _DOUBTED and len(known) > _PAIR:
        return None
    return linear


def _are_decades(values: list[float]) -> bool:
    """Whether a few labels are a power of ten and the next: 10 and 100 are no multiples of a step of 90."""
    if min(values) <= 0:
        return False
    powers = np.log10(sorted(values))
    return bool(np.allclose(powers, np.round(powers)) and np.allclose(np.diff(powers), 1.0))


def _as_power(text: str) -> float:
    """The value of a label on an axis of powers, where OCR may have lost the superscript."""
    if not is_power(text) and text.startswith("10") and len(text) == _TEN_AND_DIGIT and text[2].isdigit():
        return float(10 ** int(text[2]))
    return number_of(text) or 0.0


def _counted(pixels: list[float], low: float, high: float) -> Mapping:
    """Categories: 0 at the first tick, 1 at the next; fractions of the side where there are none."""
    ordered = sorted(pixels, reverse=high < low)
    if len(ordered) >= _PAIR:
        steps = np.diff(ordered)
        step = float(np.median(steps))
        if np.ptp(steps) <= _EVEN_CATEGORIES:
            step = (ordered[-1] - ordered[0]) / (len(ordered) - 1)
        if abs(step) > _LEAST_STEP:
            return Mapping(1.0 / step, -ordered[0] / step)
    span = high - low
    if len(ordered) == 1:
        return Mapping(1.0 / span, -ordered[0] / span)
    return Mapping(1.0 / span, -low / span)


def _numeric_ticks(
    mapping: Mapping,
    marks: list[float],
    pairs: list[tuple[float, Text]],
    written: TickFormat,
    bare: set[float],
) -> tuple[Tick, ...]:
    """Ticks at the marks, their labels as the mapping says; the readings settle only the format."""
    labels = {pixel: text.text for pixel, text in pairs}
    boxes = {pixel: text.box for pixel, text in pairs}
    step = _step(mapping, marks)
    plain = mapping.log and _is_plain(mapping, pairs, written)
    ticks = []
    for pixel in sorted(marks):
        value = mapping.value(pixel)
        if mapping.log:
            power = round(np.log10(max(value, 1e-300)))
            near = abs(mapping.pixel(10.0**power) - pixel) < _AT_VALUE
            if near or pixel in labels:
                exact = float(10.0**power) if near else value
                label = (written.text(exact) if plain else f"$10^{{{power}}}$") if near else labels[pixel]
                ticks.append(Tick(pixel=pixel, value=exact, label=label, box=boxes.get(pixel)))
            continue
        digits = max(written.decimals, 0)
        exact = (
            round(round(value / step) * step if step else value, digits if written.factor == 1 else 0) + 0.0
        )
        if abs(mapping.pixel(exact) - pixel) >= _AT_VALUE:
            exact, label = value, labels.get(pixel, "")
        else:
            label = "" if pixel in bare else written.text(exact)
        ticks.append(Tick(pixel=pixel, value=exact, label=label, box=boxes.get(pixel)))
    return tuple(ticks)


def _is_plain(mapping: Mapping, pairs: list[tuple[float, Text]], written: TickFormat) -> bool:
    """Whether the labels of a logarithmic scale are written out, most of them."""
    powers = [(10.0 ** round(np.log10(mapping.value(pixel))), text.text) for pixel, text in pairs]
    same = sum(written.number(text) == power and power > 1 for power, text in powers)
    return not written.powers and same >= _PAIR and same > _MOST_PLAIN * len(powers)


def _step(mapping: Mapping, marks: list[float]) -> float | None:
    """The round step of evenly spaced ticks, 1, 2, 2.5 or 5 times a power of ten; None without one."""
    if mapping.log or len(marks) < _CHECKED:
        return None
    gaps = np.diff(sorted(marks))
    if gaps.max() - gaps.min() > _EVEN:
        return None
    step = abs(mapping.slope) * float(np.mean(gaps))
    magnitude = 10.0 ** np.floor(np.log10(step))
    nice = float(min((f * magnitude for f in (1.0, 2.0, 2.5, 3.0, 5.0, 10.0)), key=lambda s: abs(s - step)))
    return nice if abs(nice / step - 1) <= _ROUND_STEP else None


def _settled(mapping: Mapping, marks: list[float]) -> Mapping:
    """The mapping through round tick values, where the ticks are evenly spaced."""
    step = _step(mapping, marks)
    if step is None:
        return mapping
    ordered = sorted(marks)
    values = np.round(np.array([mapping.value(p) for p in ordered]) / step) * step
    slope, offset = np.polyfit(ordered, values, 1)
    residual = np.abs((values - offset) / slope - np.array(ordered)).max()
    if residual > _AT_VALUE:
        return mapping
    return mapping._replace(slope=float(slope), offset=float(offset))


def _common(sizes: list[float]) -> float:
    """The most frequent size; the median's neighbour among usual ones where sizes vary."""
    return max(set(sizes), key=lambda s: (sizes.count(s), -abs(s - 10)))


def _usual(colours: list[str]) -> str:
    """The median of the labels' colours, which anti-aliasing blurs."""
    return hex_of(np.median([rgb_of(c) for c in colours or ["#000000"]], axis=0).round().astype(int))


def _half(value: float) -> float:
    """Where one category ends and the next begins."""
    return round(2 * value) / 2


def _whole(value: float) -> float:
    """A category's number; the odd tick between stays where it is."""
    near = float(round(value))
    return near + 0.0 if abs(value - near) < _ON_CATEGORY else float(round(value, 3))


def _limit(mapping: Mapping, edge: float, ticks: tuple[Tick, ...]) -> float:
    """The value at an edge; a tick standing on the edge says it exactly."""
    for tick in ticks:
        if abs(tick.pixel - edge) <= _ON_EDGE:
            return tick.value
    return mapping.value(edge)
