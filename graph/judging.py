"""Comparing a revision with its parent: by their pixels, and by the critic's answers about both."""

from __future__ import annotations

import asyncio

from critic.closeness import nearer
from critic.consensus import consensus
from critic.human import still_open, told, with_told, without_told
from critic.relative import Closer, relative
from critic.types import Critique
from graph.acceptance import judged_anew
from graph.context import RunContext
from graph.types import Candidate, PictureRef
from prompts.usage import Usage
from renderers.types import Image

_MORE = 2
"""Answers asked for about each of the two: with the first they are three, which have a majority."""


async def compared(
    context: RunContext, candidate: Candidate, parent: Candidate | None, image: Image
) -> Candidate:
    """The candidate with what its pixels say against its parent's."""
    picture = parent.render.picture if parent and parent.render else None
    if parent is None or picture is None or not parent.accepted:
        return candidate
    before = context.folder.picture(picture)
    found = await asyncio.to_thread(nearer, context.task.reference, before, image)
    return candidate.model_copy(update={"nearer": found})


async def with_open(
    context: RunContext, candidate: Candidate, parent: Candidate | None, image: Image
) -> Candidate:
    """The candidate with what a person said of its parent and is still open."""
    picture = parent.render.picture if parent and parent.render else None
    if parent is None or picture is None or candidate.critique is None or not told(parent.discrepancies):
        return candidate
    left = {item.discrepancy for item in candidate.actions if item.discrepancy is not None and not item.done}
    before = context.folder.picture(picture)
    found = await asyncio.to_thread(
        still_open, parent.discrepancies, left, context.task.reference, before, image
    )
    return judged_anew(candidate, with_told(candidate.critique, found)) if found else candidate


async def weighed_again(
    context: RunContext, candidate: Candidate, parent: Candidate
) -> tuple[Candidate, Candidate]:
    """Both, judged beside each other by a critic that can; again one by one where that decides nothing."""
    critic = relative(context.critic)
    if critic is not None:
        pictures = (context.folder.picture(_picture(item)) for item in (parent, candidate))
        said = await critic.closer(context.task.kind, context.task.reference, *pictures)
        candidate = _with_closer(candidate, said)
        if candidate.closer:
            return candidate, parent
    return await judged_again(context, candidate, parent)


def _with_closer(candidate: Candidate, said: Closer) -> Candidate:
    assert candidate.critique is not None
    critique = candidate.critique.model_copy(update={"usage": candidate.critique.usage + said.usage})
    return candidate.model_copy(update={"closer": said.verdict, "critique": critique})


async def judged_again(
    context: RunContext, candidate: Candidate, parent: Candidate
) -> tuple[Candidate, Candidate]:
    """Candidate and parent with the consensus of more answers about each.

    The candidate bears the cost of both: it is the reason.
    """
    (after, spent), (before, extra) = await asyncio.gather(_more(context, candidate), _more(context, parent))
    known = candidate.critique.usage if candidate.critique else Usage()
    after = after.model_copy(update={"usage": known + spent + extra})
    return judged_anew(candidate, after), judged_anew(parent, before)


async def _more(context: RunContext, candidate: Candidate) -> tuple[Critique, Usage]:
    """What is said of a candidate after more answers, at the cost it had; and what those cost."""
    picture, known = _picture(candidate), candidate.critique
    assert known is not None
    own = without_told(known)
    answers = await context.answers(picture.sha256, own, context.folder.picture(picture), _MORE)
    merged = consensus(known.critic, [own, *answers]).model_copy(update={"usage": known.usage})
    merged = with_told(merged if merged.happened else own, told(known.discrepancies))
    return merged, sum((answer.usage for answer in answers), Usage())


def _picture(candidate: Candidate) -> PictureRef:
    assert candidate.render is not None and candidate.render.picture is not None
    return candidate.render.picture
