"""What a person said is wrong, done as it was said: no trial render decides whether the pixels agree.

Words alone are for models. What says what is the matter with which place, and what it should be, is acted on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from critic.human import is_told
from critic.types import Box, Cause, Discrepancy
from graph.types import Action, Draft, Revision

Plan = TypeVar("Plan")
Thing = TypeVar("Thing")

Change = Callable[[Plan, Discrepancy, Box], Plan | None]
"""A kind's description with a place changed as a discrepancy says; None where nothing is there to change."""

FILL = "fill"
"""Kind of the element whose colour is what an area is filled with; any other is of letters or lines."""

_WORDS_ALONE = "not understood: without a model, name a place and what is the matter (text, colour, extra)"
_NOTHING_THERE = "nothing that was read stands there, so that nothing could be changed"
_LATER = "left for another revision"

_DONE = {
    Cause.TEXT: "reads {} now",
    Cause.RECOLOURED: "drawn in {} now",
    Cause.EXTRA: "taken out",
    Cause.MISSING: "read again",
}
_SMALLEST = 0.05
"""Intersection over union from which a thing is what a box was drawn around: boxes by hand are generous."""


def heeded(
    plan: Plan, revision: Revision, changes: Mapping[Cause, Change[Plan]]
) -> tuple[Plan, tuple[Action, ...]]:
    """The plan changed as was said, and what is said to that.

    Args:
        plan: A kind's description.
        revision: Gives the discrepancies; those that a critic found are left for later.
        changes: What the kind can do, by cause.
    """
    actions = []
    for index, item in enumerate(revision.discrepancies):
        if not is_told(item):
            actions.append(Action(discrepancy=index, description=_LATER, done=False))
            continue
        change = None if item.cause is None else changes.get(item.cause)
        if change is None or item.cause is None or item.box is None:
            actions.append(Action(discrepancy=index, description=_WORDS_ALONE, done=False))
            continue
        changed = change(plan, item, item.box)
        if changed is None or changed == plan:
            actions.append(Action(discrepancy=index, description=_NOTHING_THERE, done=False))
            continue
        plan = changed
        actions.append(Action(discrepancy=index, description=_DONE[item.cause].format(item.reference)))
    return plan, tuple(actions)


def with_left(draft: Draft, actions: Iterable[Action], revision: Revision) -> Draft:
    """An ordinary revision that says of what was told why nothing was done about it."""
    said = {index for index, item in enumerate(revision.discrepancies) if is_told(item)}
    left = [action for action in actions if action.discrepancy in said]
    other = [action for action in draft.actions if action.discrepancy not in said]
    return replace(draft, actions=(*left, *other))


def meant(box: Box, things: Iterable[tuple[Thing, Box]]) -> Thing | None:
    """The thing that a box was drawn around; None where none fits."""
    rated = [(_common(box, place), thing) for thing, place in things]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= _SMALLEST else None


def within(box: Box, place: Box) -> bool:
    """Whether a place lies in a box, for its middle does."""
    return box.contains(*place.centre)


def _common(one: Box, other: Box) -> float:
    shared = one.overlap(other)
    return shared / max(1.0, one.area + other.area - shared)
