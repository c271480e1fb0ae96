"""A kind in doubt is drafted as both; what comes nearer is the kind."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from agent.doubt import SURE, Doubt, decided
from critic.reading import Reader
from critic.reading.kind import KindGuess
from renderers.types import Kind, Language, Render, Size

BLANK = np.full((80, 120, 3), 255, np.uint8)


def guess(kind: Kind, second: Kind | None, confidence: float = 0.5) -> KindGuess:
    return KindGuess(kind=kind, second=second, confidence=confidence, reason="rules")


@pytest.mark.parametrize(
    ("kind", "second", "near", "found"),
    [
        (Kind.PAGE, Kind.CHART, (0.897, 0.922), Kind.CHART),
        (Kind.CHART, Kind.PAGE, (0.922, 0.897), Kind.CHART),
        (Kind.TABLE, Kind.PAGE, (0.833, 0.997), Kind.TABLE),
        (Kind.TABLE, Kind.PAGE, (0.592, 0.865), Kind.PAGE),
        (Kind.PAGE, Kind.TABLE, (0.95, 0.85), Kind.TABLE),
        (Kind.PAGE, Kind.TABLE, (0.95, 0.5), Kind.PAGE),
    ],
)
def test_the_nearer_draft_decides_and_a_table_has_less_to_show(
    kind: Kind, second: Kind, near: tuple[float, float], found: Kind
) -> None:
    settled = decided(guess(kind, second), *near)
    assert settled.kind is found
    assert f"drafted as {kind} ({near[0]:.3f})" in settled.reason


@pytest.mark.parametrize("sure", [guess(Kind.TABLE, Kind.PAGE, SURE), guess(Kind.SVG, None)])
def test_what_is_sure_or_has_no_second_kind_is_not_drafted(sure: KindGuess) -> None:
    async def render(kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        raise AssertionError("nothing is to be drawn")

    assert asyncio.run(Doubt(Reader(), render).settled(sure, BLANK)) == sure
