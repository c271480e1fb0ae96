"""Names what differs in an area from the pixels alone: missing, extra, moved, resized, redrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from critic.boxes import Box
from critic.elements import Cause, Value
from critic.pixel.areas import Area
from critic.pixel.inks import InkColour, Inks, commonest, distance, inks_of
from critic.pixel.ledger import Mask
from critic.pixel.things import Thing, thing_of
from critic.reading.glyphs import glyph_difference
from critic.reading.page.colours import css
from renderers.types import Image

_NOTHING = 0.15
"""Share of the other picture's ink up to which a picture draws nothing there but rims."""

_FAINT = 0.2
"""Share of an area that is drawn on, below which it is told from its ground by a faint fill only."""

_TOLD = 2.3
"""Least CIE76 difference of two plain areas that is noticed (Mahy et al. 1994)."""

_SAME_SHAPE = 0.7
"""Share of all ink that both pictures draw on, from which it is one shape in two colours."""

_FOUND = 0.8
"""Correlation of what is in one place with what is in another, from which it is the same: half a pixel of
shift leaves 0.85 of small print, another word has less than 0.6."""

_MOST = 0.5
"""Share of a line's ink from which it is the line that is lost or new, rather than some letters of it."""

_DRAWN = 12.0
"""CIE76 difference from the ground above which a pixel is drawn on."""

_NEAR = 1.5
"""Text heights within which a thing that both pictures show there is looked for at first."""

_SIZE_SLACK = 3
"""Pixels by which two areas of one thing in two places differ: what lies beside them hides some."""

_SAME_LETTERS = 0.35
"""Difference of letters below which they are the same on two grounds."""

_REMAINS = 2
"""Pixels around a thing that moved which still are its own: the blur of its edges."""

_HEAVIER = 1.3
"""Ratio of ink from which the same letters are bolder: bold type has 1.4 to 1.6 times the ink of regular."""

_PIXEL = 1
"""What rounding to the grid may add to an extent."""

_ROOM, _ROOM_ABOVE = 0.5, 0.2
"""Text heights around a line of text that a larger one spreads into without meeting its neighbours."""

_LARGER = 1.1
"""Ratio of extents from which a thing has another size: letters of 10 px in the next larger whole size."""


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """What was seen in an area.

    Attributes:
        thing: What kind of thing.
        cause: What is the matter.
        box: Where, in the reference.
        ink: Pixels of ink that are wrong.
        places: All boxes that it explains, its place in the render too.
        reference: What was measured in the reference; see ``Cause`` for units.
        render: What was measured in the render.
        inks: The area.
        faint: Whether it is a shade on its ground, such as a shadow: many of them are one thing to a person.
    """

    thing: Thing
    cause: Cause
    box: Box
    ink: int
    places: tuple[Box, ...]
    reference: Value | None
    render: Value | None
    inks: Inks
    faint: bool = False

    @property
    def lone(self) -> bool:
        """Whether only one of the pictures shows the thing."""
        return self.cause in (Cause.MISSING, Cause.EXTRA)


def name_areas(
    areas: Sequence[Area],
    reference: Image,
    render: Image,
    visible: Mask,
    height: float,
    *,
    letters: bool = True,
) -> list[Sight]:
    """What each area is about; a thing that is missing here and extra there has moved.

    Args:
        areas: What nobody explained.
        reference: The picture.
        render: Its render, of the same size.
        visible: What differs, explained or not.
        height: Of the pictures' letters, in pixels.
        letters: Whether small pieces may be letters.
    """
    inked = [inks_of(area, reference, render, visible) for area in areas]
    seen = [
        _named(inks, thing_of(inks, height, letters=letters), reference, render, height) for inks in inked
    ]
    return _without_tinted(_without_remains(_with_moves(seen)))


