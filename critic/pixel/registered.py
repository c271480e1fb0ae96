"""A render laid onto its reference: what pushed the rest aside is named once, the rest compared in place.

A row that is gone moves all rows below it, and a longer word all columns beside it. So before two pictures
are compared, their lines of pixels are aligned as two texts are (``critic.pixel.sequences``), and the render
is put together anew with each of its parts where the reference has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from critic.pixel.ledger import Mask
from critic.pixel.sequences import NONE, Lines, Places, aligned
from critic.reading import Reader
from critic.types import Discrepancy
from renderers.types import Image

_COARSE, _FINE = 31, 3
"""Pixels along a line over which it is looked at: at first its parts may stand elsewhere by a word's width,
once the others are laid on each other by the blur of an edge."""

_THIN = 3
"""Lines of a gap up to which it is a rule."""

Gap = tuple[int, int, int]
"""Lines that only the render has: the reference's line before which they stand, the first one and the end."""

_EVERY = 2
"""Of the blurred pixels so many as one tell a line."""


@dataclass(frozen=True, eq=False, slots=True)
class Registered:
    """A render whose parts stand where the reference has them.

    Attributes:
        image: The render, put together anew, of the reference's size.
        found: What pushed its parts aside.
        told: The reference's pixels that ``found`` accounts for: ``image`` has there what the reference has.
        alike: Share of its parts that look as in the reference once they are there.
    """

    image: Image
    found: list[Discrepancy]
    told: Mask
    alike: float


@dataclass(frozen=True, eq=False, slots=True)
class Lattice:
    """Which line of a render is which of its reference.

    Attributes:
        rows: For each row of pixels of the reference its row in the render, ``NONE`` where it has none.
        columns: The same for the columns of pixels.
        size: Rows and columns of pixels of the render.
    """

    rows: Places
    columns: Places
    size: tuple[int, int]

    @property
    def straight(self) -> bool:
        """Whether every line is where it should be."""
        return all(
            len(places) == count and bool((places == np.arange(count)).all())
            for places, count in zip((self.rows, self.columns), self.size, strict=True)
        )

    def warped(self, render: Image) -> Image:
        """The render with its lines where the reference has them; a line that it lacks repeats the last.

        A rule that only the render has stands where it parts the reference's lines.
        """
        turned = np.ascontiguousarray(render.swapaxes(0, 1))
        lines = _with_thin(self.rows, render), _with_thin(self.columns, turned)
        return np.asarray(render[np.ix_(*lines)], dtype=np.uint8)


def lattice(reference: Image, render: Image) -> Lattice:
    """Align the rows of pixels, then the columns, then the rows again with the columns in place."""
    wide = max(reference.shape[1], render.shape[1])
    rows = aligned(*(_lines(_widened(image, wide), 0, _COARSE) for image in (reference, render)))
    columns = aligned(_lines(reference, 1, _FINE), _lines(render[filled(rows)], 1, _FINE))
    straight = np.ascontiguousarray(render[:, filled(columns)])
    rows = aligned(_lines(reference, 0, _FINE), _lines(straight, 0, _FINE))
    return Lattice(rows, columns, render.shape[:2])


def rows_of(reference: Image, render: Image) -> Places:
    """For each row of pixels of a page its row in another one as wide, both of which may go on below."""
    return aligned(_lines(reference, 0, _FINE), _lines(render, 0, _FINE), cut=True)


def filled(places: Places) -> Places:
    """Places with those of missing lines filled in: the last one's before them."""
    known = np.maximum.accumulate(np.where(places == NONE, 0, places))
    return np.asarray(known)


def _with_thin(places: Places, render: Image) -> Places:
    """Places, those of missing lines filled in, and rules that are new instead of the lines behind them."""
    known = filled(places)
    for line, first, end in gaps(places, len(render)):
        if first > 0 and end - first <= _THIN and line < len(places):
            steps = np.abs(np.diff(render[first - 1 : end].astype(np.int16), axis=0)).sum(axis=(1, 2))
            known[line] = first + int(steps.argmax())
    return known


def gaps(places: Places, count: int) -> Iterator[Gap]:
    """Lines that only the render has.

    Args:
        places: For each line of the reference its place in the render.
        count: Lines of the render.
    """
    before = 0
    for line, place in enumerate([*places.tolist(), count]):
        if place == NONE:
            continue
        if place > before:
            yield line, before, place
        before = place + 1


def _widened(image: Image, wide: int) -> Image:
    return np.pad(image, ((0, 0), (0, wide - image.shape[1]), (0, 0)), mode="edge")


def _lines(image: Image, axis: int, reach: int) -> Lines:
    """The rows (axis 0) or columns of a picture, one a row, looked at so many pixels at a time."""
    turned = image if axis == 0 else image.transpose(1, 0, 2)
    soft = cv2.blur(np.ascontiguousarray(turned, dtype=np.float32), (reach, 1))
    return np.ascontiguousarray(soft[:, ::_EVERY].reshape(len(soft), -1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Registration:
    """How renders of a kind are laid onto their references.

    Attributes:
        lay: Lays one; None where nothing pushed anything aside.
        compare: What differs once it is laid.
    """

    lay: Callable[[Image, Image, Reader], Registered | None]
    compare: Callable[[Image, Image, Reader], list[Discrepancy]]
