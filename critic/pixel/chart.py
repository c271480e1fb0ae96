"""Compares two charts: reads both, pairs axes, texts and series, and reports what also differs in pixels.

A reading that differs where the pixels agree is a reading's fault and says nothing; pixels that differ where
no reading says why are reported by place.
"""

from __future__ import annotations

from critic.pixel.chart_causes import collapsed, series_or_scale
from critic.pixel.chart_geometry import apart
from critic.pixel.chart_legends import compare_legends
from critic.pixel.chart_pixels import Mask, count_in, differing, without
from critic.pixel.chart_places import unexplained
from critic.pixel.chart_texts import compare_texts, compare_ticks
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Axes, Chart
from critic.reading.chart.reuse import lines_of_render
from critic.reading.noise import denoised
from critic.similarity import fit_to
from critic.types import Discrepancy
from renderers.types import Image


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render from a reference chart."""
    fitted = denoised(fit_to(reference, render), reader)
    reference = denoised(reference, reader)
    different = differing(reference, fitted)
    if not different.any():
        return []
    ours = read_chart(reference, reader)
    lines_of_render(reference, fitted, different, reader)
    theirs = read_chart(fitted, reader)
    if not theirs.axes:
        theirs = read_chart(fitted, reader, like=ours.axes)
    if len(ours.axes) != len(theirs.axes):
        text = f"axes: reference {len(ours.axes)}, render {len(theirs.axes)}"
        return [Discrepancy(category="structure_error", severity=3, location="figure", description=text)]
    found = _background(ours, theirs)
    pairs = list(zip(ours.axes, theirs.axes, strict=True))
    many = len(pairs) > 1
    for index, (one, other) in enumerate(pairs):
        found += _axes_pair(index, many, one, other, (reference, fitted), different)
    found += compare_texts(ours, theirs, (reference, fitted), different)
    found += unexplained(ours, different, found, (reference, fitted))
    return collapsed(found)


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
    found += _face(where, one, other, different)
    found += compare_legends(where, one, other, images, different)
    ticks = compare_ticks(index, many, one, other, images, different)
    if not ticks:
        found += _grid(where, one, other, different)
    if any(item.description.startswith(("range", "scale")) for item in ticks):
        # Everything in the plot moves with its scale: the scale is the cause.
        without(different, one.box, 0)
    return [*found, *ticks, *series_or_scale(where, one, other, different, images)]


def _face(where: str, one: Axes, other: Axes, different: Mask) -> list[Discrepancy]:
    """The face's colour, where most of the rectangle shows it."""
    b = one.box
    if apart(one.face, other.face) <= 12 or count_in(different, b) < 0.2 * (b.x1 - b.x0) * (b.y1 - b.y0):
        return []
    text = f"face colour: reference {one.face}, render {other.face}"
    return [Discrepancy(category="style_error", severity=1, location=where, box=b, description=text)]


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
