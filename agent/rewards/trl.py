"""The reward as TRL 1 calls it, for ``GRPOTrainer(reward_funcs=[lookalike_reward])``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from agent.rewards.columns import kind_of, reference_of, text_of
from agent.rewards.shared import score_all
from agent.rewards.types import Request, Score


def lookalike_reward(
    prompts: Sequence[Any] = (),
    completions: Sequence[Any] = (),
    completion_ids: Sequence[Any] = (),
    *,
    terms: str = "guarded",
    log_metric: Callable[[str, float], None] | None = None,
    **columns: Any,
) -> list[float | None]:
    """A score for each completion; None, which TRL leaves out, where a sample has no usable reference.

    Args:
        prompts: Not looked at.
        completions: Texts, or lists of messages.
        completion_ids: Not looked at.
        terms: See ``agent.rewards.types.TERMS``.
        log_metric: Is told the mean of each part of the scores.
        columns: Of the data set: ``reference`` or ``image``, and ``kind``; see ``agent.rewards.columns``.
    """
    scores = score_all(requests(completions, columns), terms)
    if log_metric is not None and scores:
        for name in scores[0].metrics():
            log_metric(f"lookalike/{name}", sum(score.metrics()[name] for score in scores) / len(scores))
    return [score.score if score.usable else None for score in scores]


def requests(completions: Sequence[Any], columns: dict[str, Any]) -> list[Request]:
    """What to score: a sample is the row of all columns that have one value for each completion."""
    count = len(completions)
    rows = {
        name: values
        for name, values in columns.items()
        if isinstance(values, list | tuple) and len(values) == count
    }
    samples = [{name: values[row] for name, values in rows.items()} for row in range(count)]
    return [
        Request(text_of(completion), reference_of(sample), kind_of(sample))
        for completion, sample in zip(completions, samples, strict=True)
    ]


def numbers(scores: Sequence[Score]) -> list[float]:
    """The scores alone."""
    return [score.score for score in scores]
