"""Pieces of text with the exact extent of their ink."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from critic.reading.ocr import TextReader
from critic.reading.table.dashes import dash_of, is_in_row
from critic.reading.table.drawn import Mask
from critic.reading.table.surface import Surface
from critic.types import Box

_FAINTEST = 40
_WORD_GAP = 0.3
_SURE_SCORE = 0.3
_ALIGNED = 0.25
"""Text heights within which texts of a column keep to its edge: side bearings of letters are less."""
_COLUMN_OF = 2
"""Other texts that keep to an edge from which it is a column's; one may be chance."""
_LOWEST = 2.0
"""Pixels that a text's box reaches from its middle at least: documents box a dash as flat as it is."""
_LONGEST_ORPHAN = 12
_DASH_SCORE = 0.9
"""How sure a dash is that is told by its shape and place alone."""
_LEAST_CROP = 3
"""Pixels, high and wide, from which a crop may hold a letter."""

_LEAST_AREA = 3
"""Pixels of ink below which a blob is noise."""

_EDGE_WIDTH = 2
"""Pixels across up to which a high blob is the edge of a fill."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text on one line.

    Attributes:
        text: What it says.
        score: OCR's confidence.
        box: The extent of its ink.
        parts: Horizontal extents of its connected parts, left to right.
    """

    text: str
    score: float
    box: Box
    parts: tuple[tuple[float, float], ...]

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.box.y0 + self.box.y1) / 2

    @property
    def height(self) -> float:
        """Height of the ink."""
        return self.box.y1 - self.box.y0


@dataclass(frozen=True, slots=True)
class _Blob:
    """A connected part of the ink: a letter, or several that touch."""

    x0: int
    y0: int
    x1: int
    y1: int
    area: int


def read_fragments(
    surface: Surface, reader: TextReader, lines: Iterable[tuple[str, float, Box]]
) -> list[Fragment]:
    """Fit OCR's lines to the ink, read ink that OCR passed over, and join what belongs together.

    Args:
        surface: The picture.
        reader: Reads crops of ink that no line covers.
        lines: OCR's text, score and box of each line.
    """
    lines = [line for line in lines if line[2].y1 > line[2].y0]
    blobs = _blobs(ink_mask(surface))
    typical = float(np.median([box.y1 - box.y0 for _, _, box in lines])) if lines else 16.0
    blobs = [blob for blob in blobs if blob.y1 - blob.y0 <= 3 * typical]
    owners = [_owner(blob, [box for _, _, box in lines]) for blob in blobs]
    fragments = []
    for index, (text, score, _) in enumerate(lines):
        own = [blob for blob, owner in zip(blobs, owners, strict=True) if owner == index]
        if own:
            fragments.append(_fragment(text, score, own))
    orphans = [blob for blob, owner in zip(blobs, owners, strict=True) if owner is None]
    height = float(np.median([item.height for item in fragments])) if fragments else 0.6 * typical
    fragments = [_settled(fragment, height) for fragment in fragments]
    dashes = _dashes(orphans, fragments, height)
    taken = {(dash.box.x0, dash.box.y0) for dash in dashes}
    orphans = [blob for blob in orphans if (blob.x0, blob.y0) not in taken]
    fragments += [*dashes, *_read_orphans(orphans, height, surface, reader)]
    return join_neighbours(fragments)


def _settled(fragment: Fragment, height: float) -> Fragment:
    """A sign that was read in a flat stroke as the dash that it is."""
    if len(fragment.parts) > 1 or any(letter.isalnum() for letter in fragment.text):
        return fragment
    return replace(fragment, text=dash_of(fragment.box, height) or fragment.text)


def _dashes(orphans: Sequence[_Blob], fragments: Sequence[Fragment], height: float) -> list[Fragment]:
    """Dashes that no OCR line covers, in rows of other texts."""
    boxes = [Box(float(blob.x0), float(blob.y0), float(blob.x1), float(blob.y1)) for blob in orphans]
    others = [fragment.box for fragment in fragments]
    found = []
    for blob, box in zip(orphans, boxes, strict=True):
        text = dash_of(box, height)
        if text and is_in_row(box, others) and not any(_beside(box, other, height) for other in boxes):
            found.append(_fragment(text, _DASH_SCORE, [blob]))
    return found


def _beside(box: Box, other: Box, height: float) -> bool:
    """Whether something else stands near on the same level, as the next dash of a dashed rule does."""
    return box is not other and box.grown(height, 0.0).meets(other)


