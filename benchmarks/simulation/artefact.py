"""What simulated code draws: areas, some of them wrong, as text and as pixels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from critic.reward import SEVERITY_SCALE
from critic.types import Box, Severity
from renderers.types import Image

COLUMNS, ROWS = 6, 4
AREAS = COLUMNS * ROWS

_SIDE, _BLOCKS, _BLOCK, _MARGIN = 16, 4, 3, 2
_PAPER = 240
_CHANGED_BLOCKS = {1: 3, 2: 6, 3: 11}
_FADED = {1: 80, 2: 130, 3: 180}


class Defect(NamedTuple):
    """What is wrong with one area.

    Attributes:
        area: Which, row by row from 0.
        category: Index into the kind's categories.
        severity: 1 to 3.
        trait: 0..255, by which critics see it or not.
        hard: Whether no revision will mend it.
    """

    area: int
    category: int
    severity: Severity
    trait: int
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a piece of simulated code draws.

    Attributes:
        episode: Which picture it is meant to be.
        runs: Whether the code runs at all.
        defects: What is wrong, at most one defect an area, by area.
        drifted: Areas that are drawn a pixel or two off, which is no defect, by area.
        nonce: Sets apart codes that draw the same.
    """

    episode: int
    runs: bool = True
    defects: tuple[Defect, ...] = ()
    drifted: tuple[int, ...] = ()
    nonce: int = 0

    @property
    def severity(self) -> int:
        """The true sum of severities."""
        return sum(defect.severity for defect in self.defects)

    @property
    def quality(self) -> float:
        """The true score, 0..100 as ChartMimic's: 0 where the code does not run."""
        return 100.0 * max(0.0, 1.0 - self.severity / SEVERITY_SCALE) if self.runs else 0.0

    def to_code(self) -> str:
        """JSON lines: a head, then a defect each."""
        head = {"episode": self.episode, "runs": self.runs, "drifted": self.drifted, "nonce": self.nonce}
        return "\n".join([json.dumps(head), *(json.dumps(defect._asdict()) for defect in self.defects)])

    @classmethod
    def from_code(cls, code: str) -> Artefact:
        """What ``to_code`` wrote down."""
        head, *lines = (json.loads(line) for line in code.splitlines())
        return cls(
            episode=head["episode"],
            runs=head["runs"],
            defects=tuple(Defect(**line) for line in lines),
            drifted=tuple(head["drifted"]),
            nonce=head["nonce"],
        )


def true_quality(code: str) -> float:
    """The true score of a piece of simulated code, 0..100, whatever a critic says; 0 for no code."""
    return Artefact.from_code(code).quality if code else 0.0


def box_of(area: int) -> Box:
    """Where an area lies in the picture."""
    row, column = divmod(area, COLUMNS)
    return Box(*(float(_SIDE * edge) for edge in (column, row, column + 1, row + 1)))


def area_at(box: Box) -> int | None:
    """The area that the middle of a box lies in; None outside the picture."""
    column, row = int((box.x0 + box.x1) / 2 // _SIDE), int((box.y0 + box.y1) / 2 // _SIDE)
    return row * COLUMNS + column if 0 <= column < COLUMNS and 0 <= row < ROWS else None


def draw(artefact: Artefact) -> Image:
    """The pixels; those of an artefact without defects and drift are the reference."""
    image = _sound(artefact.episode).copy()
    for area in artefact.drifted:
        cell = cell_of(image, area)
        cell[:] = np.roll(cell, 1 + area % 3 % 2, axis=area % 2)
    for defect in artefact.defects:
        _spoil(cell_of(image, defect.area), defect)
    return image


def cell_of(image: Image, area: int) -> Image:
    """The pixels of one area."""
    left, top, right, bottom = (int(edge) for edge in box_of(area))
    return image[top:bottom, left:right]


def shown(cell: Image) -> tuple[int, Severity, int] | None:
    """Category, severity and trait of the defect that an area's pixels show; None for a sound one."""
    (category, severity, _), (high, low, _) = (cell[0, :2].astype(int) - _PAPER).tolist()
    return (category, severity, 16 * high + low) if severity in _CHANGED_BLOCKS else None


@lru_cache(maxsize=64)
def _sound(episode: int) -> Image:
    """The picture as it should be: in each area a sign made of blocks."""
    rng = np.random.default_rng([episode, 1])
    image = np.full((ROWS * _SIDE, COLUMNS * _SIDE, 3), _PAPER, dtype=np.uint8)
    for area in range(AREAS):
        blocks = rng.random((_BLOCKS, _BLOCKS)) < 0.5
        _sign(cell_of(image, area))[blocks.repeat(_BLOCK, 0).repeat(_BLOCK, 1)] = 16 * rng.integers(0, 8, 3)
    return image


def _sign(cell: Image) -> Image:
    return cell[_MARGIN : _MARGIN + _BLOCKS * _BLOCK, _MARGIN : _MARGIN + _BLOCKS * _BLOCK]


def _spoil(cell: Image, defect: Defect) -> None:
    """Fade the sign or change blocks of it; what the defect is goes into the low bits of two pixels."""
    sign = _sign(cell)
    if defect.category == 0:
        sign[:] = np.minimum(sign.astype(int) + _FADED[defect.severity], _PAPER)
    else:
        places = np.random.default_rng([defect.trait, defect.area]).permutation(_BLOCKS**2)
        for place in places[: _CHANGED_BLOCKS[defect.severity]]:
            row, column = (_BLOCK * int(part) for part in divmod(place, _BLOCKS))
            block = sign[row : row + _BLOCK, column : column + _BLOCK]
            block[:] = _PAPER if block.mean() < _PAPER / 2 else 32 * defect.category
    cell[0, :2, :2] = _PAPER + np.array(
        [[defect.category, defect.severity], [defect.trait // 16, defect.trait % 16]], dtype=np.uint8
    )
