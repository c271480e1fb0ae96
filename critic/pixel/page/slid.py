"""Blocks of a page that stand further left or right than they should: told once, and laid back in place.

A block takes up whole lines of the page here. Columns that moved beside others that stayed are compared as
they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from critic.pixel.ledger import Mask
from critic.types import Box, Cause, Discrepancy, Element, difference
from renderers.types import Image

_DIFFERS = 24
"""Channel levels from which a pixel differs: letters on another pixel grid differ by more only in rims."""

_BETWEEN = (32, 16, 8)
"""CSS pixels without a difference up to which lines are of one block: two lines of usual text; and where such
a block did not move as one, those within its parts: a line, and half of one."""

_LEAST_HIGH = 6
"""CSS pixels from which lines are text: the height of small letters in 11 px type."""

_LEAST_FAR = 4
"""CSS pixels from which a block moved as one: less is the rounding of each of its letters."""

_FAR = 0.5
"""Share of the page's width by which a block moves at most, so that half of it can still be compared."""

_LEFT = 0.12
"""Share of what differs that still differs once the block is laid back: other letters in one line of ten."""


@dataclass(frozen=True, slots=True)
class Slide:
    """Lines of a page that stand aside.

    Attributes:
        first: Their first row of pixels.
        end: The row behind their last.
        across: CSS pixels to the right by which the render has them.
    """

    first: int
    end: int
    across: int


def slides(reference: Image, render: Image) -> list[Slide]:
    """Blocks of a render, of its reference's size, that stand further left or right."""
    apart = differs(reference, render)
    return list(_slid(reference, render, apart, (0, len(reference)), _BETWEEN))


def _slid(
    reference: Image, render: Image, apart: Mask, rows: tuple[int, int], between: Sequence[int]
) -> Iterator[Slide]:
    """The blocks among some rows; of what did not move as one its parts."""
    if not between:
        return
    for begin, stop in _bands(np.asarray(apart[slice(*rows)].any(axis=1)), between[0]):
        first, end = rows[0] + begin, rows[0] + stop
        across = _shift(reference[first:end], render[first:end])
        slide = Slide(first, end, across)
        if _LEAST_FAR <= abs(across) <= _FAR * reference.shape[1] and _moved(reference, render, apart, slide):
            yield slide
        else:
            yield from _slid(reference, render, apart, (first, end), between[1:])


def _moved(reference: Image, render: Image, apart: Mask, slide: Slide) -> bool:
    """Whether hardly anything differs any more once a block is laid back."""
    back, seen = _back(reference, render, slide)
    left = differs(reference[slide.first : slide.end], back) & seen
    return bool(left.sum() <= _LEFT * apart[slide.first : slide.end].sum())


def laid_back(reference: Image, render: Image, found: list[Slide]) -> tuple[Image, Mask]:
    """The render with blocks where the reference has them, and where it is not seen as they left the page.

    There the reference is shown.
    """
    image, told = render.copy(), np.zeros(reference.shape[:2], bool)
    for slide in found:
        image[slide.first : slide.end], seen = _back(reference, render, slide)
        told[slide.first : slide.end] = ~seen
    return image, told


def told_of(reference: Image, found: Sequence[Slide]) -> Iterator[Discrepancy]:
    """What is the matter with blocks that stand aside: one finding for all that moved as far."""
    for across in dict.fromkeys(slide.across for slide in found):
        boxes = [_drawn(reference, slide) for slide in found if slide.across == across]
        was = Box.around(boxes)
        now = was.shifted(across, 0)
        element = Element(kind="block", at=was)
        said = difference(
            "layout_error", 2, Cause.MOVED, element, was, reference=tuple(was), render=tuple(now)
        )
        assert said is not None  # it moved by at least _LEAST_FAR
        places = (*boxes, *(box.shifted(across, 0) for box in boxes))
        yield said.model_copy(update={"places": places})


def _drawn(reference: Image, slide: Slide) -> Box:
    """The box around what a block shows."""
    lines = reference[slide.first : slide.end]
    x, y, wide, high = cv2.boundingRect(drawn(lines).astype(np.uint8))
    return Box(x, slide.first + y, x + wide, slide.first + y + high)


def differs(one: Image, other: Image) -> Mask:
    """The pixels in which two pictures of one size differ by more than a rim does."""
    return np.asarray(np.abs(one.astype(np.int16) - other).max(axis=2) > _DIFFERS)


def drawn(image: Image) -> Mask:
    """The pixels that do not have the colour of most."""
    return np.asarray(np.abs(image.astype(np.int16) - np.median(image, axis=(0, 1))).max(axis=2) > _DIFFERS)


def _bands(rows: NDArray[np.bool_], between: int) -> Iterator[tuple[int, int]]:
    """Runs of rows that differ, with up to so many that do not between them."""
    numbers = np.flatnonzero(rows)
    if len(numbers):
        for run in np.split(numbers, np.flatnonzero(np.diff(numbers) > between) + 1):
            if run[-1] + 1 - run[0] >= _LEAST_HIGH:
                yield int(run[0]), int(run[-1]) + 1


def _shift(reference: Image, render: Image) -> int:
    """Pixels to the right at which most edges of the render's lines lie on the reference's."""
    edges = [np.diff(image.mean(axis=2), axis=1, prepend=0) for image in (reference, render)]
    size = next_fast_len(2 * reference.shape[1])
    one, other = (rfft(lines, size, axis=1) for lines in edges)
    scores = irfft((np.conj(one) * other).sum(axis=0), size)
    best = int(scores.argmax())
    return best if best <= size // 2 else best - size


def _back(reference: Image, render: Image, slide: Slide) -> tuple[Image, Mask]:
    """A block's lines laid back, and which of its pixels the render shows."""
    lines = reference[slide.first : slide.end].copy()
    wide = lines.shape[1]
    to, since = (slice(max(0, by), wide + min(0, by)) for by in (-slide.across, slide.across))
    seen = np.zeros(lines.shape[:2], bool)
    lines[:, to] = render[slide.first : slide.end, since]
    seen[:, to] = True
    return lines, seen
