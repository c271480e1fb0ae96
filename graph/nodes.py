"""The nodes: thin async functions that return partial updates."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, Literal, TypeVar

from langgraph.func import task
from langgraph.runtime import Runtime, get_runtime
from langgraph.types import Command, Send, interrupt

from critic.deadline import OutOfTime
from critic.reward import reward
from critic.types import Critique
from graph.acceptance import attempts_before, attempts_on, best_of, doubtful, improves, ranked, scored
from graph.answers import awaited, expected
from graph.authors import records
from graph.context import RunContext
from graph.errors import WrongAnswer
from graph.events import Accepted, Critiqued, Drafted, Drafting, Event, Rejected, Rejudged, Rendered
from graph.human import Answer, heeded, meant_by
from graph.judging import answer_about, answers_of, compared, weighed_again, with_open
from graph.leading import heard, missing_answers
from graph.merging import merges
from graph.policies import Parents, View
from graph.state import CandidateOutput, CandidateState, SearchState, merge
from graph.stopping import affordable, spent, stop_reason
from graph.types import Action, Attempt, Candidate, Draft, RenderRecord, Revision, StopReason, Work
from renderers.types import Image, RenderStatus

T = TypeVar("T")
Run = Runtime[RunContext]

_BY_HAND = Action(description="written by hand")
_SECOND_SEED = 1_000_003
"""Added to the seed of a revision that is asked for once more; no run has as many candidates."""

OUT_OF_TIME = "the time budget was over"


async def candidate(state: CandidateState, runtime: Run) -> CandidateOutput:
    """Make one candidate: generate, render, critique, keep.

    What the generator answered is kept as a task's result, so that a killed run does not ask again. The rest
    has no checkpoint of its own, as each costs as much as all else here: of these steps only the critique may
    be a model's, and drawing again gives the same pixels.
    """
    work = state["work"]
    return {"candidates": await _judge(await _kept(work), work.parent, runtime)}


async def generate(work: Work) -> Candidate:
    """Ask the generator for a first draft, or for a revision of the parent."""
    runtime = get_runtime(RunContext)
    context, parent = runtime.context, work.parent
    _emit(runtime, Drafting(work.id, work.round, parent))
    candidate = Candidate(id=work.id, round=work.round, parent=parent.id if parent else None)
    draft: Draft | None
    if work.code.strip():
        candidate = candidate.model_copy(update={"author": work.author})
        draft, failure = Draft(code=work.code, actions=work.actions or (_BY_HAND,)), ""
    else:
        draft, failure = await _attempt(_ask(context, work), context)
        if draft is not None and _left_alone(draft, work, context):
            draft = await _asked_once_more(draft, work, context)
    if draft is None:
        candidate = candidate.model_copy(update={"failure": failure})
    else:
        candidate = candidate.model_copy(
            update={
                "code": context.folder.put_code(work.id, draft.code) if draft.code.strip() else "",
                "description": context.folder.put_description(work.id, draft.description),
                "actions": draft.actions,
                "usage": draft.usage,
                "failure": draft.failure,
                "author": candidate.author or draft.author,
            }
        )
    _emit(runtime, Drafted(candidate))
    return candidate


_kept = task(generate)
"""No decorator: LangGraph keeps what it sets up for a task only where the function is found by its name."""


async def _judge(candidate: Candidate, parent: Candidate | None, runtime: Run) -> tuple[Candidate, ...]:
    """Draw the candidate's code, compare it with the reference, and write the finished candidate down.

    With it comes its parent where that was judged again.
    """
    context = runtime.context
    if candidate.code:
        candidate, image = await _rendered(context, candidate)
        _emit(runtime, Rendered(candidate))
        if image is not None:
            candidate = await _critiqued(context, candidate, image)
            candidate = await compared(context, candidate, parent, image)
            candidate = await with_open(context, candidate, parent, image)
    before = parent
    candidate, parent = await _again(context, candidate, parent) or (candidate, parent)
    rejudged = (parent,) if parent is not None and parent is not before else ()
    candidate = candidate.model_copy(update={"accepted": improves(candidate, parent)})
    candidate = scored(candidate, parent)
    done = (*rejudged, candidate)
    for item in done:
        context.folder.record(item)
    for item in rejudged:
        _emit(runtime, Rejudged(item))
    _emit(runtime, Critiqued(candidate))
    _emit(runtime, (Accepted if candidate.accepted else Rejected)(candidate, parent))
    return done


async def _again(
    context: RunContext, candidate: Candidate, parent: Candidate | None
) -> tuple[Candidate, Candidate] | None:
    """Both with more of the critic's answers, where its errors may have decided; None where not."""
    if parent is None or not doubtful(candidate, parent):
        return None
    return (await _attempt(weighed_again(context, candidate, parent), context))[0]


