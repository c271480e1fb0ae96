"""The loop: what it accepts, what it remembers, when it stops, what it leaves on disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.testing import Step
from critic import Critique, Discrepancy
from critic.fate import Fate
from critic.reward import reward
from graph import (
    Accepted,
    Budget,
    Candidate,
    Critiqued,
    Draft,
    NothingDrafted,
    Rejected,
    Result,
    Search,
    StopReason,
    build,
    serializer,
)
from graph.acceptance import best_of, improves
from graph.types import RenderRecord
from prompts.usage import Usage
from renderers.types import Image, Kind, RenderStatus
from tests.loop import REFERENCE, Loop

SEVERE = Discrepancy(category="data_error", severity=3, description="scripted")
ONE_CALL = Usage(calls=1, prompt_tokens=7)


def test_a_better_revision_replaces_its_parent(tmp_path: Path) -> None:
    result = Loop([Step(10, 0.5), Step(5, 0.6), Step(2, 0.7)], tmp_path, _rounds(2)).run()
    assert [candidate.accepted for candidate in result.candidates] == [True, True, True]
    assert result.best is not None and result.best.id == 2
    assert result.best.reward == pytest.approx(1.96)
    assert [candidate.parent for candidate in result.candidates] == [None, 0, 1]


def test_a_worse_revision_is_rejected_and_told_to_the_next(tmp_path: Path) -> None:
    loop = Loop([Step(10, 0.5), Step(20, 0.6), Step(5, 0.6)], tmp_path, _rounds(2))
    result = loop.run()
    assert [candidate.accepted for candidate in result.candidates] == [True, False, True]
    assert [revision.code for revision in loop.generator.revisions] == [loop.generator.revisions[0].code] * 2
    assert [attempt.reward for attempt in loop.generator.revisions[1].attempts] == [pytest.approx(1.6)]


def test_verdicts_say_what_became_of_each_discrepancy(tmp_path: Path) -> None:
    steps = [Step(10, 0.5), Step(status=RenderStatus.ERROR), Step(20, 0.6), Step(5, 0.6)]
    loop = Loop(steps, tmp_path, _rounds(3, patience=4))
    loop.run()
    told = [event for event in loop.events if isinstance(event, Accepted | Rejected)]
    assert [type(event) for event in told] == [Accepted, Rejected, Rejected, Accepted]
    draft, failed, worse, better = (event.fates for event in told)
    assert draft is None and failed is None
    assert worse is not None and worse.after.count(Fate.NEW) == 3 and Fate.FIXED not in worse.before
    assert better is not None and better.before.count(Fate.FIXED) == 2 and Fate.NEW not in better.after


@pytest.mark.parametrize(
    ("revision", "accepted"),
    [
        (Step(10, 0.51), True),  # equal reward: pixels decide
        (Step(10, 0.4), False),
        (Step(10, 0.5), False),  # nothing gained
        (Step(4, 0.49), True),  # the critic is far more pleased than the pixels are displeased
        (Step(12, 0.9), True),  # and the other way round
        (Step(30, 0.6), False),
    ],
)
def test_reward_and_similarity_are_weighed(tmp_path: Path, revision: Step, accepted: bool) -> None:
    result = Loop([Step(10, 0.5), revision], tmp_path, _rounds(1)).run()
    assert result.candidates[1].accepted is accepted


def test_an_assumed_reward_replaces_no_measured_one() -> None:
    measured = _judged(Critique(critic="c", similarity=0.5, discrepancies=(SEVERE,) * 5))
    assumed = _judged(Critique(critic="c", similarity=0.6, failure="not JSON", fallback=4))
    assert assumed.reward > measured.reward
    assert not improves(assumed, measured)
    assert improves(_judged(Critique(critic="c", similarity=0.6)), assumed)


def _judged(said: Critique) -> Candidate:
    render = RenderRecord(status=RenderStatus.OK)
    return Candidate(id=0, render=render, critique=said, reward=reward(said), accepted=True)


def test_a_failed_draft_is_revised_on_its_log(tmp_path: Path) -> None:
    loop = Loop([Step(status=RenderStatus.ERROR), Step(3, 0.8)], tmp_path, _rounds(1))
    result = loop.run()
    asked = loop.generator.revisions[0]
    assert (asked.status, asked.log, asked.render, asked.discrepancies) == (
        "error",
        "scripted error",
        None,
        (),
    )
    assert result.best is not None and result.best.id == 1


def test_the_best_of_several_drafts_is_revised(tmp_path: Path) -> None:
    search = _rounds(1, width=3, policy="beam")
    loop = Loop([Step(10, 0.5), Step(4, 0.5), Step(7, 0.9), Step(3, 0.6)], tmp_path, search)
    result = loop.run()
    assert result.candidates[3].parent == 1
    assert [revision.code[0] for revision in loop.generator.revisions] == ["1"]


def test_beam_and_revisions_fan_out(tmp_path: Path) -> None:
    search = _rounds(1, width=3, beam=2, revisions=2, policy="beam")
    result = Loop([Step(10, 0.5), Step(4, 0.5), Step(7, 0.9), Step(1, 0.9)], tmp_path, search).run()
    assert [candidate.parent for candidate in result.candidates[3:]] == [1, 1, 2, 2]


def test_a_slow_candidate_does_not_hold_up_the_others(tmp_path: Path) -> None:
    loop = Loop([Step(delay=0.2), Step(), Step()], tmp_path, _rounds(0, width=3))
    loop.run()
    done = [event.candidate.id for event in loop.events if isinstance(event, Critiqued)]
    assert done[-1] == 0


def test_equal_renders_are_critiqued_once(tmp_path: Path) -> None:
    loop = Loop([Step(10, 0.5), Step(10, 0.5)], tmp_path, _rounds(0, width=2))
    loop.generator._answer = lambda seed: _same(loop)  # type: ignore[method-assign]
    loop.run()
    assert (loop.renderer.count, loop.critic.count) == (2, 1)


async def _same(loop: Loop) -> Draft:
    return Draft(code="0|10|0.5|ok")


@pytest.mark.parametrize(
    ("steps", "search", "reason"),
    [
        ([Step(0, 1.0)], Search(), StopReason.TARGET),
        ([Step(10), Step(2, 0.9)], Search(target=1.9), StopReason.TARGET),
        ([Step(10), Step(9, 0.6), Step(8, 0.7)], Search(budget=Budget(rounds=2)), StopReason.ROUNDS),
        ([Step(10)], Search(budget=Budget(rounds=9)), StopReason.PLATEAU),
        ([Step(10), Step(code=False)], Search(), StopReason.PLATEAU),
        ([Step(10), Step(code=False)], Search(budget=Budget(rounds=1)), StopReason.PLATEAU),
        ([Step(status=RenderStatus.ERROR), Step(code=False)], Search(), StopReason.NO_RENDER),
        ([Step(10)], Search(width=3, budget=Budget(rounds=9, candidates=3)), StopReason.CANDIDATES),
        ([Step(status=RenderStatus.BLANK)], Search(), StopReason.NO_RENDER),
        ([Step(delay=5)], Search(budget=Budget(seconds=0.05)), StopReason.SECONDS),
        ([Step(usage=ONE_CALL)], Search(width=4, budget=Budget(calls=2)), StopReason.CALLS),
        ([Step(usage=ONE_CALL)], Search(width=4, budget=Budget(tokens=8)), StopReason.TOKENS),
    ],
)
def test_stop_reasons(tmp_path: Path, steps: list[Step], search: Search, reason: StopReason) -> None:
    assert Loop(steps, tmp_path, search).run().stop_reason is reason


def test_a_broken_revision_costs_a_round_and_not_the_run(tmp_path: Path) -> None:
    result = Loop([Step(10, 0.5), Step(error="server gone")], tmp_path).run()
    assert result.stop_reason is StopReason.ERROR
    assert "server gone" in result.error
    assert result.best is not None and result.best.id == 0


def test_nothing_drafted_is_for_the_user_to_mend(tmp_path: Path) -> None:
    with pytest.raises(NothingDrafted, match="server gone"):
        Loop([Step(error="server gone")], tmp_path).run()


def test_the_folder_tells_the_whole_run(tmp_path: Path) -> None:
    Loop([Step(10, 0.5), Step(20, 0.6), Step(5, 0.6)], tmp_path, _rounds(2)).run()
    lines = [json.loads(line) for line in (tmp_path / "trajectory.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == [0, 1, 2]
    for line in lines:
        assert {"id", "parent", "round", "code_file", "render", "status", "reward"} <= line.keys()
        assert {"similarity", "accepted", "discrepancies"} <= line.keys()
        assert (tmp_path / line["code_file"]).exists() and (tmp_path / line["render"]).exists()
    assert (tmp_path / "best.py").read_text() == (tmp_path / "candidates/2.py").read_text()
    assert (tmp_path / "best.png").read_bytes() == (tmp_path / lines[2]["render"]).read_bytes()


def test_the_best_so_far_is_on_disk_when_a_run_is_cancelled(tmp_path: Path) -> None:
    loop = Loop([Step(10, 0.5), Step(delay=60)], tmp_path)

    async def cancelled() -> None:
        run = asyncio.create_task(loop.arun())
        await asyncio.wait_for(loop.first_done.wait(), 60)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run

    asyncio.run(cancelled())
    assert (tmp_path / "best.py").read_text().startswith("0|10")


def test_a_cancelled_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    cut = Loop([Step(10, 0.5), Step(8, 0.6, delay=60)], tmp_path, _rounds(2))
    rest = Loop([Step(10, 0.5), Step(8, 0.6), Step(5, 0.7)], tmp_path, _rounds(2))
    rest.fresh = False

    async def run() -> Result:
        first = asyncio.create_task(cut.arun(graph, "thread"))
        await asyncio.wait_for(cut.first_done.wait(), 60)
        await asyncio.sleep(0.1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await rest.arun(graph, "thread")

    result = asyncio.run(run())
    assert [(item.id, item.accepted) for item in result.candidates] == [(0, True), (1, True), (2, True)]
    lines = (tmp_path / "trajectory.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [0, 1, 2]


def test_what_the_generator_answered_is_not_asked_again(tmp_path: Path) -> None:
    graph = build(InMemorySaver(serde=serializer()))
    cut = Loop([Step(10, 0.5)], tmp_path, _rounds(0, width=2))
    rest = Loop([Step(error="asked again")], tmp_path, _rounds(0, width=2))
    rest.fresh = False
    waiting: list[Image] = []
    both_wait = asyncio.Event()

    async def never(kind: Kind, reference: Image, render: Image) -> Critique:
        waiting.append(render)
        if len(waiting) == 2:
            both_wait.set()
        return await asyncio.Future[Critique]()

    async def run() -> Result:
        cut.critic.critique = never  # type: ignore[method-assign]
        first = asyncio.create_task(cut.arun(graph, "thread"))
        await asyncio.wait_for(both_wait.wait(), 60)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await rest.arun(graph, "thread")

    result = asyncio.run(run())
    assert [(item.id, item.accepted, item.failure) for item in result.candidates] == [
        (0, True, ""),
        (1, True, ""),
    ]


def test_a_second_run_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    Loop([Step(10, 0.5), Step(5, 0.6)], tmp_path, _rounds(1)).run()
    Loop([Step(status=RenderStatus.ERROR)], tmp_path, _rounds(0)).run()
    assert not list(tmp_path.glob("best.*"))
    assert len((tmp_path / "trajectory.jsonl").read_text().splitlines()) == 1
    assert len(list((tmp_path / "pictures").iterdir())) == 1  # the reference


def test_the_reference_is_kept_by_its_content(tmp_path: Path) -> None:
    context = Loop([Step()], tmp_path).context()
    assert (context.folder.picture(context.folder.reference) == REFERENCE).all()
    kept = next((tmp_path / "pictures").iterdir())
    assert kept.stem == hashlib.sha256(kept.read_bytes()).hexdigest() == context.folder.reference.sha256


def _rounds(rounds: int, **search: int | str) -> Search:
    return Search(budget=Budget(rounds=rounds), **search)  # type: ignore[arg-type]


def test_what_nobody_critiqued_has_no_scores(tmp_path: Path) -> None:
    loop = Loop([Step()], tmp_path, _rounds(0))

    async def gone(kind: Kind, reference: Image, render: Image) -> Critique:
        raise ConnectionError("no server")

    loop.critic.critique = gone  # type: ignore[method-assign]
    result = loop.run()
    assert result.best is not None and result.best.accepted
    assert (result.best.reward, result.best.similarity) == (None, None)
    line = json.loads((tmp_path / "trajectory.jsonl").read_text())
    assert (line["reward"], line["similarity"]) == (None, None) and "no server" in line["log"]


def test_what_nobody_critiqued_stands_below_all_that_was_and_replaces_none_of_it() -> None:
    drawn = RenderRecord(status=RenderStatus.OK)
    unknown = Candidate(id=1, parent=0, render=drawn, reward=None, accepted=True)
    poor = Candidate(
        id=0, render=drawn, accepted=True, reward=1.0, critique=Critique(critic="c", similarity=0.1)
    )
    assert best_of([unknown, poor]) == (poor,)
    assert not improves(unknown, poor)
