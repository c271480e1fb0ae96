"""The pixel critic: reads both pictures, compares the descriptions, and says where they differ."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import cv2
import numpy as np

from critic.pixel.layer import Verdict, aside, complete
from critic.pixel.ledger import Mask
from critic.pixel.registered import Registration
from critic.pixel.unread import unread
from critic.pixel.visible import visible, visible_letters
from critic.reading import Reader
from critic.reading.canvas import canvas_of
from critic.reading.noise import denoised
from critic.similarity import fit_to, similarity
from critic.types import Box, Critique, Discrepancy, by_severity
from renderers.kinds import KINDS
from renderers.types import Image, Kind

_STORED = 75
"""Quality of JPEG that most programs store with."""

_EXPLAINED = 0.35
"""Share of what visibly differs that is left once a render is laid onto its reference, up to which its parts
were pushed aside; more is left where it is set in another face, and it is also compared as it stands."""

_ALIKE = 0.5
"""Share of its parts that then look as they should from which that is so however much is left: one long text
that is another may be most of what differs."""

_CAUSES = 3
"""Rows and columns that are gone, new or elsewhere up to which the rest is the same table."""

Compare = Callable[[Image, Image, Reader], list[Discrepancy]]


class PixelCritic:
    """A deterministic critic for machines without a GPU, in Visual-ERM's taxonomy and severities."""

    name = "pixel"
    varies = False

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader or Reader()

    async def critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        """The differences of ``render`` from ``reference``; none for equal pixels."""
        return await asyncio.to_thread(self._critique, kind, reference, render)

    def _critique(self, kind: Kind, reference: Image, render: Image) -> Critique:
        started = time.perf_counter()
        seen, notes = self._seen(kind, reference, render)
        return Critique(
            critic=self.name,
            discrepancies=by_severity(seen.discrepancies),
            similarity=similarity(reference, render),
            ink=seen.ink,
            least=seen.least,
            notes=notes,
            blank=_is_plain(render) and not _is_plain(reference),
            seconds=time.perf_counter() - started,
        )

    def _seen(self, kind: Kind, reference: Image, render: Image) -> tuple[Verdict, tuple[str, ...]]:
        """What can be seen, and what could not be looked into."""
        if np.array_equal(reference, render):
            return Verdict([], 1.0), ()
        canvas = canvas_of(reference, kind, self._reader)
        fitted = fit_to(canvas.pixels, canvas.fitted(render))
        pictures = denoised(canvas.pixels, self._reader), denoised(fitted, self._reader)
        apart = visible(canvas.pixels, fitted)
        if pictures[0] is not canvas.pixels or pictures[1] is not fitted:
            apart &= visible(*pictures)  # taking noise off may hide differences, and must not make any
        if pictures[1] is not fitted:
            apart &= visible(_stored(canvas.pixels), fitted)
        if not apart.any() and not visible_letters(*pictures).any():
            return Verdict([], 1.0), ()
        seen = self._simpler(kind, canvas.pixels, canvas.fitted(render), pictures, apart)
        found = [item if canvas.scale == 1.0 else item.placed(canvas.back) for item in seen.discrepancies]
        return replace(seen, discrepancies=found), unread(kind, pictures[0], self._reader)

    def _simpler(
        self, kind: Kind, reference: Image, render: Image, pictures: tuple[Image, Image], apart: Mask
    ) -> Verdict:
        """The render laid onto the reference, or as it stands: where it is not sure, what needs less said."""
        laid = self._laid(kind, reference, render, apart)
        if laid is not None and laid[1]:
            return laid[0]
        stands = self._compared(kind, reference, render, pictures, apart)
        return stands if laid is None else min(stands, laid[0], key=_severities)

    def _compared(
        self, kind: Kind, reference: Image, render: Image, pictures: tuple[Image, Image], apart: Mask
    ) -> Verdict:
        said = _comparison(kind)(reference, render, self._reader)
        return self._complete(kind, pictures, apart, said)

    def _complete(
        self, kind: Kind, pictures: tuple[Image, Image], apart: Mask, said: list[Discrepancy]
    ) -> Verdict:
        numbers = _numbers(kind, pictures[0], self._reader)
        digits = np.zeros_like(apart)
        for box in numbers:
            digits[box.pixels] = True
        return complete(kind, *pictures, apart, said, numbers, digits & visible_letters(*pictures))

    def _laid(self, kind: Kind, reference: Image, render: Image, apart: Mask) -> tuple[Verdict, bool] | None:
        """The render compared where its parts stand in the reference, and whether they surely do.

        None where that explains nothing.
        """
        if not KINDS[kind].registration:
            return None
        way = cast(Registration, KINDS[kind].part("registration"))
        laid = way.lay(reference, render, self._reader)
        if laid is None:
            return None
        left = visible(reference, laid.image)
        beside = int((apart & ~laid.told).sum())
        if len(laid.found) > _CAUSES or left.sum() > beside:
            return None
        said = way.compare(reference, laid.image, self._reader)
        seen = self._complete(kind, (reference, laid.image), left, said)
        plain = laid.alike >= _ALIKE and not laid.found
        seen = aside(kind, seen, laid.found, reference, apart, left | laid.told)
        return seen, plain or bool(left.sum() <= beside * _EXPLAINED)


def _severities(seen: Verdict) -> int:
    return sum(item.severity for item in seen.discrepancies)


def _stored(image: Image) -> Image:
    """A picture as a photograph's format keeps it: hues coarse, so that thin letters lose theirs."""
    turned = np.ascontiguousarray(image[..., ::-1])
    _, kept = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, _STORED])
    read = np.asarray(cv2.imdecode(kept, cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.ascontiguousarray(read[..., ::-1])


def _is_plain(image: Image) -> bool:
    """Whether a picture is of one colour."""
    return bool((image == image[0, 0]).all())


def _numbers(kind: Kind, reference: Image, reader: Reader) -> list[Box]:
    """Where the reference has numbers, of kinds that count a wrong number for worse than a wrong word."""
    if kind is not Kind.TABLE:
        return []
    from critic.pixel.table import number_boxes

    return number_boxes(reference, reader)


def _comparison(kind: Kind) -> Compare:
    """Loaded on first use, so that a chart loads no table reader."""
    return cast(Compare, KINDS[kind].part("comparison"))
