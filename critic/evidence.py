"""What the pixels say for and against a critique.

Where they are equal nothing can differ, whatever a model says; where they differ strongly something does,
even if the model does not name it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.consensus import another, varies
from critic.deadline import OutOfTime, seconds_left, within
from critic.fate import likeness
from critic.pixel import PixelCritic
from critic.places import place_of
from critic.reading import Reader
from critic.similarity import colour_difference, fit_to
from critic.types import CATEGORIES, Box, Critic, Critique, Discrepancy, by_severity
from renderers.pictures import digest
from renderers.types import Image, Kind

PIXEL = "pixel"
MOST_ADDED = 3
"""The pixels are there to catch what was overlooked, not to take over."""

MOST_SEVERE = 2

_VISIBLE = 12.0
_STRONG = 60
_STRONG_SHARE, _STRONG_PIXELS = 0.05, 12
_NAMED_SHARE = 0.2
_SLACK, _SLACK_SHARE = 2, 0.01

_LONGEST = 30.0
"""Seconds that reading and comparing both pictures may take: six times what a chart needs on a quiet machine.
After them the answer stands as it is."""

_MOST_LOOKS = 64
"""Renders whose looks are kept: more than are asked about again at a time."""

_WORD = 9
"""Pixels within which what differs is one thing: the letters of a word, the dashes of a line."""

_ONE_THING = 0.05
"""Share of the picture up to which one finding without a place may account for what differs in an area."""


Asked = Callable[[Kind, Image, Image], Awaitable[Critique]]
"""What gives an answer about a reference and a render."""


class EvidenceCritic:
    """Asks a critic, and holds its answer against the pixels."""

    def __init__(self, critic: Critic, pixels: Critic | None = None, reader: Reader | None = None) -> None:
        """Choose whose answers to check.

        Args:
            critic: Asked first.
            pixels: Says what differs where ``critic`` overlooked something; the pixel critic by default.
            reader: Reads the grid of a reference that is a table.
        """
        self._critic = critic
        self._reader = reader or Reader()
        self._pixels = pixels or PixelCritic(self._reader)
        self._looks: dict[tuple[Kind, str, str], tuple[Discrepancy, ...]] = {}
        self.name = critic.name

    @property
    def asked(self) -> Critic:
        """Whom it asks."""
        return self._critic

    @property
    def varies(self) -> bool:
        """Whether it may answer otherwise when it is asked again."""
        return varies(self._critic)

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The critic's answer without what cannot be and with what it overlooked.

        Equal pictures are not asked about; an answer that could not be had stays as it is.
        """
        return await self._weighed(self._critic.critique, kind, reference, render)

    async def again(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """Another answer of the critic, held against the pixels in the same way."""
        return await self._weighed(partial(another, self._critic), kind, reference, render)

    async def _weighed(self, asked: Asked, kind: Kind, reference: Image, render: Image) -> Critique:
        if np.array_equal(reference, render):
            return Critique(critic=self.name, similarity=1.0)
        said = await asked(kind, reference, render)
        if said.failure:
            return said
        started = time.perf_counter()
        told = said.discrepancies
        open_ = await asyncio.to_thread(unexplained, told, kind, reference, render, self._reader)
        seen = await self._looked(kind, reference, render) if open_ else ()
        found = await asyncio.to_thread(weigh, told, seen, kind, reference, render, self._reader)
        seconds = time.perf_counter() - started
        return said.model_copy(update={"discrepancies": found, "evidence": seconds})

    async def _looked(self, kind: Kind, reference: Image, render: Image) -> tuple[Discrepancy, ...]:
        """What the pixels show, in a thread of the pool; nothing where that takes too long.

        A render is looked at once, however many answers about it are asked for.
        """
        pair = kind, digest(reference), digest(render)
        if pair not in self._looks:
            try:
                looking = within(_LONGEST, self._pixels.critique(kind, reference, render))
                self._looks[pair] = (await looking).discrepancies
            except OutOfTime:
                if seconds_left() == 0.0:
                    raise OutOfTime from None
                self._looks[pair] = ()
            for oldest in list(self._looks)[:-_MOST_LOOKS]:
                del self._looks[oldest]
        return self._looks[pair]


def unexplained(
    said: Sequence[Discrepancy], kind: Kind, reference: Image, render: Image, reader: Reader
) -> bool:
    """Whether the pictures differ strongly where nothing that was said accounts for it.

    What is said of a place accounts for all that differs there. Of the rest, what was said without a place
    accounts for one small area each, as in ``overlooked``. Arguments as for ``weigh``.
    """
    strong = strong_difference(reference, fit_to(reference, render))
    unplaced = 0
    for item in said:
        place = place_of(item, kind, reference, reader)
        unplaced += place is None
        if place is not None:
            _cut(place, strong, _SLACK)[...] = False
    near = cv2.dilate(strong.astype(np.uint8), np.ones((_WORD, _WORD), np.uint8))
    count, labels = cv2.connectedComponents(near)
    sizes = np.bincount(labels[strong], minlength=count)
    areas = np.bincount(labels.ravel(), minlength=count)
    things = (sizes >= _STRONG_PIXELS) & (np.arange(count) > 0)
    large = areas[things] > _ONE_THING * strong.size
    return bool(large.any()) or int(things.sum()) > unplaced


def weigh(
    said: Sequence[Discrepancy],
    seen: Sequence[Discrepancy],
    kind: Kind,
    reference: Image,
    render: Image,
    reader: Reader,
) -> tuple[Discrepancy, ...]:
    """Drop what was said of equal areas, add what was seen in areas that differ strongly and are not named.

    Args:
        said: What a critic says.
        seen: What was found in the pixels.
        kind: What the pictures show.
        reference: The picture to reproduce.
        render: The picture made.
        reader: Reads the grid of a reference that is a table.
    """
    fitted = fit_to(reference, render)
    difference = colour_difference(reference, fitted)
    if reference.shape == render.shape and not (difference > _VISIBLE).any():
        return ()
    placed = [(item, place_of(item, kind, reference, reader)) for item in said]
    kept = [(item, place) for item, place in placed if place is None or not _is_equal(place, difference)]
    known = [item for item in seen if item.category in CATEGORIES[kind]]
    added = overlooked(known, kept, strong_difference(reference, fitted))
    return by_severity([*(item for item, _ in kept), *added])


def overlooked(
    seen: Iterable[Discrepancy],
    named: Sequence[tuple[Discrepancy, Box | None]],
    strong: NDArray[np.bool_],
) -> list[Discrepancy]:
    """What was seen where the pixels differ strongly and nothing is named, bounded in number and severity.

    Something named without a place may be any of those seen in its category: it accounts for one of them.
    """
    unplaced = Counter(item.category for item, place in named if place is None)
    added = []
    for item in by_severity(list(seen)):
        if item.box is None or not _is_strong(item.box, strong):
            continue
        if any(likeness(item, other) > 0 or _covers(place, item.box) for other, place in named):
            continue
        if unplaced[item.category]:
            unplaced[item.category] -= 1
            continue
        severity = 1 if item.severity == 1 else MOST_SEVERE
        added.append(item.model_copy(update={"severity": severity, "source": PIXEL}))
        if len(added) == MOST_ADDED:
            break
    return added


def strong_difference(reference: Image, render: Image) -> NDArray[np.bool_]:
    """Where a colour is far from all colours within a pixel's reach in the other picture.

    What is drawn a pixel off does not count.
    """
    return np.asarray(_beyond(reference, render) | _beyond(render, reference))


def _beyond(image: Image, other: Image) -> NDArray[np.bool_]:
    reach = np.ones((3, 3), np.uint8)
    low, high = cv2.erode(other, reach).astype(np.int16), cv2.dilate(other, reach).astype(np.int16)
    pixels = image.astype(np.int16)
    return np.asarray(np.maximum(low - pixels, pixels - high).max(axis=2) > _STRONG)


def _is_equal(place: Box, difference: NDArray[np.float32]) -> bool:
    """Whether nothing differs in a place and a little around it: boxes are told inexactly."""
    slack = max(_SLACK, round(_SLACK_SHARE * max(difference.shape)))
    area = _cut(place, difference, slack)
    return area.size > 0 and not (area > _VISIBLE).any()


def _is_strong(box: Box, strong: NDArray[np.bool_]) -> bool:
    area = _cut(box, strong)
    return int(area.sum()) >= max(_STRONG_PIXELS, _STRONG_SHARE * area.size)


def _cut(
    box: Box, values: NDArray[np.float32] | NDArray[np.bool_], slack: int = 0
) -> NDArray[np.float32] | NDArray[np.bool_]:
    """The values in a box and ``slack`` pixels around it; empty for a box outside."""
    if not all(map(math.isfinite, box)) or box.is_empty:
        return values[:0]
    height, width = values.shape
    if box.x0 >= width or box.y0 >= height or box.x1 <= 0 or box.y1 <= 0:
        return values[:0]
    left, top = (max(0, math.floor(edge) - slack) for edge in (box.x0, box.y0))
    return values[top : math.ceil(box.y1) + slack, left : math.ceil(box.x1) + slack]


def _covers(place: Box | None, box: Box) -> bool:
    """Whether a named place holds a good part of a box."""
    shared = place.overlap(box) if place is not None else 0.0
    return shared > 0 and shared >= _NAMED_SHARE * box.area
