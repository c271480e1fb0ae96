"""Sights of one cause as one discrepancy, in the kind's categories, as severe as what a person loses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components

from critic.boxes import Box
from critic.elements import Cause, Element
from critic.pixel.naming import Sight
from critic.pixel.things import Thing
from critic.reading.page.colours import rgb
from critic.types import CATEGORIES, Discrepancy, Severity, difference
from renderers.types import Kind

SEVERE, MEDIUM = 0.04, 0.008
"""Shares of the reference's ink from which what is wrong is severe, and medium: of a chart's a bar is 5 to
15%, a legend 2%, an axis label 1%; of a page's a paragraph is 5%, a line of it 1%."""

SEVERE_LOOKS, MEDIUM_LOOKS = 0.12, 0.03
"""The same of what is there, but elsewhere or in other looks: a person loses less by it."""

_ONE_WAY = 0.5
"""Text heights by which things may be moved differently and still have moved for one cause, as lines do that
are set wider apart."""

_WORDS_APART = 1.2
"""Text heights between two texts of one row below which they are words of one line: a space is half of one,
of the widest faces one; cells and items of a menu stand two or more apart."""

_FEW_TEXTS = 3
"""Texts with changed letters up to which each says something else; more are set in another face."""

_BARELY = 24
"""Difference in any channel below which a colour is the same to a person who sees one after the other."""

_CATEGORIES: dict[str, tuple[str, str, str, str]] = {
    Kind.CHART: ("structure_error", "data_error", "style_error", "text_error"),
    Kind.SVG: ("structure_error", "shape_error", "style_error", "text_symbol_error"),
    Kind.TABLE: ("layout_error", "layout_error", "layout_error", "text_error"),
    Kind.PAGE: ("element_error", "layout_error", "style_error", "text_error"),
}
"""Of a thing that only one picture has, of place and size, of looks, of words; Visual-ERM's tables have no
category for looks but that of layout."""

_STYLE = 2
"""Where in a row of these the category of looks stands: a chart's grid is one."""

_GEOMETRY = frozenset({Cause.MOVED, Cause.RESIZED, Cause.RESHAPED})
_LOOKS = frozenset({Cause.RECOLOURED, Cause.WEIGHT, Cause.FACE, Cause.STYLE, Cause.OPACITY})


def gathered(seen: Sequence[Sight], kind: str, ink: int, height: float) -> list[Discrepancy]:
    """Discrepancies, most of what is wrong first.

    Args:
        seen: What was seen in each area.
        kind: What the pictures show.
        ink: Pixels of the reference that are drawn on.
        height: Of the pictures' letters, in pixels.
    """
    groups: dict[Hashable, list[Sight]] = defaultdict(list)
    single = sum(sight.cause is Cause.FACE for sight in seen) <= _FEW_TEXTS
    ruled = _rules(seen) if kind == Kind.TABLE else _parallel(seen, height)
    ruled |= _lines(seen, height)
    fills = {_colours(sight) for sight in seen if _is_other_fill(sight)}
    for number, sight in enumerate(seen):
        key = ruled.get(id(sight)) or _key(sight, number, height, single=single)
        if sight.cause is Cause.RECOLOURED and (sight.reference, sight.render) in fills:
            key = (
                sight.cause,
                sight.reference,
                sight.render,
            )  # what is seen of a fill round letters is that fill
        groups[key].append(sight)
    found = (_told(group, kind, ink, single=single) for group in groups.values())
    return [item for item in found if item is not None]


def _is_other_fill(sight: Sight) -> bool:
    return sight.cause is Cause.RECOLOURED and sight.thing is Thing.FILL


def _key(sight: Sight, number: int, height: float, *, single: bool) -> Hashable:
    """What sights of one cause have in common; lost and new things are counted one by one."""
    if sight.faint:
        return sight.cause, sight.faint
    if sight.lone or (sight.cause is Cause.FACE and single):
        return number
    if sight.cause is Cause.MOVED:
        return sight.cause, _way(sight, height)
    if sight.cause is Cause.RECOLOURED:
        return sight.cause, *_colours(sight)
    if sight.cause is Cause.RESIZED:
        return sight.cause, sight.thing, number if sight.thing is Thing.FILL else 0
    return sight.cause, sight.thing, sight.render


def _parallel(seen: Sequence[Sight], height: float) -> dict[int, Hashable]:
    """Lines that are missing or new along one direction, as many as only a grid or rules are."""
    lines: dict[Hashable, list[Sight]] = defaultdict(list)
    for sight in seen:
        across = sight.box.width > sight.box.height
        if sight.lone and sight.thing is Thing.LINE and min(sight.box.width, sight.box.height) < height / 2:
            lines[Thing.LINE, sight.cause, across].append(sight)
    return {id(sight): key for key, found in lines.items() if len(found) >= _GRID for sight in found}


