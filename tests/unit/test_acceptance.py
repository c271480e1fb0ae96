"""What speaks for a revision, when both are judged again, and what a plateau is with a critic that errs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

import pytest

from agent.testing import FaultyProgram, FaultyWorld, Skill
from agent.testing_faults import FaultyCritic
from critic.relative import Closer
from critic.reward import reward
from critic.types import Critic, Critique, Discrepancy
from graph import Budget, Candidate, Result, RunContext, RunFolder, Search, Stopped, StopReason, stream
from graph.acceptance import best_of, doubtful, improves, scored
from graph.types import RenderRecord
from prompts.usage import Usage
from renderers.pictures import digest
from renderers.service import Renderers
from renderers.types import Image, Kind, RenderStatus

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90" viewBox="0 0 120 90">'
    '<rect x="10" y="10" width="30" height="40" fill="#d62728"/>'
    '<circle cx="80" cy="30" r="18" fill="#1f77b4"/>'
    '<rect x="60" y="60" width="50" height="20" fill="#2ca02c"/><ellipse cx="25" cy="70" rx="15" ry="9" '
    'fill="#ff7f0e"/></svg>'
)


def judged(severity: int, similarity: float = 0.9, steady: bool = False, **more: object) -> Candidate:
    minor = Discrepancy(category="data_error", severity=1, description="x")
    said = Critique(critic="c", discrepancies=(minor,) * severity, similarity=similarity, steady=steady)
    render = RenderRecord(status=RenderStatus.OK)
    given = {"id": 0, "render": render, "critique": said, "reward": reward(said), "accepted": True, **more}
    return Candidate.model_validate(given)


@pytest.mark.parametrize(
    ("after", "nearer", "accepted", "again"),
    [
        (10, (0.0, 0.0), False, True),  # nothing speaks for it
        (10, (0.9, 0.9), True, True),  # the pixels do, the critic is silent
        (13, (0.9, 0.9), False, True),  # the critic names a little more, as one answer may
        (4, (-0.1, 0.0), True, True),
        (10, (-0.9, -0.9), False, True),
        (7, (-0.9, -0.9), False, True),
        (30, (0.9, 0.9), False, True),  # it names far more
        (60, (-0.9, -0.9), False, False),  # and the pixels agree
    ],
)
def test_pixels_and_critic_are_weighed(
    after: int, nearer: tuple[float, ...], accepted: bool, again: bool
) -> None:
    parent, child = judged(10), judged(after, nearer=nearer)
    assert improves(child, parent) is accepted
    assert doubtful(child, parent) is again


@pytest.mark.parametrize(("closer", "accepted"), [(1, True), (0, False), (-1, False)])
def test_a_verdict_on_both_beside_each_other_decides_in_doubt(closer: int, accepted: bool) -> None:
    parent, child = judged(10), judged(12, nearer=(0.8, 0.8), closer=closer)
    assert doubtful(child, parent)
    assert improves(child, parent) is accepted
    assert not improves(judged(14, nearer=(-0.9, -0.9), closer=1), parent)  # against all else it does not


def test_a_critic_that_always_says_the_same_is_not_asked_again_and_needs_no_margin() -> None:
    parent, child = judged(10, 0.9, True), judged(10, 0.901, True)
    assert improves(child, parent) and not improves(parent, child)
    assert not doubtful(child, parent)


def test_what_lowers_reward_and_similarity_of_a_steady_critic_is_no_gain_however_near_the_pixels_lie() -> (
    None
):
    parent = judged(10, 0.97, True)
    assert not improves(judged(11, 0.95, True, nearer=(0.9, 0.9)), parent)
    assert improves(
        judged(11, 0.98, True, nearer=(0.9, 0.9)), parent
    )  # one fell, and the pixels speak for it


def test_fewer_small_findings_do_not_outweigh_that_the_picture_is_much_farther_away() -> None:
    """A page whose lines all moved one pixel, which no eye sees; a table that was set anew still counts."""
    parent = judged(17, 0.983, steady=True)
    assert not improves(judged(10, 0.917, steady=True, nearer=(0.5, 0.5)), parent)
    assert improves(judged(10, 0.98, steady=True, nearer=(0.5, 0.5)), parent)
    assert improves(judged(12, 0.744, steady=True, nearer=(0.5, 0.5)), judged(11, 0.567, steady=True)), (
        "more was found as more could be compared"
    )


def test_an_accepted_revision_ranks_above_its_parent_whatever_the_reward() -> None:
    parent = scored(judged(10, id=0), None)
    child = scored(judged(12, id=1, parent=0, nearer=(0.9, 0.9)), parent)
    other = scored(judged(11, id=2), None)
    assert [item.id for item in best_of((other, parent, child), 3)] == [1, 0, 2]


class Beside(FaultyCritic):
    """Errs as the other one does, but not where it sees two renders beside each other."""

    def __init__(self, world: FaultyWorld) -> None:
        super().__init__(world, 0)
        self._faults = world.seen

    async def closer(self, kind: Kind, reference: Image, first: Image, second: Image) -> Closer:
        """The one with fewer faults."""
        before, after = (len(self._faults[digest(image)]) for image in (first, second))
        return Closer((before > after) - (before < after), Usage(calls=2))


def run(
    folder: Path, skill: Skill, rounds: int, critic: Callable[[FaultyWorld], Critic] = attrgetter("critic")
) -> tuple[Result, list[int]]:
    """A run on the stand-ins, and the true severities of the best so far."""

    async def go() -> tuple[Result, list[int]]:
        program = FaultyProgram(Kind.SVG, SVG, 7, seed=3)
        async with Renderers() as renderers:
            drawn = await renderers.render(Kind.SVG, program.code(frozenset()), "svg", None)  # type: ignore[arg-type]
            assert drawn.image is not None
            first = frozenset(range(len(program.faults) - 1))
            world = FaultyWorld(program, drawn.image, renderers.render, first=first, skill=skill, seed=1)
            context = RunContext(
                task=world.task,
                generator=world.generator,
                critic=critic(world),
                render=world.render,
                folder=RunFolder(folder, drawn.image, world.task.language),
                search=Search(budget=Budget(rounds=rounds)),
            )
            best: list[int] = []
            async for event in stream(context):
                if isinstance(event, Stopped):
                    kept = [
                        best_of(event.result.candidates[: n + 1])[0]
                        for n in range(len(event.result.candidates))
                    ]
                    best = [world.true_severity(context.folder.text(item.code)) for item in kept]
                    return event.result, best
        raise AssertionError("no result")

    return asyncio.run(go())


def test_with_models_that_err_in_nothing_the_best_never_gets_worse(tmp_path: Path) -> None:
    perfect = Skill(mends=1, breaks=0, misses=0, invents=0, misjudges=0, garbles=0)
    result, best = run(tmp_path, perfect, 9)
    assert best[-1] <= best[0] / 2
    assert best == sorted(best, reverse=True)
    assert result.best is not None


def test_a_plateau_comes_only_once_what_the_critic_named_was_tried(tmp_path: Path) -> None:
    hopeless = Skill(mends=0, breaks=0, misses=0.3, invents=0.3)
    result, _ = run(tmp_path, hopeless, 20)
    assert result.stop_reason is StopReason.PLATEAU
    assert len(result.candidates) - 1 >= len(result.candidates[0].discrepancies)


def test_a_critic_that_can_is_shown_both_beside_each_other_where_there_is_doubt(tmp_path: Path) -> None:
    result, best = run(tmp_path, Skill(garbles=0), 8, Beside)
    asked = [item for item in result.candidates if item.closer]
    assert asked
    for item in asked:
        assert item.accepted is (item.closer > 0)
        refused = sum(other.parent == item.id and not other.accepted for other in result.candidates)
        # judged, and seen twice beside its parent; judged again only once it could not be mended
        assert item.critique is not None
        assert item.critique.usage.calls <= 3 + refused
    assert best == sorted(best, reverse=True)
