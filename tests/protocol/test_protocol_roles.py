"""Generator and critics against a server that speaks the real protocol."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time

import numpy as np
import pytest

from agent.generators.lvlm import LvlmGenerator, changed_lines, trimmed
from agent.testing import Asked, Fault, ModelServer, Reply
from critic.judge import JudgeCritic
from critic.reward import reward
from critic.types import Box, Discrepancy
from critic.visual_erm import VisualErmCritic
from graph.types import Attempt, Revision, Task
from prompts.allowance import Allowance, allowing
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from renderers.types import Kind, Language, RenderStatus

pytestmark = pytest.mark.anyio

REFERENCE = np.full((60, 90, 3), 255, dtype=np.uint8)
RENDER = REFERENCE.copy()
RENDER[10:30, 10:50] = (200, 0, 0)
FOUND = json.dumps(
    {"errors": [{"category": "text_error", "severity": 3, "location": "title", "description": "x"}]}
)
PROGRAM = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
TASK = Task(Kind.CHART, Language.PYTHON, REFERENCE)


def client_of(server: ModelServer) -> ChatClient:
    return ChatClient(Endpoint(base_urls=server.url, model="model", backoff=0.01, attempts=2))


async def critique(answers, critic=VisualErmCritic, kind=Kind.CHART):
    async with ModelServer(answers) as server, client_of(server) as client:
        return await critic(client).critique(kind, REFERENCE, RENDER), server


def revision(code: str = PROGRAM, **changes) -> Revision:
    given = {
        "task": TASK,
        "code": code,
        "description": "",
        "render": RENDER,
        "status": RenderStatus.OK,
        "log": "",
        "discrepancies": (),
    }
    return Revision(**{**given, **changes})


async def test_a_critique_holds_what_was_said_and_what_it_cost():
    found, _ = await critique([Reply(FOUND)])
    (item,) = found.discrepancies
    assert (item.category, item.severity, item.location) == ("text_error", 3, "title")
    assert found.critic == "visual-erm"
    assert 0 < found.similarity < 1
    assert (found.usage.calls, found.failure, found.fallback) == (1, "", 0)
    assert reward(found) == pytest.approx(2 - 3 / 50)


async def test_what_cannot_be_parsed_is_asked_again_once():
    found, server = await critique([Reply("They look alike to me."), Reply(FOUND)])
    assert len(found.discrepancies) == 1
    assert found.usage.calls == len(server.asked) == 2


@pytest.mark.parametrize(("kind", "assumed"), [(Kind.CHART, 25), (Kind.SVG, 25), (Kind.TABLE, 4)])
async def test_what_cannot_be_parsed_twice_counts_as_published_and_says_so(kind, assumed):
    found, server = await critique([Reply("No JSON today.")], kind=kind)
    assert len(server.asked) == 2
    assert found.discrepancies == ()
    assert found.fallback == assumed
    assert "could not be parsed" in found.failure
    assert reward(found) == pytest.approx(2 - assumed / 50)


CUT_OFF = FOUND[:-2] + ', {"category": "style_error", "sever'


async def test_a_critique_that_broke_off_is_asked_again():
    found, server = await critique([Reply(CUT_OFF, finish_reason="length"), Reply(FOUND)])
    assert len(server.asked) == 2
    assert (len(found.discrepancies), found.failure, found.fallback) == (1, "", 0)


async def test_a_critique_that_breaks_off_twice_is_kept_and_marked_as_assumed():
    found, server = await critique([Reply(CUT_OFF, finish_reason="length")])
    assert len(server.asked) == 2
    assert (len(found.discrepancies), found.severity) == (1, 25)
    assert "broke off" in found.failure
    long = FOUND[:-2] + "".join(f', {{"severity": 3, "description": "{n}"}}' for n in range(20)) + ", {"
    found, _ = await critique([Reply(long, finish_reason="length")])
    assert (len(found.discrepancies), found.fallback) == (21, 1)


async def test_counts_without_their_list_are_asked_again():
    found, server = await critique([Reply('{"data_error_count": 2, "errors": []}'), Reply(FOUND)])
    assert (len(server.asked), len(found.discrepancies)) == (2, 1)


async def test_a_greedy_question_is_not_asked_greedily_again():
    _, server = await critique([Reply("No JSON today.")], kind=Kind.TABLE)
    assert [asked.body["temperature"] for asked in server.asked] == [0.0, 0.7]


@pytest.mark.parametrize("critic", [VisualErmCritic, JudgeCritic])
@pytest.mark.parametrize("fault", [Fault.WRONG_KEY, Fault.ENGINE_DIED, Fault.PROMPT_TOO_LONG])
async def test_a_critique_that_cannot_be_had_says_why_and_still_measures(critic, fault):
    found, _ = await critique([fault], critic)
    assert found.discrepancies == ()
    assert found.fallback == 0
    assert found.failure
    assert 0 < found.similarity < 1


async def test_a_judge_asks_for_the_schema():
    found, server = await critique([Reply(FOUND)], JudgeCritic)
    schema = server.asked[0].body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["errors"]["items"]["properties"]["category"]["enum"][0] == "structure_error"
    assert "maxLength" not in json.dumps(schema)
    assert len(found.discrepancies) == 1


async def test_a_judge_does_without_the_schema_where_a_server_has_none():
    def answer(asked: Asked) -> Reply | Fault:
        return Fault.BAD_REQUEST if "response_format" in asked.body else Reply(f"```json\n{FOUND}\n```")

    async with ModelServer(answer) as server, client_of(server) as client:
        judge = JudgeCritic(client)
        first = await judge.critique(Kind.CHART, REFERENCE, RENDER)
        second = await judge.critique(Kind.CHART, REFERENCE, RENDER)
    assert len(first.discrepancies) == len(second.discrepancies) == 1
    assert len(server.asked) == 3  # refused once, not tried again
    assert first.usage.calls == 2


async def test_a_draft_is_the_code_in_the_answer():
    async with (
        ModelServer([Reply(f"Of course!\n```python\n{PROGRAM}```\n")]) as server,
        client_of(server) as client,
    ):
        draft = await LvlmGenerator(client).draft(TASK, 7)
    assert (draft.code, draft.failure, draft.usage.calls) == (PROGRAM, "", 1)
    assert server.asked[0].body["seed"] == 7


async def test_an_answer_without_code_is_asked_for_once_more():
    answers = [Reply("I am sorry."), Reply(f"```python\n{PROGRAM}```")]
    async with ModelServer(answers) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).draft(TASK, 7)
    assert (draft.code, draft.failure, draft.usage.calls) == (PROGRAM, "", 2)
    assert server.asked[0].body["seed"] != server.asked[1].body["seed"]


async def test_many_drafts_by_one_request():
    texts = tuple(f"```python\n{PROGRAM}x = {n}\n```" for n in range(4))
    async with ModelServer([Reply(texts)]) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        drafts = await asyncio.gather(*(generator.draft(TASK, seed) for seed in range(4)))
    assert [draft.code[-6:-1] for draft in drafts] == [f"x = {n}" for n in range(4)]
    assert len(server.asked) == sum(draft.usage.calls for draft in drafts) == 1


async def test_drafts_that_share_a_request_share_its_failure_and_pay_for_it_once():
    async with ModelServer([Fault.UNKNOWN_MODEL]) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        drafts = await asyncio.gather(*(generator.draft(TASK, seed) for seed in range(3)))
    assert all("does not exist" in draft.failure for draft in drafts)
    assert len(server.asked) == sum(draft.usage.calls for draft in drafts) == 1


async def test_drafts_of_different_tasks_do_not_share_a_request():
    other = Task(Kind.CHART, Language.PYTHON, REFERENCE)
    async with ModelServer([Reply(f"```python\n{PROGRAM}```")]) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        await asyncio.gather(generator.draft(TASK, 0), generator.draft(other, 0))
    assert [asked.body["n"] for asked in server.asked] == [1, 1]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Fault.PROMPT_TOO_LONG, "longer than the model's context"),
        (Fault.UNKNOWN_MODEL, "does not exist"),
        (Fault.ENGINE_DIED, "EngineCore"),
    ],
)
async def test_no_answer_is_told_with_its_reason(answer, words):
    async with ModelServer([answer]) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).draft(TASK, 0)
    assert draft.code == ""
    assert draft.usage.calls == len(server.asked)
    assert re.search(words, draft.failure)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Reply("I am sorry."), 'no python in the model\'s answer: "I am sorry."'),
        (Reply("No changes needed."), "No changes needed"),
        (Reply("I am so", finish_reason="length"), r"cut off \(length\)"),
        (Reply("<<<<<<< SEARCH\nx = 5\n=======\nx = 6\n>>>>>>> REPLACE"), "do not fit"),
        (Reply(f"```python\n{PROGRAM}```"), "the same code again"),
    ],
)
async def test_an_answer_that_changes_nothing_is_a_try_and_no_failure(answer, words):
    async with ModelServer([answer]) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).revise(revision())
    assert (draft.code, draft.failure) == ("", "")
    assert draft.usage.calls == len(server.asked)
    assert re.search(words, draft.actions[0].description)
    assert not draft.actions[0].done


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("I am sorry.", "There is no python in your answer"),
        (f"```python\n{PROGRAM}# ... rest unchanged\n```", "write everything out"),
        ("<<<<<<< SEARCH\nx = 5\n=======\nx = 6\n>>>>>>> REPLACE", "do not fit"),
    ],
)
async def test_a_model_is_told_why_it_is_asked_for_the_whole(answer, words):
    answers = [Reply(answer), Reply("```python\nimport matplotlib.pyplot as plt\nplt.plot([5])\n```")]
    async with ModelServer(answers) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).revise(revision())
    assert "plt.plot([5])" in draft.code
    first, second = (asked.body["messages"] for asked in server.asked)
    assert second[: len(first)] == first
    assert words in second[-1]["content"]


async def test_a_program_that_seems_abridged_twice_is_drawn_all_the_same():
    abridged = f"{PROGRAM}# the other axis stays the same\n"
    async with ModelServer([Reply(f"```python\n{abridged}```")]) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).draft(TASK, 0)
    assert (draft.code, len(server.asked)) == (abridged, 2)


async def test_edits_are_done_on_the_parent():
    edits = "<<<<<<< SEARCH\nplt.plot([1, 2])\n=======\nplt.plot([1, 3])\n>>>>>>> REPLACE"
    async with ModelServer([Reply(edits)]) as server, client_of(server) as client:
        draft = await LvlmGenerator(client).revise(revision())
    assert draft.code == PROGRAM.replace("2", "3")
    assert len(server.asked) == 1


async def test_a_server_that_ignores_n_is_asked_for_the_rest():
    answers = itertools.count()

    def answer(asked: Asked) -> Reply:
        return Reply(f"```python\n{PROGRAM}x = {next(answers)}\n```", choices=1)

    async with ModelServer(answer) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        drafts = await asyncio.gather(*(generator.draft(TASK, seed) for seed in range(4)))
    assert sorted(draft.code[-2:-1] for draft in drafts) == ["0", "1", "2", "3"]
    assert [asked.body["n"] for asked in server.asked] == [4, 1, 1, 1]
    assert len({asked.body["seed"] for asked in server.asked}) == 4
    assert sum(draft.usage.calls for draft in drafts) == 4


async def test_what_was_paid_for_stays_where_the_rest_cannot_be_had():
    def answer(asked: Asked) -> Reply | Fault:
        return Reply(f"```python\n{PROGRAM}```", choices=1) if asked.body["n"] > 1 else Fault.ENGINE_DIED

    async with ModelServer(answer) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        drafts = await asyncio.gather(*(generator.draft(TASK, seed) for seed in range(3)))
    assert [bool(draft.code) for draft in drafts] == [True, False, False]
    assert sum(draft.usage.calls for draft in drafts) == len(server.asked)


async def test_a_revision_says_what_it_changed_and_the_next_one_is_told():
    mended = PROGRAM.replace("2", "3")
    async with ModelServer([Reply(f"```python\n{mended}```")]) as server, client_of(server) as client:
        generator = LvlmGenerator(client)
        draft = await generator.revise(revision())
        assert draft.code == mended
        assert draft.actions[-1].description == "-plt.plot([1, 2]); +plt.plot([1, 3])"
        await generator.revise(
            revision(
                attempts=(
                    Attempt(
                        actions=draft.actions,
                        similarity=0.951,
                        before=0.93,
                        fixed=1,
                        added=("a bar is red", "a tick is gone"),
                    ),
                    Attempt(
                        actions=draft.actions, failure="Traceback\n" + "  File x\n" * 99 + "NameError: ax"
                    ),
                )
            )
        )
    told = server.asked[1].texts
    assert (
        "-plt.plot([1, 2]); +plt.plot([1, 3]) - the pixels came nearer (0.930 to 0.951), 1 of the "
        "differences were no longer listed, the reviewer listed 2 more: a bar is red; a tick is gone"
    ) in told
    assert "it gave no picture: NameError: ax" in told
    assert len(server.asked[1].pictures) == 3  # reference, the worst places, render


async def test_boxes_are_told_in_the_pixels_that_are_sent_and_what_was_blocked_too():
    large = np.full((1600, 2560, 3), 255, dtype=np.uint8)
    told = Discrepancy(
        category="text_error", severity=2, location="title", description="x", box=Box(200, 100, 400, 300)
    )
    async with ModelServer([Reply("```python\nx = 1\n```")]) as server, client_of(server) as client:
        await LvlmGenerator(client).revise(
            revision(
                task=Task(Kind.CHART, Language.PYTHON, large),
                discrepancies=(told,),
                log="not loaded: https://cdn.example/x.css",
            )
        )
    assert "at title, x 100 to 200, y 50 to 150: x" in server.asked[0].texts
    assert "(It is sent at 1280 x 800.)" in server.asked[0].texts
    assert "not loaded: https://cdn.example/x.css" in server.asked[0].texts


async def test_a_failed_render_is_revised_on_its_trimmed_log():
    log = "Traceback\n" + "  File x\n" * 5_000 + "NameError: name 'plot' is not defined"
    async with ModelServer([Reply("```python\nx = 1\n```")]) as server, client_of(server) as client:
        await LvlmGenerator(client).revise(revision(status=RenderStatus.ERROR, render=None, log=log))
    assert "NameError: name 'plot' is not defined" in server.asked[0].texts
    assert "[...]" in server.asked[0].texts
    assert len(server.asked[0].texts) < 6_000
    assert len(server.asked[0].pictures) == 1


async def test_a_budget_that_is_spent_is_an_outcome():
    async with ModelServer([Reply(f"```python\n{PROGRAM}```")]) as server, client_of(server) as client:
        with allowing(Allowance(deadline=time.monotonic())) as allowance:
            draft = await LvlmGenerator(client).draft(TASK, 0)
    assert (draft.code, draft.failure) == ("", "the budget's seconds are spent")
    assert (len(server.asked), allowance.exhausted) == (0, "seconds")


def test_short_logs_and_small_changes_stay_whole():
    assert trimmed("  one line \n") == "one line"
    assert changed_lines("a\nb  \n", "a\nb") == ""
    assert changed_lines("\n".join("abcdefgh"), "\n".join("ijklmnop")).endswith("; and 10 more lines")


async def test_a_judge_does_without_the_schema_where_a_server_fails_at_it():
    def answer(asked: Asked) -> Reply | Fault:
        return Fault.ENGINE_DIED_STREAMING if "response_format" in asked.body else Reply(FOUND)

    async with ModelServer(answer) as server, client_of(server) as client:
        found = await JudgeCritic(client).critique(Kind.CHART, REFERENCE, RENDER)
    assert len(found.discrepancies) == 1
    assert found.usage.calls == len(server.asked) == 3
