"""Shapes of a drawing that stand elsewhere: what one paint has lost, found again among what it has gained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, next_fast_len, rfft2

from critic.pixel.svg_shapes import Blob, Mask, Shapes, box_of, clear, grown, shifted

_FOUND = 0.96
"""Share of what is lost that the render shows so far away, and of what is gained that the reference shows so
far back: the rest is what lies over one of the two places."""

_LEAST_MOVED = 1.5
"""Pixels from which a shape has moved: half a pixel of rounding on each side, and as much again."""

_WITHIN = 0.25
"""Share that must still lie in the picture at the other place for it to be told: less may be anything."""


_AS_MUCH = 0.35
"""Ratio of what is lost and what is gained above which it may have moved: a shape a quarter wider gains
three times as much as it loses."""

_THAT_WAY = 0.5
"""Share of a move by which what is gained lies that way from what is lost. It is all of the move where
the two places are apart, more where they overlap, and less only where the picture's edge cuts one off."""


@dataclass(frozen=True, eq=False, slots=True)
class Move:
    """Shapes of one paint that stand elsewhere.

    Attributes:
        paint: Their colour, ``#rrggbb``.
        was: Their pixels in the reference.
        now: Their pixels in the render.
        across: Pixels to the right by which the render has them.
        down: Pixels further down.
        changed: How many pixels that changes.
    """

    paint: str
    was: Mask
    now: Mask
    across: int
    down: int
    changed: int


def moves(reference: Shapes, render: Shapes, visible: Mask, thickness: int) -> Iterator[Move]:
    """Moves of paints, those that cover the least first; what one explains is no longer asked of others.

    A shape that moves uncovers what lies below it, lost in one place and gained in another, too:
    what covers less lies above.

    Args:
        reference: Shapes of the reference.
        render: Shapes of the render.
        visible: Where the pictures visibly differ.
        thickness: Pixels up to which a difference is a sliver that anti-aliasing leaves.
    """
    explained = np.zeros_like(visible)
    for blob in sorted(
        _paints(reference), key=lambda blob: (blob.background, _painted(reference, blob).sum())
    ):
        before, after = _painted(reference, blob), _painted(render, blob)
        told = visible & ~explained
        lost, gained = (clear(mask & told, thickness) for mask in (before & ~after, after & ~before))
        move = _move(blob, before, after, lost, gained)
        if move is not None:
            yield move
            explained |= grown(lost | gained | move.was | move.now, thickness)


def _paints(shapes: Shapes) -> list[Blob]:
    """A shape of each paint; of the canvas's too, as a shape of its colour may lie on others."""
    found: list[Blob] = []
    known = np.zeros(len(shapes.blobs), dtype=bool)
    for blob, is_known in zip(shapes.blobs, known, strict=True):
        if not is_known:
            found.append(blob)
            known |= shapes.painted_like(blob)
    return found


def _painted(shapes: Shapes, like: Blob) -> Mask:
    """The pixels of all shapes of a paint; the canvas is one of its own."""
    canvas = np.array([blob.background for blob in shapes.blobs], dtype=bool)
    told = np.zeros(int(shapes.labels.max()) + 1, dtype=bool)
    told[: len(shapes.blobs)] = shapes.painted_like(like) & (canvas == like.background)
    return told[shapes.labels]


def _move(paint: Blob, before: Mask, after: Mask, lost: Mask, gained: Mask) -> Move | None:
    sizes = int(lost.sum()), int(gained.sum())
    if min(sizes) <= _AS_MUCH * max(sizes):
        return None
    found = next(
        (
            shift
            for shift in _shifts(before, after, lost, gained)
            if _holds(before, after, lost, gained, shift)
        ),
        None,
    )
    if found is None:
        return None
    across, down = found
    there, back = shifted(lost, across, down), shifted(gained, -across, -down)
    was, now = lost | back & before, gained | there & after
    return Move(paint.paint, was, now, across, down, sum(sizes))


def _shifts(before: Mask, after: Mask, lost: Mask, gained: Mask) -> Iterator[tuple[int, int]]:
    """Pixels across and down by which shapes may have moved, the likelier first.

    Where all of a paint moves, its extent does, one side of which the picture's edge may cut off; where a
    shape moves by more than its own size, what is lost is what is gained.
    """
    one, other = box_of(before), box_of(after)
    across = dict.fromkeys((int(other.x0 - one.x0), int(other.x1 - one.x1)))
    down = dict.fromkeys((int(other.y0 - one.y0), int(other.y1 - one.y1)))
    for shift in (*product(across, down), _best_shift(lost, gained)):
        if abs(shift[0]) + abs(shift[1]) >= _LEAST_MOVED:
            yield shift


def _holds(before: Mask, after: Mask, lost: Mask, gained: Mask, shift: tuple[int, int]) -> bool:
    """Whether what is lost is there so far away, and what is gained was there so far back."""
    across, down = shift
    if float(np.dot(_middle(gained) - _middle(lost), shift)) < _THAT_WAY * float(np.dot(shift, shift)):
        return False
    there, back = shifted(lost, across, down), shifted(gained, -across, -down)
    if there.sum() < _WITHIN * lost.sum() or back.sum() < _WITHIN * gained.sum():
        return False
    return int((there & grown(after, 1)).sum()) >= _FOUND * int(there.sum()) and int(
        (back & grown(before, 1)).sum()
    ) >= _FOUND * int(back.sum())


def _middle(mask: Mask) -> NDArray[np.float64]:
    """The mean place of a mask's pixels, across and down."""
    rows, columns = np.nonzero(mask)
    return np.array((columns.mean(), rows.mean()))


def _best_shift(lost: Mask, gained: Mask) -> tuple[int, int]:
    """Pixels across and down at which the most of what is lost lies on what is gained."""
    one, other = box_of(lost), box_of(gained)
    first = lost[one.pixels].astype(np.float32)
    second = gained[other.pixels].astype(np.float32)
    size = [next_fast_len(a + b) for a, b in zip(first.shape, second.shape, strict=True)]
    scores = irfft2(np.conj(rfft2(first, size)) * rfft2(second, size), size)
    place = np.unravel_index(int(scores.argmax()), scores.shape)
    # Large indices are steps back: the correlation is of pictures that go on at their other side.
    y, x = (int(v) - (n if v >= m else 0) for v, n, m in zip(place, size, second.shape, strict=True))
    return int(other.x0 - one.x0) + x, int(other.y0 - one.y0) + y
