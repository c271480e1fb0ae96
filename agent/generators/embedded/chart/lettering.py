"""The family that a chart's texts are set in, and the chart set in another one."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from critic.marks.scales import Scale
from critic.pixel.chart_texts import placed_texts
from critic.reading.chart.description import Axes, Chart, Text
from critic.reading.chart.glyphs import FAMILIES, USUAL_FAMILY, size_of
from critic.reading.chart.settle import fit_in
from renderers.types import Image

_VOICES = 8
"""Texts, the longest ones, whose letters are compared: a face shows in a few words."""
_CLEARLY = 0.01
"""By which another face's letters must fit better (0..1): the same face anew differs by less."""
_CERTAINLY = 0.02
"""And by which without a critic who says that the letters look otherwise: in charts of matplotlib no other face
fits better, in charts of eight tools the right one does by 0.03 to 0.14."""
_UPRIGHT, _STANDING = 0.0, 90.0
_STEP = 2
"""Sizes are set in halves of a point."""


def in_own_face(chart: Chart, reference: Image) -> Chart:
    """The chart in the family whose letters certainly fit the reference better than the usual one's."""
    better = better_faces(chart, reference, _CERTAINLY)
    return set_in(chart, better[0]) if better else chart


def better_faces(chart: Chart, reference: Image, by: float = _CLEARLY) -> list[str]:
    """The families whose letters fit the reference better than those of the chart's family, best first."""
    texts = sorted(_voices(chart), key=lambda text: -len(text.text))
    fits = {family: _fit(family, reference, texts[:_VOICES], chart.dpi) for family in FAMILIES}
    least = fits[chart.family or USUAL_FAMILY] + by
    return sorted((family for family, fit in fits.items() if fit > least), key=lambda family: -fits[family])


def _voices(chart: Chart) -> Iterator[Text]:
    """All texts, those of legends and tick labels too."""
    yield from (placed.text for placed in placed_texts(chart))
    for axes in chart.axes:
        for legend in axes.legends:
            for entry in legend.entries:
                if entry.box is not None and not entry.box.is_empty:
                    yield Text(text=entry.text, box=entry.box, size=legend.size)
        for scale in (axes.x, axes.y):
            for tick in scale.ticks:
                if tick.box is not None and not tick.box.is_empty and scale.rotation in (_UPRIGHT, _STANDING):
                    yield Text(text=tick.label, box=tick.box, size=scale.size, rotation=scale.rotation)


def _fit(family: str, reference: Image, texts: Sequence[Text], dpi: float) -> float:
    fits = [fit_in(family, reference, text, dpi) for text in texts]
    known = [fit for fit in fits if fit is not None]
    return statistics.median(known) if known else 0.0


def set_in(chart: Chart, family: str) -> Chart:
    """The chart in another family, each text as large as before: sizes were measured in the first one."""
    if family == chart.family:
        return chart
    known = {placed.text.box: placed.text for placed in placed_texts(chart)}
    ratios = [_size_in(text, chart, family) / text.size for text in known.values() if _measurable(text)]
    for axes in chart.axes:
        ratios += _label_ratios(axes, chart, family)
    ratio = statistics.median(ratios) if ratios else 1.0

    def text(old: Text | None) -> Text | None:
        if old is None:
            return None
        size = _size_in(old, chart, family) if _measurable(old) else round(old.size * ratio, 1)
        return old.model_copy(update={"size": size})

    def texts(old: tuple[Text, ...]) -> tuple[Text, ...]:
        return tuple(new for new in map(text, old) if new is not None)

    def scale(old: Scale) -> Scale:
        return old.model_copy(update={"size": _usual(old.size * ratio)})

    def set_in(axes: Axes) -> Axes:
        legends = tuple(item.model_copy(update={"size": _usual(item.size * ratio)}) for item in axes.legends)
        changed = {"x": scale(axes.x), "y": scale(axes.y), "legends": legends, "texts": texts(axes.texts)}
        changed |= {
            name: text(getattr(axes, name)) for name in ("title", "x_label", "y_label", "right_label")
        }
        return axes.model_copy(update=changed)

    everywhere = tuple(map(set_in, chart.axes))
    return chart.model_copy(update={"family": family, "axes": everywhere, "texts": texts(chart.texts)})


def _measurable(text: Text) -> bool:
    return text.rotation in (_UPRIGHT, _STANDING) and not text.box.is_empty


def _size_in(text: Text, chart: Chart, family: str) -> float:
    """The size at which a text of a family covers the same box."""
    sides = text.box.width, text.box.height
    wide, high = sides if text.rotation == _UPRIGHT else sides[::-1]
    return size_of(text.text, wide, high, chart.dpi, text.bold, family)


def _label_ratios(axes: Axes, chart: Chart, family: str) -> Iterator[float]:
    """How much larger tick labels must be."""
    for scale in (axes.x, axes.y):
        for tick in scale.ticks:
            if tick.label and tick.box is not None and not tick.box.is_empty:
                label = Text(text=tick.label, box=tick.box)
                yield _size_in(label, chart, family) / scale.size


def _usual(size: float) -> float:
    return round(_STEP * size) / _STEP
