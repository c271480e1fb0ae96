"""Differences between two series of one type, in data units but judged by their pixels.

Each function compares a series with its mate, and says what differs as claims.
"""

from __future__ import annotations

import cv2
import numpy as np

from critic.pixel.chart_geometry import apart, around, bar_box, off_path, path_of, pixel_of
from critic.pixel.chart_ink import dashes_of
from critic.pixel.chart_pixels import differing
from critic.pixel.chart_view import SAME, View
from critic.pixel.claims import FEW, Claim, Rank
from critic.pixel.ledger import Mask
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Boxes,
    ErrorBars,
    Grid2D,
    Line,
    Points,
    Ring,
    Stems,
    Steps,
)
from critic.types import Box, Cause, Element, Severity, Value, difference
from renderers.types import Image

OFF = 2.5
"""Pixels by which a mark may be off: readings of blended edges differ by up to 2."""
_ROUND = 9
"""Pixels across the place round a vertex in which pictures are looked at."""
_INKED = 60
"""Channel difference up to which a pixel shows a line's colour, thin and paler as it may be."""
_SEVERELY_OFF = 12
"""Pixels from which a line that is off tells something else: about the height of a letter."""
_BAR_APART = 5
"""Pixels up to which the middles of two bars are those of one bar; the thinnest bars are 6 apart."""
_MOST_BARS, _MOSTLY = 3, 0.6
"""More bars than this, and this share of a group, are said together: the group is the cause."""
_MOST_CELLS, _CELLS_SHARE = 8, 0.3
"""Cells said one by one, and the share from which the colour map is the cause."""
_WIDER = 0.45
"""Points by which line widths must differ: the steps that people use are 0.5."""
_MARKER = 1.0
"""Points by which markers must differ in size: half a pixel on each side at 72 dots per inch."""
_SIZES = (0.75, 1.33)
"""Between these ratios of area, points look equally large: 15% of diameter, a pixel of 6."""
_SHARE_OFF = 0.006
"""Of a pie: two degrees, a pixel at the rim of a pie 60 pixels wide."""
_ELSEWHERE = 0.25
"""Share of a line's path in its colour below which the line is not there: the shortest dashes fill more."""
_DASHED = 0.05
"""Difference in the share drawn that tells a broken line from a solid one: crossing lines make as much."""
_PIECE = 2
"""Vertices of the shortest line."""
_DIFFERING = 2
"""Pixels round a vertex that may differ where the pictures are the same but for blending."""
_POINTS_COUNT, _POINTS_OFF = 0.02, 0.01
"""Shares of points by which counts may differ, and that may lie elsewhere: overlapping ones are misread."""
_FLIERS = 0.1
"""Share of fliers by which counts may differ, for the same reason."""


def _claim(
    category: str,
    severity: Severity,
    cause: Cause,
    element: Element,
    box: Box,
    region: Mask | Box,
    *,
    reference: Value | None = None,
    render: Value | None = None,
    aside: str = "",
    margin: float = 2.0,
) -> list[Claim]:
    """A claim on a mark, or none where the values are equal as printed."""
    said = difference(
        category, severity, cause, element, box, reference=reference, render=render, aside=aside
    )
    rank = Rank.LOST if cause is Cause.MISSING else Rank.MARK
    return [] if said is None else [Claim(said, rank, region, margin)]


