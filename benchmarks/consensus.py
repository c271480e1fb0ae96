"""What votes and pixel evidence make of a critic that is right half of the time.

    python -m benchmarks.consensus --write

Everything is simulated but what is measured: ``critic.consensus`` and ``critic.evidence`` run on the answers
of the simulated critics and on the pixels of the simulated renders. The simulated critic is as good as
Visual-ERM is published to be; the one that names what was overlooked is as good as ``critic.pixel`` was
measured to be on charts.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import machine, table, write_section
from benchmarks.simulation import (
    PIXEL,
    VISUAL_ERM,
    Artefact,
    CriticSkill,
    SimulatedCritic,
    SimulatedWorld,
    area_of,
    draw,
)
from critic.consensus import consensus
from critic.evidence import weigh
from critic.reading import Reader
from critic.types import CATEGORIES, Critique, Discrepancy
from renderers.types import Image, Kind

KIND = Kind.CHART
MOST_VOTES = 5
RESAMPLES = 2_000
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Case:
    """One draft, what is wrong with it, and what the critics said of it."""

    reference: Image
    render: Image
    made: Artefact
    samples: tuple[Critique, ...]
    seen: tuple[Discrepancy, ...]

    def votes(self, count: int) -> tuple[Discrepancy, ...]:
        return consensus("votes", self.samples[:count]).discrepancies

    def checked(self, count: int, reader: Reader, *, adding: bool) -> tuple[Discrepancy, ...]:
        seen = self.seen if adding else ()
        return weigh(self.votes(count), seen, KIND, self.reference, self.render, reader)


class Count(NamedTuple):
    """Of one case: discrepancies named, true, both; severity sums named and true."""

    named: int
    true: int
    hits: int
    named_sum: int
    true_sum: int


Judged = Callable[[Case], tuple[Discrepancy, ...]]
Measure = Callable[[NDArray[np.float64]], float]


async def _case(episode: int, skill: CriticSkill) -> Case | None:
    world = SimulatedWorld(episode, critic=skill)
    made = Artefact.from_code((await world.generator.draft(world.task, 0)).code)
    if not made.runs:
        return None
    reference, render = world.task.reference, draw(made)
    samples = [await world.critic.critique(KIND, reference, render) for _ in range(MOST_VOTES)]
    seen = await SimulatedCritic(episode, PIXEL).critique(KIND, reference, render)
    return Case(reference, render, made, tuple(samples), seen.discrepancies)


async def cases(count: int, skill: CriticSkill = VISUAL_ERM) -> list[Case]:
    """``count`` drafts that run, from as many episodes as it takes."""
    found: list[Case] = []
    episode = 0
    while len(found) < count:
        case = await _case(episode, skill)
        found += [case] if case else []
        episode += 1
    return found


def counted(case: Case, found: Sequence[Discrepancy]) -> Count:
    """A hit names the area and the category of a defect that no other hit names."""
    true = {(item.area, CATEGORIES[KIND][item.category]) for item in case.made.defects}
    named = {(area_of(item), item.category) for item in found}
    return Count(
        named=len(found),
        true=len(true),
        hits=len(true & named),
        named_sum=sum(item.severity for item in found),
        true_sum=case.made.severity,
    )


def precision(counts: NDArray[np.float64]) -> float:
    return float(counts[:, 2].sum() / counts[:, 0].sum())


def recall(counts: NDArray[np.float64]) -> float:
    return float(counts[:, 2].sum() / counts[:, 1].sum())


def correlation(counts: NDArray[np.float64]) -> float:
    return float(np.corrcoef(counts[:, 3], counts[:, 4])[0, 1])


def _between(counts: NDArray[np.float64], measure: Measure) -> str:
    """A measure with its 95% interval, by resampling the cases."""
    rng = np.random.default_rng(SEED)
    picked = (counts[rng.integers(len(counts), size=len(counts))] for _ in range(RESAMPLES))
    low, high = np.percentile([measure(some) for some in picked], [2.5, 97.5])
    return f"{measure(counts):.3f} ({low:.3f} to {high:.3f})"


def counts(found: Sequence[Case], judged: Judged) -> NDArray[np.float64]:
    return np.array([counted(case, judged(case)) for case in found], dtype=np.float64)


def setups(reader: Reader) -> dict[str, Judged]:
    return {
        "one answer": lambda case: case.votes(1),
        "one answer, evidence": lambda case: case.checked(1, reader, adding=True),
        "3 votes": lambda case: case.votes(3),
        "5 votes": lambda case: case.votes(5),
        "5 votes, evidence against only": lambda case: case.checked(5, reader, adding=False),
        "3 votes, evidence": lambda case: case.checked(3, reader, adding=True),
        "5 votes, evidence": lambda case: case.checked(5, reader, adding=True),
        "pixels alone": lambda case: case.seen,
    }


def _main_table(found: Sequence[Case], reader: Reader) -> str:
    rows = []
    for name, judged in setups(reader).items():
        tally = counts(found, judged)
        named = float(tally[:, 0].mean())
        rows.append([name, named, *(_between(tally, of) for of in (precision, recall, correlation))])
    head = ["critique", "named", "precision (95%)", "recall (95%)", "correlation of severity sums (95%)"]
    return table(head, rows)


async def _assumptions_table(count: int, reader: Reader) -> str:
    rows = []
    for steadiness, placed in ((0.2, 0.6), (0.7, 0.6), (0.4, 0.0), (0.4, 1.0), (0.7, 0.0)):
        found = await cases(count, replace(VISUAL_ERM, steadiness=steadiness, placed=placed))
        one, more = (counts(found, setups(reader)[name]) for name in ("one answer", "5 votes, evidence"))
        rows.append([steadiness, placed, precision(one), precision(more), recall(one), recall(more)])
    head = [
        "in common",
        "place told",
        "precision, one answer",
        "5 votes, evidence",
        "recall, one answer",
        "5 votes, evidence",
    ]
    return table(head, rows)


async def report(count: int) -> str:
    """The section's text."""
    reader = Reader()
    found = await cases(count)
    drifted = float(np.mean([len(case.made.drifted) / (24 - len(case.made.defects)) for case in found]))
    return "\n\n".join(
        [
            f"`python -m benchmarks.consensus --episodes {count} --write` on {machine()}.",
            f"{count} simulated drafts (`benchmarks.simulation`), {drifted:.0%} of their sound areas drawn a "
            "pixel or two off. A hit names the area and the category of a defect. Votes and evidence are the "
            "real code, the evidence on the pixels of the renders. Intervals by resampling the drafts.",
            _main_table(found, reader),
            f"Other assumptions about the critic than {VISUAL_ERM.steadiness} for what its answers have in "
            f"common and {VISUAL_ERM.placed} for how often it tells a place that can be looked at:",
            await _assumptions_table(count, reader),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--episodes", type=int, default=400)
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    given = parser.parse_args()
    body = asyncio.run(report(given.episodes))
    print(body)
    if given.write:
        write_section("Votes and pixel evidence, on a simulated critic", body)


if __name__ == "__main__":
    main()
