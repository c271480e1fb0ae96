"""A model and the embedded generator in turn, and measured values put into a model's code."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from agent.generators.literals import mend_of
from agent.generators.mixed import MixedGenerator
from agent.generators.moved_literals import moved_mend
from agent.generators.svg_literals import count, shape_mend
from agent.testing import ScriptedGenerator, Step
from critic.elements import Cause, Element, Value
from critic.pixel import PixelCritic
from critic.reading import Reader
from critic.reading.svg import Drawing, Shape
from critic.reading.svg.types import Circle, Point, Rect
from critic.similarity import similarity
from critic.types import Critique, Discrepancy
from graph.types import Attempt, Draft, Record, Revision, Task
from renderers.service import Renderers
from renderers.types import Kind, Language, Render, RenderStatus, Size

RED, BLUE, GREEN = (214, 39, 40), (31, 119, 180), (44, 160, 44)
SIDE = 64


def drawing(fill: tuple[int, int, int]) -> np.ndarray:
    picture = np.full((SIDE, SIDE, 3), 255, np.uint8)
    picture[16:48, 8:40] = fill
    return picture


def code(fill: tuple[int, int, int]) -> str:
    return '<svg><rect fill="#{:02x}{:02x}{:02x}"/></svg>'.format(*fill)


async def render(kind: Kind, source: str, language: Language, size: Size | None = None) -> Render:
    """What the code is painted with, and an error for what it does not know."""
    fill = next((one for one in (RED, BLUE, GREEN) if source == code(one)), None)
    return Render(RenderStatus.ERROR) if fill is None else Render(RenderStatus.OK, drawing(fill))


class Embedded(ScriptedGenerator):
    name = "embedded"


class Pixels:
    """Sees the colour, and the likeness that the trial renders are measured by."""

    name, varies = "pixel", False

    async def critique(self, kind: Kind, reference: np.ndarray, render: np.ndarray) -> Critique:
        seen = (found(Cause.RECOLOURED, "#1f77b4", "#d62728"), found(Cause.RECOLOURED, "#d62728", "#2ca02c"))
        return Critique(critic=self.name, discrepancies=seen, similarity=similarity(reference, render))


TASK = Task(Kind.SVG, Language.SVG, drawing(RED))
OFFERS, NOTHING = [Step()], [Step(code=False)]


def mixed(embedded: list[Step]) -> MixedGenerator:
    return MixedGenerator(ScriptedGenerator(OFFERS), Embedded(embedded), Pixels(), render, Reader())


def revision(**changes: object) -> Revision:
    given = Revision(TASK, code(BLUE), "", drawing(BLUE), RenderStatus.OK, "", (), seed=1)
    return replace(given, **changes)  # type: ignore[arg-type]


def drafts(generator: MixedGenerator, seed: int) -> Draft:
    return asyncio.run(generator.draft(TASK, seed))


def revised(generator: MixedGenerator, **changes: object) -> Draft:
    return asyncio.run(generator.revise(revision(**changes)))


def test_one_draft_is_measured_and_the_others_are_the_model_s() -> None:
    assert [drafts(mixed(OFFERS), seed).author for seed in range(3)] == ["embedded", "scripted", "scripted"]
    assert drafts(mixed(NOTHING), 0).author == "scripted"


@pytest.mark.parametrize(
    ("changes", "author"),
    [
        ({"description": "notes"}, "embedded"),
        ({"description": "notes", "seed": 2}, "scripted"),  # in turn
        ({"description": "notes", "attempts": (Attempt(author="embedded"),)}, "scripted"),
        ({"description": "notes", "status": RenderStatus.ERROR, "render": None}, "scripted"),
    ],
)
def test_the_embedded_generator_revises_on_its_turn_where_it_may_help(changes: dict, author: str) -> None:
    assert revised(mixed(OFFERS), **changes).author == author


@pytest.mark.parametrize(
    ("embedded", "model", "turns"), [((0, 0), (0, 0), 8), ((6, 0), (6, 6), 2), ((6, 6), (6, 0), 14)]
)
def test_whoever_was_accepted_more_often_has_more_of_the_turns(
    embedded: tuple[int, int], model: tuple[int, int], turns: int
) -> None:
    records = tuple(
        Record(author=author, tried=tried, kept=kept)
        for author, (tried, kept) in (("embedded", embedded), ("scripted", model))
    )
    made = [revised(mixed(OFFERS), description="notes", records=records, seed=seed) for seed in range(16)]
    assert sum(draft.author == "embedded" for draft in made) == turns


def test_the_model_is_asked_where_the_embedded_generator_has_nothing() -> None:
    assert revised(mixed(NOTHING), description="notes").author == "scripted"


def test_a_colour_in_a_model_s_code_becomes_the_one_that_was_measured() -> None:
    draft = revised(mixed(OFFERS))
    assert (draft.author, draft.code) == ("embedded", code(RED))
    (action,) = draft.actions  # the second change would have taken the render away again
    assert action.description == "#1f77b4 became #d62728, as measured"


def found(cause: Cause, drawn: Value, wanted: Value) -> Discrepancy:
    return Discrepancy(
        category="style_error",
        severity=1,
        description="x",
        cause=cause,
        element=Element(kind="bar"),
        reference=wanted,
        render=drawn,
    )


@pytest.mark.parametrize(
    ("source", "item", "after"),
    [
        ("c='#ff0000'", found(Cause.RECOLOURED, "#fe0201", "#00ff00"), "c='#00ff00'"),
        ("c='#ff0000', d='#ff0000'", found(Cause.RECOLOURED, "#ff0000", "#00ff00"), None),  # which one?
        ("title('Rain')", found(Cause.TEXT, "Rain", "Snow"), "title('Snow')"),
        ("title('Rainy')", found(Cause.TEXT, "Rain", "Snow"), None),
        ("title('Rain')", found(Cause.TEXT, "Rain", "'); import os"), None),
        ("bar([1, 2.5, 40])", found(Cause.VALUE, 2.51, 2.75), "bar([1, 2.75, 40])"),
        ("bar([2.5, 2.51])", found(Cause.VALUE, 2.5, 2.75), None),
        ("text(size=12)", found(Cause.FONT_SIZE, 12.0, 14.0), "text(size=14)"),
        ("bar([1])", found(Cause.MOVED, (0.0, 0.0, 1.0, 1.0), (5.0, 5.0, 6.0, 6.0)), None),
    ],
)
def test_a_literal_is_changed_only_where_it_cannot_be_mistaken(
    source: str, item: Discrepancy, after: str | None
) -> None:
    mend = mend_of(source, item)
    assert (mend.done(source) if mend else None) == after


def moved(text: str, across: float, down: float) -> Discrepancy:
    drawn = (30.0, 60.0, 90.0, 72.0)
    wanted = (drawn[0] + across, drawn[1] + down, drawn[2] + across, drawn[3] + down)
    item = found(Cause.MOVED, drawn, wanted)
    return item.model_copy(update={"element": Element(kind="text", name=text)})


PLACED = '<p style="position:absolute;left:28px;top:60.5px;margin-left:3px">A &amp; B</p><p>C</p>'


@pytest.mark.parametrize(
    ("item", "scale", "after"),
    [
        (moved("A & B", -8, 6), 1.0, ("left:20px", "top:66.5px")),
        (moved("A & B", -8, 6), 2.0, ("left:24px", "top:63.5px")),
        (moved("C", -8, 6), 1.0, None),
        (moved("A", -8, 6), 1.0, None),
        (found(Cause.MOVED, (0.0, 0.0, 1.0, 1.0), (5.0, 5.0, 6.0, 6.0)), 1.0, None),
        (found(Cause.TEXT, "A & B", "D"), 1.0, None),
    ],
)
def test_a_text_of_a_model_s_page_is_moved_where_its_own_tag_places_it(
    item: Discrepancy, scale: float, after: tuple[str, str] | None
) -> None:
    mend = moved_mend(PLACED, item, scale)
    wanted = PLACED.replace("left:28px", after[0]).replace("top:60.5px", after[1]) if after else None
    assert (mend.done(PLACED) if mend else None) == wanted


SQUARE, DISC = Rect(corner=Point(20, 20), width=40, height=30), Circle(centre=Point(100, 50), radius=20)
DRAWING = Drawing(
    width=200,
    height=100,
    shapes=(Shape(paint="#d62728", geometry=SQUARE), Shape(paint="#1f77b4", geometry=DISC)),
)


@pytest.mark.parametrize(
    ("shape", "after"),
    [
        ('<rect x="12" y="10" width="20" height="15"/>', '<rect x="10" y="10" width="20" height="15"/>'),
        (
            "<rect x='10' y='10' width='20' height='15' fill='#ff0000'/>",
            '<rect x="10" y="10" width="20" height="15" fill="#d62728"/>',
        ),
        ('<circle cx="51" cy="25" r="12"/>', '<circle cx="50" cy="25" r="10"/>'),
        ('<rect x="10.1" y="10" width="20" height="15" fill="#d62728"/>', None),  # as exact as it was read
        ('<rect x="80" y="30" width="5" height="5"/>', None),  # nothing like it was measured
        ('<circle cx="20" cy="17" r="9"/>', None),
        ('<rect x="10%" y="10" width="20" height="15"/>', None),
    ],
)
def test_a_shape_of_a_model_s_svg_becomes_the_one_that_was_measured(shape: str, after: str | None) -> None:
    source = f'<svg viewBox="0 0 100 50">{shape}</svg>'
    assert count(source) == 1
    mend = shape_mend(source, DRAWING, 0)
    assert (mend.done(source) if mend else None) == (
        f'<svg viewBox="0 0 100 50">{after}</svg>' if after else None
    )


@pytest.mark.parametrize(
    "more", ['<g transform="scale(2)"/>', "<style>rect{fill:red}</style>", '<use href="#a"/>']
)
def test_shapes_that_something_else_may_move_or_paint_are_left_alone(more: str) -> None:
    assert count(f'<svg viewBox="0 0 9 9"><rect width="3"/>{more}</svg>') == 0
    assert count('<svg><rect width="3"/></svg>') == 0


def test_the_shapes_of_a_model_s_svg_are_moved_to_where_they_were_measured() -> None:
    async def go() -> tuple[Draft, float, float]:
        async with Renderers() as renderers:

            async def drawn(source: str) -> np.ndarray:
                done = await renderers.render(Kind.SVG, source, Language.SVG, None)
                assert done.image is not None
                return done.image

            right, off = (
                '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
                f'<rect x="{x}" y="20" width="60" height="50" fill="#d62728"/>'
                f'<circle cx="150" cy="50" r="{radius}" fill="#1f77b4"/></svg>'
                for x, radius in ((20, 30), (27, 24))
            )
            task = Task(Kind.SVG, Language.SVG, await drawn(right))
            reader = Reader()
            generator = MixedGenerator(
                ScriptedGenerator(NOTHING), Embedded(NOTHING), PixelCritic(reader), renderers.render, reader
            )
            before = await drawn(off)
            draft = await generator.revise(Revision(task, off, "", before, RenderStatus.OK, "", (), seed=1))
            after = await drawn(draft.code)
            return draft, similarity(task.reference, before), similarity(task.reference, after)

    draft, before, after = asyncio.run(go())
    assert draft.author == "embedded"
    assert after > 0.99 > before