def compare_bars(ours: Bars, mate: Bars, view: View) -> list[Claim]:
    """Bar by bar, paired by position; the render's extra and missing ones too."""
    group = view.mark(ours)
    found: list[Claim] = []
    lost = 0
    left = set(range(len(mate.values)))
    along = 1 if ours.horizontal else 0
    for index in range(len(ours.values)):
        a = bar_box(ours, view.one, index)
        beside = [
            i
            for i in left
            if abs(_middle(a, along) - _middle(bar_box(mate, view.other, i), along)) < _BAR_APART
        ]
        pick = min(beside, key=lambda i: abs(mate.bases[i] - ours.bases[index]), default=None)
        bar = Element(kind="bar", index=(index,), of=group)
        if pick is None:
            said = _claim("data_error", 3, Cause.MISSING, bar, a, a, margin=3, reference=ours.values[index])
            lost += any(view.seen(a) > FEW for _ in said)
        else:
            left.discard(pick)
            said = _bar_pair(bar, ours, index, mate, pick, view)
        found += [claim for claim in said if view.seen(claim.region) > FEW]
    for index in left:
        box = bar_box(mate, view.other, index)
        bar = Element(kind="bar", name=f"at {mate.positions[index]:g}", of=group)
        if view.seen(box) > 2 * FEW:
            found += _claim("data_error", 2, Cause.EXTRA, bar, box, box, margin=3)
    if len(found) <= _MOST_BARS or len(found) < _MOSTLY * len(ours.values):
        return found
    return _together(found, group, view.ink((ours, view.one), (mate, view.other)), lost, ours, mate)


def _bar_pair(bar: Element, ours: Bars, index: int, mate: Bars, pick: int, view: View) -> list[Claim]:
    a, b = bar_box(ours, view.one, index), bar_box(mate, view.other, pick)
    if max(abs(p - q) for p, q in zip(a, b, strict=True)) < OFF:
        return []
    box = around([a, b])
    pairs = (
        (Cause.VALUE, bar, ours.values[index], mate.values[pick]),
        (Cause.VALUE, Element(kind="foot", of=bar), ours.bases[index], mate.bases[pick]),
        (Cause.RESIZED, bar, a, b),
    )
    for cause, element, reference, render in pairs:
        said = _claim("data_error", 2, cause, element, box, box, reference=reference, render=render, margin=3)
        if said:
            return said
    return []


def _together(
    found: list[Claim], group: Element, ink: Mask, lost: int, ours: Bars, mate: Bars
) -> list[Claim]:
    """Most bars of a group as one finding: so many are lost, or all have other values."""
    box = around([claim.finding.box for claim in found if claim.finding.box])
    if lost >= _MOSTLY * len(ours.values):
        counts = float(len(ours.values)), float(len(mate.values))
        return _claim(
            "structure_error", 3, Cause.COUNT, group, box, ink, reference=counts[0], render=counts[1]
        )
    example = found[0].finding
    aside = f"{len(found)} bars, such as {example.description}"
    return _claim("data_error", 3, Cause.VALUE, group, box, ink, aside=aside)


