"""Matching by a language model that sees no picture, as VC-RewardBench does it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from critic.rewardbench.matching import Level, Match, Matched, complete
from critic.rewardbench.records import Item
from critic.types import CATEGORIES, Discrepancy
from prompts.client import ChatClient, ChatRequest
from prompts.endpoint import Sampling
from prompts.errors import ModelError
from prompts.library import Templates
from prompts.messages import Message

SYSTEM = "You are a helpful assistant."
"""The published scripts' system message, for asking and for judging."""

_SAMPLING = Sampling(max_tokens=8192)
_LEVELS: tuple[Level, ...] = ("yes", "partial")
_FAILED_TWICE = 2


class JudgeMatcher:
    """Asks a model once for each pair, and once more where its answer cannot be read.

    What the model leaves out or invents is mended: matches are one to one and within the lists. With
    ``published`` its own lists of what is left over count, as in the published script, even where they do not
    fit its matches.
    """

    name = "judge"

    def __init__(self, client: ChatClient, templates: Templates, *, published: bool = False) -> None:
        """Ask through ``client``, which its owner closes."""
        self._client, self._templates, self._published = client, templates, published

    async def match(
        self, item: Item, predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]
    ) -> Matched:
        """Match the two lists; a failure is told, not raised."""
        if not self._published and not (predicted and known):
            return complete([], len(predicted), len(known))  # there is nothing to ask
        failure = ""
        for _ in range(1 if self._published else _FAILED_TWICE):
            try:
                answer = await self._client.chat(self.request(item, predicted, known))
            except ModelError as error:
                failure = str(error)
                continue
            found = parse_matches(answer.text)
            if found is not None:
                return _mended(found, len(predicted), len(known), published=self._published)
            failure = "the judge's answer could not be read"
        return complete([], len(predicted), len(known), failure)

    def request(
        self, item: Item, predicted: Sequence[Discrepancy], known: Sequence[Discrepancy]
    ) -> ChatRequest:
        """The question: both lists with ids, types, severities and descriptions."""
        text = self._templates.render(
            "shared",
            "match",
            picture=item.kind.value,
            categories=CATEGORIES[item.kind],
            predicted=_listed("pred_id", predicted),
            known=_listed("gt_id", known),
        )
        return ChatRequest((Message("system", (SYSTEM,)), Message("user", (text,))), _SAMPLING)


def _listed(name: str, errors: Sequence[Discrepancy]) -> str:
    rows = [
        {
            name: index,
            "type": error.category,
            "description": error.description,
            "severity": error.severity,
        }
        for index, error in enumerate(errors)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def parse_matches(text: str) -> dict[str, Any] | None:
    """The judge's object, fenced or among other words; None where there is none."""
    start, end = text.find("{"), text.rfind("}")
    try:
        value = json.loads(text[start : end + 1]) if 0 <= start < end else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _mended(found: dict[str, Any], predicted: int, known: int, *, published: bool) -> Matched:
    matches: list[Match] = []
    for entry in found.get("matches") or ():
        match = _match(entry, predicted, known)
        if match is not None and not any(
            match.predicted == other.predicted or match.known == other.known for other in matches
        ):
            matches.append(match)
    whole = complete(matches, predicted, known)
    if not published:
        return whole
    return whole.model_copy(
        update={
            "unmatched_predicted": _own(found.get("unmatched_pred")) or whole.unmatched_predicted,
            "unmatched_known": _own(found.get("unmatched_gt")) or whole.unmatched_known,
        }
    )


def _match(entry: Any, predicted: int, known: int) -> Match | None:
    if not isinstance(entry, dict):
        return None
    said, true, level = entry.get("pred_id"), entry.get("gt_id"), entry.get("match_level")
    if type(said) is not int or type(true) is not int or level not in _LEVELS:
        return None
    return Match(said, true, level) if 0 <= said < predicted and 0 <= true < known else None


def _own(value: Any) -> tuple[int, ...]:
    """A list of the judge's, each once."""
    return (
        tuple(dict.fromkeys(item for item in value if type(item) is int)) if isinstance(value, list) else ()
    )
