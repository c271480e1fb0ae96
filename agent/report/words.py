"""A run in words: its result in a sentence, the fates, the spend."""

from __future__ import annotations

from collections.abc import Callable

from agent.cost import dollars
from agent.report.run_folder import CandidateRecord, RunFolder, RunRecord
from critic.types import Discrepancy

_STOPPED = {
    "target": "the target was reached",
    "plateau": "further rounds no longer helped",
    "rounds": "all rounds were used",
    "candidates": "the budget of candidates was used",
    "calls": "the budget of model calls was used",
    "tokens": "the budget of tokens was used",
    "seconds": "the time was used up",
    "cancelled": "it was cancelled",
    "no_render": "nothing rendered",
    "person": "a person ended it",
    "error": "something went wrong",
}

_STATUS = {
    "ok": "rendered",
    "error": "failed to render",
    "timeout": "took too long to render",
    "blank": "rendered a blank picture",
    "refused": "was refused: unsafe code",
}

_SOURCES = {"pixel": "found in the pixels", "human": "said by a person", "agent": "said by an agent"}
_MINUTE = 60
"""Seconds."""


def result_of(folder: RunFolder) -> str:
    """The outcome of a run in one sentence."""
    best = folder.best
    if best is None or not best.rendered:
        outcome = "No candidate could be rendered" if folder.candidates else "Nothing was generated yet"
        return f"{outcome}; {stopped(folder.run)}."
    start, end = scores_of(folder)
    rounds = folder.run.rounds
    after = "" if rounds is None else f" in {count(rounds, 'round')}"
    change = f"The best was not judged{_why_not(best)}" if end is None else _change(start, end)
    change += after
    cost = "" if folder.run.seconds is None else f"; {duration(folder.run.seconds)}, {spent(folder.run)}"
    return f"{change}; {stopped(folder.run)}{cost}."


def scores_of(folder: RunFolder) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """(Reward, similarity) of the first draft and of the best; None where there is none or nobody judged."""
    run = folder.run
    return (
        _scores(run.first_reward, run.first_similarity, folder.first),
        _scores(run.reward, run.similarity, folder.best),
    )


def _scores(
    reward: float | None, similarity: float | None, candidate: CandidateRecord | None
) -> tuple[float, float] | None:
    """What the run says of a candidate, else what the candidate's own line says."""
    if candidate is not None:
        reward = candidate.reward if reward is None else reward
        similarity = candidate.similarity if similarity is None else similarity
    return None if reward is None or similarity is None else (reward, similarity)


def _change(start: tuple[float, float] | None, end: tuple[float, float]) -> str:
    if start is None:
        return f"Reward {reward(end[0])}, similarity {similarity(end[1])}; the first draft was not judged"
    return f"Reward {_moved(reward, start[0], end[0])}, similarity {_moved(similarity, start[1], end[1])}"


def _why_not(best: CandidateRecord) -> str:
    return f" ({best.log.strip()})" if best.log.strip() else ""


def _moved(said: Callable[[float], str], start: float, end: float) -> str:
    if said(start) == said(end):
        return f"stayed at {said(end)}"
    verb = "rose" if end > start else "fell"
    return f"{verb} from {said(start)} to {said(end)}"


UNKNOWN = "\N{EN DASH}"
"""Stands where nobody measured."""


def reward(value: float | None) -> str:
    """A reward of 0..2."""
    return UNKNOWN if value is None else f"{value:.2f}"


def similarity(value: float | None) -> str:
    """A similarity of 0..1; 1.0000 only where the pictures are equal."""
    if value is None:
        return UNKNOWN
    return f"{value if value >= 1 else min(value, 0.9999):.4f}"


def ink(share: float | None) -> str:
    """A share of ink; 100% only where all of it agrees, and empty where it is not known."""
    return "" if share is None else f"{share if share >= 1 else min(share, 0.999):.1%}"


def stopped(run: RunRecord) -> str:
    """Why a run ended, in words."""
    if run.stop_reason is None:
        return "the run has not finished"
    because = f"it stopped because {_STOPPED.get(run.stop_reason, plain(run.stop_reason))}"
    return f"{because} ({run.error.strip()})" if run.error.strip() else because


def stop_label(run: RunRecord) -> str:
    """Why a run ended, short."""
    return "Not finished" if run.stop_reason is None else f"Stopped: {plain(run.stop_reason)}"


def spent(run: RunRecord) -> str:
    """What a run cost, in words."""
    usage = run.spend
    if not usage.calls:
        return "no model calls"
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    return (
        f"{count(usage.calls, 'model call')}, {usage.prompt_tokens:,} tokens in{cached}, "
        f"{usage.completion_tokens:,} out{'' if run.cost is None else f', {dollars(run.cost)}'}"
    )


def count(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it needs it."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float | None) -> str:
    """A time for a person."""
    if seconds is None:
        return "unknown time"
    if seconds < _MINUTE:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def status(name: str) -> str:
    """How a render ended, as the end of "the candidate …"."""
    return _STATUS.get(name, name or "has no render")


def plain(name: str) -> str:
    """``text_error`` as "text error"."""
    return name.replace("_", " ")


def severity(level: int) -> str:
    """1..3 in words."""
    return {1: "minor", 2: "medium", 3: "severe"}[level]


def standing(item: Discrepancy) -> str:
    """Who found a discrepancy, or how many of a critic's answers name it; empty for nothing to say."""
    if item.source:
        return _SOURCES.get(item.source, f"found by {item.source}")
    return "" if item.agreement is None else f"{item.agreement:.0%} agreement"
