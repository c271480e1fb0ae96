"""More candidates of a round: what is right in several of it, put together without asking a model.

Of revisions made side by side each mends something else and one becomes the best: what the others mended
would have to be mended again. And a revision that mends one thing and breaks another is taken or refused as a
whole. Their changes are text, so they can be parted and put together without asking a model: the only change
of a revision that was accepted is taken as it is, one of several if the pixels speak for it alone. What does
not come of the same parent is put together in ``graph.crossing``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.acceptance import score_of
from graph.authors import MERGE
from graph.context import RunContext
from graph.crossing import crossed
from graph.judging import drawn_nearer
from graph.parts import Change, apart, changes, with_changes
from graph.types import Action, Candidate, Work
from renderers.types import RenderStatus


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken from one revision."""

    revision: Candidate
    kept: tuple[Change, ...]
    all: int


async def merges(context: RunContext, candidates: Sequence[Candidate]) -> tuple[Work, ...]:
    """The merges that the latest round is worth: one a parent, and one of those that have none in common.

    There are none where it has them already. Only a model's candidates are taken apart: an embedded
    generator's come with notes on the code.
    """
    if not context.generator.samples or not candidates:
        return ()
    latest = max(item.round for item in candidates)
    made = [item for item in candidates if item.round == latest and _drawn(item) and not item.description]
    if any(item.author == MERGE for item in candidates if item.round == latest):
        return ()
    by_id = {item.id: item for item in candidates}
    works: list[Work | None] = []
    for number in dict.fromkeys(item.parent for item in made if item.parent is not None):
        parent = by_id[number]
        if parent.accepted and _drawn(parent):
            revisions = [item for item in made if item.parent == number]
            works.append(await _merge(context, parent, revisions, candidates))
    works.append(await crossed(context, made, candidates))
    return tuple(
        work.model_copy(update={"id": number, "round": latest})
        for number, work in enumerate(filter(None, works), start=len(candidates))
    )


def _drawn(item: Candidate) -> bool:
    return item.judged and item.render is not None and item.render.status is RenderStatus.OK


async def _merge(
    context: RunContext, parent: Candidate, revisions: Sequence[Candidate], candidates: Iterable[Candidate]
) -> Work | None:
    """What is right in the revisions of one parent, where that is not the code of any candidate."""
    code = context.folder.text(parent.code)
    ordered = sorted(revisions, key=lambda item: (not item.accepted, -score_of(item)))
    taken = [await _taken(context, parent, code, item) for item in ordered]
    together = with_changes(code, apart([change for item in taken for change in item.kept]))
    if any(item.code and context.folder.text(item.code) == together for item in candidates):
        return None
    base = ordered[0] if ordered[0].accepted else parent
    actions = tuple(Action(description=_told(item)) for item in taken if item.kept)
    return Work(id=0, parent=base, code=together, author=MERGE, actions=actions)


def _told(item: _Taken) -> str:
    share = "all" if len(item.kept) == item.all else f"{len(item.kept)} of {item.all}"
    return f"took {share} of the changes of revision {item.revision.id}"


async def _taken(context: RunContext, parent: Candidate, code: str, revision: Candidate) -> _Taken:
    found = await asyncio.to_thread(changes, code, context.folder.text(revision.code))
    kept = found if revision.accepted else ()
    if len(found) > 1:
        weighed = await drawn_nearer(context, (with_changes(code, [item]) for item in found), parent)
        if None not in weighed:
            kept = tuple(item for item, speaks in zip(found, weighed, strict=True) if (speaks or 0.0) > 0.0)
    return _Taken(revision, kept, len(found))
