"""VC-RewardBench's figures: F1 hard and soft, micro-averaged, and the correlation of severities.

Counts are summed over the pairs of a kind, or of all, before F1 is taken. A partial match is no hit (hard) or
half a one (soft), and neither a false positive nor a false negative. Hits count for the category that was
predicted. F1 of nothing against nothing is 1. Intervals are 95%, by resampling pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from critic.rewardbench.matching import Matched
from critic.types import Discrepancy
from renderers.types import Kind

PARTIAL = 0.5
"""Of a hit, that a partial match is worth in the soft figures."""

RESAMPLES = 2_000
_AT_A_TIME = 100
_SEED = 0
_INTERVAL = (2.5, 97.5)


class Counts(BaseModel):
    """What matching came to, for one category of one pair.

    Attributes:
        hits: Certain matches.
        partial: Partial ones.
        false: Predicted errors that are none.
        missed: Known errors that were not predicted.
        predicted: Sum of the predicted severities.
        known: Sum of the known ones.
    """

    model_config = ConfigDict(frozen=True)

    hits: int = 0
    partial: int = 0
    false: int = 0
    missed: int = 0
    predicted: float = 0.0
    known: float = 0.0


class PairScore(BaseModel):
    """One pair's counts.

    Attributes:
        id: The pair's.
        kind: Of picture.
        counts: By category.
        unparsed: Why there is no critique to count; it counts as one without errors.
        unjudged: Why nobody could match; all counts as missed and false then.
        untouched: There was nothing to find.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    counts: dict[str, Counts]
    unparsed: str = ""
    unjudged: str = ""
    untouched: bool = False

    @property
    def total(self) -> Counts:
        """All categories together."""
        fields = Counts.model_fields
        return Counts(**{name: sum(getattr(item, name) for item in self.counts.values()) for name in fields})


def counted(
    matched: Matched, predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]
) -> dict[str, Counts]:
    """What a matching comes to, by category."""
    sums: dict[str, dict[str, float]] = {}

    def add(category: str, name: str, value: float = 1) -> None:
        row = sums.setdefault(category, dict.fromkeys(Counts.model_fields, 0))
        row[name] += value

    for match in matched.matches:
        add(predicted[match.predicted].category, "hits" if match.level == "yes" else "partial")
    for index in matched.unmatched_predicted:
        if 0 <= index < len(predicted):
            add(predicted[index].category, "false")
    for index in matched.unmatched_known:
        if 0 <= index < len(known):
            add(known[index].category, "missed")
    for error in predicted:
        add(error.category, "predicted", error.severity)
    for error in known:
        add(error.category, "known", error.severity)
    return {category: Counts(**row) for category, row in sums.items()}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure and its interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        """As printed: a percentage, with its interval."""
        if self.value is None:
            return "undefined"
        between = (
            "" if self.low is None or self.high is None else f" ({100 * self.low:.1f}-{100 * self.high:.1f})"
        )
        return f"{100 * self.value:.1f}{between}"


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of a set of pairs.

    Attributes:
        pairs: How many.
        known: Errors that there are.
        predicted: Errors that were named.
        hard: F1, a partial match worth nothing.
        soft: F1, a partial match worth half.
        correlation: Pearson's, of the pairs' severity sums.
    """

    pairs: int
    known: int
    predicted: int
    hard: Figure
    soft: Figure
    correlation: Figure


@dataclass(slots=True)
class Summary:
    """The figures of a benchmark.

    Attributes:
        overall: All pairs.
        kinds: By kind.
        categories: By kind and category.
        unparsed: Pairs whose critique could not be had or read.
        unjudged: Pairs that nobody could match.
        untouched: Pairs with nothing to find, and in how many of them nothing was found.
    """

    overall: Scores
    kinds: dict[Kind, Scores] = field(default_factory=dict)
    categories: dict[tuple[Kind, str], Scores] = field(default_factory=dict)
    unparsed: int = 0
    unjudged: int = 0
    untouched: tuple[int, int] = (0, 0)


def summarise(pairs: Sequence[PairScore], *, published: bool = False) -> Summary:
    """The figures of judged pairs.

    Args:
        pairs: In any order.
        published: Leave out the pairs that nobody could match, as the published script does.
    """
    kept = [pair for pair in pairs if not (published and pair.unjudged)]
    kept.sort(key=lambda pair: pair.id)
    clean = [pair for pair in kept if pair.untouched]
    summary = Summary(
        overall=scores([pair.total for pair in kept]),
        unparsed=sum(bool(pair.unparsed) for pair in kept),
        unjudged=sum(bool(pair.unjudged) for pair in pairs),
        untouched=(len(clean), sum(pair.total.false == 0 for pair in clean)),
    )
    for kind in Kind:
        of_kind = [pair for pair in kept if pair.kind == kind]
        if not of_kind:
            continue
        summary.kinds[kind] = scores([pair.total for pair in of_kind])
        for category in sorted({name for pair in of_kind for name in pair.counts}):
            rows = [pair.counts.get(category, Counts()) for pair in of_kind]
            summary.categories[kind, category] = scores(rows)
    return summary


def scores(rows: Sequence[Counts]) -> Scores:
    """The figures of one set of counts, with their intervals."""
    table = np.array(
        [
            (row.hits, row.partial, row.false, row.missed, x, y, x * x, y * y, x * y, 1.0)
            for row in rows
            for x, y in [(row.predicted, row.known)]
        ],
        dtype=np.float64,
    ).reshape(-1, 10)
    sums = table.sum(axis=0)[None]
    drawn = _resampled(table)
    hits, partial, false, missed = (int(value) for value in sums[0, :4])
    return Scores(
        pairs=len(rows),
        known=hits + partial + missed,
        predicted=hits + partial + false,
        hard=_figure(f1(sums, 0.0), f1(drawn, 0.0)),
        soft=_figure(f1(sums, PARTIAL), f1(drawn, PARTIAL)),
        correlation=_figure(pearson(sums), pearson(drawn)),
    )


def _resampled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sums of tables of the same length, drawn from this one with replacement."""
    count = len(table)
    if not count:
        return np.zeros((1, table.shape[1]))
    chance = np.random.default_rng(_SEED)
    parts = [
        chance.multinomial(count, np.full(count, 1.0 / count), _AT_A_TIME) @ table
        for _ in range(RESAMPLES // _AT_A_TIME)
    ]
    return np.concatenate(parts)


def f1(sums: NDArray[np.float64], partial: float) -> NDArray[np.float64]:
    """F1 of rows of sums: hits, partial, false, missed."""
    hits = sums[:, 0] + partial * sums[:, 1]
    wrong = sums[:, 2] + sums[:, 3]
    whole = 2 * hits + wrong
    return np.where(whole > 0, 2 * hits / np.where(whole > 0, whole, 1.0), 1.0)


def pearson(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pearson's correlation from sums of x, y, xx, yy, xy and the count; NaN where one side is constant."""
    x, y, xx, yy, xy, count = sums[:, 4:].T
    top = count * xy - x * y
    below = (count * xx - x * x) * (count * yy - y * y)
    defined = below > _NOTHING * (count * count)
    return np.where(defined, top / np.sqrt(np.where(defined, below, 1.0)), np.nan)


_NOTHING = 1e-9
"""A product of variances below this is that of a constant, rounded."""


def _figure(value: NDArray[np.float64], drawn: NDArray[np.float64]) -> Figure:
    if np.isnan(value[0]):
        return Figure(None)
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Figure(float(value[0]))
    low, high = np.percentile(known, _INTERVAL)
    return Figure(float(value[0]), float(low), float(high))
