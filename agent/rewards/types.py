"""What a reward is asked about, what it finds, and the terms that make a score of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from critic.reward import RENDERED, SEVERITY_SCALE, reward
from critic.types import Critique
from renderers.types import Kind


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to score.

    Attributes:
        answer: All that the model wrote; its code is taken out of it as of a generator's.
        reference: The picture to reproduce: a path, or the file's bytes.
        kind: What it shows; found out from the pixels where None.
    """

    answer: str
    reference: Path | bytes
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about an answer.

    Attributes:
        extracted: There is code in it.
        rendered: The code drew something.
        blank: What it drew is empty, or nearly so beside the reference.
        copied: Most of what it drew is an embedded picture: the reference's own pixels, or anyone's.
        critique: What the critic says of the render; None where nobody was asked.
        reason: Why there is no more.
    """

    extracted: bool = False
    rendered: bool = False
    blank: bool = False
    copied: bool = False
    critique: Critique | None = None
    reason: str = ""

    @property
    def honest(self) -> bool:
        """Whether there is a render that its code drew."""
        return self.rendered and not self.blank and not self.copied

    @property
    def severity(self) -> float:
        """S, up to where the reward ends."""
        return min(SEVERITY_SCALE, self.critique.severity) if self.critique is not None else SEVERITY_SCALE


@dataclass(frozen=True, slots=True)
class Score:
    """A score with what it was made of; every field but the last is a number, for a trainer's metrics.

    Attributes:
        score: By the terms that were chosen.
        extracted: 1 where there was code, as of ``Facts``; so are ``rendered``, ``blank`` and ``copied``.
        critiqued: 1 where the critic's answer could be had and read.
        severity: S of the critique, or the published assumption where it could not be read.
        similarity: SSIM with the reference, 0..1.
        usable: 0 where the request itself was at fault, such as a reference that cannot be read.
        seconds: Time it took.
        reason: Why the score is what it is, where something went wrong.
    """

    score: float
    extracted: float = 0.0
    rendered: float = 0.0
    blank: float = 0.0
    copied: float = 0.0
    critiqued: float = 0.0
    severity: float = 0.0
    similarity: float = 0.0
    usable: float = 1.0
    seconds: float = 0.0
    reason: str = ""

    def metrics(self) -> dict[str, float]:
        """The numbers: the same keys for every answer, which trainers ask for."""
        return {name: value for name, value in asdict(self).items() if name != "reason"}


def _guarded(facts: Facts) -> float:
    if not facts.honest:
        return 0.0
    happened = facts.critique is not None and facts.critique.happened
    return reward(facts.critique) if happened else RENDERED


def _published(facts: Facts) -> float:
    if not facts.rendered or facts.blank:
        return 0.0
    return reward(facts.critique)


def _severity(facts: Facts) -> float:
    return -facts.severity if facts.honest else -SEVERITY_SCALE


def _success(facts: Facts) -> float:
    return float(facts.honest)


TERMS: dict[str, Callable[[Facts], float]] = {
    "guarded": _guarded,
    "published": _published,
    "severity": _severity,
    "success": _success,
}
"""Ways to a score.

- ``guarded`` (default), 0..2: 0 for whatever is no honest render, else 1 + clip(1 - S/50, 0, 1); 1 where
  nobody could criticise it. A failure is never better than an honest render.
- ``published``, 0..2: as released with Visual-ERM for charts and SVG: an embedded copy passes.
- ``severity``, -50..0: -S, the published table reward; but a failure gets the least there is, where the
  released code gives it -4, more than an honest render with an S of 5.
- ``success``, 0 or 1: whether an honest render came of it; no critic is asked.
"""


UNGUARDED = frozenset({"published"})
"""Terms that take a render as it is, as the released code does: to compare with, not to train by."""


UNCRITICISED = frozenset({"success"})
"""Terms that need no critique, and so cost none."""


def score_of(facts: Facts, terms: str, seconds: float) -> Score:
    """The score of what was found out."""
    said = facts.critique
    return Score(
        score=TERMS[terms](facts),
        extracted=float(facts.extracted),
        rendered=float(facts.rendered),
        blank=float(facts.blank),
        copied=float(facts.copied),
        critiqued=float(said is not None and not said.failure),
        severity=float(said.severity) if said is not None else 0.0,
        similarity=said.similarity if said is not None else 0.0,
        seconds=seconds,
        reason=facts.reason or (said.failure if said is not None else ""),
    )
