"""Several answers become what most of them say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.report.run_folder import CandidateRecord
from agent.report.words import standing
from benchmarks.simulation import Artefact, Defect, SimulatedWorld, draw
from critic import CATEGORIES, CriticError, Discrepancy
from critic.consensus import ConsensusCritic, consensus, merge
from critic.types import Box, Critique
from graph import Candidate, Draft, Result, Revision, RunContext, RunFolder, Search, Stopped, Task, stream
from graph.acceptance import best_of
from prompts.allowance import Allowance, allowing
from prompts.usage import Usage
from renderers.types import Image, Kind

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
DISCREPANCIES = st.builds(
    Discrepancy,
    category=st.sampled_from(CATEGORIES[Kind.CHART]),
    severity=st.sampled_from([1, 2, 3]),
    location=st.sampled_from(["", "title", "plot area", "legend"]),
    description=st.sampled_from(
        ["title is missing", "missing title", "bar 3 is 12.5 high", "wrong colour", ""]
    )
    | st.text(max_size=8),
    box=st.none()
    | st.builds(Box, *[st.integers(0, 60).map(float)] * 4)
    | st.builds(Box, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
)
SAMPLES = st.lists(st.lists(DISCREPANCIES, max_size=5), min_size=1, max_size=5)
QUICK = settings(max_examples=150, deadline=None)


def discrepancy(
    description: str, severity: int = 2, location: str = "title", **changes: object
) -> Discrepancy:
    given = {"category": "text_error", "severity": severity, "location": location, "description": description}
    return Discrepancy.model_validate({**given, **changes})


def critique(*found: Discrepancy, failure: str = "", fallback: int = 0, calls: int = 1) -> Critique:
    return Critique(
        critic="c",
        discrepancies=found,
        similarity=0.5,
        usage=Usage(calls=calls),
        failure=failure,
        fallback=fallback,
    )


def bare(found: Sequence[Discrepancy]) -> list[str]:
    return sorted(repr(item.model_copy(update={"agreement": None})) for item in found)


@QUICK
@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_the_samples_does_not_matter(samples, random) -> None:
    merged = merge(samples)
    shuffled = [random.sample(sample, len(sample)) for sample in random.sample(samples, len(samples))]
    assert sorted(map(repr, merge(shuffled))) == sorted(map(repr, merged))


@QUICK
@given(SAMPLES)
def test_what_is_kept_was_said_by_at_least_half(samples) -> None:
    said = [repr(item) for sample in samples for item in sample]
    merged = merge(samples)
    for item in merged:
        assert item.agreement is not None and 0.5 <= item.agreement <= 1.0
        same = [item.model_copy(update={"agreement": None, "severity": level}) for level in (1, 2, 3)]
        assert any(repr(one) in said for one in same)
    assert [item.severity for item in merged] == sorted((item.severity for item in merged), reverse=True)
    assert len(merged) <= 2 * max(map(len, samples), default=0)


@QUICK
@given(st.lists(DISCREPANCIES, max_size=6), st.integers(1, 5))
def test_equal_samples_give_the_sample(sample, votes) -> None:
    merged = merge([sample] * votes)
    assert bare(merged) == bare(sample)
    assert {item.agreement for item in merged} <= {1.0}


def test_the_majority_decides_with_the_median_severity() -> None:
    first = [discrepancy("the title is cut off", 1), discrepancy("the legend is wrong", 3, "legend")]
    second = [discrepancy("title is cut off at the right", 3)]
    third = [discrepancy("the title reads wrong, cut off", 3)]
    (kept,) = merge([first, second, third])
    assert (kept.location, kept.severity, kept.agreement) == ("title", 3, 1.0)


def test_of_an_even_number_half_is_enough_and_the_lower_middle_severity_counts() -> None:
    first, second = [discrepancy("title is cut off", 1)], [discrepancy("title is cut off", 3)]
    (kept,) = merge([first, second])
    assert (kept.severity, kept.agreement) == (1, 1.0)
    (alone,) = merge([first, []])
    assert alone.agreement == 0.5
    assert merge([first, [], []]) == ()


def test_other_categories_and_other_places_are_other_discrepancies() -> None:
    here = discrepancy("wrong number", location="", box=(0, 0, 20, 10))
    there = discrepancy("wrong number", location="", box=(200, 0, 220, 10))
    other = discrepancy("wrong number", location="", box=(0, 0, 20, 10), category="data_error")
    assert merge([[here], [there], [other]]) == ()


def test_a_box_that_one_answer_tells_is_kept() -> None:
    placed = discrepancy("title is cut off", box=(0, 0, 50, 10))
    (kept,) = merge([[discrepancy("title is cut off")], [placed], [discrepancy("title is cut off")]])
    assert kept.box == placed.box and kept.agreement == 1.0


def test_failed_answers_do_not_vote_but_cost() -> None:
    found = discrepancy("title is cut off")
    merged = consensus("c", [critique(found), critique(failure="gone"), critique(failure="odd", fallback=25)])
    assert [item.agreement for item in merged.discrepancies] == [1.0]
    assert (merged.failure, merged.fallback, merged.usage.calls) == ("", 0, 3)


def test_where_none_can_vote_the_failure_is_told() -> None:
    unread, gone = critique(failure="odd", fallback=25), critique(failure="gone")
    merged = consensus("c", [gone, unread, gone])
    assert (merged.failure, merged.fallback, merged.usage.calls) == ("odd", 25, 3)
    assert consensus("c", [gone, gone]).failure == "gone"


def test_fewer_than_one_vote_is_an_error() -> None:
    with pytest.raises(CriticError, match="votes: 0"):
        ConsensusCritic(SimulatedWorld(0).critic, 0)


def _drawn(episode: int = 3) -> tuple[SimulatedWorld, Image]:
    defects = tuple(Defect(area, area % 4, 2, 40 * (area % 6)) for area in range(0, 24, 3))
    return SimulatedWorld(episode), draw(Artefact(episode, defects=defects))


async def _asked(votes: int, calls: int | None = None) -> tuple[Critique, Allowance]:
    world, image = _drawn()
    with allowing(Allowance(calls=calls)) as allowance:
        said = await ConsensusCritic(world.critic, votes).critique(Kind.CHART, world.task.reference, image)
    return said, allowance


def test_each_sample_counts() -> None:
    said, allowance = asyncio.run(_asked(5))
    assert said.usage.calls == allowance.spent.calls == 5
    assert said.critic == "visual-erm, 5 votes"
    assert all(item.agreement in (0.6, 0.8, 1.0) for item in said.discrepancies)
    assert {item.agreement for item in said.discrepancies} != {1.0}


def test_where_the_budget_runs_dry_midway_the_samples_that_were_had_vote() -> None:
    said, allowance = asyncio.run(_asked(5, calls=3))
    assert said.failure == "" and said.discrepancies
    assert said.usage.calls == allowance.spent.calls == 3
    assert {round(3 * (item.agreement or 0)) for item in said.discrepancies} <= {2, 3}
    assert allowance.exhausted == "calls"


def test_one_vote_is_the_critic_itself() -> None:
    world, image = _drawn()
    alone = asyncio.run(SimulatedWorld(3).critic.critique(Kind.CHART, world.task.reference, image))
    said, _ = asyncio.run(_asked(1))
    assert said == alone


class _Together:
    """Answers several times at once."""

    name, together = "together", True

    def __init__(self) -> None:
        self.counts: list[int] = []

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        raise AssertionError("asked one by one")

    async def samples(self, kind: Kind, reference: Image, render: Image, count: int) -> tuple[Critique, ...]:
        self.counts.append(count)
        return tuple(critique(discrepancy("title is cut off")) for _ in range(count))


def test_a_critic_that_can_answer_several_times_at_once_is_asked_once() -> None:
    critic = _Together()
    picture = np.zeros((4, 4, 3), np.uint8)
    said = asyncio.run(ConsensusCritic(critic, 3).critique(Kind.CHART, picture, picture))
    assert critic.counts == [3] and len(said.discrepancies) == 1


class _Repeats:
    """Drafts that look alike two by two, of different code."""

    name = "repeats"
    samples = True

    async def draft(self, task: Task, seed: int) -> Draft:
        return Draft(code=Artefact(3, defects=(Defect(seed // 2, 1, 2, 90),), nonce=seed).to_code())

    async def revise(self, revision: Revision) -> Draft:
        return Draft(code="")


class _Counting:
    """Says nothing, and counts."""

    name = "counting"

    def __init__(self) -> None:
        self.count = 0

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        self.count += 1
        await asyncio.sleep(0)
        return Critique(critic=self.name, similarity=0.5)


def test_the_votes_on_a_render_are_taken_once_in_a_run(tmp_path: Path) -> None:
    world, critic = SimulatedWorld(3), _Counting()

    async def go() -> Result:
        context = RunContext(
            task=world.task,
            generator=_Repeats(),
            critic=ConsensusCritic(critic, 3),
            render=world.render,
            folder=RunFolder(tmp_path, world.task.reference, world.task.language),
            search=Search(policy="best_of_n", width=2),
        )
        async for event in stream(context):
            if isinstance(event, Stopped):
                return event.result
        raise AssertionError("no result")

    result = asyncio.run(go())
    assert [item.critique is not None for item in result.candidates] == [True] * 2
    assert critic.count == 3


def test_of_equal_rewards_the_greater_likeness_of_the_pixels_wins() -> None:
    def candidate(number: int, reward: float, similarity: float) -> Candidate:
        said = Critique(critic="c", similarity=similarity)
        return Candidate(id=number, critique=said, reward=reward, accepted=True)

    alike, less, better = candidate(0, 1.5, 0.8), candidate(1, 1.5, 0.9), candidate(2, 1.6, 0.1)
    assert [item.id for item in best_of((alike, less, better), 3)] == [2, 1, 0]


def test_agreement_and_source_survive_the_trajectory_and_stand_in_the_report() -> None:
    told = [
        discrepancy("cut off", agreement=0.6),
        discrepancy("navy is red", source="pixel"),
        discrepancy("x"),
    ]
    kept = Candidate(id=0, critique=critique(*told))
    assert Candidate.model_validate_json(kept.model_dump_json()) == kept
    record = CandidateRecord.model_validate(
        {"discrepancies": [item.model_dump(mode="json") for item in told]}
    )
    assert list(record.discrepancies) == told
    assert [standing(item) for item in record.discrepancies] == ["60% agreement", "found in the pixels", ""]
