"""Pairs the series of two axes by type, colour and place; the pixels decide which are gone or repainted."""

from __future__ import annotations

from typing import Any

import numpy as np

from critic.pixel.chart_crowds import compare_crowds, is_crowd
from critic.pixel.chart_geometry import apart, around, box_of, colours_of
from critic.pixel.chart_ink import fate_of
from critic.pixel.chart_view import View, close
from critic.pixel.claims import FEW, Claim, Rank
from critic.reading.chart.colours import near, rgb_of
from critic.reading.chart.description import Axes, Series
from critic.types import Box, Cause, difference

_KEPT, _BARE = 0.25, 0.6
"""Shares of a series' pixels that may still show it where it is gone, and that must show what lies behind."""
_CROSSES = 0.3
"""Share of both sides of its box that a repainted series must share with its twin."""
_COLOURS = 12
"""Colours of a series that are looked at: heat maps have one a cell."""


def compare_series(view: View) -> list[Claim]:
    """Differences of the series of two axes."""
    found = compare_crowds(view)
    left = [series for series in view.other.series if not is_crowd(series)]
    rest: list[Series] = []
    for ours in view.one.series:
        if is_crowd(ours):
            continue
        said = _by_fate(ours, left, view)
        if said is None:
            rest.append(ours)
        else:
            found += said
    pairs, alone = _paired(rest, left, view)
    for ours, mate in pairs:
        found += compare_pair(ours, mate, view)
    for ours in alone:
        if _own(ours, view, 0) > 2 * FEW and _tells(ours):
            found += _lost(ours, left, view)
    for theirs in left:
        if _tells(theirs):
            found += _extra(theirs, view)
    return found


def lost_series(view: View) -> list[Claim]:
    """Series of which hardly a pixel is left in the render's axes, whatever scale they would be drawn on."""
    found: list[Claim] = []
    for ours in view.one.series:
        colour = rgb_of(colours_of(ours)[0])
        if not _tells(ours) or len(set(colours_of(ours))) > 1 or close(colours_of(ours)[0], view.one.face):
            continue
        have, shown = (
            int(near(image[_rows(axes.box)], colour, _SHOWN).sum())
            for image, axes in zip(view.images, (view.one, view.other), strict=True)
        )
        rivals = [s for s in view.one.series if close(colours_of(s)[0], colours_of(ours)[0])]
        if len(rivals) == 1 and have > _MOST_LEFT and shown < _KEPT * have:
            found += _repainted(ours, view) or _missing(ours, view)
    return found


def _repainted(ours: Series, view: View) -> list[Claim]:
    """A series that is there in another colour: each picture has one of its kind that the other has not."""
    alone = [
        [s for s in a.series if s.type == ours.type and not _drawn_by_another(colours_of(s)[0], b)]
        for a, b in ((view.one, view.other), (view.other, view.one))
    ]
    if any(len(series) != 1 for series in alone) or alone[1][0].weight != ours.weight:
        return []
    colours = colours_of(ours)[0], colours_of(alone[1][0])[0]
    part, box = view.mark(ours), box_of(ours, view.one)
    said = difference("style_error", 2, Cause.RECOLOURED, part, box, reference=colours[0], render=colours[1])
    drawn = [(ours, view.one), (alone[1][0], view.other)]
    return [] if said is None else [Claim(said, Rank.LOST, view.ink(*drawn))]


_SHOWN = 40
"""Channel difference up to which a pixel shows a series' colour."""
_MOST_LEFT = 40
"""Fewer pixels of a colour are no series: a legend's handle has as many."""


def _rows(box: Box) -> tuple[slice, slice]:
    return slice(max(0, int(box.y0)), int(box.y1) + 1), slice(max(0, int(box.x0)), int(box.x1) + 1)


def _missing(ours: Series, view: View) -> list[Claim]:
    said = difference("structure_error", 3, Cause.MISSING, view.mark(ours), box_of(ours, view.one))
    return [] if said is None else [Claim(said, Rank.LOST, view.ink((ours, view.one)))]


def _extra(theirs: Series, view: View) -> list[Claim]:
    if _own(theirs, view, 1) <= 3 * FEW:
        return []
    said = difference("structure_error", 2, Cause.EXTRA, view.mark(theirs), box_of(theirs, view.other))
    ink = view.ink((theirs, view.other))
    return [] if said is None else [Claim(said, Rank.EXTRA, ink, proof=ink, least=3 * FEW)]