def _middle(box: Box, axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2


def compare_steps(ours: Steps, mate: Steps, view: View) -> list[Claim]:
    """Number and heights of two rows of steps."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    boxes, others = _step_boxes(ours, view.one), _step_boxes(mate, view.other)
    whole = around([*boxes, *others]) if boxes or others else view.one.box
    if len(boxes) != len(others):
        counts = float(len(boxes)), float(len(others))
        return _claim(
            "data_error", 3, Cause.COUNT, element, whole, ink, reference=counts[0], render=counts[1]
        )
    found: list[Claim] = []
    for index, (a, b) in enumerate(zip(boxes, others, strict=True)):
        if (
            max(abs(p - q) for p, q in zip(a, b, strict=True)) < OFF
            or view.seen(box := around([a, b])) <= FEW
        ):
            continue
        step = Element(kind="step", index=(index,), of=element)
        values = ours.values[index], mate.values[index]
        found += _claim(
            "data_error", 2, Cause.VALUE, step, box, box, reference=values[0], render=values[1], margin=3
        ) or _claim("data_error", 2, Cause.RESIZED, step, box, box, reference=a, render=b, margin=3)
    if len(found) > _MOST_BARS and len(found) >= _MOSTLY * len(boxes):
        aside = f"{len(found)} steps, such as {found[0].finding.description}"
        return _claim("data_error", 3, Cause.VALUE, element, whole, ink, aside=aside)
    if not found and not ours.filled and abs(ours.width - mate.width) > _WIDER:
        return _style(Cause.WEIGHT, element, whole, ink, ours.width, mate.width)
    return found


def _step_boxes(steps: Steps, axes: Axes) -> list[Box]:
    """The pixels below each step."""
    bases = steps.bases or (0.0,) * len(steps.values)
    spans = zip(steps.edges[:-1], steps.edges[1:], bases, steps.values, strict=True)
    return [axes.plane.around((left, right), (base, value)) for left, right, base, value in spans]


def compare_errors(ours: ErrorBars, mate: ErrorBars, view: View) -> list[Claim]:
    """Number and ends of two rows of error bars."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    ends, others = _ends(ours, view.one), _ends(mate, view.other)
    box = _hull([*ends, *others])
    if len(ours.x) != len(mate.x):
        counts = float(len(ours.x)), float(len(mate.x))
        return _claim("data_error", 3, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    away = [np.hypot(*(a - b).T) for a, b in zip(ends, others, strict=True)]
    side = int(np.argmax([a.max(initial=0.0) for a in away]))
    if away[side].max(initial=0.0) > OFF:
        worst = int(away[side].argmax())
        end = Element(kind=("lower end", "upper end")[side], index=(worst,), of=element)
        values = tuple((s.low, s.high)[side][worst] for s in (ours, mate))
        near = _hull([e[worst : worst + 1] for e in (*ends, *others)])
        return _claim("data_error", 2, Cause.VALUE, end, near, ink, reference=values[0], render=values[1])
    if abs(ours.width - mate.width) > _WIDER:
        return _style(Cause.WEIGHT, element, box, ink, ours.width, mate.width)
    if bool(ours.cap) != bool(mate.cap):
        caps = Element(kind="caps", of=element)
        return _style(Cause.MISSING if ours.cap else Cause.EXTRA, caps, box, ink)
    return []


def _ends(errors: ErrorBars, axes: Axes) -> list[np.ndarray]:
    if errors.horizontal:
        return [path_of(v, errors.y, axes) for v in (errors.low, errors.high)]
    return [path_of(errors.x, v, axes) for v in (errors.low, errors.high)]


def _hull(paths: list[np.ndarray]) -> Box:
    """A box around points, with a margin for what is drawn there."""
    x, y = np.concatenate(paths).T
    return Box(x.min() - _ROUND, y.min() - _ROUND, x.max() + _ROUND, y.max() + _ROUND)


_NUMBERS = {
    "lows": "lower whisker",
    "q1": "first quartile",
    "medians": "median",
    "q3": "third quartile",
    "highs": "upper whisker",
}


def compare_boxes(ours: Boxes, mate: Boxes, view: View, box: Box) -> list[Claim]:
    """The statistics of two box plots, box by box in their order."""
    one, element = view.one, view.mark(ours)
    counts = float(len(ours.positions)), float(len(mate.positions))
    if counts[0] != counts[1]:
        return _claim(
            "structure_error", 3, Cause.COUNT, element, box, box, reference=counts[0], render=counts[1]
        )
    scale, ends = (one.x, (one.box.x0, one.box.x1)) if ours.horizontal else (one.y, (one.box.y1, one.box.y0))
    for field, name in _NUMBERS.items():
        for index, (a, b) in enumerate(zip(getattr(ours, field), getattr(mate, field), strict=True)):
            if abs(pixel_of(scale, *ends, a) - pixel_of(scale, *ends, b)) > OFF:
                part = Element(kind=name, of=Element(kind="box", index=(index,), of=element))
                return _claim("data_error", 2, Cause.VALUE, part, box, box, reference=a, render=b)
    fliers = [float(sum(len(f) for f in item.fliers)) for item in (ours, mate)]
    if abs(fliers[0] - fliers[1]) > max(1, _FLIERS * fliers[0]):
        part = Element(kind="fliers", of=element)
        return _claim("data_error", 2, Cause.COUNT, part, box, box, reference=fliers[0], render=fliers[1])
    return []


def compare_lines(ours: Line, mate: Line, view: View, box: Box) -> list[Claim]:
    """The most important difference of two lines."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    if broken := _dashes(ours, mate, view):
        return _style(Cause.STYLE, element, box, ink, *broken)
    if bool(ours.marker) != bool(mate.marker):
        markers = Element(kind="markers", of=element)
        return _style(Cause.MISSING if ours.marker else Cause.EXTRA, markers, box, ink)
    gap, at = _line_gap(ours, mate, view.one, view.other, view.images)
    if gap > OFF:
        column = pixel_of(view.one.x, view.one.box.x0, view.one.box.x1, at)
        near = Box(max(box.x0, column - 30), box.y0, min(box.x1, column + 30), box.y1)
        severe = gap >= _SEVERELY_OFF
        aside = f"up to {gap:.0f} px off, near x = {at:.4g}"
        values = [_height(line, at) for line in (ours, mate)]
        place = box if severe else near
        return _claim(
            "data_error",
            3 if severe else 2,
            Cause.VALUE,
            element,
            place,
            ink,
            reference=values[0],
            render=values[1],
            aside=aside,
        ) or _claim("data_error", 3 if severe else 2, Cause.VALUE, element, place, ink, aside=aside)
    if abs(ours.width - mate.width) > _WIDER:
        return _style(Cause.WEIGHT, element, box, ink, ours.width, mate.width)
    if ours.marker and abs(ours.marker_size - mate.marker_size) > _MARKER:
        markers = Element(kind="markers", of=element)
        return _style(Cause.RESIZED, markers, box, ink, ours.marker_size, mate.marker_size)
    return []


def _height(line: Line, x: float) -> float:
    """The value of a line at a place."""
    order = np.argsort(line.x)
    return float(np.interp(x, np.array(line.x)[order], np.array(line.y)[order]))


def compare_stems(ours: Stems, mate: Stems, view: View, box: Box) -> list[Claim]:
    """Number, heights and base of two rows of stems."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    counts = float(len(ours.x)), float(len(mate.x))
    if counts[0] != counts[1]:
        return _claim("data_error", 3, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    a, b = path_of(ours.x, ours.y, view.one), path_of(mate.x, mate.y, view.other)
    away = np.hypot(*(a - b).T)
    worst = int(away.argmax())
    if away[worst] > OFF:
        stem = Element(kind="stem", index=(worst,), of=element)
        values = ours.y[worst], mate.y[worst]
        if abs(a[worst][0] - b[worst][0]) > OFF:
            values = ours.x[worst], mate.x[worst]
        near = _hull([a[worst][None], b[worst][None]])
        return _claim("data_error", 2, Cause.VALUE, stem, near, ink, reference=values[0], render=values[1])
    foot = path_of(ours.x[:1], (ours.base,), view.one), path_of(mate.x[:1], (mate.base,), view.other)
    if abs(float(foot[0][0, 1] - foot[1][0, 1])) > OFF:
        base = Element(kind="base", of=element)
        return _claim("data_error", 2, Cause.VALUE, base, box, ink, reference=ours.base, render=mate.base)
    if ours.marker != mate.marker:
        markers = Element(kind="markers", of=element)
        return _style(Cause.STYLE, markers, box, ink, ours.marker, mate.marker)
    return []


def _dashes(ours: Line, mate: Line, view: View) -> tuple[str, str] | None:
    """The styles of two lines, one of them broken or in other dashes: from the pixels along each path."""
    one, other, images = view.one, view.other, view.images
    a = dashes_of(ours, one, images[0], ours.colour)
    b = dashes_of(ours, one, images[1], mate.colour)
    # Where the render's line runs elsewhere its own path must tell.
    b = dashes_of(mate, other, images[1], mate.colour) if b.share < _ELSEWHERE else b
    other_length = max(a.length, b.length) > 1.7 * max(1.0, min(a.length, b.length))
    if a.broken != b.broken and abs(a.share - b.share) > _DASHED:
        return ("broken", "solid") if a.broken else ("solid", "broken")
    if a.broken and b.broken and other_length and ours.style != mate.style:
        return ours.style, mate.style
    return None


def _style(
    cause: Cause,
    element: Element,
    box: Box,
    region: Mask | Box,
    reference: Value | None = None,
    render: Value | None = None,
) -> list[Claim]:
    return _claim("style_error", 1, cause, element, box, region, reference=reference, render=render)


def _line_gap(
    ours: Line, mate: Line, one: Axes, other: Axes, images: tuple[Image, Image]
) -> tuple[float, float]:
    """The largest distance in pixels from the reference's vertices to the render's line, and where.

    Vertices round which the pixels agree were only read otherwise: behind other lines, mostly. And no line
    is farther away than ink of its colour: dashes may have been joined otherwise.
    """
    a, b = path_of(ours.x, ours.y, one), path_of(mate.x, mate.y, other)
    if len(a) < _PIECE or len(b) < _PIECE:
        return 0.0, 0.0
    gaps, back = off_path(a, b), off_path(b, a)
    if max(gaps.max(), back.max()) > OFF:
        different = differing(*images)
        gaps = np.minimum(gaps, _to_ink(a, images[1], ours.colour)) * _differs_at(a, different)
        back = np.minimum(back, _to_ink(b, images[0], mate.colour)) * _differs_at(b, different)
    if back.max() > gaps.max():
        return float(back.max()), float(mate.x[int(back.argmax())])
    return float(gaps.max()), float(ours.x[int(gaps.argmax())])


def _to_ink(path: np.ndarray, image: Image, colour: str) -> np.ndarray:
    """How far each point of a path is from pixels of a colour."""
    away = cv2.distanceTransform((~near(image, rgb_of(colour), _INKED)).astype(np.uint8), cv2.DIST_L2, 3)
    rows = path[:, 1].round().astype(int).clip(0, away.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, away.shape[1] - 1)
    return np.asarray(away[rows, columns], dtype=float)


def _differs_at(path: np.ndarray, different: Mask) -> np.ndarray:
    """Whether the pictures differ round each point of a path."""
    counts = cv2.boxFilter(different.astype(np.float32), -1, (_ROUND, _ROUND), normalize=False)
    rows = path[:, 1].round().astype(int).clip(0, counts.shape[0] - 1)
    columns = path[:, 0].round().astype(int).clip(0, counts.shape[1] - 1)
    return np.asarray(counts[rows, columns] > _DIFFERING)


def compare_points(ours: Points, mate: Points, view: View, box: Box) -> list[Claim]:
    """Scattered points: their number, places and sizes."""
    element, ink = view.mark(ours), view.ink((ours, view.one), (mate, view.other))
    counts = float(len(ours.x)), float(len(mate.x))
    if abs(counts[0] - counts[1]) > _POINTS_COUNT * counts[0]:
        return _claim("data_error", 2, Cause.COUNT, element, box, ink, reference=counts[0], render=counts[1])
    a, b = path_of(ours.x, ours.y, view.one), path_of(mate.x, mate.y, view.other)
    away = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2)).min(axis=1)
    if (away > OFF).sum() > _POINTS_OFF * len(a):
        worst = int(away.argmax())
        x, y = a[worst]
        near = Box(x - 12, y - 12, x + 12, y + 12)
        aside = f"{int((away > OFF).sum())} are elsewhere, such as ({ours.x[worst]:g}, {ours.y[worst]:g})"
        return _claim("data_error", 2, Cause.VALUE, element, near, ink, aside=aside)
    sizes = float(np.median(ours.sizes)), float(np.median(mate.sizes))
    if not _SIZES[0] < sizes[0] / max(sizes[1], 1e-9) < _SIZES[1]:
        return _style(Cause.RESIZED, element, box, ink, sizes[0] ** 0.5, sizes[1] ** 0.5)
    return []


def compare_rings(ours: Ring, mate: Ring, view: View, box: Box) -> list[Claim]:
    """Pies: number, shares and colours of the wedges, radius and hole."""
    element = view.mark(ours)
    counts = float(len(ours.fractions)), float(len(mate.fractions))
    if counts[0] != counts[1]:
        return _claim("data_error", 3, Cause.COUNT, element, box, box, reference=counts[0], render=counts[1])
    off = [abs(a - b) for a, b in zip(ours.fractions, mate.fractions, strict=True)]
    if max(off) > _SHARE_OFF:
        k = int(np.argmax(off))
        wedge = Element(kind="wedge", index=(k,), of=element)
        shares = ours.fractions[k], mate.fractions[k]
        return _claim("data_error", 2, Cause.VALUE, wedge, box, box, reference=shares[0], render=shares[1])
    found: list[Claim] = []
    for k, (a, b) in enumerate(zip(ours.colours, mate.colours, strict=True)):
        if apart(a, b) > SAME:
            wedge = Element(kind="wedge", index=(k,), of=element)
            found += _claim("style_error", 2, Cause.RECOLOURED, wedge, box, box, reference=a, render=b)
    if found:
        return found
    sizes = ((ours.radius, mate.radius, element), (ours.hole, mate.hole, Element(kind="hole", of=element)))
    for mine, theirs, part in sizes:
        if abs(mine - theirs) > OFF:
            return _style(Cause.RESIZED, part, box, box, 2 * mine, 2 * theirs)
    return []


def compare_heat_maps(ours: Grid2D, mate: Grid2D, view: View) -> list[Claim]:
    """Cell by cell; one discrepancy where most cells changed, which is the colour map."""
    one, element = view.one, view.mark(ours)
    rows, columns = len(ours.colours), len(ours.colours[0]) if ours.colours else 0
    others = len(mate.colours), len(mate.colours[0]) if mate.colours else 0
    if (rows, columns) != others:
        return _claim(
            "structure_error",
            3,
            Cause.COUNT,
            Element(kind="cells", of=element),
            one.box,
            one.box,
            reference=(float(rows), float(columns)),
            render=(float(others[0]), float(others[1])),
            margin=0,
        )
    found: list[Claim] = []
    high, wide = (one.box.y1 - one.box.y0) / rows, (one.box.x1 - one.box.x0) / columns
    for i in range(rows):
        for j in range(columns):
            x, y = one.box.x0 + j * wide, one.box.y0 + i * high
            box = Box(x, y, x + wide, y + high)
            colours = ours.colours[i][j], mate.colours[i][j]
            if apart(*colours) <= SAME or view.seen(box, 2) <= FEW:
                continue
            cell = Element(kind="cell", index=(i, j), of=element)
            found += _claim(
                "data_error",
                2,
                Cause.RECOLOURED,
                cell,
                box,
                box,
                reference=colours[0],
                render=colours[1],
                margin=0,
            )
    if len(found) <= _MOST_CELLS and len(found) <= _CELLS_SHARE * rows * columns:
        return found
    most = len(found) > _CELLS_SHARE * rows * columns
    said, aside = found[0].finding, f"{len(found)} of {rows * columns} cells"
    return _claim(
        "style_error" if most else "data_error",
        2,
        Cause.RECOLOURED,
        element,
        one.box,
        one.box,
        reference=said.reference,
        render=said.render,
        aside=aside,
        margin=0,
    )


def compare_areas(ours: Area, mate: Area, view: View, box: Box) -> list[Claim]:
    """The largest distance of the edges."""
    one, element = view.one, view.mark(ours)
    xs = np.linspace(max(ours.x[0], mate.x[0]), min(ours.x[-1], mate.x[-1]), 200)
    unit = abs(one.y.high - one.y.low) / max(1.0, one.box.y1 - one.box.y0)
    worst, place, values, edge = 0.0, 0, (0.0, 0.0), "upper edge"
    for name, words in (("high", "upper edge"), ("low", "lower edge")):
        a, b = (np.interp(xs, s.x, getattr(s, name)) for s in (ours, mate))
        gap = np.abs(a - b) / unit
        if gap.max() > worst:
            place = int(gap.argmax())
            worst, values, edge = float(gap.max()), (float(a[place]), float(b[place])), words
    if worst <= OFF:
        return []
    aside = f"up to {worst:.0f} px off, near x = {xs[place]:.4g}"
    part, ink = Element(kind=edge, of=element), view.ink((ours, view.one), (mate, view.other))
    return _claim(
        "data_error",
        2,
        Cause.VALUE,
        part,
        box,
        ink,
        reference=values[0],
        render=values[1],
        aside=aside,
    )
