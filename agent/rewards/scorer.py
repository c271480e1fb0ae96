"""The core of the reward: code out of the answer, render, guards, critique, score."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from agent.errors import ConfigError
from agent.generators.extraction import extract_code
from agent.parts import ASK_A_MODEL
from agent.processes import Processes, Workplace
from agent.rewards.copies import is_copy, is_empty_beside, without_pictures
from agent.rewards.types import TERMS, UNCRITICISED, UNGUARDED, Facts, Request, Score, score_of
from agent.settings import Settings
from critic.reading.kind import detect_kind
from renderers.errors import PictureError
from renderers.pictures import load_picture, size_of
from renderers.types import LANGUAGES, Image, Kind, Language, RenderStatus

_REFERENCES = 64_000_000
"""Bytes of references that are kept: a group's answers all have the same one."""

LONGEST_ANSWER = 4_000_000
"""Letters of an answer; what follows is not looked at."""


class Scorer:
    """Scores answers. Use as an async context manager, or call ``aclose``; safe to call many at a time."""

    def __init__(
        self, settings: Settings | None = None, terms: str = "guarded", processes: int | None = None
    ) -> None:
        """Nothing starts before the first answer.

        Args:
            settings: Choose the critic and the isolation; by default the pixel critic.
            terms: One of ``TERMS``.
            processes: Score in so many processes; None scores in this one, which is right for a critic that
                asks a model, and where the trainer has processes of its own for rewards.

        Raises:
            ConfigError: There are no such terms.
        """
        if terms not in TERMS:
            raise ConfigError(f"terms {terms!r}: choose one of {', '.join(TERMS)}")
        settings = settings or Settings()
        self._terms = terms
        self._here = Workplace(settings)
        away = processes is not None and settings.critic.chosen not in ASK_A_MODEL
        self._away = Processes(processes or 1, settings) if away else None

    async def score(self, request: Request) -> Score:
        """The score of one answer; whatever is wrong with it or its reference is told in the score."""
        if self._away is not None:
            return await self._away.do(score_here, (request, self._terms))
        return await score_here(self._here, (request, self._terms))

    async def __aenter__(self) -> Self:
        """Nothing to do."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release all."""
        await self.aclose()

    async def aclose(self) -> None:
        """Release browsers, workers and processes. Safe to call twice."""
        await self._here.aclose()
        if self._away is not None:
            await self._away.aclose()


async def score_here(place: Workplace, task: tuple[Request, str]) -> Score:
    """Score one answer with what a process works with."""
    request, terms = task
    started = time.perf_counter()
    try:
        reference = await asyncio.to_thread(_references.get, request.reference)
        kind = request.kind or (await asyncio.to_thread(detect_kind, reference, place.tools.reader)).kind
    except PictureError as error:
        unusable = score_of(Facts(reason=str(error)), terms, time.perf_counter() - started)
        return replace(unusable, usable=0.0)
    facts = await _facts(place, request.answer, reference, kind, terms)
    return score_of(facts, terms, time.perf_counter() - started)


async def _facts(place: Workplace, answer: str, reference: Image, kind: Kind, terms: str) -> Facts:
    guarded = terms not in UNGUARDED
    code, language = _code(answer[:LONGEST_ANSWER], kind)
    if not code:
        return Facts(reason="the answer holds no code")
    size = size_of(reference)
    render = await place.renderers.render(kind, code, language, size)
    if not render.ok or render.image is None:
        blank = render.status is RenderStatus.BLANK
        told = "the render is blank" if blank else render.log.strip().rpartition("\n")[2][:300]
        return Facts(extracted=True, rendered=blank, blank=blank, reason=f"{render.status}: {told}")
    seen = Facts(extracted=True, rendered=True)
    if guarded and is_empty_beside(reference, render.image):
        return replace(seen, blank=True, reason="next to nothing is drawn")
    bare = without_pictures(kind, code) if guarded else None
    if bare is not None:
        without = await place.renderers.render(kind, bare, language, size)
        if is_copy(render.image, without.image):
            return replace(seen, copied=True, reason="most of the render is an embedded picture")
    if terms in UNCRITICISED:
        return seen
    return replace(seen, critique=await place.critic.critique(kind, reference, render.image))


def _code(answer: str, kind: Kind) -> tuple[str, Language]:
    """The code of an answer in the first of the kind's languages that it holds, as a generator's is taken."""
    languages = LANGUAGES[kind]
    for language in languages:
        if code := extract_code(answer, language):
            return code, language
    return "", languages[0]


class _References:
    """The last used references of this process, in bounded memory."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Path | bytes, Image] = OrderedDict()
        self._bytes = 0

    def get(self, source: Path | bytes) -> Image:
        """The picture; from several threads at worst read twice."""
        known = self._kept.get(source)
        if known is not None:
            return known
        image = load_picture(source)
        image.setflags(write=False)
        if image.nbytes <= _REFERENCES:
            self._kept[source] = image
            self._bytes += image.nbytes
            while self._bytes > _REFERENCES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.nbytes
        return image


_references = _References()