def _by_fate(ours: Series, left: list[Series], view: View) -> list[Claim] | None:
    """A series whose pixels all show another colour, or nothing while no other drawing took its place."""
    box = box_of(ours, view.one)
    if not ours.traits.single or view.seen(box) <= FEW or not _tells(ours):
        return None
    fate = fate_of(ours, view.one, *view.images)
    if fate is None or fate.kept > _KEPT:
        return None
    colour = colours_of(ours)[0]
    if fate.repainted is not None and _is_ground(fate.repainted, view):
        return _missing(ours, view)
    if fate.repainted is not None and not _drawn_by_another(fate.repainted, view.one):
        twin = next(
            (o for o in left if close(colours_of(o)[0], fate.repainted) and _meets(box, o, view.other)), None
        )
        if twin is not None:
            left.remove(twin)
        said = difference(
            "style_error",
            2,
            Cause.RECOLOURED,
            view.part(ours.traits.noun, ours.label, view.mark(ours).index),
            box,
            reference=colour,
            render=fate.repainted,
        )
        drawn = [(ours, view.one), *([] if twin is None else [(twin, view.other)])]
        return [] if said is None else [Claim(said, Rank.LOST, view.ink(*drawn))]
    mates = [o for o in left if o.type == ours.type and close(colours_of(o)[0], colour)]
    rivals = [s for s in view.one.series if s.type == ours.type and close(colours_of(s)[0], colour)]
    if fate.bare > _BARE and len(mates) < len(rivals):
        return _missing(ours, view)
    return None


def _is_ground(colour: str, view: View) -> bool:
    """Whether a colour is what the render has behind its marks: nobody sees what is drawn in it."""
    return close(colour, view.other.face)


def _tells(series: Series) -> bool:
    """Whether a series is one by itself: a single filling is, a single point may be a speck."""
    return series.weight > 1 or series.traits.filled


def _drawn_by_another(colour: str, axes: Axes) -> bool:
    """Whether a colour is another series' own: what shows is that one, uncovered."""
    return any(close(colour, c) for s in axes.series for c in colours_of(s)[:_COLOURS])


def _meets(box: Box, series: Series, axes: Axes) -> bool:
    b = box_of(series, axes)
    across, down = min(box.x1, b.x1) - max(box.x0, b.x0), min(box.y1, b.y1) - max(box.y0, b.y0)
    return across > _CROSSES * box.width and down > _CROSSES * box.height


def _paired(
    ours: list[Series], left: list[Series], view: View
) -> tuple[list[tuple[Series, Series]], list[Series]]:
    """Nearest pairs first; who has no mate. Mates are taken out of ``left``."""
    ranked = sorted(
        (
            (a.away_from(b, view), apart(colours_of(a)[0], colours_of(b)[0]), i, j)
            for i, a in enumerate(ours)
            for j, b in enumerate(left)
            if a.type == b.type and (not a.traits.single or close(colours_of(a)[0], colours_of(b)[0]))
        )
    )
    mates: dict[int, int] = {}
    for _, _, i, j in ranked:
        if i not in mates and j not in mates.values():
            mates[i] = j
    pairs = [(ours[i], left[j]) for i, j in sorted(mates.items())]
    alone = [series for i, series in enumerate(ours) if i not in mates]
    left[:] = [series for j, series in enumerate(left) if j not in mates.values()]
    return pairs, alone


def _own(series: Series, view: View, side: int) -> int:
    """Differing pixels around a series of one side that show its own colours there."""
    rows = _rows(box_of(series, (view.one, view.other)[side]))
    region, mask = view.images[side][rows], view.ledger.visible[rows]
    if not region.size:
        return 0
    own = np.zeros(mask.shape, bool)
    for colour in set(colours_of(series)[:_COLOURS]):
        own |= near(region, rgb_of(colour), _SHOWN)
    return int((own & mask).sum())


def _lost(ours: Series, left: list[Series], view: View) -> list[Claim]:
    """A series without a mate: drawn as something else, or missing."""
    mate = next((o for o in left if close(colours_of(o)[0], colours_of(ours)[0])), None)
    if mate is None:
        return _missing(ours, view)
    left.remove(mate)
    # Fillings of one colour that read as another type were given other values.
    filled = ours.traits.filled and mate.traits.filled
    said = difference(
        "data_error" if filled else "structure_error",
        3,
        Cause.KIND,
        view.mark(ours),
        box_of(ours, view.one),
        reference=ours.traits.noun,
        render=mate.traits.noun,
    )
    ink = view.ink((ours, view.one), (mate, view.other))
    return [] if said is None else [Claim(said, Rank.MARK, ink)]


def compare_pair(ours: Series, mate: Any, view: View) -> list[Claim]:
    """What differs between a series and its mate: every kind of mark has its comparison."""
    box = around([box_of(ours, view.one), box_of(mate, view.other)])
    if view.seen(box) <= FEW:
        return []
    return ours.compared(mate, view, box)