def _named(inks: Inks, thing: Thing, reference: Image, render: Image, height: float) -> Sight:
    box = inks.area.box
    lost, gained, both = inks.lost, inks.gained, inks.both
    drawn = lost + gained + both

    def sight(cause: Cause, was: Value | None = None, now: Value | None = None, ink: int = drawn) -> Sight:
        return Sight(thing, cause, box, ink, (box,), was, now, inks)

    if drawn < _FAINT * inks.area.count:
        return _faint(inks)
    lone = Cause.MISSING if gained + both <= _NOTHING * lost else None
    lone = Cause.EXTRA if lost + both <= _NOTHING * gained else lone
    if lone is not None:
        return sight(lone if _is_whole(inks, reference, render) else Cause.FACE)
    if both >= _SAME_SHAPE * drawn:
        was, now = (css(commonest(image[inks.reference & inks.render])) for image in inks.pixels)
        return sight(Cause.RECOLOURED, was, now) if was != now else sight(Cause.UNEXPLAINED)
    near = found_near(box, reference, render, height)
    moved = near if near != box else None
    if moved is not None:
        return replace(sight(Cause.MOVED, tuple(box), tuple(moved)), places=(box, moved))
    return _redrawn(inks, thing, reference, render, height)


def _is_whole(inks: Inks, reference: Image, render: Image) -> bool:
    """Whether a lone area is all that its line of text has; else some of its letters are other ones."""
    if inks.area.line is None:
        return True
    rows, columns = inks.area.line.pixels
    drawn = [distance(image[rows, columns], inks.ground) > _DRAWN for image in (reference, render)]
    mask = drawn[0] | drawn[1]
    return int(inks.lost + inks.gained) >= _MOST * int(mask.sum())


def _faint(inks: Inks) -> Sight:
    """Two plain colours that differ little, over an area."""
    was, now = (commonest(image[inks.area.mask]) for image in inks.pixels)
    box, count = inks.area.box, inks.area.count
    cause, values = Cause.RECOLOURED, (css(was), css(now))
    if distance(was, now) < _TOLD:
        return Sight(Thing.FILL, Cause.UNEXPLAINED, box, count, (box,), None, None, inks)
    for colour, lone in ((now, Cause.MISSING), (was, Cause.EXTRA)):
        if distance(colour, inks.ground) < _TOLD:
            return Sight(Thing.FILL, lone, box, count, (box,), None, None, inks, faint=True)
    return Sight(Thing.FILL, cause, box, count, (box,), *values, inks)


def found_near(box: Box, here: Image, there: Image, height: float) -> Box | None:
    """Where one picture has what another one shows in a box, if that is close by; None where it has not.

    Args:
        box: Where, in the one.
        here: The one.
        there: The other one, of the same size.
        height: Of the pictures' letters, in pixels.
    """
    reach = int(_NEAR * height)
    rows, columns = box.pixels
    template = _grey(here[rows, columns])
    if not template.size or not np.ptp(template):
        return None
    top, left = max(0, rows.start - reach), max(0, columns.start - reach)
    around = _grey(there[top : rows.stop + reach, left : columns.stop + reach])
    x, y, score = _best(template, around)
    across, down = left + x - columns.start, top + y - rows.start
    return box.shifted(across, down) if score >= _FOUND else None


def _redrawn(inks: Inks, thing: Thing, reference: Image, render: Image, height: float) -> Sight:
    """The same place, other pixels: another size, another weight or other shapes."""
    box, place = inks.area.box, inks.area.line or inks.area.box
    ink = inks.lost + inks.gained + inks.both
    window = place.union(box).grown(_ROOM * height, _ROOM_ABOVE * height).pixels
    extents = [_extent(image[window], inks.ground, window) for image in (reference, render)]
    was, now = extents
    if was is not None and now is not None and _resized(was, now):
        return Sight(thing, Cause.RESIZED, box, ink, (box, now), tuple(was), tuple(now), inks)
    masses = [float(distance(image[window], inks.ground).sum()) for image in (reference, render)]
    heavier = masses[1] / max(1.0, masses[0])
    if thing in (Thing.TEXT, Thing.LINE) and not 1 / _HEAVIER < heavier < _HEAVIER:
        names = ("regular", "bold") if heavier > 1 else ("bold", "regular")
        return Sight(thing, Cause.WEIGHT, box, ink, (box,), *names, inks)
    cause = Cause.FACE if thing is Thing.TEXT else Cause.RESHAPED
    return Sight(thing, cause, box, ink, (box,), None, None, inks)


def _resized(was: Box, now: Box) -> bool:
    """Whether the extents differ by more than one pixel and one part in ten."""
    pairs = ((was.width, now.width), (was.height, now.height))
    return any(abs(a - b) > _PIXEL and max(a, b) >= _LARGER * min(a, b) for a, b in pairs)


