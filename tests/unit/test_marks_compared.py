"""Two marks of one kind compared: nothing differs from itself, and each number that differs is named."""

from __future__ import annotations

import numpy as np
import pytest

from critic.marks.area import Area
from critic.marks.bars import Bars
from critic.marks.base import Mark
from critic.marks.boxes import Boxes
from critic.marks.candles import Candles
from critic.marks.errors import ErrorBars
from critic.marks.heatmap import Grid2D
from critic.marks.line import Line
from critic.marks.points import Points
from critic.marks.polar import Polar
from critic.marks.radar import Radar
from critic.marks.ring import Ring
from critic.marks.scales import LinearScale
from critic.marks.stems import Stems
from critic.marks.steps import Steps
from critic.pixel.chart_view import View
from critic.pixel.ledger import Ledger
from critic.reading.chart.colours import rgb_of
from critic.reading.chart.description import Axes
from critic.types import Box, Cause, Discrepancy
from renderers.types import Image

PLACE = Box(40.0, 20.0, 440.0, 320.0)
SHAPE = (340, 460)
BLUE, ORANGE, GREEN = "#1f77b4", "#ff7f0e", "#2ca02c"


def axes_of(mark: Mark) -> Axes:
    given = {"projection": Polar()} if isinstance(mark, Radar) else {}
    return Axes(
        box=PLACE, x=LinearScale(high=10.0), y=LinearScale(high=10.0, side="left"), series=(mark,), **given
    )


def drawn(mark: Mark) -> Image:
    """A mark's ink on white, in its first colour."""
    image = np.full((*SHAPE, 3), 255, np.uint8)
    image[mark.ink(axes_of(mark).plane, SHAPE)] = rgb_of(mark.palette[0])
    return image


def differences(ours: Mark, mate: Mark) -> list[Discrepancy]:
    """What the comparison of two marks says, where the pictures of both differ."""
    images = drawn(ours), drawn(mate)
    visible = np.abs(images[0].astype(int) - images[1]).max(axis=2) > 0
    if ours != mate and not visible.any():
        visible[:] = True  # such as colours, of which only the first is drawn here
    view = View(None, axes_of(ours), axes_of(mate), images, Ledger[Discrepancy].of(visible))
    box = ours.box(view.one.plane).union(mate.box(view.other.plane))
    return [claim.finding for claim in ours.compared(mate, view, box)]


BARS = Bars(
    colour=BLUE, positions=(1.0, 3.0, 5.0), widths=(1.0,) * 3, values=(2.0, 5.0, 7.0), bases=(0.0,) * 3
)
TWO_BARS = {name: getattr(BARS, name)[:2] for name in ("positions", "widths", "values", "bases")}
STEPS = Steps(colour=BLUE, edges=(1.0, 2.0, 3.0, 4.0), values=(4.0, 2.0, 6.0), bases=(0.0,) * 3)
LINE = Line(colour=BLUE, x=(1.0, 5.0, 9.0), y=(2.0, 8.0, 3.0))
ERRORS = ErrorBars(colour=BLUE, x=(2.0, 4.0), y=(5.0, 6.0), low=(4.0, 5.0), high=(6.0, 8.0), cap=3.0)
STEMS = Stems(colour=BLUE, x=(1.0, 2.0, 4.0), y=(3.0, 4.0, 6.0), base=1.0)
POINTS = Points(colours=(BLUE,) * 4, x=(2.0, 6.0, 4.0, 8.0), y=(3.0, 7.0, 2.0, 5.0), sizes=(36.0,) * 4)
AREA = Area(colour=BLUE, x=(1.0, 5.0, 9.0), low=(1.0, 1.0, 1.0), high=(2.0, 8.0, 3.0))
BOXES = Boxes(
    colour="#000000", positions=(2.0, 5.0), width=1.0, q1=(2.0, 3.0), medians=(3.0, 4.0), q3=(4.0, 6.0),
    lows=(1.0, 2.0), highs=(6.0, 8.0), fliers=((8.0, 9.0, 9.5), (0.5,)),
)  # fmt: skip
RING = Ring(centre=(240.0, 170.0), radius=90.0, hole=30.0, fractions=(0.3, 0.7), colours=(BLUE, ORANGE))
CELLS = Grid2D(values=((0.0, 1.0, 2.0),) * 3, colours=((BLUE, ORANGE, GREEN),) * 3)
CANDLES = Candles(
    rising=GREEN, falling=ORANGE, up=(True, False), positions=(2.0, 4.0), width=0.8, opens=(3.0, 6.0),
    highs=(7.0, 8.0), lows=(2.0, 3.0), closes=(6.0, 4.0),
)  # fmt: skip
RADAR = Radar(colour=BLUE, values=(7.0, 5.0, 8.0, 4.0))
MARKS = (BARS, STEPS, LINE, ERRORS, STEMS, POINTS, AREA, BOXES, RING, CELLS, CANDLES, RADAR)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.type)
def test_a_mark_does_not_differ_from_itself(mark: Mark):
    assert differences(mark, mark) == []
    assert mark.away_from(mark, View(None, axes_of(mark), axes_of(mark), (drawn(mark),) * 2, _all())) <= 0.0


