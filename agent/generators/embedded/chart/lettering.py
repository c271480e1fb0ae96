"""The family that a chart's texts are set in, and the chart set in another one."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from critic.marks.scales import Scale
from critic.pixel.chart_texts import placed_texts
from critic.reading.chart.description import Axes, Chart, Legend, Text
from critic.reading.chart.glyphs import FAMILIES, USUAL_FAMILY, ink
from critic.reading.chart.settle import fit_in
from renderers.types import Image

_VOICES = 8
"""Texts, the longest ones, whose letters are compared: a face shows in a few words."""
_CLEARLY = 0.01
"""By which another face's letters must fit better (0..1): the same face anew differs by less."""
_CERTAINLY = 0.02
"""And by which without a critic who says that letters look otherwise: in charts of matplotlib no other face
fits better, in charts of eight tools the right one does by 0.03 to 0.14."""
_AT_LEAST = 0.77
"""Fit below which letters are too badly cut out to tell a face: in charts of five tools the right one had 0.8
to 0.98, and where lines ran through the names 0.55 to 0.75."""
_HEAVIER = 0.02
"""By which bold letters must fit better than plain ones."""
_WORD, _FEW, _DOUBT = 3, 3, 0.02
"""Letters of a word, words below which a face is told from digits, and what that adds to the least gain."""
_UPRIGHT, _STANDING = 0.0, 90.0
_STEP = 10
"""Sizes are set in tenths of a point: 12 pixels of a page, which many tools count in, are 8.64."""
_MATH = "$"
"""What marks a label as mathematics, which is not set letter by letter."""
_MEASURED, _LONG_ENOUGH = 40.0, 8.0
"""Points at which letters are measured, as those of common sizes stand on whole pixels; and pixels that texts
are long together from which their size is told."""


def in_own_face(chart: Chart, reference: Image) -> Chart:
    """The chart in the family whose letters certainly fit the reference better than the usual one's."""
    better = better_faces(chart, reference, _CERTAINLY)
    return _weighed(set_in(chart, better[0]), reference) if better else chart


def _weighed(chart: Chart, reference: Image) -> Chart:
    """The chart with those of its titles in bold that fit better so: weights were told by another face."""

    def weighed(old: Text | None) -> Text | None:
        if old is None or old.bold or not _measurable(old):
            return old
        bold = old.model_copy(update={"bold": True})
        plain_fit, bold_fit = (fit_in(chart.family, reference, t, chart.dpi) for t in (old, bold))
        if plain_fit is None or bold_fit is None or bold_fit < plain_fit + _HEAVIER:
            return old
        return bold.model_copy(update={"size": _fine(old.size * _ratio([bold], chart, chart.family))})

    def titled(axes: Axes) -> Axes:
        names = ("title", "x_label", "y_label", "right_label")
        return axes.model_copy(update={name: weighed(getattr(axes, name)) for name in names})

    texts = tuple(new for new in map(weighed, chart.texts) if new is not None)
    return chart.model_copy(update={"axes": tuple(map(titled, chart.axes)), "texts": texts})


def better_faces(chart: Chart, reference: Image, by: float = _CLEARLY) -> list[str]:
    """The families whose letters fit the reference better than those of the chart's family, best first."""
    texts = sorted(_voices(chart), key=lambda text: (not _lettered(text), -len(text.text)))
    fits = {family: _fit(family, reference, texts[:_VOICES], chart.dpi) for family in FAMILIES}
    few = sum(map(_lettered, texts)) < _FEW
    least = fits[chart.family or USUAL_FAMILY] + by + few * _DOUBT
    least = max(least, _AT_LEAST)
    return sorted((family for family, fit in fits.items() if fit > least), key=lambda family: -fits[family])


def _voices(chart: Chart) -> Iterator[Text]:
    """All texts, those of legends and tick labels too."""
    every = [placed.text for placed in placed_texts(chart)]
    for axes in chart.axes:
        every += [text for legend in axes.legends for text in _entries(legend)]
        every += [*_labels(axes.x), *_labels(axes.y)]
    yield from (text for text in every if _measurable(text))


def _lettered(text: Text) -> bool:
    """Whether a text has a word: digits of all faces are alike."""
    return sum(character.isalpha() for character in text.text) >= _WORD


def _fit(family: str, reference: Image, texts: Sequence[Text], dpi: float) -> float:
    fits = [fit_in(family, reference, text, dpi) for text in texts]
    known = [fit for fit in fits if fit is not None]
    return statistics.median(known) if known else 0.0


def set_in(chart: Chart, family: str) -> Chart:
    """The chart in another family, each text as large as before: sizes were measured in the first one."""
    if family == chart.family:
        return chart
    known = [placed.text for placed in placed_texts(chart)]
    every = [text for text in known if _measurable(text)]
    for axes in chart.axes:
        every += [*_labels(axes.x), *_labels(axes.y)]
    ratio = _ratio(every, chart, family)

    def text(old: Text | None) -> Text | None:
        if old is None:
            return None
        own = _ratio([old], chart, family) if _measurable(old) else ratio
        return old.model_copy(update={"size": _fine(old.size * own)})

    def texts(old: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(new for new in map(text, old) if new is not None)

    def scale(old: Scale) -> Scale:
        return old.model_copy(update={"size": _fine(old.size * _ratio(_labels(old), chart, family, ratio))})

    def legend(old: Legend) -> Legend:
        own = _ratio(_entries(old), chart, family, ratio)
        # What is counted in font sizes stays as long as it is.
        kept = {name: round(getattr(old, name) / own, 2) for name in ("handle", "gap")}
        return old.model_copy(update={"size": _fine(old.size * own), **kept})

    def set_in(axes: Axes) -> Axes:
        legends = tuple(map(legend, axes.legends))
        changed = {"x": scale(axes.x), "y": scale(axes.y), "legends": legends, "texts": texts(axes.texts)}
        changed |= {
            name: text(getattr(axes, name)) for name in ("title", "x_label", "y_label", "right_label")
        }
        return axes.model_copy(update=changed)

    everywhere = tuple(map(set_in, chart.axes))
    return chart.model_copy(update={"family": family, "axes": everywhere, "texts": texts(chart.texts)})


def _measurable(text: Text) -> bool:
    return text.rotation in (_UPRIGHT, _STANDING) and not text.box.is_empty and bool(text.text.strip())


def _labels(scale: Scale) -> list[Text]:
    """The tick labels of a scale that can be measured."""
    found = (
        Text(text=tick.label, box=tick.box, size=scale.size, rotation=scale.rotation)
        for tick in scale.ticks
        if tick.box is not None and _MATH not in tick.label
    )
    return [text for text in found if _measurable(text)]


def _entries(legend: Legend) -> list[Text]:
    """The texts of a legend."""
    found = (
        Text(text=entry.text, box=entry.box, size=legend.size)
        for entry in legend.entries
        if entry.box is not None
    )
    return [text for text in found if _measurable(text)]


def _ratio(texts: Sequence[Text], chart: Chart, family: str, usual: float = 1.0) -> float:
    """How many times as large as they are texts of one size must be in a family, to be as long as they are.

    Widths are drawn to fractions of a pixel, heights to whole ones, so that only the former tell.
    """
    drawn = [
        ink(text.text, _MEASURED, chart.dpi, text.bold, family).pixels.shape[1] * text.size / _MEASURED
        for text in texts
    ]
    shown = [text.box.width if text.rotation == _UPRIGHT else text.box.height for text in texts]
    return sum(shown) / sum(drawn) if sum(shown) >= _LONG_ENOUGH else usual


def _fine(size: float) -> float:
    return round(_STEP * size) / _STEP
