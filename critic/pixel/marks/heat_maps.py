"""Differences between two heat maps, cell by cell."""

from __future__ import annotations

from critic.pixel.chart_geometry import apart
from critic.pixel.chart_view import SAME, View
from critic.pixel.claims import FEW, Claim
from critic.pixel.marks.claiming import claimed
from critic.reading.chart.description import Grid2D
from critic.types import Box, Cause, Element

_MOST_CELLS, _CELLS_SHARE = 8, 0.3
"""Cells said one by one, and the share from which the colour map is the cause."""


def compare_heat_maps(ours: Grid2D, mate: Grid2D, view: View) -> list[Claim]:
    """Cell by cell; one discrepancy where most cells changed, which is the colour map."""
    one, element = view.one, view.mark(ours)
    rows, columns = len(ours.colours), len(ours.colours[0]) if ours.colours else 0
    others = len(mate.colours), len(mate.colours[0]) if mate.colours else 0
    if (rows, columns) != others:
        return claimed(
            "structure_error",
            3,
            Cause.COUNT,
            Element(kind="cells", of=element),
            one.box,
            one.box,
            reference=(float(rows), float(columns)),
            render=(float(others[0]), float(others[1])),
            margin=0,
        )
    found: list[Claim] = []
    high, wide = one.box.height / rows, one.box.width / columns
    for i in range(rows):
        for j in range(columns):
            x, y = one.box.x0 + j * wide, one.box.y0 + i * high
            box = Box(x, y, x + wide, y + high)
            colours = ours.colours[i][j], mate.colours[i][j]
            if apart(*colours) <= SAME or view.seen(box, 2) <= FEW:
                continue
            cell = Element(kind="cell", index=(i, j), of=element)
            found += claimed(
                "data_error",
                2,
                Cause.RECOLOURED,
                cell,
                box,
                box,
                reference=colours[0],
                render=colours[1],
                margin=0,
            )
    if len(found) <= _MOST_CELLS and len(found) <= _CELLS_SHARE * rows * columns:
        return found
    most = len(found) > _CELLS_SHARE * rows * columns
    said, aside = found[0].finding, f"{len(found)} of {rows * columns} cells"
    return claimed(
        "style_error" if most else "data_error",
        2,
        Cause.RECOLOURED,
        element,
        one.box,
        one.box,
        reference=said.reference,
        render=said.render,
        aside=aside,
        margin=0,
    )
