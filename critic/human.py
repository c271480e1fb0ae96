"""What a person, or an agent in a person's place, says of a render: findings that outrank what critics say.

They take part in no vote and need no evidence, and stay open until something was done about them that shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from critic.types import Critique, Discrepancy
from renderers.types import Image

HUMAN = "human"
AGENT = "agent"
SOURCES = frozenset({HUMAN, AGENT})
"""Values of ``Discrepancy.source`` for what was told, rather than found by a critic."""

_VISIBLE = 12.0
"""Colour difference from which a pixel visibly differs, as for the evidence of the pixels."""


def is_told(item: Discrepancy) -> bool:
    """Whether a person or an agent said it."""
    return item.source in SOURCES


def told(discrepancies: Iterable[Discrepancy]) -> tuple[Discrepancy, ...]:
    """Those that a person or an agent said, in their order."""
    return tuple(item for item in discrepancies if is_told(item))


def told_severity(critique: Critique | None) -> int:
    """Sum of the severities of what was told of a render and is open."""
    return sum(item.severity for item in told(critique.discrepancies)) if critique else 0


def with_told(critique: Critique, items: Iterable[Discrepancy]) -> Critique:
    """The critique with what was told before all else, each once."""
    found = tuple(dict.fromkeys((*told(critique.discrepancies), *items)))
    return critique.model_copy(update={"discrepancies": (*found, *without_told(critique).discrepancies)})


def without_told(critique: Critique) -> Critique:
    """The critique as the critic gave it."""
    own = tuple(item for item in critique.discrepancies if not is_told(item))
    return critique.model_copy(update={"discrepancies": own})


def still_open(
    discrepancies: Iterable[Discrepancy],
    left: Collection[int],
    reference: Image,
    before: Image,
    after: Image,
) -> tuple[Discrepancy, ...]:
    """What was told of a parent and is as open in its revision: it was left, or nothing that was done shows.

    Whether what was done is what was wanted, only who said it can tell.

    Args:
        discrepancies: The parent's.
        left: Indices of those that the revision says it did not act on.
        reference: Its pixels are those that boxes are told in.
        before: The parent's render.
        after: The revision's render.
    """
    from critic.similarity import colour_difference, fit_to  # its types are to load nothing that sees

    changed = colour_difference(fit_to(reference, before), fit_to(reference, after)) > _VISIBLE
    return tuple(
        item
        for index, item in enumerate(discrepancies)
        if is_told(item)
        and (index in left or not (changed if item.box is None else changed[item.box.pixels]).any())
    )
