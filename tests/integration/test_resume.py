"""A run that is killed at any moment goes on: nothing lost, nothing repeated, the same best."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PILImage

from agent import Budget, InputError, RefinementAgent, Search
from agent.testing import ScriptedCritic, ScriptedGenerator, Step
from graph import Draft, Result, Resumed, StopReason
from graph.checkpoints import checkpointed
from tests.loop import Loop

KILLS = max(15, int(os.environ.get("LOOKALIKE_TEST_KILLS", "0")))
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "pictures"
ICON, OTHER_ICON = EXAMPLES / "svg" / "telescope.png", EXAMPLES / "svg" / "cable_car.png"
SEARCH = Search(width=4, beam=2, patience=3, budget=Budget(rounds=4))
STEPS = [
    Step(severity, similarity, delay=0.004)
    for severity, similarity in [
        (30, 0.5), (24, 0.55), (40, 0.4), (33, 0.45), (20, 0.6), (26, 0.5), (18, 0.61), (22, 0.59),
        (12, 0.7), (17, 0.62), (9, 0.75), (14, 0.72), (6, 0.8), (5, 0.81), (8, 0.79), (3, 0.9),
    ]
]  # fmt: skip


async def run_to_its_end(folder: Path, *, fresh: bool) -> Result:
    loop = Loop(STEPS, folder, SEARCH)
    loop.fresh = fresh
    async with checkpointed(folder, fresh=fresh) as graph:
        return await loop.arun(graph, "run")


def run_in_a_process(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    asyncio.run(run_to_its_end(folder, fresh=False))


@pytest.mark.long
def test_a_run_killed_at_random_moments_is_the_unbroken_run(tmp_path: Path) -> None:
    (tmp_path / "unbroken").mkdir()
    whole = asyncio.run(run_to_its_end(tmp_path / "unbroken", fresh=True))
    assert whole.best is not None and len(whole.candidates) > 8
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.integration.test_resume"])
    chance, kills, runs = random.Random(20), 0, 0
    while kills < KILLS:
        folder = tmp_path / f"run{runs}"
        runs += 1
        while True:
            process = processes.Process(target=run_in_a_process, args=(folder,))
            process.start()
            process.join(chance.uniform(0.02, 0.6))
            if process.exitcode == 0:
                break
            process.kill()
            process.join()
            kills += 1
        assert _lines(folder) == _lines(tmp_path / "unbroken")
        for name in ("best.py", "best.png"):
            assert (folder / name).read_bytes() == (tmp_path / "unbroken" / name).read_bytes()


def _lines(folder: Path) -> list[dict[str, Any]]:
    kept = ("id", "parent", "round", "reward", "similarity", "accepted", "code_file", "render")
    lines = [json.loads(line) for line in (folder / "trajectory.jsonl").read_text().splitlines()]
    return sorted(({name: line[name] for name in kept} for line in lines), key=lambda line: line["id"])


def test_a_finished_run_goes_on_with_a_larger_budget(tmp_path: Path) -> None:
    steps = [Step(20, 0.5), Step(15, 0.6), Step(10, 0.7), Step(5, 0.8)]
    with _scripted(steps) as agent:
        first = agent.refine(ICON, kind="svg", out=tmp_path, search=_rounds(1))
        second = agent.refine(ICON, out=tmp_path, search=_rounds(3), resume=True)
    assert (len(first.result.candidates), len(second.result.candidates)) == (2, 4)
    assert second.result.candidates[:2] == first.result.candidates
    assert second.result.best is not None and second.result.best.id == 3
    assert second.result.stop_reason is StopReason.ROUNDS
    assert second.result.seconds > first.result.seconds


def test_resuming_tells_what_was_complete(tmp_path: Path) -> None:
    async def told() -> list[object]:
        async with _scripted([Step(20, 0.5), Step(15, 0.6)]) as agent:
            await agent.arefine(ICON, kind="svg", out=tmp_path, search=_rounds(1))
            return [event async for event in agent.stream(ICON, out=tmp_path, resume=True)]

    event = asyncio.run(told())[0]
    assert isinstance(event, Resumed) and [item.id for item in event.candidates] == [0, 1]


def test_what_was_spent_stays_spent(tmp_path: Path) -> None:
    search = Search(patience=9, budget=Budget(rounds=9, candidates=3))
    with _scripted([Step(20, 0.5), Step(15, 0.6), Step(10, 0.7)]) as agent:
        agent.refine(ICON, kind="svg", out=tmp_path, search=search)
        again = agent.refine(ICON, out=tmp_path, search=search, resume=True)
    assert (len(again.result.candidates), again.result.stop_reason) == (3, StopReason.CANDIDATES)


def test_resuming_where_nothing_began_starts_anew(tmp_path: Path) -> None:
    with _scripted([Step(20, 0.5)]) as agent:
        done = agent.refine(ICON, kind="svg", out=tmp_path, search=_rounds(0), resume=True)
    assert len(done.result.candidates) == 1


@pytest.mark.parametrize(
    ("picture", "kind", "message"),
    [(OTHER_ICON, None, "another picture"), (ICON, "page", r"another kind \(svg, not page\)")],
)
def test_a_folder_of_another_run_is_refused(
    tmp_path: Path, picture: Path, kind: str | None, message: str
) -> None:
    with _scripted([Step(20, 0.5)]) as agent:
        agent.refine(ICON, kind="svg", out=tmp_path, search=_rounds(0))
        kept = (tmp_path / "trajectory.jsonl").read_text()
        with pytest.raises(InputError, match=message):
            agent.refine(picture, kind=kind, out=tmp_path, resume=True)
    assert (tmp_path / "trajectory.jsonl").read_text() == kept


def test_the_same_picture_packed_otherwise_is_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again.png"
    with PILImage.open(ICON) as picture:
        picture.save(again, compress_level=1)
    with _scripted([Step(20, 0.5), Step(15, 0.6)]) as agent:
        agent.refine(ICON, kind="svg", out=tmp_path / "run", search=_rounds(0))
        kept = tmp_path / "run" / json.loads((tmp_path / "run" / "run.json").read_text())["reference"]
        with PILImage.open(kept) as picture:
            picture.save(kept, compress_level=1)
        done = agent.refine(again, out=tmp_path / "run", search=_rounds(1), resume=True)
    assert len(done.result.candidates) == 2


def test_broken_checkpoints_are_named(tmp_path: Path) -> None:
    with _scripted([Step(20, 0.5)]) as agent:
        agent.refine(ICON, kind="svg", out=tmp_path, search=_rounds(0))
        (tmp_path / "checkpoints.sqlite").write_bytes(b"no database at all" * 100)
        with pytest.raises(Exception, match=r"checkpoints\.sqlite: cannot be used .*start anew"):
            agent.refine(ICON, out=tmp_path, resume=True)


class _Painter(ScriptedGenerator):
    """Writes icons in the colour that tells the scripted critic what to find."""

    async def _answer(self, seed: int) -> Draft:
        step = self._steps[min(seed, len(self._steps) - 1)]
        colour = (step.severity, *divmod(round(step.similarity * 10_000), 256))
        return Draft(
            code=f'{_SVG}<rect width="9" height="9" fill="rgb{colour}"/><circle cx="5" cy="5" r="2"/></svg>'
        )


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'


def _scripted(steps: list[Step]) -> RefinementAgent:
    return RefinementAgent(generator=_Painter(steps), critic=ScriptedCritic())


def _rounds(rounds: int) -> Search:
    return Search(budget=Budget(rounds=rounds))
