"""The simulated world behaves as the field's published figures say."""

from __future__ import annotations

import asyncio
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.simulation import (
    AREAS,
    ITSELF,
    VISUAL_ERM,
    Artefact,
    CriticSkill,
    Defect,
    SimulatedWorld,
    draw,
    true_quality,
)
from critic.closeness import nearer
from critic.reward import reward
from critic.types import CATEGORIES, Critique
from graph import Budget, Result, Revision, RunContext, RunFolder, Search, Stopped, stream
from graph.acceptance import improves
from graph.types import Candidate, RenderRecord
from prompts.allowance import Allowance
from renderers.types import Kind, Language, Render, Size

EPISODES = 160
ROUNDS = 4


class Step(NamedTuple):
    code: str
    candidate: Candidate


async def _reflected(world: SimulatedWorld) -> list[Step]:
    """The codes of a loop that takes every revision, and what the loop would know of them."""
    task, code, told = world.task, (await world.generator.draft(world.task, 0)).code, []
    for round_ in range(1, ROUNDS + 2):
        drawn = await world.render(task.kind, code, task.language)
        said = None
        if drawn.image is not None:
            said = await world.critic.critique(task.kind, task.reference, drawn.image)
        known = Candidate(
            id=round_,
            render=RenderRecord(status=drawn.status),
            critique=said,
            reward=reward(said),
            accepted=drawn.ok,
        )
        told.append(Step(code, known))
        found = said.discrepancies if said else ()
        asked = Revision(
            task, code, "", drawn.image, drawn.status, drawn.log, found, round=round_, seed=round_
        )
        code = (await world.generator.revise(asked)).code
    return told


@cache
def _loops(skill: CriticSkill) -> tuple[tuple[Step, ...], ...]:
    async def all_of_them() -> list[list[Step]]:
        return [await _reflected(SimulatedWorld(number, critic=skill)) for number in range(EPISODES)]

    return tuple(tuple(told) for told in asyncio.run(all_of_them()))


def _qualities(skill: CriticSkill) -> np.ndarray:
    """True quality by episode and round, every revision taken."""
    return np.array([[true_quality(step.code) for step in told] for told in _loops(skill)])


def _as_published(qualities: np.ndarray, figure: float) -> bool:
    """Whether a published mean lies within two standard errors of the mean over these episodes."""
    error = 2 * qualities.std() / np.sqrt(len(qualities))
    return error < 4.3 and abs(qualities.mean() - figure) < error


def test_without_reflection_quality_is_as_published() -> None:
    assert _as_published(_qualities(VISUAL_ERM)[:, 0], 69.6)


def test_three_rounds_with_a_good_critic_help_and_the_fourth_hurts() -> None:
    means = _qualities(VISUAL_ERM).mean(axis=0)
    assert _as_published(_qualities(VISUAL_ERM)[:, 3], 77.6)
    assert means[0] < means[1] < means[2] < means[3] > means[4]


def test_reflecting_on_itself_hurts() -> None:
    qualities = _qualities(ITSELF)
    assert _as_published(qualities[:, 3], 65.7)
    assert qualities[:, 3].mean() < qualities[:, 0].mean() - 1.5


@pytest.mark.parametrize(("skill", "least"), [(VISUAL_ERM, 1.0), (ITSELF, -0.25)], ids=["good", "itself"])
def test_only_revisions_that_improve_are_worth_keeping(skill: CriticSkill, least: float) -> None:
    blind, kept = [], []
    for told in _loops(skill):
        for earlier, later in pairwise(told):
            if Artefact.from_code(earlier.code).runs:
                change = true_quality(later.code) - true_quality(earlier.code)
                blind.append(change)
                pictures = (draw(Artefact.from_code(item.code)) for item in (earlier, later))
                seen = nearer(draw(Artefact(Artefact.from_code(later.code).episode)), *pictures)
                revision = later.candidate.model_copy(update={"nearer": seen})
                kept.append(change if improves(revision, earlier.candidate) else 0.0)
    assert np.mean(kept) > max(least, np.mean(blind))
    assert skill is VISUAL_ERM or np.mean(blind) < -1.0


def _found_and_true(episode: int, skill: CriticSkill) -> tuple[set[tuple[int, str]], Artefact, Critique]:
    async def ask() -> tuple[Artefact, Critique]:
        world = SimulatedWorld(episode, critic=skill)
        made = Artefact.from_code((await world.generator.draft(world.task, 0)).code)
        return made, await world.critic.critique(Kind.CHART, world.task.reference, draw(made))

    made, said = asyncio.run(ask())
    return (
        {("ABCD".index(x.location[0]) * 6 + int(x.location[1]) - 1, x.category) for x in said.discrepancies},
        made,
        said,
    )


@pytest.mark.parametrize(
    ("skill", "f1", "correlation"), [(VISUAL_ERM, 0.45, 0.58), (ITSELF, 0.06, 0.18)], ids=["good", "itself"]
)
def test_a_critic_is_as_right_as_published(skill: CriticSkill, f1: float, correlation: float) -> None:
    hits = said_in_all = true_in_all = 0
    said_sums, true_sums = [], []
    for episode in range(EPISODES):
        found, made, said = _found_and_true(episode, skill)
        true = {(item.area, CATEGORIES[Kind.CHART][item.category]) for item in made.defects}
        hits, said_in_all, true_in_all = (
            hits + len(found & true),
            said_in_all + len(found),
            true_in_all + len(true),
        )
        said_sums.append(said.severity)
        true_sums.append(made.severity)
    assert 2 * hits / (said_in_all + true_in_all) == pytest.approx(f1, abs=0.05)
    assert np.corrcoef(said_sums, true_sums)[0, 1] == pytest.approx(correlation, abs=0.08)