def _all() -> Ledger[Discrepancy]:
    return Ledger[Discrepancy].of(np.ones(SHAPE, bool))


CHANGES: tuple[tuple[Mark, dict[str, object], Cause, str], ...] = (
    (BARS, {"values": (2.0, 3.0, 7.0)}, Cause.VALUE, "bar 2"),
    (BARS, {"bases": (0.0, 1.0, 0.0), "values": (2.0, 4.0, 7.0)}, Cause.VALUE, "bar 2"),
    (BARS, {"widths": (1.0, 1.6, 1.0)}, Cause.RESIZED, "bar 2"),
    (BARS, TWO_BARS, Cause.MISSING, "bar 3"),
    (STEPS, {"values": (4.0, 3.0, 6.0)}, Cause.VALUE, "step 2"),
    (STEPS, {"edges": (1.0, 2.0, 3.0), "values": (4.0, 2.0), "bases": (0.0,) * 2}, Cause.COUNT, "steps"),
    (STEPS, {"width": 2.0}, Cause.WEIGHT, "steps"),
    (LINE, {"y": (2.0, 6.0, 3.0)}, Cause.VALUE, "line"),
    (LINE, {"marker": "o"}, Cause.EXTRA, "markers of line"),
    (LINE, {"width": 3.0}, Cause.WEIGHT, "line"),
    (ERRORS, {"high": (6.0, 7.0)}, Cause.VALUE, "upper end 2"),
    (ERRORS, {"low": (3.0, 5.0)}, Cause.VALUE, "lower end 1"),
    (ERRORS, {"cap": 0.0}, Cause.MISSING, "caps"),
    (ERRORS, {"x": (2.0,), "y": (5.0,), "low": (4.0,), "high": (6.0,)}, Cause.COUNT, "error bars"),
    (STEMS, {"y": (3.0, 5.0, 6.0)}, Cause.VALUE, "stem 2"),
    (STEMS, {"x": (1.0, 2.0, 5.0)}, Cause.VALUE, "stem 3"),
    (STEMS, {"base": 2.0}, Cause.VALUE, "base of stems"),
    (STEMS, {"x": (1.0, 2.0), "y": (3.0, 4.0)}, Cause.COUNT, "stems"),
    (POINTS, {"y": (3.0, 6.0, 2.0, 5.0)}, Cause.VALUE, "points"),
    (POINTS, {"sizes": (100.0,) * 4}, Cause.RESIZED, "points"),
    (POINTS, {"x": (2.0,), "y": (3.0,), "sizes": (36.0,), "colours": (BLUE,)}, Cause.COUNT, "points"),
    (AREA, {"high": (2.0, 7.0, 3.0)}, Cause.VALUE, "upper edge of area"),
    (AREA, {"low": (1.0, 0.0, 1.0)}, Cause.VALUE, "lower edge of area"),
    (BOXES, {"medians": (3.5, 4.0)}, Cause.VALUE, "median of box 1"),
    (BOXES, {"highs": (6.0, 9.0)}, Cause.VALUE, "upper whisker of box 2"),
    (BOXES, {"fliers": ((), (0.5,))}, Cause.COUNT, "fliers"),
    (RING, {"fractions": (0.35, 0.65)}, Cause.VALUE, "wedge 1"),
    (RING, {"colours": (BLUE, GREEN)}, Cause.RECOLOURED, "wedge 2"),
    (RING, {"hole": 50.0}, Cause.RESIZED, "hole of pie"),
    (RING, {"fractions": (0.3, 0.4, 0.3), "colours": (BLUE, ORANGE, GREEN)}, Cause.COUNT, "pie"),
    (CELLS, {"colours": ((BLUE, GREEN, GREEN), *CELLS.colours[1:])}, Cause.RECOLOURED, "cell"),
    (CELLS, {"values": CELLS.values[:2], "colours": CELLS.colours[:2]}, Cause.COUNT, "cells"),
    (CANDLES, {"closes": (5.0, 4.0)}, Cause.VALUE, "close of candle 1"),
    (CANDLES, {"lows": (2.0, 2.0)}, Cause.VALUE, "low of candle 2"),
    (CANDLES, {"rising": BLUE}, Cause.RECOLOURED, "rising candles"),
    (RADAR, {"values": (7.0, 5.0, 6.0, 4.0)}, Cause.VALUE, "value 3"),
    (RADAR, {"width": 3.0}, Cause.WEIGHT, "radar"),
    (RADAR, {"values": (7.0, 5.0, 8.0)}, Cause.COUNT, "radar"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "fields", "cause", "part"),
    CHANGES,
    ids=[f"{mark.type}-{'-'.join(fields)}" for mark, fields, _, _ in CHANGES],
)
def test_what_differs_is_named_by_cause_and_part(
    mark: Mark, fields: dict[str, object], cause: Cause, part: str
):
    found = differences(mark, mark.model_copy(update=fields))
    assert [item.cause for item in found] == [cause]
    assert str(found[0].element).startswith(part)