def reread(
    surface: Surface, reader: TextReader, box: Box, margin: int = 3, scale: float = 3.0
) -> tuple[str, float] | None:
    """Read one line of text again, larger and alone; other ink around it is left in place."""
    height, width = surface.contrast.shape
    y0, y1 = max(0, int(box.y0) - margin), min(height, int(np.ceil(box.y1)) + margin)
    x0, x1 = max(0, int(box.x0) - margin), min(width, int(np.ceil(box.x1)) + margin)
    if y1 - y0 < _LEAST_CROP or x1 - x0 < _LEAST_CROP:
        return None
    crop = surface.image[y0:y1, x0:x1].copy()
    lines = surface.line_mask[y0:y1, x0:x1]
    crop[lines] = surface.background[y0:y1, x0:x1][lines]
    line = reader.word(crop, scale)
    return (line.text.strip(), line.score) if line else None


def join_neighbours(fragments: list[Fragment]) -> list[Fragment]:
    """Join pieces that OCR cut inside a phrase: on one line, nearer than a word space."""
    joined: list[Fragment] = []
    for fragment in sorted(fragments, key=lambda item: item.box.x0):
        for index, other in enumerate(joined):
            near = fragment.box.x0 - other.box.x1 < _WORD_GAP * max(fragment.height, other.height)
            if near and _same_line(fragment, other) and not _meet_at_a_boundary(other, fragment, fragments):
                joined[index] = merge([other, fragment])
                break
        else:
            joined.append(fragment)
    return sorted(joined, key=lambda item: (item.middle, item.box.x0))


def _meet_at_a_boundary(left: Fragment, right: Fragment, fragments: Sequence[Fragment]) -> bool:
    """Whether one ends where others end and the next begins where others begin: between two columns."""
    near = _ALIGNED * max(left.height, right.height)
    rest = [item for item in fragments if item is not left and item is not right]
    ends = sum(abs(item.box.x1 - left.box.x1) <= near for item in rest)
    begins = sum(abs(item.box.x0 - right.box.x0) <= near for item in rest)
    return ends >= _COLUMN_OF and begins >= _COLUMN_OF


def merge(fragments: Sequence[Fragment]) -> Fragment:
    """Several pieces of one line as one, left to right."""
    ordered = sorted(fragments, key=lambda item: item.box.x0)
    return Fragment(
        text=" ".join(item.text for item in ordered),
        score=min(item.score for item in ordered),
        box=union([item.box for item in ordered]),
        parts=tuple(part for item in ordered for part in item.parts),
    )


def split(fragment: Fragment, at: float, surface: Surface, reader: TextReader) -> tuple[Fragment, Fragment]:
    """Cut a fragment at an x where it has no ink, and read both sides again."""
    halves = []
    for chosen in (
        tuple(part for part in fragment.parts if part[1] <= at),
        tuple(part for part in fragment.parts if part[1] > at),
    ):
        box = fragment.box._replace(x0=chosen[0][0], x1=chosen[-1][1])
        text, score = reread(surface, reader, box) or ("", 0.0)
        halves.append(replace(fragment, text=text, score=score, box=box, parts=chosen))
    return halves[0], halves[1]


def split_at_rules(fragments: Iterable[Fragment], surface: Surface, reader: TextReader) -> list[Fragment]:
    """Cut pieces that OCR read as one through a drawn line from above them to below: they are two cells'."""
    waiting, result = list(fragments), []
    while waiting:
        fragment = waiting.pop()
        cut = _rule_through(fragment, surface)
        if cut is None:
            result.append(fragment)
        else:
            waiting.extend(split(fragment, cut, surface, reader))
    return sorted(result, key=lambda item: (item.middle, item.box.x0))


def _rule_through(fragment: Fragment, surface: Surface) -> float | None:
    """Where a drawn line passes between two letters of a piece."""
    box = fragment.box
    places = [line.position for line in surface.verticals if line.start <= box.y0 and line.end >= box.y1]
    gaps = [(left, right) for (_, left), (right, _) in pairwise(fragment.parts)]
    return next((at for at in places for left, right in gaps if left <= at <= right), None)