def test_the_best_of_more_drafts_gains_less_and_less_and_matches_a_loop() -> None:
    async def drafts(number: int) -> list[tuple[float, float]]:
        world, told = SimulatedWorld(number), []
        for seed in range(8):
            code = (await world.generator.draft(world.task, seed)).code
            drawn = await world.render(Kind.CHART, code, world.task.language)
            said = None
            if drawn.image is not None:
                said = await world.critic.critique(Kind.CHART, world.task.reference, drawn.image)
            told.append((reward(said), true_quality(code)))
        return told

    async def chosen() -> list[list[float]]:
        runs = [await drafts(number) for number in range(EPISODES // 2)]
        return [[max(told[:count])[1] for count in (1, 2, 4, 8)] for told in runs]

    one, two, four, eight = np.mean(asyncio.run(chosen()), axis=0)
    assert one < two < four < eight
    assert two - one > (four - two) > (eight - four)
    assert four > 75.0  # a loop of three rounds: 77.6


DEFECTS = st.lists(
    st.builds(
        Defect,
        area=st.integers(0, AREAS - 1),
        category=st.integers(0, 3),
        severity=st.sampled_from([1, 2, 3]),
        trait=st.integers(0, 255),
        hard=st.booleans(),
    ),
    unique_by=lambda defect: defect.area,
)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), DEFECTS)
def test_code_carries_all_of_an_artefact_and_pixels_show_it(episode: int, defects: list[Defect]) -> None:
    made = Artefact(episode, defects=tuple(sorted(defects)))
    assert Artefact.from_code(made.to_code()) == made
    sharp = CriticSkill("sharp", recall=0.999, alarms=0.001, misnames=0.0, misjudges=0.0, sharp=True)
    world = SimulatedWorld(episode, critic=sharp)
    said = asyncio.run(world.critic.critique(Kind.CHART, world.task.reference, draw(made)))
    sound, image = world.task.reference, draw(made)
    for item in said.discrepancies:
        top, left = 16 * "ABCD".index(item.location[0]), 16 * (int(item.location[1]) - 1)
        assert not np.array_equal(
            sound[top : top + 16, left : left + 16], image[top : top + 16, left : left + 16]
        )


def test_a_severer_defect_looks_worse() -> None:
    def visible(category: int, severity: int) -> float:
        spoiled = draw(Artefact(5, defects=(Defect(3, category, severity, 77),))).astype(int)
        return float(np.abs(spoiled - draw(Artefact(5))).mean())

    for category in range(4):
        assert 0 < visible(category, 1) < visible(category, 2) < visible(category, 3)


def test_no_code_and_code_that_does_not_run_are_worth_nothing() -> None:
    assert true_quality("") == true_quality(Artefact(1, runs=False).to_code()) == 0.0
    assert true_quality(Artefact(1).to_code()) == 100.0


def _run(world: SimulatedWorld, folder: Path, search: Search) -> Result:
    async def go() -> Result:
        context = RunContext(
            task=world.task,
            generator=world.generator,
            critic=world.critic,
            render=world.render,
            folder=RunFolder(folder, world.task.reference, world.task.language),
            search=search,
            allowance=Allowance(calls=search.budget.calls, tokens=search.budget.tokens),
        )
        async for event in stream(context):
            if isinstance(event, Stopped):
                return event.result
        raise AssertionError("no result")

    return asyncio.run(go())


class Uneven(SimulatedWorld):
    """A world whose renders come one after the other, in an order of its own: the pace of a busy machine."""

    def __init__(self, episode: int, order: int) -> None:
        super().__init__(episode)
        self._order = order

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None = None) -> Render:
        for _ in range(crc32(code.encode(), self._order) % 8):
            await asyncio.sleep(0.002)
        return await super().render(kind, code, language, size)


def _told(result: Result) -> list[tuple[float, float, bool]]:
    return [(item.reward, item.similarity, item.accepted) for item in result.candidates]


def test_the_loop_runs_on_it_as_it_is_and_the_same_at_any_pace(tmp_path: Path) -> None:
    search = Search(width=3, revisions=3, budget=Budget(rounds=4))
    worlds = [SimulatedWorld(11), *(Uneven(11, order) for order in range(4)), SimulatedWorld(12)]
    first, *again, other = (_run(world, tmp_path / str(n), search) for n, world in enumerate(worlds))
    assert first.best is not None and first.usage.calls > len(first.candidates)
    assert [_told(result) for result in again] == [_told(first)] * len(again)
    assert _told(first) != _told(other)


def test_what_is_spent_draws_on_the_allowance(tmp_path: Path) -> None:
    result = _run(SimulatedWorld(11), tmp_path, Search(width=4, budget=Budget(calls=5)))
    assert result.usage.calls <= 5
