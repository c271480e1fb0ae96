"""One pair: code and its picture, the same code with errors in it, and where each of them shows."""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from agent.injection.plan import Edit, Plan
from agent.injection.sources import LANGUAGE
from critic.types import Box
from renderers.table import crop_to_content
from renderers.types import Image, Kind, Language, Render, Size

_TRIES = 12
"""Edits tried for a pair before it is made with fewer errors than wanted."""

_PLAIN_CHANGE = 24
"""Of 255, in one channel, from which a pixel is plainly another: ten times what anti-aliasing rounds away."""

_LEAST_PIXELS = 12
"""Plainly changed pixels from which a change is visible: less than half a full stop in 14 px text."""

_SIZES = {Kind.SVG: Size(336, 336), Kind.PAGE: Size(1280, 800), Kind.TABLE: Size(1600, 200), Kind.CHART: None}
"""How each kind is drawn: SVG as published with Visual-ERM, pages in a common window, charts as they ask, and
tables in a wide window, to be cropped to their content."""


_MARGIN, _GROUND = 12, 2
"""Of cropped tables: pixels of ground left around the content, and how far ground may be from its colour, as
``crop_to_content`` has it."""


class Draws(Protocol):
    """Makes pictures of code, as ``Renderers`` does."""

    async def render(self, kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        """The picture, or why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Injected:
    """One error that was put in.

    Attributes:
        edit: Its name in the taxonomy.
        category: Its discrepancy category.
        plan: What was planned.
        box: Where it shows, in the reference's pixels.
    """

    edit: str
    category: str
    plan: Plan
    box: Box


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference, a prediction with known errors in it, and both codes."""

    reference: Image
    prediction: Image
    code: str
    edited: str
    errors: tuple[Injected, ...]


class UnusableSourceError(Exception):
    """Code that no pair can be made of: it does not parse, does not draw, or no edit of it shows."""


class PairMaker:
    """Makes pairs of one source; draws its own picture once."""

    def __init__(self, renderers: Draws, kind: Kind, code: str, edits: ModuleType | None = None) -> None:
        """Take the source; nothing is drawn before the first pair.

        Args:
            renderers: Draw the code.
            kind: What it draws.
            code: In the kind's language for sources (``LANGUAGE``), or in that of ``edits``.
            edits: A module with ``parse``, ``EDITS`` and ``write`` for code in another language, which the
                renderers can draw; by default the kind's own.
        """
        self._renderers, self._kind, self._code = renderers, kind, code
        self._module = edits or importlib.import_module(f"agent.injection.{kind.value}")
        self._reference: Image | None = None

    async def untouched(self) -> Image:
        """The source's picture, as pairs have it.

        Raises:
            UnusableSourceError: The source draws nothing.
        """
        return self._framed(await self._original())

    async def make(self, errors: int, seed: str) -> Pair:
        """A pair with up to ``errors`` errors, of different categories first.

        The same seed gives the same pair.

        Raises:
            UnusableSourceError: The source does not parse, or nothing that can be done to it shows.
        """
        reference = await self._original()
        try:
            shared = self._module.parse(self._code)
        except (SyntaxError, ValueError, RecursionError) as error:
            raise UnusableSourceError(f"the code does not parse ({error})") from error
        chance = random.Random(seed)
        chosen: list[tuple[Edit[Any], str, Injected]] = []
        for number, edit in enumerate(_order(self._module.EDITS, chance)):
            if len(chosen) == errors or number == _TRIES + len(self._module.EDITS):
                break
            own = f"{seed}/{number}"
            plan = edit.plan(shared, random.Random(own))
            if plan is None or any(plan.touched & other.plan.touched for _, _, other in chosen):
                continue
            box = await self._where(reference, edit, own)
            if box is not None:
                placed = plan if self._kind is not Kind.SVG else _placed(plan, box, reference)
                chosen.append((edit, own, Injected(edit.name, edit.category, placed, box)))
        if not chosen:
            raise UnusableSourceError("no edit of it shows")
        together = await self._together(reference, chosen)
        if together is None:
            chosen = chosen[:1]  # alone it shows: that is how it was chosen
            together = await self._together(reference, chosen)
        if together is None:
            raise UnusableSourceError("no edit of it shows twice in the same way")
        edited, prediction = together
        injected = tuple(item for _, _, item in chosen)
        offset = _crop_offset(reference) if self._kind is Kind.TABLE else (0, 0)
        moved = tuple(
            Injected(item.edit, item.category, item.plan, _shifted(item.box, offset)) for item in injected
        )
        return Pair(self._framed(reference), self._framed(prediction), self._code, edited, moved)

    async def _together(
        self, reference: Image, chosen: Sequence[tuple[Edit[Any], str, Injected]]
    ) -> tuple[str, Image] | None:
        """The code with all edits and its picture; None where one covers another."""
        edited = self._edited([(edit, own) for edit, own, _ in chosen])
        prediction = await self._draw(edited)
        if prediction is None:
            return None
        shown = all(_differs_in(reference, prediction, item.box) for _, _, item in chosen)
        return (edited, prediction) if shown else None

    async def _original(self) -> Image:
        if self._reference is None:
            render = await self._renderers.render(
                self._kind, self._code, LANGUAGE[self._kind], _SIZES[self._kind]
            )
            if not render.ok or render.image is None:
                log = render.log.strip().splitlines()
                raise UnusableSourceError(
                    f"it does not draw ({render.status}: {log[-1][:200] if log else ''})"
                )
            self._reference = render.image
        return self._reference

    async def _draw(self, code: str) -> Image | None:
        render = await self._renderers.render(self._kind, code, LANGUAGE[self._kind], _SIZES[self._kind])
        return render.image if render.ok else None

    async def _where(self, reference: Image, edit: Edit[Any], seed: str) -> Box | None:
        """Where an edit shows when it is done alone; None where it does not."""
        after = await self._draw(self._edited([(edit, seed)]))
        if after is None:
            return None
        changed = changed_box(reference, after)
        if changed is None:
            return None
        hidden = self._applied([(edit, seed)], lambda plan: plan.hide)
        without = await self._draw(hidden) if hidden is not None else None
        return (changed_box(reference, without) if without is not None else None) or changed

    def _edited(self, edits: Iterable[tuple[Edit[Any], str]]) -> str:
        return self._applied(edits, lambda plan: plan.do) or self._code

    def _applied(
        self, edits: Iterable[tuple[Edit[Any], str]], of: Callable[[Plan], Callable[[], None] | None]
    ) -> str | None:
        """The code with something of each plan done; None where a plan has nothing of the sort."""
        document = self._module.parse(self._code)
        plans = [edit.plan(document, random.Random(seed)) for edit, seed in edits]
        for plan in sorted((plan for plan in plans if plan is not None), key=lambda plan: plan.moves):
            action = of(plan)
            if action is None:
                return None
            action()
        return str(self._module.write(document))

    def _framed(self, image: Image) -> Image:
        return crop_to_content(image, _MARGIN) if self._kind is Kind.TABLE else image


def _order(edits: tuple[Edit[Any], ...], chance: random.Random) -> list[Edit[Any]]:
    """Edits in an order by chance in which every category comes up before any comes up twice."""
    shuffled = chance.sample(edits, len(edits))
    seen: dict[str, int] = {}
    ranked = []
    for edit in shuffled:
        seen[edit.category] = seen.get(edit.category, -1) + 1
        ranked.append((seen[edit.category], edit))
    first = [edit for _, edit in sorted(ranked, key=lambda item: item[0])]
    return first + chance.sample(edits, min(_TRIES, len(edits)))


def _changed(first: Image, second: Image) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which pixels are plainly others; pictures of different sizes are laid on one ground."""
    height, width = (max(sides) for sides in zip(first.shape[:2], second.shape[:2], strict=True))
    laid = [_laid(image, height, width) for image in (first, second)]
    return np.asarray(np.abs(laid[0].astype(np.int16) - laid[1]).max(axis=2) > _PLAIN_CHANGE)


def _laid(image: Image, height: int, width: int) -> Image:
    if image.shape[:2] == (height, width):
        return image
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = image[0, 0]
    canvas[: image.shape[0], : image.shape[1]] = image
    return canvas


def changed_box(first: Image, second: Image) -> Box | None:
    """Around all that changed, within the first picture; None where too little did."""
    changed = _changed(first, second)
    if np.count_nonzero(changed) < _LEAST_PIXELS:
        return None
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    height, width = first.shape[:2]
    left, top = min(int(columns[0]), width - 1), min(int(rows[0]), height - 1)
    return Box(left, top, min(int(columns[-1]) + 1, width), min(int(rows[-1]) + 1, height))


def _differs_in(first: Image, second: Image, box: Box) -> bool:
    changed = _changed(first, second)
    left, top, right, bottom = (int(value) for value in box)
    return bool(np.count_nonzero(changed[top:bottom, left:right]) >= _LEAST_PIXELS)


def _placed(plan: Plan, box: Box, picture: Image) -> Plan:
    """The plan with its place in the picture in words: a drawing's parts have no names that a reader sees."""
    height, width = picture.shape[:2]
    across = _THIRDS[min(2, int(3 * (box.x0 + box.x1) / 2 / width))]
    down = _ROWS[min(2, int(3 * (box.y0 + box.y1) / 2 / height))]
    where = "middle" if not across + down else f"{down} {across}".strip()
    return replace(plan, location=f"{plan.location}, {where}")


_THIRDS, _ROWS = ("left", "", "right"), ("top", "", "bottom")


def _crop_offset(image: Image) -> tuple[int, int]:
    """How far right and down the cropped picture of a table begins."""
    marked = (np.abs(image.astype(np.int16) - image[0, 0]) > _GROUND).any(axis=2)
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    return max(0, int(columns[0]) - _MARGIN), max(0, int(rows[0]) - _MARGIN)


def _shifted(box: Box, offset: tuple[int, int]) -> Box:
    across, down = offset
    return Box(box.x0 - across, box.y0 - down, box.x1 - across, box.y1 - down)
