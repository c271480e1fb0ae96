"""Revisions of a page: each discrepancy acted on by its category and place."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agent.generators.embedded.page.layouts import Drawn
from agent.generators.embedded.page.tournament import Trial, Winner, likeness, play, window_of, within
from agent.generators.embedded.page.variants import (
    Variant,
    faces,
    nudges,
    plain,
    reread,
    to_the_ink,
    tracked,
)
from agent.generators.embedded.types import Bench
from critic.reading.page import Family, Page
from critic.reading.page.pictures import read_leftovers
from critic.reading.page.shapes import refill
from critic.similarity import fit_to
from critic.types import Box, Cause, Discrepancy
from graph.types import Action, Draft, Revision
from renderers.types import Image

_PROBES = 8
_BAD = 0.9
"""Mean likeness of a line's window below which it is worked on without being told to."""

_STRIP, _ALONG = 12.0, 0.8
"""CSS px that a strip along a box's side is wide at most, and the part of the side that it takes at least."""
_WORST = 0.6
_MOST_READ = 10
_TOLD = 3
"""Changes that are told by name."""
_MOST_ATTEMPTS, _ONLY_TOLD = 3, 2
"""Rejected revisions from which nothing more is tried, and from which only what was asked for is."""
_LONGEST = 24
"""Letters of a text that are quoted."""


@dataclass(slots=True)
class _Work:
    """A revision in the making: the page, and what was done about each discrepancy."""

    page: Page
    drawn: Drawn
    reference: Image
    render: Image
    discrepancies: tuple[Discrepancy, ...]
    notes: dict[int, list[str]] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)

    def written(self, page: Page) -> Drawn:
        """The page in the layout that it has."""
        return self.drawn.model_copy(update={"page": page})

    def note(self, box: Box, change: str, categories: tuple[str, ...] = ()) -> None:
        """Remember a change under the discrepancies that it is for."""
        touched = [
            index
            for index, item in enumerate(self.discrepancies)
            if item.box is not None
            and (not categories or item.category in categories)
            and _meets(item.box, box)
        ]
        for index in touched:
            self.notes.setdefault(index, []).append(change)
        if not touched:
            self.own.append(change)

    def actions(self) -> tuple[Action, ...]:
        """One action a discrepancy, and those of own accord."""
        told = [
            Action(discrepancy=index, description=_sentence(self.notes[index]))
            if index in self.notes
            else Action(
                discrepancy=index, description="tried, nothing came nearer to the reference", done=False
            )
            for index in range(len(self.discrepancies))
        ]
        more = [Action(description=_sentence(self.own))] if self.own else []
        return (*told, *more)


def _sentence(changes: list[str]) -> str:
    more = f"; and {len(changes) - _TOLD} more" if len(changes) > _TOLD else ""
    return "; ".join(changes[:_TOLD]) + more


async def revise(revision: Revision, bench: Bench) -> Draft:
    """The page with what is wrong mended, as far as trial renders show it to be better."""
    drawn = Drawn.model_validate_json(revision.description)
    reference = revision.task.reference
    if revision.render is None or len(revision.attempts) >= _MOST_ATTEMPTS:
        return Draft(code="")
    work = _Work(drawn.page, drawn, reference, fit_to(reference, revision.render), revision.discrepancies)
    before = work.page
    current = await asyncio.to_thread(likeness, reference, work.render)
    # A rejected revision is tried again without what it added, then without what it was not asked for.
    if len(revision.attempts) < 1:
        await asyncio.to_thread(_mend_elements, work)
    await _mend_lines(work, current, bench, revision.round, only_told=len(revision.attempts) >= _ONLY_TOLD)
    if work.page == before:
        return Draft(code="")
    mended = await drawn.of(work.page, bench)
    return Draft(code=mended.code, description=mended.model_dump_json(), actions=work.actions())


async def _mend_lines(
    work: _Work, current: NDArray[np.float32], bench: Bench, round_: int, *, only_told: bool
) -> None:
    """Set lines differently where that looks more like the reference."""
    told = [item.box for item in work.discrepancies if item.box is not None]
    chosen = []
    for index, line in enumerate(work.page.lines):
        window = window_of(line)
        mean = within(current, window) / max(1.0, window.width * window.height)
        if (mean < _BAD and not only_told) or any(_meets(box, line.ink) for box in told):
            chosen.append((mean, index))
    variants = await asyncio.to_thread(_variants, work, sorted(chosen), bench, round_)
    trial = Trial(work.reference, current, lambda page: work.written(page).code)
    winners = await play(work.page, variants, trial, bench, _PROBES)
    lines = list(work.page.lines)
    for winner in winners:
        lines[winner.index] = winner.line
        _note_line(work, winner)
    work.page = work.page.model_copy(update={"lines": tuple(lines)})


def _note_line(work: _Work, winner: Winner) -> None:
    text = work.page.lines[winner.index].text
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    work.note(work.page.lines[winner.index].ink, f"'{short}' {winner.change}")


