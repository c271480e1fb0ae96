"""Which face and size a line is set in: its ink against the measures of the known faces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from critic.deadline import check_deadline
from critic.reading.page import metrics, sizes
from critic.reading.page.ink import Ink
from critic.reading.page.types import Family
from critic.types import Box

_TRACKED = 0.06
"""Width against height from which letter spacing is assumed."""
_TIGHT, _TIGHTEST = 0.03, 0.9
"""The same for letters set closer, and what is rather misread: headings at -0.025em are 0.045 narrower."""

_SPACED_LETTERS = 2
"""Letters up to which a line is not taken as spaced: one gap hardly tells that from another size."""

_GRID = 0.8
"""Letters' heights are snapped to whole pixels, so they tell the size no closer than this."""


_OWN, _STRANGE = 0.25, 0.1
"""Parts of a page's letters: a face of its own has at least the one, a strange one less than the other."""

_HARDLY, _SURE, _NEARLY = 0.35, 0.88, 0.12
"""How well a line in a strange face must agree with it; how much worse one of the page's own may agree."""

_WEIGHTS = 0.1
"""How much the usual weight of a face counts, beside the face itself."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A line set in one face, at the size that its ink calls for.

    Attributes:
        family: The face.
        bold: Its weight.
        size: Font size in pixels.
        spacing: Letter spacing in pixels.
        x: Origin of the first letter.
        score: How well the ink agrees, 1 at best.
    """

    family: Family
    bold: bool
    size: float
    spacing: float
    x: float
    score: float


def fits(text: str, ink: Ink) -> list[Fit]:
    """The line in each face, best first."""
    box = ink.box
    profile = ink.cover.sum(axis=0)
    mass = float(profile.sum())
    found = [
        fit
        for family in Family
        for bold in (False, True)
        for fit in _settings(text, family, bold, ink, box, profile, mass)
    ]
    return sorted(found, key=lambda fit: -fit.score)


def _settings(
    text: str,
    family: Family,
    bold: bool,
    ink: Ink,
    box: Box,
    profile: NDArray[np.float32],
    mass: float,
) -> Iterable[Fit]:
    x0, x1, high = box.x0, box.x1, box.height
    places = metrics.starts(text, family, bold)
    first, last = metrics.glyph(text[0], family, bold), metrics.glyph(text[-1], family, bold)
    natural = places[-2] + last.right - first.left
    top, bottom = metrics.extent(text, family, bold)
    by_width, by_height = (x1 - x0) / max(natural, 0.05), high / max(top - bottom, 0.05)
    options = [(by_width, 0.0)]
    tracked = by_width / by_height
    tight = 1 - max(_TIGHT, _GRID / high)
    if (
        len(text) > _SPACED_LETTERS
        and not ink.cut
        and (tracked > 1 + _TRACKED or _TIGHTEST < tracked < tight)
    ):
        options.append((by_height, (x1 - x0 - by_height * natural) / (len(text) - 1)))
    for size, spacing in options:
        check_deadline()
        x = x0 - first.left * size
        expected = _expected(text, family, bold, size, spacing, x - ink.left, len(profile))
        likeness = _correlation(profile, expected)
        heavier = abs(np.log(mass / (size * size * metrics.area(text, family, bold))))
        taller = max(0.0, abs(high - size * (top - bottom)) - _GRID) / high
        if ink.cut:
            heavier = taller = 0.0
        spaced = 0.04 + 0.5 * abs(spacing) / size if spacing else 0.0
        score = likeness - 0.2 * heavier - min(0.5, taller) - spaced
        yield Fit(family, bold, size, spacing, x, float(score))


def _expected(
    text: str, family: Family, bold: bool, size: float, spacing: float, x: float, width: int
) -> NDArray[np.float32]:
    """The column sums of ink that the face would leave."""
    glyphs = _measures(text, family, bold)
    start = x + (glyphs.places * size + np.arange(len(glyphs.places)) * spacing + glyphs.left * size)
    start = start[glyphs.inked]
    wide = np.maximum(glyphs.wide[glyphs.inked] * size, 0.5)
    mass = glyphs.area[glyphs.inked] * size * size
    # of each letter the part that lies left of each column's edge: its ink is spread evenly over its width
    left_of = np.clip((np.arange(width + 1)[:, None] - start) / wide, 0.0, 1.0)
    return np.asarray(np.diff(left_of @ mass), dtype=np.float32)


