"""What a critic says: discrepancies with a place, and the critique that holds them.

What a revision acts on is typed: a cause, an element and two measured values (see ``critic.elements``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from critic.boxes import Box
from critic.elements import Cause, Element, Value, alike, placed, sentence
from prompts.usage import Usage
from renderers.kinds import ByKind
from renderers.types import Image, Kind

__all__ = [
    "CATEGORIES",
    "Box",
    "Cause",
    "Critic",
    "Critique",
    "Discrepancy",
    "Element",
    "Severity",
    "Value",
    "by_severity",
    "difference",
    "joined",
    "with_more",
]

Severity = Literal[1, 2, 3]
"""1 minor, 2 medium, 3 severe."""

CATEGORIES: Mapping[str, tuple[str, ...]] = ByKind(lambda spec: spec.categories)
"""What a discrepancy can be, by kind."""


class Discrepancy(BaseModel):
    """One difference between the reference and a render, in Visual-ERM's terms.

    Attributes:
        category: One of ``CATEGORIES`` of the kind, or what else a model said (see ``unknown_category``).
        severity: How much it matters.
        location: Where, in words.
        description: What differs.
        box: Where, in pixels, if known.
        places: Where its parts are, for one about several things; their places in the render, too.
        unknown_category: A model named a category that its kind does not have.
        agreement: Share of a critic's answers that name it; None where it was asked once.
        source: Who named it, where not the critic itself: ``pixel``, on the evidence of the pixels; ``human``
            or ``agent``, who outrank critics (see ``critic.human``).
        cause: What is the matter; None where a model used words alone.
        element: What it is the matter with.
        reference: What was measured in the reference, in the unit that ``Cause`` names.
        render: What was measured in the render.
        aside: What else the words say, such as an example.
    """

    model_config = ConfigDict(frozen=True)

    category: str
    severity: Severity
    location: str = ""
    description: str
    box: Box | None = None
    places: tuple[Box, ...] = ()
    unknown_category: bool = False
    agreement: float | None = Field(default=None, gt=0.0, le=1.0)
    source: str = ""
    cause: Cause | None = None
    element: Element | None = None
    reference: Value | None = None
    render: Value | None = None
    aside: str = ""

    @model_validator(mode="after")
    def _differs(self) -> Self:
        """Two values that are equal as printed are no difference."""
        if self.cause is not None and alike(self.cause, self.reference, self.render):
            raise ValueError(f"no difference: {self.cause} of {self.element}, {self.reference} in both")
        return self

    def placed(self, place: Callable[[Box], Box]) -> Discrepancy:
        """The same in the pixels of another resolution: boxes, measured ones too, and the words about them.

        Args:
            place: Where a box of this resolution is in the other one.
        """
        places = {"box": self.box and place(self.box), "places": tuple(map(place, self.places))}
        if self.cause is None or self.element is None:
            return self.model_copy(update=places)
        element = placed(self.element, place)
        one, other = (_placed(value, self.cause, place) for value in (self.reference, self.render))
        if alike(self.cause, one, other):
            return self.model_copy(update=places)
        words = sentence(self.cause, element, one, other, self.aside)
        told = {"location": str(element), "description": words}
        return self.model_copy(
            update={**places, **told, "element": element, "reference": one, "render": other}
        )


def _placed(value: Value | None, cause: Cause, place: Callable[[Box], Box]) -> Value | None:
    """A measured value; boxes in the pixels of another resolution."""
    numbers = [part for part in value if not isinstance(part, str)] if isinstance(value, tuple) else []
    if cause not in (Cause.MOVED, Cause.RESIZED) or len(numbers) != len(Box._fields):
        return value
    return tuple(place(Box(*numbers)))


def difference(
    category: str,
    severity: Severity,
    cause: Cause,
    element: Element,
    box: Box | None = None,
    *,
    reference: Value | None = None,
    render: Value | None = None,
    aside: str = "",
) -> Discrepancy | None:
    """A discrepancy from its typed parts, its words made of them; None where the values are equal as printed.

    Args:
        category: One of ``CATEGORIES`` of the kind.
        severity: How much it matters.
        cause: What is the matter.
        element: With what.
        box: Where, in the reference's pixels.
        reference: What the reference shows, if measured.
        render: What the render shows, if measured.
        aside: What else a person should know, such as an example; it is in the words alone.
    """
    if alike(cause, reference, render):
        return None
    return Discrepancy(
        category=category,
        severity=severity,
        location=str(element),
        description=sentence(cause, element, reference, render, aside),
        box=box,
        cause=cause,
        element=element,
        reference=reference,
        render=render,
        aside=aside,
    )


def joined(first: Discrepancy, others: Sequence[Discrepancy]) -> Discrepancy:
    """Several discrepancies as one: the first, as severe as the worst, around all their boxes."""
    boxes = [item.box for item in (first, *others) if item.box is not None]
    count = len({id(item) for item in (first, *others)}) - 1
    return first.model_copy(
        update={
            "severity": max(item.severity for item in (first, *others)),
            "places": tuple(dict.fromkeys(place for item in (first, *others) for place in item.places)),
            **with_more(first, f"and {count} more like it" if count else ""),
            "box": Box(
                min(b.x0 for b in boxes),
                min(b.y0 for b in boxes),
                max(b.x1 for b in boxes),
                max(b.y1 for b in boxes),
            )
            if boxes
            else None,
        }
    )


def with_more(first: Discrepancy, more: str) -> dict[str, str]:
    """The words of a discrepancy that stands for others too, as an update of its fields."""
    if not more:
        return {}
    aside = "; ".join(filter(None, (first.aside, more)))
    return {"description": f"{first.description} ({more})", "aside": aside}


class Critique(BaseModel):
    """All that one critic says of one render.

    Attributes:
        critic: Who said so.
        discrepancies: The differences, most severe first.
        similarity: Continuous likeness of the pixels, 0..1 (see ``critic.similarity``).
        ink: Share of the ink of both pictures that visibly agrees, 0..1; None where nobody looked.
        least: S at the least: what the share of wrong ink costs, however few findings tell of it.
        notes: What the critic could not look into, in words; no finding, and it costs nothing.
        blank: The render is of one colour, though the reference is not.
        seconds: Time it took the critic.
        evidence: Seconds that holding its answer against the pixels took besides; 0 where nobody did.
        usage: What it cost, where a model was asked.
        failure: Why the discrepancies could not be had: an answer that cannot be parsed or broke off, no
            server, budget spent. Such a critique has none or some of them, which does not mean that there are
            no others.
        fallback: The severity sum to assume for what could not be read, as published; 0 otherwise.
        steady: Whoever said so says the same each time.
        answers: How many answers it stands for: those that could be read, 1 where nobody voted.
        doubted: What fewer than half of them named.
    """

    model_config = ConfigDict(frozen=True)

    critic: str
    discrepancies: tuple[Discrepancy, ...] = ()
    similarity: float = Field(ge=0.0, le=1.0)
    ink: float | None = Field(default=None, ge=0.0, le=1.0)
    least: int = Field(default=0, ge=0)
    notes: tuple[str, ...] = ()
    blank: bool = False
    seconds: float = 0.0
    evidence: float = 0.0
    usage: Usage = Usage()
    failure: str = ""
    fallback: int = Field(default=0, ge=0)
    steady: bool = False
    answers: int = Field(default=1, ge=1)
    doubted: tuple[Discrepancy, ...] = ()

    @property
    def happened(self) -> bool:
        """Whether it can be scored: it was had, or stands for an answer that could not be read."""
        return not self.failure or self.fallback > 0

    @property
    def severity(self) -> int:
        """S of the reward: the sum of severities, or what so much wrong ink costs, or the fallback."""
        return self.fallback + max(self.least, sum(item.severity for item in self.discrepancies))


class Critic(Protocol):
    """Compares a reference with a render."""

    name: str
    """What it is called. One that answers the same each time says so by ``varies = False``, and is not asked
    again where its answer and the pixels disagree."""

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``."""
        ...


def by_severity(discrepancies: list[Discrepancy]) -> tuple[Discrepancy, ...]:
    """Most severe first; otherwise in the order given."""
    return tuple(sorted(discrepancies, key=lambda item: -item.severity))
