"""Compares two charts: reads both, pairs axes, texts and series, and reports what also differs in pixels.

Each comparison proposes claims on what visibly differs; which of them stand is settled by rank (see
``critic.pixel.claims``), so that no comparison needs to know what another has said. A reading that differs
where the pixels agree is a reading's fault and says nothing; pixels that differ where no reading says why are
reported by place.
"""

from __future__ import annotations

from critic.pixel.chart_causes import collapsed
from critic.pixel.chart_faces import compare_faces
from critic.pixel.chart_frames import (
    compare_figures,
    compare_frames,
    compare_grids,
    extra_axes,
    lost_axes,
    paired_axes,
)
from critic.pixel.chart_legends import compare_legends
from critic.pixel.chart_pixels import differing, regions
from critic.pixel.chart_places import unexplained
from critic.pixel.chart_scales import series_or_scale
from critic.pixel.chart_texts import axes_element, compare_texts, compare_ticks
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim, settled
from critic.pixel.ledger import Ledger
from critic.reading import Reader
from critic.reading.chart import read_chart
from critic.reading.chart.description import Chart
from critic.reading.chart.reuse import lines_of_render
from critic.reading.noise import denoised
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image

_RIM = 3.0
"""Pixels round ink in which its blending differs faintly."""


def compare(reference: Image, render: Image, reader: Reader) -> list[Discrepancy]:
    """The differences of a render from a reference chart, each with the places that it explains."""
    fitted = denoised(fit_to(reference, render), reader)
    reference = denoised(reference, reader)
    ledger = Ledger[Discrepancy].of(differing(reference, fitted))
    if not ledger.visible.any():
        return []
    ours = _claimed(read_chart(reference, reader))
    lines_of_render(reference, fitted, ledger.visible, reader)
    theirs = _claimed(read_chart(fitted, reader))
    if not theirs.axes:
        theirs = _claimed(read_chart(fitted, reader, like=ours.axes))
    images = reference, fitted
    claims = _claims(ours, theirs, images, ledger)
    ledger = unexplained(ours, settled(claims, ledger), images)
    return collapsed([_placed(item, ledger, claims) for item in ledger])


def _claimed(chart: Chart) -> Chart:
    """A chart without the ink that nothing claims, which is compared by its pixels."""
    return chart.model_copy(update={"axes": tuple(axes for axes in chart.axes if not axes.loose)})


def _placed(item: Discrepancy, ledger: Ledger[Discrepancy], claims: list[Claim]) -> Discrepancy:
    """A finding with the places that it explains: whole boxes, or where its ink visibly differs."""
    mine = [claim for claim in claims if claim.finding == item]
    boxes = [claim.region.grown(claim.margin) for claim in mine if isinstance(claim.region, Box)]
    if len(boxes) < len(mine):
        boxes += [box.grown(_RIM) for box, _ in regions(ledger.entries[item], 1)]
    size = ledger.visible.shape
    box = item.box and item.box.clipped(size[1], size[0])  # of a mark that another range puts outside
    return item.model_copy(update={"box": box, "places": tuple(dict.fromkeys(boxes or filter(None, (box,))))})


def _claims(
    ours: Chart, theirs: Chart, images: tuple[Image, Image], ledger: Ledger[Discrepancy]
) -> list[Claim]:
    found = compare_figures(ours, theirs, images, ledger)
    pairs = paired_axes(ours, theirs)
    for i, j in pairs:
        view = View(axes_element(ours, i), ours.axes[i], theirs.axes[j], images, ledger)
        ticks = compare_ticks(view)
        found += [*compare_frames(view), *compare_legends(view), *ticks]
        if not any(claim.finding.cause in (Cause.RANGE, Cause.SCALE) for claim in ticks):
            found += compare_grids(view)
        found += series_or_scale(view, ticks)
    for i in sorted({*range(len(ours.axes))} - {i for i, _ in pairs}):
        found += lost_axes(ours, i, ledger)
    for j in sorted({*range(len(theirs.axes))} - {j for _, j in pairs}):
        found += extra_axes(theirs, j)
    both = [(ours.axes[i], theirs.axes[j]) for i, j in pairs]
    face, labels = compare_faces(ours, theirs, both, images, ledger)
    return [*found, *labels, *compare_texts(ours, theirs, images, ledger, face)]
