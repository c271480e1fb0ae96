"""Comparing a revision with its parent: by their pixels, and by the critic's answers about both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from critic.closeness import nearer
from critic.consensus import consensus
from critic.human import still_open, told, with_told, without_told
from critic.relative import Closer, relative
from critic.similarity import similarity
from critic.types import Critique
from graph.acceptance import doubtful, judged_anew, pixel_evidence
from graph.context import RunContext
from graph.types import Candidate, PictureRef
from prompts.usage import Usage
from renderers.types import Image, RenderStatus

MOST_ANSWERS = 5
"""Answers about each of the two after which it is decided, doubtful or not: seven brought no more."""


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
    """Both, judged beside each other by a critic that can; again one by one while that leaves a doubt."""
    critic = relative(context.critic)
    if critic is not None:
        pictures = (context.folder.picture(_picture(item)) for item in (parent, candidate))
        said = await critic.closer(context.task.kind, context.task.reference, *pictures)
        candidate = _with_closer(candidate, said)
    known, fewest = -1, _fewest(candidate, parent)
    while doubtful(candidate, parent) and known < fewest < MOST_ANSWERS:
        candidate, parent = await _asked_again(context, candidate, parent)
        known, fewest = fewest, _fewest(candidate, parent)
    return candidate, parent


def _with_closer(candidate: Candidate, said: Closer) -> Candidate:
    assert candidate.critique is not None
    critique = candidate.critique.model_copy(update={"usage": candidate.critique.usage + said.usage})
    return candidate.model_copy(update={"closer": said.verdict, "critique": critique})


async def _asked_again(
    context: RunContext, candidate: Candidate, parent: Candidate
) -> tuple[Candidate, Candidate]:
    """Both, with one more answer about whichever has the fewest; the candidate bears the cost of both."""
    fewest, known = _fewest(candidate, parent), candidate.critique
    asked = [item for item in (candidate, parent) if answers_of(item) == fewest]
    answers = await asyncio.gather(*(answer_about(context, item) for item in asked))
    usage = sum((answer.usage for answer in answers), known.usage if known else Usage())
    heard = {item.id: with_answer(item, answer) for item, answer in zip(asked, answers, strict=True)}
    candidate, parent = (heard.get(item.id, item) for item in (candidate, parent))
    assert candidate.critique is not None
    spent = candidate.critique.model_copy(update={"usage": usage})
    return candidate.model_copy(update={"critique": spent}), parent


async def answer_about(context: RunContext, candidate: Candidate) -> Critique:
    """One more answer about a candidate's render."""
    picture, known = _picture(candidate), candidate.critique
    assert known is not None
    return await context.one_more(picture.sha256, without_told(known), context.folder.picture(picture))


def with_answer(candidate: Candidate, answer: Critique) -> Candidate:
    """The candidate with the consensus of what was said before and one more answer, at the cost it had."""
    known = candidate.critique
    assert known is not None
    if answer.failure:
        return candidate
    merged = consensus(known.critic, [without_told(known), answer]).model_copy(update={"usage": known.usage})
    return judged_anew(candidate, with_told(merged, told(known.discrepancies)))


async def drawn_nearer(context: RunContext, codes: Iterable[str], before: Candidate) -> list[float | None]:
    """What the pixels alone say for each code against a candidate's render; None where it cannot be drawn."""
    shown = await asyncio.to_thread(context.folder.picture, _picture(before))
    return await asyncio.gather(*(_nearer(context, code, shown, before.standing[1]) for code in codes))


async def _nearer(context: RunContext, code: str, shown: Image, alike: float) -> float | None:
    task = context.task
    drawn = await context.render(task.kind, code, task.language, task.size)
    if drawn.image is None or drawn.status is not RenderStatus.OK:
        return None
    return await asyncio.to_thread(_pixels, task.reference, shown, alike, drawn.image)


def _pixels(reference: Image, before: Image, alike: float, after: Image) -> float:
    return pixel_evidence(nearer(reference, before, after), alike, similarity(reference, after))


def _fewest(*candidates: Candidate) -> int:
    return min(map(answers_of, candidates))


def answers_of(candidate: Candidate) -> int:
    """How many answers its critique stands for; none that could not be read."""
    known = candidate.critique
    return 0 if known is None or known.failure else known.answers


def _picture(candidate: Candidate) -> PictureRef:
    assert candidate.render is not None and candidate.render.picture is not None
    return candidate.render.picture
