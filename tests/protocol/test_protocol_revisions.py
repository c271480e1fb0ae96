"""What a revision is asked with, and what is made of edits that answer it."""

from __future__ import annotations

import numpy as np
import pytest

from agent.generators.hints import Hints
from agent.generators.lvlm import LvlmGenerator
from agent.testing import Fault, ModelServer, Reply
from critic.reading import Reader
from critic.types import Box, Discrepancy
from graph.types import Action, Attempt, Draft, Revision, Task
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from renderers.types import Kind, Language, RenderStatus

pytestmark = pytest.mark.anyio

REFERENCE = np.full((240, 320, 3), 255, np.uint8)
RENDER = REFERENCE.copy()
RENDER[40:80, 40:80] = (200, 0, 0)
LINES = ["import matplotlib.pyplot as plt", *(f"plt.plot([{n}, {n + 1}])" for n in range(30))]
PROGRAM = "\n".join(LINES) + "\n"
TASK = Task(Kind.CHART, Language.PYTHON, REFERENCE)
EDIT = "<<<<<<< SEARCH\nplt.plot([7, 8])\n=======\nplt.plot([7, 9])\n>>>>>>> REPLACE\n"
MENDED = PROGRAM.replace("[7, 8]", "[7, 9]")


def revision(**changes) -> Revision:
    given = {
        "task": TASK,
        "code": PROGRAM,
        "description": "",
        "render": RENDER,
        "status": RenderStatus.OK,
        "log": "",
        "discrepancies": (),
    }
    return Revision(**{**given, **changes})


async def revised(answers: list[Reply], asked: Revision, **options) -> tuple[Draft, ModelServer]:
    async with ModelServer(answers) as server:
        endpoint = Endpoint(base_urls=server.url, model="model", backoff=0.01, attempts=2)
        async with ChatClient(endpoint) as client:
            return await LvlmGenerator(client, **options).revise(asked), server


async def test_edits_are_asked_for_where_that_is_set_and_put_into_the_code():
    draft, server = await revised([Reply(EDIT)], revision(), edits=True)
    assert draft.code == MENDED
    assert len(server.asked) == 1
    assert "<<<<<<< SEARCH" in server.asked[0].texts


async def test_whole_programs_are_asked_for_by_default_and_taken_either_way():
    whole = f"```python\n{MENDED}```"
    for edits in (False, True):
        draft, server = await revised([Reply(whole)], revision(), edits=edits)
        assert draft.code == MENDED
        assert ("<<<<<<< SEARCH" in server.asked[0].texts) is edits


async def test_edits_that_do_not_fit_are_followed_by_a_question_for_the_whole_program():
    wrong = EDIT.replace("plt.plot([7, 8])", "plt.plot([7,8])")
    draft, server = await revised([Reply(wrong), Reply(f"```python\n{MENDED}```")], revision(), edits=True)
    assert draft.code == MENDED
    assert len(server.asked) == draft.usage.calls == 2
    assert "letter by letter" in server.asked[1].texts


async def test_an_empty_answer_is_a_try_that_did_not_help_and_a_dead_server_is_a_failure():
    draft, _ = await revised([Fault.EMPTY_CHOICE], revision())
    assert (draft.code, draft.failure, draft.usage.calls) == ("", "", 2)
    assert draft.actions == (Action(description=draft.actions[0].description, done=False),)
    assert "the answer is empty" in draft.actions[0].description
    draft, _ = await revised([Fault.ENGINE_DIED], revision())
    assert (draft.code, draft.actions) == ("", ()) and "HTTP 500" in draft.failure


async def test_a_third_picture_shows_the_worst_places_where_that_is_not_switched_off():
    _, server = await revised([Reply(EDIT)], revision())
    assert len(server.asked[0].pictures) == 3
    assert "From top to bottom, in pixels of the original as it was sent: x " in server.asked[0].texts
    for changes, options in (({"render": None, "status": RenderStatus.ERROR}, {}), ({}, {"sheet": False})):
        _, server = await revised([Reply(EDIT)], revision(**changes), **options)
        assert len(server.asked[0].pictures) == (1 if changes else 2)
        assert "From top to bottom" not in server.asked[0].texts


async def test_a_server_that_takes_two_pictures_is_asked_again_with_two_and_from_then_on():
    async with (
        ModelServer([Fault.BAD_REQUEST, Reply(EDIT)]) as server,
        ChatClient(Endpoint(base_urls=server.url, model="model")) as client,
    ):
        generator = LvlmGenerator(client)
        for _ in range(2):
            draft = await generator.revise(revision())
            assert draft.code == MENDED
    assert [len(asked.pictures) for asked in server.asked] == [3, 2, 2]
    first, second = (asked.body["messages"] for asked in server.asked[1:])
    assert first == second


async def test_findings_within_another_and_fixes_of_earlier_versions_are_told():
    found = [
        Discrepancy(category="structure_error", severity=3, description="too low", box=Box(0, 0, 200, 200)),
        Discrepancy(category="text_error", severity=1, description="tick moved", box=Box(10, 10, 30, 20)),
        Discrepancy(category="style_error", severity=1, description="too pale"),
    ]
    earlier = (Attempt(actions=(Action(description="-a; +b"),), before=0.8, similarity=0.7),)
    _, server = await revised([Reply(EDIT)], revision(discrepancies=tuple(found), earlier=earlier))
    text = server.asked[0].texts
    assert text.index("1. structure_error") < text.index("- in it, perhaps because of it: text_error")
    assert text.index("text_error") < text.index("2. style_error")
    assert "earlier versions of the code" in text and "-a; +b - the pixels came less near" in text


async def test_what_was_measured_stands_in_the_opening_that_every_round_repeats():
    task = Task(Kind.SVG, Language.SVG, RENDER)
    code = '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
    async with (
        ModelServer([Reply(f"```svg\n{code}\n```")]) as server,
        ChatClient(Endpoint(base_urls=server.url, model="model")) as client,
    ):
        generator = LvlmGenerator(client, hints=Hints(Reader()))
        await generator.draft(task, 0)
        await generator.revise(revision(task=task, code=code, render=REFERENCE))
    first, second = (asked.body["messages"][0] for asked in server.asked)
    assert first == second
    assert "#c80000: rectangle at (40.0, 40.0), 40.0 x 40.0" in server.asked[0].texts
