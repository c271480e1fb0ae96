"""The last layer of every kind's comparison: what the readers said, held against what can be seen.

What they say where nothing visibly differs is dropped; what visibly differs and nobody named is named from
the pixels alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from critic.pixel.areas import Area, shared_lines, split, text_height, text_lines
from critic.pixel.folding import folded
from critic.pixel.gathering import gathered
from critic.pixel.inks import commonest, distance
from critic.pixel.ledger import Ledger, Mask
from critic.pixel.naming import found_near, name_areas
from critic.pixel.pushed import pushed_aside
from critic.pixel.wrong import least_for, least_severity
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image, Kind

_SLACK = 2.0
"""Pixels by which a reader's box may miss what it is about: readings are to a pixel, edges blurred."""

_ENOUGH = 50_000
"""Pixels that are enough to tell a picture's commonest colour."""

_SLIVER, _BESIDE = 2.0, 1.0
"""Pixels up to which what is left of a difference is the rim of what is named right beside it, and the text
heights within which that is: a letter of another width pushes the stem of the next one aside."""

_LETTER, _TEXT_TALL = 0.4, 2.6
"""Text heights between which a thing may be a line of text: points are smaller, bars and pictures taller."""

_INK = 12.0
"""CIE76 difference from the commonest colour above which a pixel is drawn on."""


@dataclass(frozen=True, eq=False, slots=True)
class Verdict:
    """What can be seen of two pictures.

    Attributes:
        discrepancies: All of them: what the readers said that can be seen, and what they overlooked.
        ink: Share of the ink of both pictures in which nothing differs.
        least: Sum of severities at the least (see ``critic.pixel.wrong``).
    """

    discrepancies: list[Discrepancy]
    ink: float
    least: int = 0


def complete(
    kind: str,
    reference: Image,
    render: Image,
    apart: Mask,
    said: Sequence[Discrepancy],
    numbers: Sequence[Box] = (),
    digits: Mask | None = None,
) -> Verdict:
    """Hold what was said against the pixels.

    Args:
        kind: What the pictures show.
        reference: The picture.
        render: Its render, of the same size.
        apart: The pixels in which they visibly differ (see ``critic.pixel.visible``).
        said: What the readers of the kind say.
        numbers: Where the reference has numbers, if a wrong number counts for worse than a wrong word.
        digits: Where digits that are read as others differ besides, too small for ``apart``.
    """
    ledger = Ledger[Discrepancy].of(apart)
    closer = ledger if digits is None else Ledger[Discrepancy].of(apart | digits)
    drawn = ink(reference), ink(render)
    height = text_height(reference)
    kept = [
        item
        for item in said
        if _can_be_seen(item, closer if item.cause is Cause.TEXT else ledger)
        and not _is_there(item, reference, render, height)
    ]
    ledger = _entered(ledger, kept)
    letters = kind != Kind.SVG
    texts = [text_lines(image, height) for image in (reference, render)] if letters else [[], []]
    areas = split(ledger.left, shared_lines(texts[0], texts[1], height), height)
    kept, areas = _with_rims(kept, areas, height)
    ledger = _entered(Ledger[Discrepancy].of(apart), kept)
    seen = name_areas(areas, reference, render, ledger.visible, height, letters=letters)
    beside = [box.grown(height, _SLACK) for box in numbers]
    found = [_as_number(item, beside) for item in gathered(seen, kind, int(drawn[0].sum()), height)]
    agreeing = _agreeing(ledger.visible, drawn[0] | drawn[1])
    least = least_severity(_entered(ledger, found), drawn[0])
    told = _as_recoloured(kept, found)
    told = pushed_aside(told) if kind == Kind.PAGE else told
    return Verdict(folded(told, 1.0 - agreeing), agreeing, least)


