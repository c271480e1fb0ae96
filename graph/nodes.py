"""The nodes: thin async functions that return partial updates."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from langgraph.runtime import Runtime
from langgraph.types import Send

from critic.fate import fates
from critic.reward import RENDERED, reward
from critic.types import Critique
from graph.acceptance import attempts_on, best_of, improves
from graph.context import OutOfTime, RunContext
from graph.events import Accepted, Critiqued, Drafted, Drafting, Event, Rejected, Rendered
from graph.policies import Parents, View
from graph.state import CandidateOutput, CandidateState, SearchState
from graph.stopping import affordable, stop_reason
from graph.types import Candidate, Draft, RenderRecord, Revision, StopReason, Work
from renderers.pictures import size_of
from renderers.types import Image, Render, RenderStatus

T = TypeVar("T")
Run = Runtime[RunContext]

OUT_OF_TIME = "the time budget was over"


async def generate(state: CandidateState, runtime: Run) -> CandidateState:
    """Ask the generator for a first draft, or for a revision of the parent."""
    context, work = runtime.context, state["work"]
    parent = work.parent
    _emit(runtime, Drafting(work.id, work.round, parent))
    candidate = Candidate(id=work.id, round=work.round, parent=parent.id if parent else None)
    draft, failure = await _attempt(_ask(context, work), context)
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
            }
        )
    _emit(runtime, Drafted(candidate))
    return {"candidate": candidate}


async def render(state: CandidateState, runtime: Run) -> CandidateState:
    """Draw the candidate's code."""
    context, candidate = runtime.context, state["candidate"]
    task = context.task
    if not candidate.code:
        return {}
    code = context.folder.text(candidate.code)
    drawn, failure = await _attempt(
        context.render(task.kind, code, task.language, size_of(task.reference)), context
    )
    update = {"failure": failure} if drawn is None else {"render": _record(context, drawn)}
    candidate = candidate.model_copy(update=update)
    _emit(runtime, Rendered(candidate))
    return {"candidate": candidate}


async def critique(state: CandidateState, runtime: Run) -> CandidateState:
    """Compare the render with the reference, and decide whether the candidate is accepted."""
    context, candidate = runtime.context, state["candidate"]
    picture = candidate.render.picture if candidate.render else None
    if candidate.render is not None and candidate.render.status is RenderStatus.OK and picture is not None:
        said, failure = await _attempt(
            context.critique(picture.sha256, context.folder.picture(picture)), context
        )
        candidate = candidate.model_copy(update=_judged(said, failure))
    accepted = improves(candidate, state["work"].parent)
    return {"candidate": candidate.model_copy(update={"accepted": accepted})}


async def keep(state: CandidateState, runtime: Run) -> CandidateOutput:
    """Write the finished candidate to the run folder, as it happens."""
    candidate = state["candidate"]
    runtime.context.folder.record(candidate)
    _emit(runtime, Critiqued(candidate))
    _emit(runtime, _verdict(candidate, state["work"].parent))
    return {"candidates": (candidate,)}


async def plan(state: SearchState, runtime: Run) -> SearchState:
    """Between rounds: stop, or decide what the next round makes."""
    context, candidates = runtime.context, tuple(state.get("candidates", ()))
    round_ = 1 + max((candidate.round for candidate in candidates), default=-1)
    decided = stop_reason(candidates, context.search, context.exhausted) or _decide(
        context, View(candidates, round_, context.search, max(1, affordable(candidates, context.search)))
    )
    if isinstance(decided, StopReason):
        return {"stop": _without_render(decided, candidates), "planned": (), "seconds": context.elapsed}
    return {"stop": None, "planned": _works(decided, candidates, round_), "seconds": context.elapsed}


def _decide(context: RunContext, view: View) -> Parents | StopReason:
    """The policy's decision, within what every policy is bound to."""
    decided = context.policy.plan(view)
    if isinstance(decided, StopReason):
        return decided
    if view.round > view.search.budget.rounds:
        return StopReason.ROUNDS
    return decided[: view.affordable] or StopReason.PLATEAU


def fan_out(state: SearchState) -> list[Send] | str:
    """One way through generate, render and critique for each planned candidate."""
    if state.get("stop"):
        return "end"
    return [Send("candidate", CandidateState(work=work)) for work in state["planned"]]


def _verdict(candidate: Candidate, parent: Candidate | None) -> Accepted | Rejected:
    comparable = parent is not None and parent.critique is not None and candidate.critique is not None
    changed = fates(parent.discrepancies, candidate.discrepancies) if parent and comparable else None
    return (Accepted if candidate.accepted else Rejected)(candidate, parent, changed)


def _without_render(reason: StopReason, candidates: tuple[Candidate, ...]) -> StopReason:
    """Having done all there was to do is no success where nothing rendered."""
    done = reason in (StopReason.ROUNDS, StopReason.PLATEAU)
    return StopReason.NO_RENDER if done and not best_of(candidates) else reason


def _works(parents: Parents, candidates: tuple[Candidate, ...], round_: int) -> tuple[Work, ...]:
    drafts = sum(candidate.parent is None for candidate in candidates)
    works = []
    for number, parent in enumerate(parents, start=len(candidates)):
        attempts = attempts_on(parent, candidates) if parent else ()
        works.append(Work(id=number, round=round_, parent=parent, attempts=attempts, draft=drafts))
        drafts += parent is None
    return tuple(works)


async def _ask(context: RunContext, work: Work) -> Draft:
    parent, folder = work.parent, context.folder
    if parent is None:
        return await context.generator.draft(context.task, seed=work.draft)
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
        round=work.round,
        seed=work.id,
    )
    return await context.generator.revise(revision)


def _judged(said: Critique | None, failure: str) -> dict[str, Any]:
    if said is None:
        return {"failure": failure, "reward": RENDERED}
    if said.failure and not said.fallback:
        return {"critique": said, "failure": said.failure, "reward": RENDERED}
    return {"critique": said, "reward": reward(said)}


def _record(context: RunContext, drawn: Render) -> RenderRecord:
    image: Image | None = drawn.image
    picture = context.folder.put_picture(image) if image is not None else None
    return RenderRecord(status=drawn.status, picture=picture, log=drawn.log, seconds=drawn.seconds)


async def _attempt(work: Awaitable[T], context: RunContext) -> tuple[T | None, str]:
    """The outcome of a step, or why it failed: one broken step costs one candidate, not the run."""
    try:
        return await context.within_time(work), ""
    except OutOfTime:
        return None, OUT_OF_TIME
    except Exception as error:
        return None, f"{type(error).__name__}: {error}"


def _emit(runtime: Run, event: Event) -> None:
    runtime.stream_writer(event)
