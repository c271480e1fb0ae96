"""The reward as OpenRLHF 0.11 calls it: ``--reward.remote_url`` names a file with ``reward_func``.

``queries`` are prompts with their answers, ``labels`` the references' paths, or JSON objects of a sample's
columns. OpenRLHF takes tensors; where PyTorch is, as in its processes, it gets them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from agent.rewards.columns import kind_of, reference_of
from agent.rewards.shared import score_all
from agent.rewards.types import TERMS, Request, Score

_MOST = 2.0
"""The best score by the default terms; ``scores``, by which OpenRLHF filters, go from 0 to 1."""


def reward_func(
    queries: Sequence[str],
    prompts: Sequence[str] = (),
    labels: Sequence[Any] = (),
    *,
    terms: str = "guarded",
    **others: Any,
) -> dict[str, Any]:
    """Rewards, scores to filter by, and what to log, for all queries.

    Args:
        queries: Prompts with answers.
        prompts: The prompts; what a query begins with is not part of its answer.
        labels: See above.
        terms: See ``agent.rewards.types.TERMS``.
        others: Not looked at.
    """
    before = list(prompts) or [""] * len(queries)
    wanted = [_request(*row) for row in zip(queries, before, labels, strict=True)]
    scores = score_all(wanted, terms)
    rewards = [score.score for score in scores]
    share = [max(0.0, min(1.0, value / _MOST)) for value in rewards] if terms in TERMS else rewards
    logs = {name: _tensor([score.metrics()[name] for score in scores]) for name in Score(0.0).metrics()}
    return {"rewards": _tensor(rewards), "scores": _tensor(share), "extra_logs": logs}


def _request(query: str, prompt: str, label: Any) -> Request:
    sample = label if isinstance(label, Mapping) else _object(label)
    return Request(query.removeprefix(prompt), reference_of(sample), kind_of(sample))


def _object(label: Any) -> Mapping[str, Any]:
    try:
        value = json.loads(label) if isinstance(label, str) and label.lstrip().startswith("{") else None
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"reference": label}


def _tensor(values: list[float]) -> Any:
    torch = sys.modules.get("torch")
    return values if torch is None else torch.tensor(values)
