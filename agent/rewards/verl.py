"""The reward as veRL 0.9 calls it: ``reward.custom_reward_function.path`` names this file.

Every sample has the same keys, as veRL demands. Its reward loop has processes of its own, so that nothing is
spread here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.rewards.columns import kind_of, reference_of
from agent.rewards.shared import ascore_all, score_all
from agent.rewards.types import Request


def compute_score(
    data_source: str = "",
    solution_str: str = "",
    ground_truth: Any = None,
    extra_info: Mapping[str, Any] | None = None,
    *,
    terms: str = "guarded",
    kind: str = "",
    **others: Any,
) -> dict[str, float]:
    """The score of one answer, and what it was made of.

    Args:
        data_source: Name of the data set; tells the kind where nothing else does.
        solution_str: The answer.
        ground_truth: The reference's path, unless ``extra_info`` names it.
        extra_info: The sample's; see ``agent.rewards.columns``.
        terms: ``reward_kwargs``: see ``agent.rewards.types.TERMS``.
        kind: ``reward_kwargs``: the kind of all samples.
        others: What else veRL hands over; not looked at.
    """
    request = _request(data_source, solution_str, ground_truth, extra_info, kind)
    return score_all([request], terms, spread=False)[0].metrics()


async def acompute_score(
    data_source: str = "",
    solution_str: str = "",
    ground_truth: Any = None,
    extra_info: Mapping[str, Any] | None = None,
    *,
    terms: str = "guarded",
    kind: str = "",
    **others: Any,
) -> dict[str, float]:
    """``compute_score`` for the managers that await, such as ``rate_limited``."""
    request = _request(data_source, solution_str, ground_truth, extra_info, kind)
    return (await ascore_all([request], terms, spread=False))[0].metrics()


def _request(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None, kind: str
) -> Request:
    sample = {**(extra_info or {}), "ground_truth": ground_truth}
    if kind:
        sample["kind"] = kind
    return Request(solution_str, reference_of(sample), kind_of(sample, data_source))
