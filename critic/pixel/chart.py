"""Compares two charts: reads both, pairs axes, texts and series, and reports what also differs in pixels.

A reading that differs where the pixels agree is a reading's fault and says nothing; pixels that differ where
no reading says why are reported by place.
"""

from __future__ import annotations

from critic.pixel.chart_legends import compare_legends
from critic.pixel.chart_pixels import Mask, count_in, differing, regions, without
from critic.pixel.chart_series import apart, compare_series
from critic.pixel.chart_texts import compare_texts, compare_ticks
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Chart
from critic.reading.chart.reuse import lines_of_render
from critic.similarity import fit_to
from critic.types import Discrepancy
from renderers.types import Image

_LEAST = 30
"""Differing pixels in one place that are reported though no reading explains them."""


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render from a reference chart."""
    fitted = fit_to(reference, render)
    different = differing(reference, fitted)
    if not different.any():
        return []
    ours = read_chart(reference, reader)
    lines_of_render(reference, fitted, different, reader)
    theirs = read_chart(fitted, reader)
    if len(ours.axes) != len(theirs.axes):
        return [
            Discrepancy(
                category="structure_error",
                severity=3,
                location="figure",
                description=f"axes: reference {len(ours.axes)}, render {len(theirs.axes)}",
            )
        ]
    found = _background(ours, theirs)
    pairs = list(zip(ours.axes, theirs.axes, strict=True))
    many = len(pairs) > 1
    for index, (one, other) in enumerate(pairs):
        found += _axes_pair(index, many, one, other, (reference, fitted), different)
    found += compare_texts(ours, theirs, (reference, fitted), different)
    return [*_collapsed(found), *_unexplained(ours, different, found)]


def _collapsed(found: list[Discrepancy]) -> list[Discrepancy]:
    """Without what follows from something else that was found: a legend follows its series."""
    recoloured = any(item.description.startswith("colour of") for item in found)
    missing = any(
        item.description.endswith("missing") and item.category == "structure_error" for item in found
    )
    kept = []
    for item in found:
        follows = (recoloured and item.description.startswith("legend handle")) or (
            missing and item.description.startswith("legend entries")
        )
        if not follows:
            kept.append(item)
    return kept


def _background(ours: Chart, theirs: Chart) -> list[Discrepancy]:
    if apart(ours.background, theirs.background) <= 12:
        return []
    text = f"background: reference {ours.background}, render {theirs.background}"
    return [Discrepancy(category="style_error", severity=2, location="figure", description=text)]


def _axes_pair(
    index: int, many: bool, one: Axes, other: Axes, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    where = f"axes {index + 1}" if many else "axes"
    found = _place(where, one, other)
    if apart(one.face, other.face) > 12:
        text = f"face colour: reference {one.face}, render {other.face}"
        found.append(
            Discrepancy(category="style_error", severity=1, location=where, box=one.box, description=text)
        )
    found += compare_legends(where, one, other, images, different)
    ticks = compare_ticks(index, many, one, other, images, different)
    if not ticks:
        found += _grid(where, one, other, different)
    if any("range" in item.description or "scale" in item.description for item in ticks):
        # Everything in the plot moves with its scale: the scale is the cause.
        without(different, one.box, 0)
    return [*found, *ticks, *compare_series(where, one, other, different, images)]


def _place(where: str, one: Axes, other: Axes) -> list[Discrepancy]:
    shift = max(abs(a - b) for a, b in zip(one.box, other.box, strict=True))
    if shift <= 2.5 or not one.visible:
        return []
    text = "axes rectangle: reference {}, render {}".format(
        *(f"{b.x0:.0f},{b.y0:.0f} to {b.x1:.0f},{b.y1:.0f}" for b in (one.box, other.box))
    )
    return [
        Discrepancy(category="structure_error", severity=1, location=where, box=one.box, description=text)
    ]


def _grid(where: str, one: Axes, other: Axes, different: Mask) -> list[Discrepancy]:
    ours = (one.grid.x, one.grid.y) if one.grid else (False, False)
    theirs = (other.grid.x, other.grid.y) if other.grid else (False, False)
    if ours == theirs or count_in(different, one.box) < 100:
        return []
    names = {
        (True, True): "both ways",
        (True, False): "along x",
        (False, True): "along y",
        (False, False): "none",
    }
    text = f"grid lines: reference {names[ours]}, render {names[theirs]}"
    without(different, one.box, 0)
    return [Discrepancy(category="style_error", severity=1, location=where, box=one.box, description=text)]


def _unexplained(chart: Chart, different: Mask, found: list[Discrepancy]) -> list[Discrepancy]:
    """What differs in pixels though the readings agree, by place; small parts of known causes left out."""
    said = []
    for box, count in regions(different, _LEAST)[:6]:
        inside = next((a for a in chart.axes if _overlaps(box, a.box)), None)
        if inside is None:
            category, place, what = "text_error", "outside the axes", "text or marks look"
        else:
            category, place, what = "data_error", "plot area", "the drawing looks"
        if any(item.category == category for item in found) and count < 3 * _LEAST:
            continue
        text = f"{what} different here: {count} pixels"
        said.append(Discrepancy(category=category, severity=1, location=place, box=box, description=text))
    return said


def _overlaps(box, other) -> bool:  # type: ignore[no-untyped-def]
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return bool(other.x0 - 2 <= x <= other.x1 + 2 and other.y0 - 2 <= y <= other.y1 + 2)