def _lines(seen: Sequence[Sight], height: float) -> dict[int, Hashable]:
    """Words that are missing or new beside each other: a line of text is one thing."""
    words = [sight for sight in seen if sight.lone and sight.thing is Thing.TEXT]
    if len(words) <= 1:
        return {}
    beside = np.array([[_go_on(one, other, height) for other in words] for one in words])
    _, lines = connected_components(beside, directed=False)
    return {id(word): (Thing.TEXT, word.cause, int(line)) for word, line in zip(words, lines, strict=True)}


def _go_on(one: Sight, other: Sight, height: float) -> bool:
    return one.cause is other.cause and one.box.beside(other.box, _WORDS_APART * height)


def _rules(seen: Sequence[Sight]) -> dict[int, Hashable]:
    """Lines of a table that are missing or new, along either direction: its rules are one thing."""
    lines: dict[Hashable, list[Sight]] = defaultdict(list)
    for sight in seen:
        if sight.lone and sight.thing is Thing.LINE:
            lines[Thing.LINE, sight.cause].append(sight)
    return {id(sight): key for key, found in lines.items() if len(found) >= _GRID for sight in found}


_GRID = 3
"""Lines along one direction from which they are one grid, or the rules of one table: a frame has two."""


def _colours(sight: Sight) -> tuple[Hashable, ...]:
    """From what to what; of texts the way alone.

    Thin letters have the colour of their anti-aliasing: one cause then has as many pairs of colours as there
    are texts (an article's table in another face had 15).
    """
    if sight.thing is Thing.TEXT and isinstance(sight.reference, str) and isinstance(sight.render, str):
        change = rgb(sight.render) - rgb(sight.reference)
        return (Thing.TEXT, *(int(np.sign(step)) if abs(step) >= _BARELY else 0 for step in change))
    return sight.reference, sight.render


def _way(sight: Sight, height: float) -> tuple[int, int]:
    """Towards where something moved, coarsely."""
    here, there = sight.places[0], sight.places[-1]
    steps = there.x0 - here.x0, there.y0 - here.y0
    return int(np.sign(round(steps[0] / (_ONE_WAY * height)))), int(
        np.sign(round(steps[1] / (_ONE_WAY * height)))
    )


def _told(group: list[Sight], kind: str, ink: int, *, single: bool) -> Discrepancy | None:
    first = max(group, key=lambda sight: sight.ink)
    share = sum(sight.ink for sight in group) / max(1, ink)
    words = first.thing is Thing.TEXT
    cause = Cause.TEXT if first.cause is Cause.FACE and single else first.cause
    grid = first.lone and first.thing is Thing.LINE and len(group) >= _GRID
    name = kind == Kind.CHART and words and cause is Cause.TEXT  # a chart's texts are names, told as a whole
    boxes = [sight.inks.area.line or sight.box if name else sight.box for sight in group]
    element = Element(kind="lines" if grid else first.thing.value, at=boxes[group.index(first)])
    found = difference(
        _CATEGORIES[kind][_STYLE] if grid and kind == Kind.CHART else _category(kind, cause, words=words),
        _severity(share, first),
        cause,
        element,
        Box.around(boxes),
        reference=first.reference,
        render=first.render,
        aside=f"and {len(group) - 1} more like it" if len(group) > 1 else "",
    )
    places = tuple(box for sight in group for box in sight.places)
    return None if found is None else found.model_copy(update={"places": places})


def _category(kind: str, cause: Cause, *, words: bool) -> str:
    if kind not in _CATEGORIES:
        return CATEGORIES[kind][0]  # a kind that was added: its first is what it has most of
    lone, geometry, looks, text = _CATEGORIES[kind]
    if cause is Cause.MOVED and kind == Kind.SVG:
        return lone  # what stands elsewhere is no other shape
    if cause in _GEOMETRY:
        return geometry
    if cause in _LOOKS:
        return looks
    return text if words or cause is Cause.TEXT else lone


def _severity(share: float, sight: Sight) -> Severity:
    if sight.cause is Cause.RECOLOURED and _barely(sight):
        return 1
    there = sight.cause in _GEOMETRY or sight.cause in _LOOKS
    severe, medium = (SEVERE_LOOKS, MEDIUM_LOOKS) if there else (SEVERE, MEDIUM)
    return 3 if share >= severe else 2 if share >= medium else 1


def _barely(sight: Sight) -> bool:
    if not (isinstance(sight.reference, str) and isinstance(sight.render, str)):
        return False
    return bool(np.abs(rgb(sight.reference) - rgb(sight.render)).max() < _BARELY)