class _Measures(NamedTuple):
    """Where the letters of a text begin, how wide their ink is and how much, as parts of the size."""

    places: NDArray[np.float64]
    left: NDArray[np.float64]
    wide: NDArray[np.float64]
    area: NDArray[np.float64]
    inked: NDArray[np.bool_]


@lru_cache(maxsize=metrics.TEXTS)
def _measures(text: str, family: Family, bold: bool) -> _Measures:
    glyphs = [metrics.glyph(letter, family, bold) for letter in text]
    area = np.array([g.area for g in glyphs])
    return _Measures(
        np.array(metrics.starts(text, family, bold)[:-1]),
        np.array([g.left for g in glyphs]),
        np.array([g.right - g.left for g in glyphs]),
        area,
        area > 0,
    )


def _correlation(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    kernel = np.ones(3, dtype=np.float32) / 3
    a, b = np.convolve(first, kernel, "same"), np.convolve(second, kernel, "same")
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 0 else 0.0


def choose(options: list[list[Fit]], texts: list[str], trust: float = 1.0) -> list[Fit]:
    """One fit a line: short lines follow the faces that the page's long lines are set in.

    Twice: what lines say on their own weighs first, and what the page settles on then corrects it.
    """
    chosen = [fitted[0] for fitted in options]
    for _ in range(2):
        trusted, usual = _shares(chosen, texts)
        settled = []
        for fitted, text in zip(options, texts, strict=True):
            weight = trust * min(0.22, max(0.12, 2.0 / max(4, len(text))))
            scores = [
                fit.score + weight * (trusted[fit.family] + _WEIGHTS * usual[fit.family, fit.bold])
                for fit in fitted
            ]
            settled.append(fitted[scores.index(max(scores))])
        chosen = settled
    return _without_strangers(options, _settle_sizes(chosen, texts), texts)


def _without_strangers(options: list[list[Fit]], chosen: list[Fit], texts: list[str]) -> list[Fit]:
    """The fits, less faces that hardly any text is in and that agree badly even there.

    Such a line is rather one of the page's own faces that OCR misread or spaced wrongly.
    """
    letters: dict[Family, int] = defaultdict(int)
    for fit, text in zip(chosen, texts, strict=True):
        letters[fit.family] += len(text)
    total = sum(letters.values())
    own = {family for family, count in letters.items() if count >= _OWN * total}
    kept = []
    for fit, fitted in zip(chosen, options, strict=True):
        if letters[fit.family] < _STRANGE * total and fit.score < _SURE:
            usual = next((other for other in fitted if other.family in own), fit)
            near = _NEARLY if fit.score > _HARDLY else 2 * _NEARLY
            fit = usual if usual.score > fit.score - near else fit
        kept.append(fit)
    return kept


def _shares(
    chosen: list[Fit], texts: list[str]
) -> tuple[dict[Family, float], dict[tuple[Family, bool], float]]:
    """How far each face is the page's own, 0..1, and which part of its text each weight of it has."""
    weight: dict[Family, float] = defaultdict(float)
    cut: dict[tuple[Family, bool], float] = defaultdict(float)
    for fit, text in zip(chosen, texts, strict=True):
        heft = max(0, len(text) - 3) * max(0.0, fit.score)
        weight[fit.family] += heft
        cut[fit.family, fit.bold] += heft
    most = max(weight.values(), default=0.0) or 1.0
    total = sum(weight.values()) or 1.0
    trusted = defaultdict(
        float, {f: 0.5 * min(1.0, w / (0.05 * total)) + 0.5 * w / most for f, w in weight.items()}
    )
    return trusted, defaultdict(float, {key: w / (weight[key[0]] or 1.0) for key, w in cut.items()})


def _settle_sizes(chosen: list[Fit], texts: list[str]) -> list[Fit]:
    """The fits, those of one face with sizes that its lines tell together; what is spaced keeps its own."""
    settled = list(chosen)
    for family in {fit.family for fit in chosen}:
        members = [i for i, fit in enumerate(chosen) if fit.family is family and not fit.spacing]
        told = [_told(chosen[i], texts[i]) for i in members]
        for index, size in zip(members, sizes.settled(told), strict=True):
            settled[index] = replace(chosen[index], size=size)
    return settled


def _told(fit: Fit, text: str) -> sizes.Told:
    width = metrics.starts(text, fit.family, fit.bold)[-1] * fit.size
    return sizes.Told(fit.size, width, len(text), fit.score)
