"""The CSS of the reader's font families, and where a line box puts its baseline."""

from __future__ import annotations

from critic.reading.page import Family

STACKS: dict[Family, str] = {
    Family.SANS: '"Liberation Sans", Arial, Helvetica, sans-serif',
    Family.WIDE: '"DejaVu Sans", Verdana, sans-serif',
    Family.SERIF: '"Liberation Serif", "Times New Roman", serif',
    Family.BOOKISH: '"DejaVu Serif", Georgia, serif',
    Family.MONO: '"DejaVu Sans Mono", Menlo, Consolas, monospace',
    Family.COURIER: '"Liberation Mono", "Courier New", monospace',
}

_RISE: dict[Family, tuple[float, float]] = {
    Family.SANS: (0.905, 0.212),
    Family.WIDE: (0.928, 0.236),
    Family.SERIF: (0.891, 0.216),
    Family.BOOKISH: (0.928, 0.236),
    Family.MONO: (0.928, 0.236),
    Family.COURIER: (0.833, 0.300),
}
"""Ascent and descent of each face, as parts of the font size."""


def line_height(family: Family, size: float) -> int:
    """The height of a line of the face without leading, in pixels."""
    ascent, descent = _rounded(family, size)
    return ascent + descent


def rise(family: Family, size: float, height: float) -> float:
    """From the top of a line box of ``height`` down to its baseline."""
    ascent, descent = _rounded(family, size)
    return (height - ascent - descent) / 2 + ascent


def _rounded(family: Family, size: float) -> tuple[int, int]:
    ascent, descent = _RISE[family]
    return int(ascent * size + 0.5), int(descent * size + 0.5)