@pytest.mark.parametrize(
    ("mark", "fields", "reference", "render"),
    [
        (BARS, {"values": (2.0, 3.0, 7.0)}, 5.0, 3.0),
        (STEPS, {"values": (4.0, 3.0, 6.0)}, 2.0, 3.0),
        (ERRORS, {"high": (6.0, 7.0)}, 8.0, 7.0),
        (STEMS, {"y": (3.0, 5.0, 6.0)}, 4.0, 5.0),
        (AREA, {"high": (2.0, 7.0, 3.0)}, 8.0, 7.0),
        (BOXES, {"medians": (3.5, 4.0)}, 3.0, 3.5),
        (RING, {"fractions": (0.35, 0.65)}, 0.3, 0.35),
        (CANDLES, {"closes": (5.0, 4.0)}, 6.0, 5.0),
        (RADAR, {"values": (7.0, 5.0, 6.0, 4.0)}, 8.0, 6.0),
        (LINE, {"y": (2.0, 6.0, 3.0)}, 8.0, 6.0),
    ],
    ids=lambda value: value.type if isinstance(value, Mark) else "",
)
def test_both_values_are_told(mark: Mark, fields: dict[str, object], reference: float, render: float):
    (said,) = differences(mark, mark.model_copy(update=fields))
    assert said.reference == pytest.approx(reference, abs=0.05)
    assert said.render == pytest.approx(render, abs=0.05)


@pytest.mark.parametrize("mark", [BARS, STEPS, STEMS, ERRORS, CANDLES, RADAR], ids=lambda mark: mark.type)
def test_values_that_differ_by_less_than_a_pixel_do_not_differ(mark: Mark):
    name = {"errors": "high", "candles": "highs", "stems": "y"}.get(mark.type, "values")
    moved = tuple(value + 0.02 for value in getattr(mark, name))
    assert differences(mark, mark.model_copy(update={name: moved})) == []


def test_of_many_bars_that_differ_the_group_is_said_once():
    halved = BARS.model_copy(update={"values": (1.0, 2.5, 3.5)})
    many = Bars(
        colour=BLUE, positions=tuple(range(1, 9)), widths=(0.6,) * 8, values=(6.0,) * 8, bases=(0.0,) * 8
    )
    (said,) = differences(many, many.model_copy(update={"values": (3.0,) * 8}))
    assert (said.cause, said.severity, str(said.element).split(" in ")[0]) == (Cause.VALUE, 3, "bars")
    assert len(differences(BARS, halved)) == 3


def test_of_many_cells_in_other_colours_the_map_is_said_once():
    turned = CELLS.model_copy(update={"colours": ((GREEN, BLUE, ORANGE),) * 3})
    (said,) = differences(CELLS, turned)
    assert (said.category, said.cause) == ("style_error", Cause.RECOLOURED)


def test_the_nearer_of_two_lines_is_the_mate():
    near, far = (LINE.model_copy(update={"y": (2.0 + by, 8.0 + by, 3.0 + by)}) for by in (0.2, 1.0))
    view = View(None, axes_of(LINE), axes_of(near), (drawn(LINE), drawn(near)), _all())
    assert LINE.away_from(near, view) < LINE.away_from(far, view)
    dashed = near.model_copy(update={"style": "--"})
    assert LINE.away_from(dashed, view) > LINE.away_from(near, view)