def _variants(
    work: _Work, chosen: list[tuple[float, int]], bench: Bench, round_: int
) -> dict[int, list[Variant]]:
    """What to try for each line; rounds differ, so that a run tries more than one revision can."""
    variants: dict[int, list[Variant]] = {}
    letters = Counter[Family]()
    for line in work.page.lines:
        letters[line.family] += len(line.text)
    usual = frozenset(family for family, count in letters.items() if count > 0.1 * letters.total())
    for place, (mean, index) in enumerate(chosen):
        line = work.page.lines[index]
        tried = list(to_the_ink(line, work.reference, work.render))
        if round_ % 2 == 1:
            if mean < _WORST and place < _MOST_READ:
                tried += reread(line, work.reference, bench.reader)
            tried += faces(line, work.reference, usual)
            tried += plain(line)
        else:
            tried += nudges(line)
            tried += tracked(line, work.reference)
        variants[index] = [variant for variant in tried if variant[1] != line]
    return variants


def _mend_elements(work: _Work) -> None:
    """Drop what the reference lacks, add what the render lacks, fill boxes in their colours."""
    _drop_phantoms(work)
    _recolour(work)
    covered = tuple(window_of(line) for line in work.page.lines)
    embedded = tuple(picture.box for picture in work.page.pictures)
    shapes, pictures = read_leftovers(work.reference, work.render, covered, work.page.shapes, embedded)
    for shape in shapes:
        work.note(shape.box, f"added a box at {shape.box.x0:.0f},{shape.box.y0:.0f}")
    pictures = tuple(picture for picture in pictures if _is_worth(work, picture.box))
    pictures = tuple(p for p in pictures if not any(_is_edge(p.box, s.box) for s in work.page.shapes))
    for picture in pictures:
        work.note(picture.box, f"embedded a picture at {picture.box.x0:.0f},{picture.box.y0:.0f}")
    work.page = work.page.model_copy(
        update={"shapes": (*work.page.shapes, *shapes), "pictures": (*work.page.pictures, *pictures)}
    )


def _is_worth(work: _Work, box: Box) -> bool:
    """Whether a picture is called for: the critic said so, or it is too small to be more than an icon."""
    if any(
        item.category == "element_error" and item.box and _meets(item.box, box) for item in work.discrepancies
    ):
        return True
    page = work.page.width * work.page.height
    return box.width * box.height < 0.01 * page


def _is_edge(picture: Box, box: Box) -> bool:
    """Whether a picture is a strip along a box's side: the box is a little off, and no picture mends that."""
    if min(picture.width, picture.height) > _STRIP:
        return False
    across = picture.width >= _ALONG * box.width and _is_near((picture.y0, picture.y1), (box.y0, box.y1))
    down = picture.height >= _ALONG * box.height and _is_near((picture.x0, picture.x1), (box.x0, box.x1))
    return across or down


def _is_near(ends: tuple[float, float], sides: tuple[float, float]) -> bool:
    """Whether either end of a strip lies at either of two sides."""
    return min(abs(end - side) for end in ends for side in sides) <= _STRIP


def _drop_phantoms(work: _Work) -> None:
    for item in work.discrepancies:
        if item.category != "element_error" or item.box is None or item.cause is not Cause.EXTRA:
            continue
        box = item.box
        shapes = tuple(shape for shape in work.page.shapes if not _fills(shape.box, box))
        pictures = tuple(picture for picture in work.page.pictures if not _fills(picture.box, box))
        if len(shapes) + len(pictures) < len(work.page.shapes) + len(work.page.pictures):
            work.page = work.page.model_copy(update={"shapes": shapes, "pictures": pictures})
            work.note(box, "removed what the reference lacks", ("element_error",))


def _recolour(work: _Work) -> None:
    shapes = list(work.page.shapes)
    for item in work.discrepancies:
        if item.category != "style_error" or item.box is None or not _is_fill(item):
            continue
        for index, shape in enumerate(shapes):
            if _fills(shape.box, item.box):
                shapes[index] = refill(work.reference, shape)
                work.note(item.box, f"filled with {shapes[index].fill.colour}", ("style_error",))
    work.page = work.page.model_copy(update={"shapes": tuple(shapes)})


def _is_fill(item: Discrepancy) -> bool:
    return item.cause is Cause.RECOLOURED and item.element is not None and item.element.kind == "fill"


def _meets(first: Box, second: Box) -> bool:
    return first.x0 < second.x1 and second.x0 < first.x1 and first.y0 < second.y1 and second.y0 < first.y1


def _fills(inner: Box, outer: Box) -> bool:
    """Whether ``inner`` lies in ``outer`` (with a few pixels' tolerance) and takes most of it."""
    wide = min(inner.x1, outer.x1) - max(inner.x0, outer.x0)
    high = min(inner.y1, outer.y1) - max(inner.y0, outer.y0)
    shared = max(0.0, wide) * max(0.0, high)
    own = inner.width * inner.height
    other = outer.width * outer.height
    return shared > 0.7 * own and shared > 0.5 * other
