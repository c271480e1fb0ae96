"""Lays a render of a page onto its reference, where what is gone or new pushed the rest up or down."""

from __future__ import annotations

import numpy as np

from critic.pixel.ledger import Mask
from critic.pixel.page.compare import compare
from critic.pixel.registered import Lattice, Registered, Registration, gaps, rows_of
from critic.pixel.sequences import lost_runs
from critic.reading import Reader
from critic.types import Discrepancy
from renderers.types import Image

_UNSEEN = 2
"""CSS pixels by which what follows may stand higher or lower without a cause of its own: rounding."""

_INKED = 24
"""Channel levels by which a row of pixels differs along itself, from which something is drawn on it."""


def registered_page(reference: Image, render: Image, _reader: Reader) -> Registered | None:
    """The render laid onto the reference; None where nothing is gone or new that would have moved the rest.

    Parts that only stand further apart moved for no other cause: they are compared as they stand. What was
    pushed out of the picture at its foot cannot be compared, and is shown as in the reference.
    """
    if reference.shape[1] != render.shape[1]:
        return None
    rows, count = rows_of(reference, render), len(render)
    lost, new = list(lost_runs(rows)), list(gaps(rows, count))
    foot = next((first for first, end in lost if end == len(rows)), len(rows))
    last = int(np.flatnonzero(_inked(reference)).max(initial=0))
    inner = [run for run in lost if run[1] < len(rows) and run[0] <= last]
    added = [gap for gap in new if gap[2] < count and gap[0] <= last]
    steps = [(reference, *run) for run in inner] + [(render, *gap[1:]) for gap in added]
    if not steps or not all(_explains(*step) for step in steps):
        return None
    columns = np.arange(render.shape[1], dtype=np.int64)
    image = Lattice(rows, columns, render.shape[:2]).warped(render)
    told = np.zeros(reference.shape[:2], bool)
    image[foot:] = reference[foot:]
    told[foot:] = True
    return Registered(image, list[Discrepancy](), told, alike=0.0)  # a side bar may have stayed


def _explains(image: Image, first: int, end: int) -> bool:
    """Whether lines that one picture alone has are seen, or so few that nobody sees them."""
    return end - first <= _UNSEEN or bool(_inked(image[first:end]).any())


def _inked(lines: Image) -> Mask:
    """The rows of pixels on which something is drawn."""
    return np.asarray(np.ptp(lines, axis=1).max(axis=-1) > _INKED)


REGISTRATION = Registration(registered_page, compare)
"""How the pixel critic lays renders onto their references."""
