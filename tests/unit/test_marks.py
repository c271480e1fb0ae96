"""Marks know all about themselves, and what one of them lacks is an error where it is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import numpy as np
import pytest
from pydantic import ValidationError

from critic.marks.base import Mark, Traits
from critic.marks.claims import Claim, Layer, Sight, scored, settled
from critic.marks.geometry import Shape2D
from critic.marks.known import MARKS
from critic.marks.planes import Cartesian, Plane
from critic.marks.scales import LinearScale, LogScale
from critic.pixel.chart_view import View
from critic.pixel.claims import Claim as Difference
from critic.reading.chart.description import (
    Area,
    Axes,
    Bars,
    Boxes,
    ColourBar,
    ErrorBars,
    Grid2D,
    Line,
    Points,
    Ring,
    Shape,
    Stems,
    Steps,
)
from critic.reading.chart.numbers import Mapping
from critic.reading.chart.plot import Plot
from critic.types import Box

PLACE = Box(50.0, 20.0, 450.0, 320.0)
WIDER = Box(40.0, 10.0, 460.0, 330.0)
BLUE = "#1f77b4"
EXAMPLES: tuple[Mark, ...] = (
    Bars(colour=BLUE, positions=(1.0, 3.0), widths=(1.0, 1.0), values=(2.0, 5.0), bases=(0.0, 0.0)),
    Steps(colour=BLUE, edges=(1.0, 2.0, 3.0), values=(4.0, 2.0), bases=(0.0, 0.0)),
    Line(colour=BLUE, x=(1.0, 5.0, 9.0), y=(2.0, 8.0, 3.0)),
    ErrorBars(colour=BLUE, x=(2.0, 4.0), y=(5.0, 6.0), low=(4.0, 5.0), high=(6.0, 8.0), cap=3.0),
    Stems(colour=BLUE, x=(1.0, 2.0), y=(3.0, 4.0), base=1.0),
    Points(colours=(BLUE, BLUE), x=(2.0, 6.0), y=(3.0, 7.0), sizes=(36.0, 36.0)),
    Area(colour=BLUE, x=(1.0, 5.0, 9.0), low=(1.0, 1.0, 1.0), high=(2.0, 8.0, 3.0)),
    Shape(colour=BLUE, x=(1.0, 5.0, 3.0), y=(1.0, 2.0, 6.0)),
    Boxes(
        colour="#000000", positions=(2.0,), width=1.0, q1=(2.0,), medians=(3.0,), q3=(4.0,), lows=(1.0,),
        highs=(6.0,), fliers=((8.0,),),
    ),
    Ring(centre=(250.0, 170.0), radius=90.0, hole=30.0, fractions=(0.3, 0.7), colours=(BLUE, "#ff7f0e")),
    Grid2D(values=((0.0, 1.0),), colours=((BLUE, "#ff7f0e"),)),
    ColourBar(colours=(BLUE, "#ff7f0e")),
)  # fmt: skip
ids = [mark.type for mark in EXAMPLES]


def plane(box: Box = PLACE, high: float = 10.0) -> Plane:
    return Cartesian(box, LinearScale(low=0.0, high=high), LinearScale(low=0.0, high=high, side="left"))


def test_the_examples_are_marks_that_are_registered():
    assert {type(mark) for mark in EXAMPLES} <= set(MARKS)
    assert len({type(mark) for mark in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("mark", EXAMPLES, ids=ids)
def test_a_description_comes_back_from_json_as_it_was(mark: Mark):
    axes = Axes(box=PLACE, x=LogScale(low=1.0, high=100.0), y=LinearScale(), series=(mark,))
    again = Axes.model_validate_json(axes.model_dump_json())
    assert again == axes
    assert type(again.series[0]) is type(mark)


@pytest.mark.parametrize("mark", EXAMPLES, ids=ids)
def test_ink_lies_in_the_box_that_a_mark_says_it_has(mark: Mark):
    ink = mark.ink(plane(), (400, 500))
    rows, columns = np.where(ink)
    box = mark.box(plane())
    assert ink.any()
    assert box.x0 - 4 <= columns.min() and columns.max() <= box.x1 + 4
    assert box.y0 - 4 <= rows.min() and rows.max() <= box.y1 + 4


@pytest.mark.parametrize("mark", EXAMPLES, ids=ids)
def test_what_is_drawn_stays_where_its_axes_change(mark: Mark):
    before, after = plane(), plane(WIDER, high=12.0)
    moved = mark.moved(before, after)
    if isinstance(mark, (Grid2D, ColourBar)):
        assert moved == mark  # these fill whatever axes they are in
        return
    # Bars keep their values: where they end is for others to say.
    sides = (0, 2) if isinstance(mark, Bars) else (0, 1, 2, 3)
    for side in sides:
        assert abs(mark.box(before)[side] - moved.box(after)[side]) < 0.5


def test_boxes_and_stems_are_scaled_with_their_axes():
    boxes = next(mark for mark in EXAMPLES if isinstance(mark, Boxes))
    moved = boxes.moved(plane(), plane(high=20.0))
    assert moved.medians == pytest.approx((6.0,), abs=0.05)
    assert moved.fliers[0] == pytest.approx((16.0,), abs=0.05)
    assert moved.width == pytest.approx(2.0, abs=0.05)


class _Half(Mark):
    """A mark that does not say how it is written."""

    traits: ClassVar[Traits] = Traits("half", 0)
    type: Literal["half"] = "half"

    @property
    def palette(self) -> tuple[str, ...]:
        return ("#000000",)

    @property
    def weight(self) -> int:
        return 1

    def box(self, plane: Plane) -> Box:
        return plane.box

    def ink(self, plane: Plane, shape: Shape2D) -> np.ndarray:
        return np.zeros(shape, bool)

    def moved(self, before: Plane, after: Plane) -> Self:
        return self

    @classmethod
    def read(cls, sight: Sight) -> Sequence[Claim]:
        return []

    def compared(self, mate: Self, view: View, box: Box) -> list[Difference]:
        return []

    def variants(self) -> list[tuple[str, Self]]:
        return []


class _Whole(_Half):
    """The same, written."""

    type: Literal["whole"] = "whole"  # type: ignore[assignment]

    @classmethod
    def code(cls, ax: str, marks: Sequence[Self], plane: Plane) -> list[str]:
        return []


def test_a_mark_without_a_method_can_be_neither_made_nor_registered():
    with pytest.raises(TypeError, match="code"):
        _Half()  # type: ignore[abstract]
    with pytest.raises(TypeError, match="_Half lacks code"):
        MARKS.check(_Half, "half")


def test_a_mark_without_traits_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match="Bare has no traits"):

        class Bare(Mark):
            type: Literal["bare"] = "bare"


def test_a_registry_refuses_strangers_and_other_names():
    assert MARKS.check(_Whole, "whole") is _Whole
    with pytest.raises(TypeError, match="LinearScale is no Mark"):
        MARKS.check(LinearScale, "linear")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="_Whole is registered as 'all', but its type is 'whole'"):
        MARKS.check(_Whole, "all")


def test_a_name_that_nobody_registered_is_told_with_those_that_are():
    with pytest.raises(ValidationError, match="there is no chart mark 'candles9'; there are: bars, steps"):
        Axes.model_validate(
            {"box": PLACE, "x": {"kind": "linear"}, "y": {"kind": "linear"}, "series": [{"type": "candles9"}]}
        )


def drawn(*marks: Mark) -> tuple[Plot, np.ndarray]:
    """A plot area of 400 x 300 pixels and 10 x 10 units in which marks are inked, and their ink."""
    pixels = np.full((300, 400, 3), 255, np.uint8)
    area = Cartesian(Box(0.0, 0.0, 400.0, 300.0), LinearScale(high=10.0), LinearScale(high=10.0))
    ink = np.logical_or.reduce([mark.ink(area, (300, 400)) for mark in marks])
    pixels[ink] = (31, 119, 180)
    up, across = Mapping(-10 / 300, 10.0), Mapping(10 / 400, 0.0)
    return Plot(pixels, np.zeros((300, 400), bool), across, up, 0, 0, np.array([255] * 3), 100.0), ink


@pytest.mark.parametrize("type_", ["bars", "line", "area"])
def test_of_rival_claims_the_one_that_was_drawn_is_worth_the_most(type_: str):
    truth = next(mark for mark in EXAMPLES if mark.type == type_)
    plot, ink = drawn(truth)
    rivals = [Claim((mark,)) for mark in EXAMPLES if mark.type in ("bars", "line", "area", "points", "shape")]
    for order in (rivals, rivals[::-1]):
        best = settled(order, plot, ink)
        assert best is not None
        assert best.marks == (truth,)


def test_a_claim_that_draws_more_astray_than_it_explains_is_none():
    plot, ink = drawn(Line(colour=BLUE, x=(1.0, 2.0), y=(1.0, 1.0)))
    assert settled([Claim((Line(colour=BLUE, x=(0.0, 9.0), y=(9.0, 1.0)),))], plot, ink) is None


def test_numbers_cost_so_that_the_shorter_description_of_the_same_ink_holds():
    short = Line(colour=BLUE, x=(1.0, 9.0), y=(2.0, 8.0))
    steps = np.linspace(0, 1, 30)
    long = Line(colour=BLUE, x=tuple((1 + 8 * steps).tolist()), y=tuple((2 + 6 * steps).tolist()))
    plot, ink = drawn(short)
    assert scored(Claim((long,)), plot, ink).explained >= 0.95 * scored(Claim((short,)), plot, ink).explained
    best = settled([Claim((long,)), Claim((short,))], plot, ink)
    assert best is not None
    assert best.marks == (short,)


def test_every_mark_can_be_asked_for_its_claims_on_a_colour():
    plot, ink = drawn(EXAMPLES[0])
    sight = Sight(plot, (), (), Layer(np.array([31, 119, 180]), ink, 0))
    types = {mark.type for cls in MARKS for claim in cls.read(sight) for mark in claim.marks}
    assert "bars" in types
