"""How heavy a text is set: the thickness of its strokes, against those that most of the page has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from critic.reading.page import metrics
from critic.reading.page.fit import Fit
from critic.reading.page.ink import Ink
from critic.reading.page.types import Family

_STROKE = 0.3
"""Ink, in pixels, from which what a row crosses is a stroke and no rim of one."""

_TOUCHED = 0.08
"""Cover from which a pixel belongs to a stroke."""

_LEAST_SIZE = 9.0
"""Font size in pixels from which strokes of two weights differ by more than rims do."""

_LIGHT_PART = 0.3
"""Part of the page's letters that is surely regular: headings, labels and names in tables are the rest."""

_HEAVIER = 1.22
"""Times the page's strokes from which a text is bold.

Measured on 10 texts at 12, 14, 16 and 24 px, dark on light and the reverse, in Open Sans, Nunito, Lato,
Roboto, IBM Plex Sans, Inter, Source Sans, Liberation Sans and DejaVu Sans: 600 is 1.21 to 1.5 times 400,
nine of ten texts in 400 are within a tenth of its middle.
"""

_SURELY_REGULAR, _SURELY_BOLD = 0.105, 0.125
"""Strokes in font sizes up to which a text is regular, and from which it is bold, whatever the page is.

Of the faces named above, 400 has 0.083 to 0.100 and 700 has 0.138 to 0.177.
"""

_MORE_INK = 1.1
"""Times the ink of regular letters that the page's have from which a text with thicker strokes is bold.

On npm's gentelella and startbootstrap-sb-admin-2, 41 regular texts have 0.95 to 1.13 times that of the face,
26 bold ones 1.23 to 1.63.
"""

_OTHER_WEIGHT = 0.3
"""Agreement that a face of the other weight loses: more than ink's columns tell between two weights."""

_FEW = 6
"""Letters up to which a line does not tell its face: whatever agrees best, its strokes are the page's."""

_PLAIN = frozenset({Family.SANS, Family.WIDE})
"""Faces whose strokes are even; those with serifs have thin ones too."""


def stroke(cover: NDArray[np.float32]) -> float | None:
    """Pixels that the strokes of some letters measure across, in the middle; None where there is none.

    Args:
        cover: How far each pixel is covered, 0..1.
    """
    rows = np.pad(cover, ((0, 0), (1, 1))).ravel()
    edges = np.flatnonzero(np.diff((rows > _TOUCHED).astype(np.int8)))
    sums = np.concatenate([[0.0], np.cumsum(rows)])
    widths = sums[edges[1::2] + 1] - sums[edges[::2] + 1]
    widths = widths[widths > _STROKE]
    return float(np.median(widths)) if len(widths) else None


def of_one_weight(options: list[list[Fit]], texts: list[str], inks: list[Ink]) -> list[list[Fit]]:
    """The fits of each line, best first; those of another weight than its strokes lose.

    Args:
        options: Of each line.
        texts: What it says.
        inks: Its ink.
    """
    known = [_relative(fitted, text, ink) for fitted, text, ink in zip(options, texts, inks, strict=True)]
    inked = [_inked(fitted, text, ink) for fitted, text, ink in zip(options, texts, inks, strict=True)]
    told = [(part, len(text)) for part, text in zip(known, texts, strict=True) if part is not None]
    if not told:
        return options
    least = min(max(_HEAVIER * _usual(told), _SURELY_REGULAR), _SURELY_BOLD)
    much = _MORE_INK * _usual([(part, len(text)) for part, text in zip(inked, texts, strict=True)])
    return [
        fitted
        if part is None
        else _weighed(fitted, bold=part >= least and (part >= _SURELY_BOLD or whole >= much))
        for fitted, part, whole in zip(options, known, inked, strict=True)
    ]


def _inked(fitted: list[Fit], text: str, ink: Ink) -> float:
    """A line's ink in that of its face's regular letters, as wide."""
    plain = [fit for fit in fitted if not fit.bold and not fit.spacing and fit.family in _PLAIN]
    if not plain:
        return 1.0
    area = metrics.area(text, plain[0].family, False) * plain[0].size ** 2
    return float(ink.cover.sum()) / max(area, 1.0)


def _relative(fitted: list[Fit], text: str, ink: Ink) -> float | None:
    """A line's strokes in font sizes, as its letters' height tells the size; None where that is not known."""
    family = fitted[0].family
    if family not in _PLAIN and len(text) <= _FEW and any(fit.family in _PLAIN for fit in fitted):
        family = Family.SANS
    if ink.cut or family not in _PLAIN:
        return None
    top, bottom = metrics.extent(text, family, False)
    size = ink.box.height / max(0.05, top - bottom)
    across = stroke(ink.cover)
    return across / size if across is not None and size >= _LEAST_SIZE else None


def _usual(told: list[tuple[float, int]]) -> float:
    """The strokes of the page's regular text."""
    ordered = sorted(told)
    reached = np.cumsum([letters for _, letters in ordered])
    return ordered[int(np.searchsorted(reached, _LIGHT_PART * reached[-1]))][0]


def _weighed(fitted: list[Fit], *, bold: bool) -> list[Fit]:
    marked = [fit if fit.bold is bold else replace(fit, score=fit.score - _OTHER_WEIGHT) for fit in fitted]
    return sorted(marked, key=lambda fit: -fit.score)
