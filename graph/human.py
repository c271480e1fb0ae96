"""A person in the loop: what is asked between two rounds, what can be answered, and what becomes of that."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from critic.human import HUMAN, SOURCES, with_told
from critic.types import Discrepancy
from graph.acceptance import best_of, chosen, judged_anew
from graph.errors import WrongAnswer
from graph.types import Candidate

_LONGEST_CODE = 5_000_000
"""Characters of code by hand: more than any renderer takes."""


class Answer(BaseModel):
    """What a person says between two rounds; with nothing said the run goes on by itself.

    Attributes:
        stop: End the run here; the best, or the candidate that is named, is the result.
        candidate: The candidate that is meant, which from now on counts as the best, whatever critics say of
            it: to go on from, to go back to, to end with. None means the best so far.
        rejected: Candidates that are not to be gone on from.
        discrepancies: What is wrong with the candidate; the next round mends that.
        code: The candidate's code as changed by hand, which becomes a candidate of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stop: bool = False
    candidate: int | None = Field(default=None, ge=0)
    rejected: tuple[int, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    code: str = Field(default="", max_length=_LONGEST_CODE)

    @property
    def wants_work(self) -> bool:
        """Whether there is something to do next, whatever the search would do."""
        return not self.stop and (self.candidate is not None or bool(self.discrepancies or self.code.strip()))


def checked(answer: object, candidates: Sequence[Candidate]) -> Answer:
    """The answer, if it can be followed; nothing is an answer that says nothing.

    Raises:
        WrongAnswer: It is no ``Answer``, or of a candidate that there is not, or that was never judged.
    """
    if answer is None:
        return Answer()
    if not isinstance(answer, Answer):
        raise WrongAnswer(f"a {type(answer).__name__} is no answer; give a graph.Answer, or None to go on")
    by_id = {candidate.id: candidate for candidate in candidates}
    named = [answer.candidate] if answer.candidate is not None else []
    for number in (*named, *answer.rejected):
        if number not in by_id:
            raise WrongAnswer(f"there is no candidate {number}; there are {', '.join(map(str, by_id))}")
    meant = meant_by(answer, candidates)
    if answer.discrepancies and (meant is None or meant.critique is None):
        raise WrongAnswer("there is no candidate with a render of which something could be said to be wrong")
    return answer


def meant_by(answer: Answer, candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate that an answer is about; None where there is none."""
    if answer.candidate is None:
        best = best_of(item for item in candidates if item.id not in answer.rejected)
        return best[0] if best else None
    return next((item for item in candidates if item.id == answer.candidate), None)


def heeded(answer: Answer, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those candidates that are others by what was said of them; the same when it is said again."""
    by_id = {candidate.id: candidate for candidate in candidates}
    for number in answer.rejected:
        if number in by_id:
            by_id[number] = by_id[number].model_copy(update={"accepted": False})
    meant = meant_by(answer, candidates)
    if meant is not None and (answer.candidate is not None or answer.wants_work):
        meant = by_id[meant.id]
        if answer.discrepancies and meant.critique is not None:
            meant = judged_anew(meant, with_told(meant.critique, map(_sourced, answer.discrepancies)))
        by_id[meant.id] = chosen(meant, [item for item in by_id.values() if item.id != meant.id])
    return tuple(by_id[item.id] for item in candidates if by_id[item.id] != item)


def _sourced(item: Discrepancy) -> Discrepancy:
    return item if item.source in SOURCES else item.model_copy(update={"source": HUMAN})
