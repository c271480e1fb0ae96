"""Which script the letters of a line are of, by their shapes: told where it is one that OCR cannot read.

Letters are compared with those of DejaVu, which comes with matplotlib and has Latin, Greek, Cyrillic, Hebrew
and Arabic. Those that two scripts share say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from renderers.types import Image

_SIDE = 16
"""Pixels of a letter's raster: enough for the strokes of the busiest ones."""

_DRAWN = 48
"""Pixels in which the letters compared with are drawn."""

_FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSans-Oblique.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSerif-Bold.ttf",
)
_SHAPE = 0.35
"""What a difference in shape (the logarithm of width over height) counts beside one in the raster."""

_SAME = 0.03
"""Distance within which two letters of different scripts look the same."""

_ALIKE = 0.2
"""Distance from which a letter is like none that is known."""

_LEAST_TOLD = 2
"""Letters of a script that are like those of no other, from which it is that script."""

_LEAST_LETTERS = 2
"""Pieces of ink that make a line."""

_LEAST_HEIGHT = 6
"""Pixels of a line's highest letter below which shapes tell nothing."""

_MOST = 0.3
"""Share of a line's telling letters from which they are of one script."""

_DOT = 0.3
"""Share of the line's height below which a piece of ink is a dot or a stop."""

_COVERED = 127
"""Level from which a pixel of a drawn letter is more covered than not."""

_INK = 96
"""Levels from the ground from which a pixel is ink, of an enlarged and blended one."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script that the OCR models which come with us do not know.

    Attributes:
        name: As people call it.
        packs: Tesseract's names of its languages, the most usual one first; Debian's packages are called
            ``tesseract-ocr-`` and such a name.
        letters: Ranges of code points whose shapes are compared with.
        alike: Latin letters that look like letters of it: words of them alone may be in either script.
    """

    name: str
    packs: tuple[str, ...]
    letters: tuple[tuple[int, int], ...]
    alike: frozenset[str] = frozenset()


CYRILLIC = Script(
    "Cyrillic",
    ("rus", "ukr", "bul", "srp"),
    ((0x400, 0x45F), (0x490, 0x491)),
    frozenset("ABCEHKMOPTXYaceopxyk"),
)
HEBREW = Script("Hebrew", ("heb",), ((0x5D0, 0x5EA),))
ARABIC = Script("Arabic", ("ara", "fas", "urd"), ((0xFE80, 0xFEFC),))
SCRIPTS = (CYRILLIC, HEBREW, ARABIC)
"""Those that are told apart; a new one is a line here."""

_READ = ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x17F), (0x391, 0x3C9))
"""What OCR reads: figures, Latin and Greek letters."""


def script_of(lines: Sequence[Image]) -> Script | None:
    """The script that lines of text are of; None where OCR reads it, or nothing can be told.

    Args:
        lines: RGB pixels of each line and little else; the more, the surer.
    """
    letters, owners = _known()
    told = np.zeros(len(SCRIPTS) + 1)
    for piece in (piece for line in lines for piece in _pieces(line)):
        away = np.sqrt(((letters - piece) ** 2).mean(axis=1))
        nearest = [float(away[owners == owner].min()) for owner in range(len(SCRIPTS) + 1)]
        best, second = np.sort(nearest)[:2]
        if best < _ALIKE and second - best > _SAME:
            told[int(np.argmin(nearest))] += 1
    if told[:-1].max() < _LEAST_TOLD or told[:-1].max() <= _MOST * told.sum():
        return None
    return SCRIPTS[int(np.argmax(told[:-1]))]


def _pieces(line: Image) -> list[NDArray[np.float64]]:
    """The connected pieces of ink that may be letters, each as a raster."""
    grey = line.astype(np.float32).mean(axis=2)
    ground = float(np.median(np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))))
    scale = max(1.0, 2 * _SIDE / max(1, line.shape[0]))
    large = cv2.resize(np.abs(grey - ground), None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    ink = (large > min(_INK, 0.5 * float(large.max(initial=1.0)))).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = stats[1:count, cv2.CC_STAT_HEIGHT]
    if count < 1 + _LEAST_LETTERS or heights.max() < _LEAST_HEIGHT:
        return []
    found = []
    for index in range(1, count):
        x, y, wide, high, _ = stats[index]
        if high > _DOT * heights.max():
            found.append(_raster((labels[y : y + high, x : x + wide] == index).astype(np.uint8)))
    return found


def _raster(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """A piece of ink at a fixed size, and its shape."""
    small = cv2.resize(ink.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (3, 3), 0)
    shape = np.log(ink.shape[1] / ink.shape[0]) * _SHAPE
    return np.concatenate((soft.reshape(-1), np.full(_SIDE, shape))).astype(np.float64)


@cache
def _known() -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Rasters of all letters that are known, and whose they are: by script, those that are read last."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    rasters: list[NDArray[np.float64]] = []
    owners: list[int] = []
    for file in _FONTS:
        font = ImageFont.truetype(folder / file, _DRAWN)
        for owner, ranges in enumerate([*(script.letters for script in SCRIPTS), _READ]):
            for first, last in ranges:
                for code in range(first, last + 1):
                    drawn = _letter(font, chr(code))
                    rasters += drawn
                    owners += [owner] * len(drawn)
    return np.array(rasters), np.array(owners)


def _letter(font: ImageFont.FreeTypeFont, letter: str) -> list[NDArray[np.float64]]:
    """The pieces of a letter that is not a mere dot."""
    canvas = PILImage.new("L", (3 * _DRAWN, 3 * _DRAWN))
    ImageDraw.Draw(canvas).text((_DRAWN, _DRAWN // 2), letter, fill=255, font=font)
    ink = (np.asarray(canvas) > _COVERED).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    pieces = []
    for index in range(1, count):
        x, y, wide, high, _ = stats[index]
        if high > _DOT * stats[1:count, cv2.CC_STAT_HEIGHT].max():
            pieces.append(_raster((labels[y : y + high, x : x + wide] == index).astype(np.uint8)))
    return pieces