def union(boxes: Sequence[Box]) -> Box:
    """The smallest box around all."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def text_lines(fragments: list[Fragment]) -> list[list[Fragment]]:
    """Pieces that stand on one line, top to bottom, left to right."""
    lines: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda item: item.middle):
        for line in reversed(lines[-3:]):
            overlap = min(fragment.box.y1, bottom(line)) - max(fragment.box.y0, top(line))
            level = abs(fragment.middle - middle(line)) < 0.45 * max(
                fragment.height, bottom(line) - top(line)
            )
            if level and overlap > 0.45 * min(fragment.height, bottom(line) - top(line)):
                line.append(fragment)
                break
        else:
            lines.append([fragment])
    for line in lines:
        line.sort(key=lambda item: item.box.x0)
    return sorted(lines, key=middle)


def middle(line: list[Fragment]) -> float:
    """Vertical centre of a line."""
    return (top(line) + bottom(line)) / 2


def top(line: list[Fragment]) -> float:
    """Top of a line's ink."""
    return min(item.box.y0 for item in line)


def bottom(line: list[Fragment]) -> float:
    """Bottom of a line's ink."""
    return max(item.box.y1 for item in line)


def _same_line(first: Fragment, second: Fragment) -> bool:
    overlap = min(first.box.y1, second.box.y1) - max(first.box.y0, second.box.y0)
    return overlap > 0.5 * min(first.height, second.height)


def ink_mask(surface: Surface) -> Mask:
    """Pixels of text: half as strong as the strongest ink around, and not of a line."""
    contrast = np.where(surface.line_mask, 0, surface.contrast).astype(np.uint8)
    strongest = cv2.dilate(contrast, np.ones((9, 9), np.uint8)).astype(np.float32)
    return np.asarray((contrast > np.maximum(_FAINTEST, 0.3 * strongest)), dtype=np.bool_)


def _blobs(ink: Mask) -> list[_Blob]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    rows: NDArray[np.int32] = np.asarray(stats[1:count], dtype=np.int32)
    return [_Blob(int(x), int(y), int(x + w), int(y + h), int(a)) for x, y, w, h, a in rows if a >= 1]


def _owner(blob: _Blob, boxes: Sequence[Box]) -> int | None:
    """The OCR line whose box holds the blob's centre, nearest in height; None where no line does."""
    x, y = (blob.x0 + blob.x1) / 2, (blob.y0 + blob.y1) / 2
    best, owner = 1.0, None
    for index, box in enumerate(boxes):
        if box.x0 - 1 <= x <= box.x1 + 1:
            distance = abs(y - (box.y0 + box.y1) / 2) / max(_LOWEST, (box.y1 - box.y0) / 2)
            if distance < best:
                best, owner = distance, index
    return owner


def _fragment(text: str, score: float, blobs: Sequence[_Blob]) -> Fragment:
    spans = sorted((float(blob.x0), float(blob.x1)) for blob in blobs)
    parts = [spans[0]]
    for x0, x1 in spans[1:]:
        if x0 <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(parts[-1][1], x1))
        else:
            parts.append((x0, x1))
    box = union([Box(blob.x0, blob.y0, blob.x1, blob.y1) for blob in blobs])
    return Fragment(text=text.strip(), score=score, box=box, parts=tuple(parts))


def _read_orphans(
    orphans: Sequence[_Blob], height: float, surface: Surface, reader: TextReader
) -> list[Fragment]:
    """Words in ink that no OCR line covers, such as lone letters and signs."""
    large = [
        blob
        for blob in orphans
        if 0.25 * height <= blob.y1 - blob.y0 <= 2.5 * height
        and blob.x1 - blob.x0 <= _LONGEST_ORPHAN * height
        and blob.area >= _LEAST_AREA
        and not (blob.x1 - blob.x0 <= _EDGE_WIDTH and blob.y1 - blob.y0 > 1.6 * height)  # the edge of a fill
    ]
    groups: list[list[_Blob]] = []
    for blob in sorted(large, key=lambda item: item.x0):
        for group in groups:
            last = group[-1]
            level = min(last.y1, blob.y1) - max(last.y0, blob.y0) > -0.3 * height
            if level and blob.x0 - last.x1 < 0.6 * height:
                group.append(blob)
                break
        else:
            groups.append([blob])
    found = []
    for group in groups:
        draft = _fragment("", 0.0, group)
        if draft.height > 2.5 * height:
            continue
        # Low signs such as a row of asterisks are only read with some of the line's height around them.
        reading = reread(surface, reader, draft.box)
        if reading is None or reading[1] < _SURE_SCORE:
            reading = reread(surface, reader, draft.box, margin=max(3, round(height)))
        if reading and reading[1] >= _SURE_SCORE:
            found.append(replace(draft, text=reading[0], score=reading[1]))
    return found
