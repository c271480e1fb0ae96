"""What the page says of each candidate: its discrepancies with their fates, and what was done about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.report import words
from agent.report.run_folder import ActionRecord, CandidateRecord, RunFolder
from critic.fate import Fate, Fates, fates
from critic.types import Box, Discrepancy
from renderers.types import Size


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered box over a picture, in percent of its size."""

    number: int
    fate: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Item:
    """A discrepancy in the list beside a picture."""

    number: int
    fate: str
    category: str
    severity: str
    level: int
    location: str
    standing: str
    description: str
    actions: tuple[ActionRecord, ...]
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Group:
    """Discrepancies of one fate, under a heading."""

    fate: str
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to say of a candidate's discrepancies.

    Attributes:
        groups: The discrepancies by fate.
        own: What the revision did on its own initiative.
    """

    groups: tuple[Group, ...]
    own: tuple[ActionRecord, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All boxes, to be drawn on the candidate's picture: the large ones first, under the small ones."""
        found = [item.mark for group in self.groups for item in group.items if item.mark]
        return tuple(sorted(found, key=lambda mark: -mark.width * mark.height))


_Told = tuple[Discrepancy, tuple[ActionRecord, ...]]
_Grouped = tuple[str, str, list[_Told]]


def story(folder: RunFolder, candidate: CandidateRecord, size: Size | None) -> Story:
    """The story of a candidate's discrepancies, against its parent's, or for a draft against the best's."""
    parent = folder.parent(candidate)
    if parent is None or not parent.rendered:
        return Story(_numbered(_draft(folder, candidate), size), candidate.actions)
    own = tuple(
        item
        for item in candidate.actions
        if item.discrepancy is None or not 0 <= item.discrepancy < len(parent.discrepancies)
    )
    told = [(item, _actions(candidate, place)) for place, item in enumerate(parent.discrepancies)]
    if not candidate.rendered:
        return Story(_numbered([("", "It was to mend", [item for item in told if item[1]])], size), own)
    return Story(
        _numbered(_revised(fates(parent.discrepancies, candidate.discrepancies), told, candidate), size), own
    )


def remaining(folder: RunFolder, size: Size | None) -> Story:
    """What still differs in the best candidate, against the first draft."""
    best, first = folder.best, folder.first
    if best is None or not best.rendered:
        return Story((), ())
    after: list[_Told] = [(item, ()) for item in best.discrepancies]
    found = since_first(folder)
    if first is None or found is None or first.id == best.id:
        return Story(_numbered([(Fate.OPEN, "Still differs", after)], size), ())
    groups: list[_Grouped] = [
        (Fate.NEW, "New since the first draft", _having(Fate.NEW, found.after, after)),
        (Fate.OPEN, "Still differs", _having(Fate.OPEN, found.after, after)),
    ]
    return Story(_numbered(groups, size), ())


def since_first(folder: RunFolder) -> Fates | None:
    """The fates from the first draft to the best; None where one of them has no critique."""
    best, first = folder.best, folder.first
    if best is None or first is None or not best.rendered or not first.rendered:
        return None
    return fates(first.discrepancies, best.discrepancies)


def _draft(folder: RunFolder, candidate: CandidateRecord) -> list[_Grouped]:
    """A draft has no earlier critique: its discrepancies' fate is what became of them by the end."""
    told: list[_Told] = [(item, ()) for item in candidate.discrepancies]
    best = folder.best
    if best is None or not best.rendered or candidate.id not in folder.path_to_best:
        return [("", "Differs", told)]
    if best.id == candidate.id:
        return [(Fate.OPEN, "Differs", told)]
    found = fates(candidate.discrepancies, best.discrepancies).before
    return [
        (Fate.FIXED, "Fixed by the end", _having(Fate.FIXED, found, told)),
        (Fate.OPEN, "Still open at the end", _having(Fate.OPEN, found, told)),
    ]


def _revised(found: Fates, told: list[_Told], candidate: CandidateRecord) -> list[_Grouped]:
    earlier = {after: before for before, after in found.pairs}
    after: list[_Told] = [
        (item, told[earlier[place]][1] if place in earlier else ())
        for place, item in enumerate(candidate.discrepancies)
    ]
    return [
        (Fate.FIXED, "Fixed", _having(Fate.FIXED, found.before, told)),
        (Fate.NEW, "New", _having(Fate.NEW, found.after, after)),
        (Fate.OPEN, "Still open", _having(Fate.OPEN, found.after, after)),
    ]


def _having(fate: Fate, found: Sequence[Fate], told: list[_Told]) -> list[_Told]:
    return [item for item, has in zip(told, found, strict=True) if has is fate]


def _actions(candidate: CandidateRecord, place: int) -> tuple[ActionRecord, ...]:
    return tuple(item for item in candidate.actions if item.discrepancy == place)


def _numbered(groups: Sequence[_Grouped], size: Size | None) -> tuple[Group, ...]:
    number = 0
    done = []
    for fate, heading, told in groups:
        items = []
        for item, actions in told:
            number += 1
            items.append(
                Item(
                    number=number,
                    fate=str(fate),
                    category=words.plain(item.category),
                    severity=words.severity(item.severity),
                    level=item.severity,
                    location=item.location,
                    standing=words.standing(item),
                    description=item.description,
                    actions=actions,
                    mark=_mark(item.box, size, number, str(fate)),
                )
            )
        if items:
            done.append(Group(str(fate), heading, tuple(items)))
    return tuple(done)


def _mark(box: Box | None, size: Size | None, number: int, fate: str) -> Mark | None:
    if box is None or size is None or not all(map(math.isfinite, box)):
        return None
    left, right = (min(max(edge / size.width, 0.0), 1.0) for edge in sorted((box.x0, box.x1)))
    top, bottom = (min(max(edge / size.height, 0.0), 1.0) for edge in sorted((box.y0, box.y1)))
    return Mark(number, fate, *(round(100 * part, 3) for part in (left, top, right - left, bottom - top)))
