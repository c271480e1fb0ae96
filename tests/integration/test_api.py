"""The Python API: every way to give a picture, sync and async, and what is left when it ends."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from agent import Budget, InputError, Kind, Refinement, RefinementAgent, Search
from agent.testing import ScriptedCritic, ScriptedGenerator, Step
from graph import Accepted, Critiqued, Draft, Drafted, Drafting, Rendered, Stopped, Task
from renderers import PictureError
from renderers.types import Size

ICON = Path(__file__).resolve().parents[2] / "examples" / "pictures" / "svg" / "telescope.png"
DRAFT_ONLY = Search(budget=Budget(rounds=0))
DOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'


def test_a_picture_can_be_given_in_every_form(tmp_path: Path) -> None:
    with PILImage.open(ICON) as opened:
        forms = [ICON, str(ICON), ICON.read_bytes(), opened.copy(), np.asarray(opened.convert("RGB"))]
    with RefinementAgent(DRAFT_ONLY) as agent:
        codes = {agent.refine(form, kind="svg").code for form in forms}
    assert len(codes) == 1 and codes.pop().startswith("<svg")


@pytest.mark.parametrize("picture", [b"", b"text", "no-such-file.png", ""])
def test_what_is_not_a_picture_is_said_so(picture: bytes | str) -> None:
    with RefinementAgent() as agent, pytest.raises(PictureError):
        agent.refine(picture)


@pytest.mark.parametrize(
    "picture", [np.zeros((3, 3)), np.zeros((0, 3, 3), np.uint8), np.zeros(4, np.uint8), 7]
)
def test_other_values_are_refused_with_what_would_do(picture: object) -> None:
    with RefinementAgent() as agent, pytest.raises(InputError, match="give"):
        agent.refine(picture)  # type: ignore[arg-type]


def test_an_impossible_language_is_refused() -> None:
    with (
        RefinementAgent() as agent,
        pytest.raises(InputError, match="cannot be written as python; choose from html, markdown"),
    ):
        agent.refine(ICON, kind="table", to="python")


def test_the_sync_face_works_inside_a_running_loop() -> None:
    async def notebook() -> str:
        with RefinementAgent(DRAFT_ONLY) as agent:
            return agent.refine(ICON, kind="svg").code

    assert asyncio.run(notebook()).startswith("<svg")


def test_a_stream_tells_what_happens_and_ends_with_the_refinement(tmp_path: Path) -> None:
    async def told() -> list[object]:
        async with RefinementAgent(DRAFT_ONLY) as agent:
            return [event async for event in agent.stream(ICON, kind=Kind.SVG, out=tmp_path)]

    events = asyncio.run(told())
    told_of = [Drafting, Drafted, Rendered, Critiqued, Accepted, Stopped, Refinement]
    assert [type(event) for event in events] == told_of
    done = events[-1]
    assert isinstance(done, Refinement)
    assert done.folder == tmp_path and done.report_file.exists()
    assert done.best_file == tmp_path / "best.svg" and done.code == (tmp_path / "best.svg").read_text()


def test_own_generators_and_critics_can_be_used(tmp_path: Path) -> None:
    generator, critic = ScriptedGenerator([Step(error="my server is down")]), ScriptedCritic()
    with (
        RefinementAgent(generator=generator, critic=critic) as agent,
        pytest.raises(Exception, match="my server is down"),
    ):
        agent.refine(ICON, kind="svg", out=tmp_path)


def test_code_can_be_rendered_and_compared() -> None:
    with RefinementAgent() as agent:
        first = agent.render(DOT, "svg", size=Size(90, 90))
        second = agent.render(DOT.replace('r="3"', 'r="2" fill="red"'), "svg", size=Size(90, 90))
        assert first.image is not None and second.image is not None
        assert agent.critique(first.image, first.image, kind="svg").discrepancies == ()
        said = agent.critique(first.image, second.image, kind="svg")
    assert said.discrepancies and said.similarity < 1.0


def test_an_array_with_transparency_lies_on_white() -> None:
    from agent.sources import to_pixels

    clear = np.zeros((4, 5, 4), np.uint8)
    assert (to_pixels(clear) == 255).all()
    buffer = io.BytesIO()
    PILImage.fromarray(clear).save(buffer, "PNG")
    assert (to_pixels(buffer.getvalue()) == to_pixels(clear)).all()


def test_best_of_n_keeps_the_best_draft(tmp_path: Path) -> None:
    with RefinementAgent() as agent:
        done = agent.best_of_n(ICON, 3, kind="svg", out=tmp_path)
    similarities = [item.similarity for item in done.result.candidates]
    assert [item.parent for item in done.result.candidates] == [None] * 3
    assert done.result.best is not None and done.result.best.similarity == max(similarities)


def test_each_call_may_have_a_search_of_its_own(tmp_path: Path) -> None:
    with RefinementAgent(Search(width=3)) as agent:
        done = agent.refine(ICON, kind="svg", out=tmp_path, search=DRAFT_ONLY)
    assert len(done.result.candidates) == 1


def test_a_notebook_shows_reference_best_and_rewards(tmp_path: Path) -> None:
    with RefinementAgent(DRAFT_ONLY) as agent:
        html = agent.refine(ICON, kind="svg", out=tmp_path, name="<b>icon")._repr_html_()
    assert html.count("data:image/") == 2
    assert "&lt;b&gt;icon" in html and "<b>icon" not in html
    assert "&lt;svg" in html and "<script" not in html
    best = json.loads((tmp_path / "run.json").read_text())["similarity"]
    assert f"{best:.4f}" in html


def test_a_report_is_written_unless_it_is_not_wanted(tmp_path: Path) -> None:
    class Dot(ScriptedGenerator):
        async def draft(self, task: Task, seed: int) -> Draft:
            return Draft(DOT)

    with RefinementAgent(DRAFT_ONLY, generator=Dot([Step()]), critic=ScriptedCritic()) as agent:
        for wanted in (True, False):
            done = agent.refine(ICON, kind="svg", out=tmp_path / str(wanted), report=wanted)
            assert done.report_file.exists() is wanted