async def plan(state: SearchState, runtime: Run) -> Command[Literal["ask", "candidate", "__end__"]]:
    """Between rounds: stop, or decide what the next round makes, each candidate on a way of its own.

    What is right in the revisions of the round before is put together first; see ``graph.merging``. Where
    somebody is in the loop, what is decided is shown first, and the answer outranks it.
    """
    context, candidates = runtime.context, tuple(state.get("candidates", ()))
    context.remember(candidates)
    answer, update = state.get("answer"), SearchState()
    if answer is not None:
        changed = heeded(answer, candidates)
        for item in changed:
            context.folder.record(item)
            _emit(runtime, Rejudged(item))
        candidates = merge(candidates, changed)
        update = SearchState(candidates=changed, answer=None)
    else:
        works = await _merges(context, candidates)
        if works:
            return _sent(works, update | SearchState(seconds=context.elapsed))
        known, candidates = candidates, await _leader_settled(context, candidates, runtime)
        update = SearchState(candidates=tuple(item for item in candidates if item not in known))
    decided = _decided(context, candidates, answer)
    if context.asks and candidates and answer is None:
        stopping = decided if isinstance(decided, StopReason) else None
        return Command(update=update | SearchState(stopping=stopping), goto="ask")
    update["seconds"] = context.elapsed
    if isinstance(decided, StopReason):
        _emit(runtime, decided)
        return Command(update=update | SearchState(stop=decided, planned=()), goto="__end__")
    round_, code = _next_round(candidates), answer.code if answer else ""
    return _sent(_works(decided, candidates, round_, code), update)


def _sent(works: tuple[Work, ...], update: SearchState) -> Command[Literal["ask", "candidate", "__end__"]]:
    """Each candidate on a way of its own."""
    return Command(
        update=update | SearchState(stop=None, planned=works),
        goto=[Send("candidate", CandidateState(work=work)) for work in works],
    )


async def _merges(context: RunContext, candidates: tuple[Candidate, ...]) -> tuple[Work, ...]:
    """What is right in the latest revisions put together, where a candidate more can be paid for."""
    if stop_reason(candidates, context.search, context.exhausted):
        return ()
    works, _failure = await _attempt(merges(context, candidates), context)
    return (works or ())[: affordable(candidates, context.search)]


async def _leader_settled(
    context: RunContext, candidates: tuple[Candidate, ...], runtime: Run
) -> tuple[Candidate, ...]:
    """The candidates after the critic was asked more about whichever was ahead, within the budget."""
    last = _next_round(candidates) > context.search.budget.rounds
    while not stop_reason(candidates, context.search, context.exhausted):
        found = missing_answers(candidates, last=last)
        if found is None:
            break
        ahead, missing = found
        judged = await _asked_more(context, ahead, missing)
        if judged is not ahead:
            known, candidates = candidates, merge(candidates, (judged,))
            candidates = candidates if context.asks else ranked(candidates)  # a person's choice stands
            for item in candidates:
                if item not in known:
                    context.folder.record(item)
                    _emit(runtime, Rejudged(item))
        if answers_of(judged) < answers_of(ahead) + missing:
            break
    context.remember(candidates)
    return candidates


async def _asked_more(context: RunContext, candidate: Candidate, count: int) -> Candidate:
    """The candidate with as many more answers, as far as they can be had and paid for."""
    for _ in range(count):
        if context.exhausted:
            break
        answer, _failure = await _attempt(answer_about(context, candidate), context)
        if answer is None:
            break
        candidate = heard(candidate, answer)
    return candidate


async def ask(state: SearchState, runtime: Run) -> SearchState:
    """The node that waits for a person. It does nothing else, for it runs again when the answer is there."""
    if not runtime.context.asks:
        return SearchState(answer=Answer())
    return SearchState(answer=interrupt(_question(state), response_schema=Answer))


def _question(state: SearchState) -> dict[str, Any]:
    """What is shown to whoever answers: the round that is over, its best, why the run would end now."""
    candidates = tuple(state.get("candidates", ()))
    best, stopping = best_of(candidates), state.get("stopping")
    return {
        "round": max((candidate.round for candidate in candidates), default=0),
        "best": best[0].id if best else None,
        "stopping": stopping.value if stopping else None,
    }


def _next_round(candidates: tuple[Candidate, ...]) -> int:
    return 1 + max((candidate.round for candidate in candidates), default=-1)


def _decided(
    context: RunContext, candidates: tuple[Candidate, ...], answer: Answer | None
) -> Parents | StopReason:
    """What to make next, or why to stop: as somebody said, else as the policy decides, within the budget."""
    if answer is not None and answer.stop:
        return StopReason.PERSON
    if answer is not None and answer.wants_work and (meant := meant_by(answer, candidates)):
        again = 1 if answer.code.strip() or not context.generator.samples else context.search.revisions
        again = min(again, max(1, affordable(candidates, context.search)))
        return spent(candidates, context.search, context.exhausted) or (meant,) * again
    view = View(
        candidates=candidates,
        round=_next_round(candidates),
        search=context.search,
        affordable=max(1, affordable(candidates, context.search)),
        samples=context.generator.samples,
    )
    decided = stop_reason(candidates, context.search, context.exhausted) or _decide(context, view)
    return _without_render(decided, candidates) if isinstance(decided, StopReason) else decided