def _as_recoloured(kept: Sequence[Discrepancy], found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """All findings; what is seen to have another colour, as something that was read has, with that one."""
    told = list(kept)
    for item in found:
        change = item.cause, item.reference, item.render
        same = (k for k, other in enumerate(kept) if (other.cause, other.reference, other.render) == change)
        index = next(same, None) if item.cause is Cause.RECOLOURED else None
        if index is None:
            told.append(item)
        else:
            places = (*(told[index].places or _box_of(told[index])), *(item.places or _box_of(item)))
            told[index] = told[index].model_copy(update={"places": places})
    return told


def _with_rims(
    kept: Sequence[Discrepancy], areas: Sequence[Area], height: float
) -> tuple[list[Discrepancy], list[Area]]:
    """Findings with the slivers right beside them, and the areas that are none."""
    told, rest = list(kept), []
    for area in areas:
        near = (
            index
            for index, item in enumerate(told)
            if any(box.grown(_BESIDE * height).holds(area.box) for box in item.places or _box_of(item))
        )
        thin = area.line is not None and min(area.box.width, area.box.height) <= _SLIVER
        index = next(near, None) if thin else None
        if index is None:
            rest.append(area)
        else:
            places = (*(told[index].places or _box_of(told[index])), area.box)
            told[index] = told[index].model_copy(update={"places": places})
    return told, rest


def _box_of(item: Discrepancy) -> tuple[Box, ...]:
    return () if item.box is None else (item.box,)


def aside(
    kind: str, seen: Verdict, found: Sequence[Discrepancy], reference: Image, apart: Mask, lost: Mask
) -> Verdict:
    """The verdict on a render laid onto its reference, with what pushed its parts aside.

    Args:
        kind: What the pictures show.
        seen: Of the render as it was laid.
        found: What pushed its parts aside.
        reference: The picture.
        apart: The pixels in which the render visibly differs as it stands.
        lost: Those in which it does besides for being elsewhere.
    """
    drawn = ink(reference)
    agreeing = _agreeing(apart, drawn)
    least = least_for(apart & drawn, lost & drawn, drawn)
    told = [*found, *seen.discrepancies]
    told = pushed_aside(told) if kind == Kind.PAGE else told
    return Verdict(folded(told, 1.0 - agreeing), agreeing, max(least, seen.least))


def _as_number(item: Discrepancy, numbers: Sequence[Box]) -> Discrepancy:
    """A finding about letters that are in, or stand right beside, a number: a sign, a digit, a full stop."""
    box = item.box
    if item.category != "text_error" or box is None or not any(place.holds(box) for place in numbers):
        return item
    return item.model_copy(update={"category": "numeric_error"})


def _entered(ledger: Ledger[Discrepancy], found: Sequence[Discrepancy]) -> Ledger[Discrepancy]:
    """The ledger with what findings explain: what differs in their places."""
    for item in found:
        places = np.zeros_like(ledger.visible)
        for box in item.places or _box_of(item):
            places[box.grown(_SLACK).pixels] = True
        ledger = ledger.explained(item, places)
    return ledger


def _can_be_seen(item: Discrepancy, ledger: Ledger[Discrepancy]) -> bool:
    """Whether something differs where a reader says so; without a box, anywhere at all."""
    if item.box is None:
        return bool(ledger.visible.any())
    return any(ledger.seen(box, _SLACK) for box in (item.box, *item.places))


def _is_there(item: Discrepancy, reference: Image, render: Image, height: float) -> bool:
    """Whether what is said to be missing or new stands in both pictures, read in one of them only."""
    if item.cause not in (Cause.MISSING, Cause.EXTRA) or item.box is None:
        return False
    legend = item.element is not None and item.element.kind == "legend"
    if (
        not legend and not _LETTER * height <= item.box.height <= _TEXT_TALL * height
    ) or item.box.width < height:
        return False
    images = (reference, render) if item.cause is Cause.MISSING else (render, reference)
    return found_near(item.box, *images, height) is not None


def ink(image: Image) -> Mask:
    """The pixels that are drawn on: those that do not have the commonest colour."""
    flat = image.reshape(-1, 3)
    return np.asarray(distance(image, commonest(flat[:: 1 + len(flat) // _ENOUGH])) > _INK)


def _agreeing(seen: Mask, drawn: Mask) -> float:
    total = int(drawn.sum())
    return 1.0 - int((seen & drawn).sum()) / total if total else float(not seen.any())
