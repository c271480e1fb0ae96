"""One edit of a parsed document, planned before it is done, so that several can be chosen apart."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from critic.types import Severity

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit would do to one document.

    Attributes:
        severity: By the rule of ``agent.injection.severity``.
        location: Where, in words, as an annotator would put it.
        description: What differs then in the prediction.
        touched: What of the document it changes; two plans that touch the same are never done together.
        do: Does it, in place.
        hide: Makes the part of the original invisible in place, without moving anything else, so that its box
            can be found in the pixels; None where the change's own pixels say where it is.
        moves: Whether it changes the order or number of parts, so that it has to be done after those edits
            that change a part.
    """

    severity: Severity
    location: str
    description: str
    touched: frozenset[Hashable]
    do: Callable[[], None]
    hide: Callable[[], None] | None = None
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Edit(Generic[Document]):
    """One entry of a kind's taxonomy.

    Attributes:
        name: In the taxonomy.
        category: The discrepancy category it makes (see ``critic.types.CATEGORIES``).
        plan: Chooses a place by chance; None where the document has no place for it. The same document and
            the same chance give the same plan.
    """

    name: str
    category: str
    plan: Callable[[Document, random.Random], Plan | None]
