"""A model and the embedded generator in turn, and measured values put into a model's code."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from agent.generators.literals import mend_of
from agent.generators.mixed import MixedGenerator
from agent.testing import ScriptedGenerator, Step
from critic.elements import Cause, Element, Value
from critic.similarity import similarity
from critic.types import Critique, Discrepancy
from graph.types import Attempt, Draft, Revision, Task
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
    return MixedGenerator(ScriptedGenerator(OFFERS), Embedded(embedded), Pixels(), render)


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
