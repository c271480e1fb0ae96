"""The best so far with what others have better that do not come of the same parent, such as other drafts.

Several drafts of one picture go wrong in different places. Where their code is alike, what one of them has
right can be put into another: each difference is drawn alone, and those are taken that the pixels speak for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from graph.acceptance import best_of, line_of
from graph.authors import MERGE
from graph.context import RunContext
from graph.judging import drawn_nearer
from graph.parts import Change, apart, changes, with_changes
from graph.types import Action, Candidate, Work


async def crossed(
    context: RunContext, made: Sequence[Candidate], candidates: Sequence[Candidate]
) -> Work | None:
    """The best so far with what others have better; None where they have nothing, or it is there already.

    Args:
        context: The run's.
        made: What the latest round made, as far as it was drawn and judged.
        candidates: All so far.
    """
    best = best_of(candidates)
    if not best or not best[0].judged or best[0].description:
        return None
    leader = best[0]
    code = context.folder.text(leader.code)
    others = [item for item in made if item.accepted and _of_other_parents(leader, item, candidates)]
    brought = {
        item.id: await asyncio.to_thread(_brought, context, code, leader, item, candidates) for item in others
    }
    different = list(dict.fromkeys(change for found in brought.values() for change in found))
    if not different:
        return None
    weighed = await drawn_nearer(context, (with_changes(code, [item]) for item in different), leader)
    speaks = {item: value or 0.0 for item, value in zip(different, weighed, strict=True)}
    kept = apart(sorted((item for item in different if speaks[item] > 0.0), key=lambda item: -speaks[item]))
    together = with_changes(code, kept)
    if any(item.code and context.folder.text(item.code) == together for item in candidates):
        return None
    actions = tuple(
        Action(
            description=f"took {sum(item in kept for item in found)} of {len(found)} differences of {number}"
        )
        for number, found in brought.items()
        if any(item in kept for item in found)
    )
    return Work(id=0, parent=leader, code=together, author=MERGE, actions=actions)


def _brought(
    context: RunContext, code: str, leader: Candidate, other: Candidate, candidates: Sequence[Candidate]
) -> tuple[Change, ...]:
    """What the other has instead, but for what the one that both come of has, too: that was changed since."""
    ours = {item.id for item in line_of(leader, candidates)}
    common = next((item for item in line_of(other, candidates) if item.id in ours), None)
    before = context.folder.text(common.code) if common else None
    found = changes(code, context.folder.text(other.code))
    return tuple(item for item in found if before is None or item.text not in before)


def _of_other_parents(leader: Candidate, other: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether neither comes of the other, nor both of one parent, whose revisions are merged as such."""
    lines = [{item.id for item in line_of(one, candidates)} for one in (leader, other)]
    siblings = leader.parent is not None and leader.parent == other.parent
    return not siblings and leader.id not in lines[1] and other.id not in lines[0]
