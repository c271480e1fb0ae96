"""A person in the loop: what is said outranks critics, is followed to its fate, and ends or turns the run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from agent.testing import Step
from critic import Discrepancy
from critic.human import HUMAN, told
from graph import (
    Action,
    Answer,
    Asked,
    Budget,
    Critiqued,
    Draft,
    Event,
    Result,
    Resumed,
    Revision,
    Search,
    Stopped,
    StopReason,
    WrongAnswer,
    build,
    serializer,
    stream,
)
from graph.acceptance import best_of
from graph.build import Graph
from graph.checkpoints import checkpointed
from tests.loop import Loop

WRONG = Discrepancy(category="text_error", severity=3, description="the title should be in capitals")
GET_WORSE = [Step(4, 0.9), Step(20, 0.3), Step(1, 0.95)]


def asked(
    loop: Loop, say: Callable[[Asked], Answer | None], graph: Graph | None = None, *, until: int = 99
) -> Result | None:
    """``talked`` on an event loop of its own."""
    return asyncio.run(talked(loop, say, graph, until=until))


async def talked(
    loop: Loop, say: Callable[[Asked], Answer | None], graph: Graph | None = None, *, until: int = 99
) -> Result | None:
    """Run with somebody in the loop; None where it is left at the question of that number."""
    events = stream(loop.context(asks=True), graph, "run" if graph else None)
    answer, questions = None, 0
    while True:
        event: Event = await events.asend(answer)
        loop.events.append(event)
        answer = None
        if isinstance(event, Stopped):
            return event.result
        if isinstance(event, Asked):
            questions += 1
            if questions == until:
                await events.aclose()
                return None
            answer = say(event)


def once(answer: Answer) -> Callable[[Asked], Answer | None]:
    """Says one thing after the first draft, then stops."""
    said: list[Answer] = []

    def say(event: Asked) -> Answer:
        said.append(answer)
        return answer if len(said) == 1 else Answer(stop=True)

    return say


def search(rounds: int = 3) -> Search:
    return Search(budget=Budget(rounds=rounds))


def leave_it(loop: Loop) -> None:
    """Make the generator say that it did nothing about what was told."""
    revise = loop.generator.revise

    async def leaves_it(revision: Revision) -> Draft:
        left = Action(discrepancy=0, description="cannot", done=False)
        return replace(await revise(revision), actions=(left,))

    loop.generator.revise = leaves_it  # type: ignore[method-assign]


def test_nothing_said_changes_nothing(tmp_path: Path) -> None:
    alone = Loop([Step(10, 0.5), Step(5, 0.6), Step(2, 0.7)], tmp_path / "alone", search(2)).run()
    beside = asked(
        Loop([Step(10, 0.5), Step(5, 0.6), Step(2, 0.7)], tmp_path / "beside", search(2)), lambda _: None
    )
    assert beside is not None
    assert [item.model_dump() for item in beside.candidates] == [
        item.model_dump() for item in alone.candidates
    ]
    assert beside.stop_reason is alone.stop_reason


def test_what_a_person_says_comes_first_and_outranks_pixels_and_critic(tmp_path: Path) -> None:
    loop = Loop(GET_WORSE, tmp_path, search())
    result = asked(loop, once(Answer(discrepancies=(WRONG,))))
    assert result is not None and result.stop_reason is StopReason.PERSON
    given = loop.generator.revisions[0].discrepancies
    assert given[0].description == WRONG.description and given[0].source == HUMAN
    draft, revision = result.candidates
    assert draft.reward is not None and draft.discrepancies[0].source == HUMAN
    assert revision.accepted and result.best == revision, "though pixels and critic are against it"


def test_what_was_not_acted_on_stays_open(tmp_path: Path) -> None:
    loop = Loop(GET_WORSE, tmp_path, search())
    leave_it(loop)
    result = asked(loop, once(Answer(discrepancies=(WRONG,))))
    assert result is not None
    assert told(result.candidates[1].discrepancies) == told(result.candidates[0].discrepancies) != ()
    assert not result.candidates[1].accepted


def test_a_person_goes_back_to_what_was_rejected_and_rejects_what_was_accepted(tmp_path: Path) -> None:
    loop = Loop([Step(10, 0.5), Step(5, 0.6), Step(20, 0.3), Step(4, 0.4)], tmp_path, search(2))
    said = {0: None, 1: None, 2: Answer(candidate=2), 3: Answer(stop=True, rejected=(3,))}
    result = asked(loop, lambda event: said[len(event.candidates) - 1])
    assert result is not None and result.best is not None
    assert result.candidates[2].accepted, "it was chosen"
    assert result.candidates[3].parent == 2, "and gone on from, though the rounds were over"
    assert not result.candidates[3].accepted and result.best.id == 2


def test_code_by_hand_becomes_a_candidate(tmp_path: Path) -> None:
    loop = Loop([Step(4, 0.9)], tmp_path, search(0))
    mine = Step(9, 0.4).to_code(77)
    result = asked(loop, once(Answer(code=mine)))
    assert result is not None and result.best is not None
    assert (result.best.author, result.best.parent, loop.generator.revisions) == (HUMAN, 0, [])
    assert (tmp_path / "best.py").read_text(encoding="utf-8") == mine


def test_a_question_says_why_the_run_would_end(tmp_path: Path) -> None:
    loop = Loop([Step(10, 0.5), Step(5, 0.6)], tmp_path, search(1))
    asked(loop, lambda _: None)
    reasons = [event.stopping for event in loop.events if isinstance(event, Asked)]
    assert reasons == [None, StopReason.ROUNDS]


def test_a_run_that_ended_while_it_waited_asks_again(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    loop = Loop(GET_WORSE, tmp_path, search())
    assert asked(loop, lambda _: None, graph, until=1) is None
    loop.fresh = False
    result = asked(loop, once(Answer(discrepancies=(WRONG,))), graph)
    assert result is not None and any(isinstance(event, Resumed) for event in loop.events)
    assert sum(isinstance(event, Critiqued) for event in loop.events) == len(result.candidates) == 2


def test_what_was_said_is_in_the_run_s_checkpoints(tmp_path: Path) -> None:
    loop = Loop([Step(4, 0.9), Step(3, 0.9)], tmp_path, search(0))
    leave_it(loop)
    answers = iter([Answer(discrepancies=(WRONG,)), Answer(stop=True, candidate=0)])

    async def run() -> Result | None:
        async with checkpointed(tmp_path, fresh=True) as graph:
            return await talked(loop, lambda _: next(answers), graph)

    result = asyncio.run(run())
    assert result is not None and result.best is not None
    assert result.candidates[1].accepted, "it was better, until the first one was chosen"
    assert result.best.id == 0 and told(result.best.discrepancies)


def test_a_run_that_waited_goes_on_with_nobody_to_ask(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    loop = Loop([Step(10, 0.5), Step(5, 0.6)], tmp_path, search(1))
    assert asked(loop, lambda _: None, graph, until=1) is None
    loop.fresh = False
    assert asyncio.run(loop.arun(graph, "run")).stop_reason is StopReason.ROUNDS


@pytest.mark.parametrize(
    ("answer", "said"), [(Answer(candidate=7), "no candidate 7"), ("yes", "a str is no answer")]
)
def test_what_cannot_be_followed_is_told(tmp_path: Path, answer: Answer, said: str) -> None:
    with pytest.raises(WrongAnswer, match=said):
        asked(Loop(GET_WORSE, tmp_path, search()), lambda _: answer)


def test_the_question_carries_the_form_of_its_answer(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    loop = Loop(GET_WORSE, tmp_path, search())
    asked(loop, lambda _: None, graph, until=1)
    waiting = graph.get_state({"configurable": {"thread_id": "run"}}).interrupts
    assert [item.value["best"] for item in waiting] == [0]
    assert waiting[0].response_schema == Answer.model_json_schema()


def test_the_graph_is_driven_by_langgraph_alone(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    context = Loop(GET_WORSE, tmp_path, search(1)).context(asks=True)
    config = {"configurable": {"thread_id": "t"}}

    async def run() -> None:
        begun = await graph.ainvoke({"candidates": (), "stop": None}, config, context=context)
        (question,) = begun["__interrupt__"]
        assert question.value == {"round": 0, "best": 0, "stopping": None}
        assert question.response_schema["properties"].keys() == Answer.model_fields.keys()
        with pytest.raises(ValueError, match="valid boolean"):
            await graph.ainvoke(Command(resume={"stop": "perhaps"}), config, context=context)
        said = Command(resume={"discrepancies": [WRONG.model_dump(mode="json")]})
        mended = await graph.ainvoke(said, config, context=context)
        assert mended["__interrupt__"][0].value["stopping"] == "rounds"
        (earlier,) = [item async for item in graph.aget_state_history(config) if item.values.get("stopping")]
        done = await graph.ainvoke(Command(resume={"stop": True, "candidate": 0}), config, context=context)
        assert done["stop"] is StopReason.PERSON and best_of(done["candidates"])[0].id == 0
        fork = await graph.aupdate_state(earlier.config, {"answer": Answer(stop=True)}, as_node="ask")
        other = await graph.ainvoke(None, fork, context=context)
        assert best_of(other["candidates"])[0].id == 1, (
            "from an earlier checkpoint, as if nothing had come after"
        )

    asyncio.run(run())