def _extent(pixels: Image, ground: InkColour, window: tuple[slice, slice]) -> Box | None:
    """The extent of a picture's ink in a window."""
    ink = (distance(pixels, ground) > _DRAWN).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(ink)
    left, top = window[1].start + x, window[0].start + y
    return Box(left, top, left + width, top + height) if width else None


def _with_moves(seen: list[Sight]) -> list[Sight]:
    """Things that are missing here and extra there, of one look, as moved; nearest pairs first."""
    missing = [sight for sight in seen if sight.cause is Cause.MISSING]
    extra = [sight for sight in seen if sight.cause is Cause.EXTRA]
    pairs = sorted(
        (
            (abs(here.box.x0 - there.box.x0) + abs(here.box.y0 - there.box.y0), i, j)
            for i, here in enumerate(missing)
            for j, there in enumerate(extra)
            if _may_be_one(here, there)
        )
    )
    home: dict[int, Sight] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in home and j not in taken and _looks_alike(missing[i], extra[j]):
            home[i] = extra[j]
            taken.add(j)
    moved = {
        id(missing[i]): replace(
            missing[i],
            cause=Cause.MOVED,
            reference=tuple(missing[i].box),
            render=tuple(there.box),
            places=(missing[i].box, there.box),
        )
        for i, there in home.items()
    }
    gone = {id(extra[j]) for j in taken}
    return [moved.get(id(sight), sight) for sight in seen if id(sight) not in gone]


def _without_remains(seen: list[Sight]) -> list[Sight]:
    """Things without what is left of those that moved, where they were and where they are now."""
    places = [place.grown(_REMAINS) for sight in seen if sight.cause is Cause.MOVED for place in sight.places]
    return [
        sight
        for sight in seen
        if not (sight.lone and any(sight.box.overlap(place) >= sight.box.area for place in places))
    ]


def _without_tinted(seen: list[Sight]) -> list[Sight]:
    """Things without what only a fill that is itself another one makes look otherwise in and beside it.

    Texts are blended otherwise with it, and between it and a rule a sliver is left.
    """
    fills = [sight.box for sight in seen if sight.thing is Thing.FILL and sight.cause is not Cause.MOVED]
    return [
        sight
        for sight in seen
        if not (_blended(sight) and any(fill.holds(sight.box, _REMAINS) for fill in fills))
        and not (_sliver(sight) and any(fill.meets(sight.box.grown(_REMAINS)) for fill in fills))
    ]


def _blended(sight: Sight) -> bool:
    """Whether a text is the same but for what it stands on."""
    if sight.thing is not Thing.TEXT or sight.lone:
        return False
    whole = Box(0, 0, sight.box.width, sight.box.height)
    letters = glyph_difference(sight.inks.pixels[0], whole, sight.inks.pixels[1], whole)
    return sight.cause is Cause.RECOLOURED or letters < _SAME_LETTERS


def _sliver(sight: Sight) -> bool:
    thin = min(sight.box.width, sight.box.height) <= _REMAINS
    return thin and sight.thing is Thing.FILL and sight.cause is Cause.UNEXPLAINED


def _may_be_one(here: Sight, there: Sight) -> bool:
    wide, tall = here.box.width - there.box.width, here.box.height - there.box.height
    return here.thing is there.thing and max(abs(wide), abs(tall)) <= _SIZE_SLACK


def _looks_alike(here: Sight, there: Sight) -> bool:
    one, other = _grey(here.inks.pixels[0]), _grey(there.inks.pixels[1])
    padded = np.pad(other, _SIZE_SLACK + 1, mode="edge")
    if one.shape[0] > padded.shape[0] or one.shape[1] > padded.shape[1]:
        return False
    if np.ptp(one) == 0:
        return bool(
            np.ptp(other) == 0 and distance(here.inks.pixels[0][0, 0], there.inks.pixels[1][0, 0]) < _TOLD
        )
    return _best(one, padded)[2] >= _FOUND


def _best(template: Image, image: Image) -> tuple[int, int, float]:
    """Where a template correlates best with a picture, and how well."""
    scores = cv2.matchTemplate(image, np.ascontiguousarray(template), cv2.TM_CCOEFF_NORMED)
    scores = np.nan_to_num(scores, nan=-1.0, posinf=-1.0, neginf=-1.0)
    _, best, _, (x, y) = cv2.minMaxLoc(scores)
    return int(x), int(y), float(best)


def _grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