def _decide(context: RunContext, view: View) -> Parents | StopReason:
    """The policy's decision, within what every policy is bound to."""
    decided = context.policy.plan(view)
    if isinstance(decided, StopReason):
        return decided
    decided = expected(decided, tuple, "policy", context.policy, "plan")
    if view.round > view.search.budget.rounds:
        return StopReason.ROUNDS
    return decided[: view.affordable] or StopReason.PLATEAU


def _without_render(reason: StopReason, candidates: tuple[Candidate, ...]) -> StopReason:
    """Having done all there was to do is no success where nothing rendered."""
    done = reason in (StopReason.ROUNDS, StopReason.PLATEAU)
    return StopReason.NO_RENDER if done and not best_of(candidates) else reason


def _works(parents: Parents, candidates: tuple[Candidate, ...], round_: int, code: str) -> tuple[Work, ...]:
    drafts = sum(candidate.parent is None for candidate in candidates)
    known, works = records(candidates), []
    for number, parent in enumerate(parents, start=len(candidates)):
        attempts = attempts_on(parent, candidates) if parent else ()
        earlier = attempts_before(parent, candidates) if parent else ()
        works.append(
            Work(
                id=number,
                round=round_,
                parent=parent,
                attempts=attempts,
                earlier=earlier,
                records=known if parent else (),
                draft=drafts,
                code=code,
            )
        )
        drafts += parent is None
    return tuple(works)


def _left_alone(draft: Draft, work: Work, context: RunContext) -> bool:
    """Whether a model answered a revision with nothing to draw, and may answer otherwise."""
    nothing = not draft.code.strip() and not draft.failure and bool(draft.actions)
    return nothing and work.parent is not None and context.generator.samples


async def _asked_once_more(draft: Draft, work: Work, context: RunContext) -> Draft:
    """The answer of a model that is told that it left the code as it was: a round is too dear for that."""
    tried = Attempt(actions=draft.actions, drawn=False, author=draft.author)
    again = work.model_copy(update={"attempts": (*work.attempts, tried)})
    second, _ = await _attempt(_ask(context, again, work.id + _SECOND_SEED), context)
    if second is None:
        return draft
    usage = draft.usage + second.usage
    if second.failure:
        return replace(draft, usage=usage)
    actions = second.actions if second.code.strip() else (*draft.actions, *second.actions)
    return replace(second, actions=actions, usage=usage)


async def _ask(context: RunContext, work: Work, seed: int | None = None) -> Draft:
    parent, folder = work.parent, context.folder
    if parent is None:
        drafting = context.generator.draft(context.task, seed=work.draft)
        return await awaited(drafting, Draft, "generator", context.generator, "draft")
    drawn = parent.render
    revision = Revision(
        task=context.task,
        code=folder.text(parent.code),
        description=folder.text(parent.description),
        render=folder.picture(drawn.picture) if drawn and drawn.picture else None,
        status=drawn.status if drawn else RenderStatus.ERROR,
        log=drawn.log if drawn else parent.failure,
        discrepancies=parent.discrepancies[: context.search.repairs],
        attempts=work.attempts,
        earlier=work.earlier,
        records=work.records,
        round=work.round,
        seed=work.id if seed is None else seed,
    )
    revising = context.generator.revise(revision)
    return await awaited(revising, Draft, "generator", context.generator, "revise")


async def _rendered(context: RunContext, candidate: Candidate) -> tuple[Candidate, Image | None]:
    """The candidate with its render, and the pixels where they can be compared."""
    task, code = context.task, context.folder.text(candidate.code)
    drawn, failure = await _attempt(context.render(task.kind, code, task.language, task.size), context)
    if drawn is None:
        return candidate.model_copy(update={"failure": failure}), None
    picture = await context.folder.aput_picture(drawn.image) if drawn.image is not None else None
    record = RenderRecord(status=drawn.status, picture=picture, log=drawn.log, seconds=drawn.seconds)
    image = drawn.image if drawn.status is RenderStatus.OK else None
    return candidate.model_copy(update={"render": record}), image


async def _critiqued(context: RunContext, candidate: Candidate, image: Image) -> Candidate:
    """The candidate with its critique and reward."""
    assert candidate.render is not None and candidate.render.picture is not None
    said, failure = await _attempt(context.critique(candidate.render.picture.sha256, image), context)
    return candidate.model_copy(update=_judged(said, failure))


def _judged(said: Critique | None, failure: str) -> dict[str, Any]:
    if said is None:
        return {"failure": failure, "reward": None}
    if not said.happened:
        return {"critique": said, "failure": said.failure, "reward": None}
    return {"critique": said, "reward": reward(said)}


async def _attempt(work: Awaitable[T], context: RunContext) -> tuple[T | None, str]:
    """The outcome of a step, or why it failed: one broken step costs one candidate, not the run.

    Raises:
        WrongAnswer: A part does not keep to its protocol; that would be so in every step.
    """
    try:
        return await context.within_time(work), ""
    except OutOfTime:
        return None, OUT_OF_TIME
    except WrongAnswer:
        raise
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def _emit(runtime: Run, event: Event | StopReason) -> None:
    runtime.stream_writer(event)
