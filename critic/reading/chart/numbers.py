"""Numbers as tick labels write them, and the mapping from pixels to data that they settle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻º°", "0123456789-00")
_LOOKALIKES = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "O": "0", "o": "0", "l": "1", "I": "1", ",": "", " ": ""}
)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")
_POWER = re.compile(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹º°]+)")

_LEAST_AGREEING = 2
"""Pairs of a pixel and a value that settle a line."""
_ALIKE = 0.8
"""Share of values that have the digits of a column: a marker that others cover is measured badly."""
_LEAST_RUN = 4
"""Working pixels between two tick labels at least: nearer ones are one label, read twice."""


def number_of(text: str) -> float | None:
    """The number a label shows; None where it is no plain number."""
    power = _POWER.fullmatch(text.strip())
    if power:
        exponent = power[1].translate(_SUPERSCRIPTS)
        return float(10.0 ** int(exponent)) if re.fullmatch(r"-?\d+", exponent) else None
    plain = text.strip().translate(_LOOKALIKES)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def is_power(text: str) -> bool:
    """Whether a label is written as a power of ten."""
    return bool(_POWER.fullmatch(text.strip()))


def decimals_of(text: str) -> int:
    """Digits after the point."""
    return len(text.rpartition(".")[2]) if "." in text else 0


class Mapping(NamedTuple):
    """``value = slope * pixel + offset`` (of the logarithm, where ``log``)."""

    slope: float
    offset: float
    log: bool = False
    confidence: float = 1.0

    def value(self, pixel: float) -> float:
        """Data at a pixel."""
        plain = self.slope * pixel + self.offset
        return float(10.0 ** min(plain, 300.0)) if self.log else float(plain)

    def pixel(self, value: float) -> float:
        """Pixel of a data value."""
        plain = float(np.log10(max(value, 1e-300))) if self.log else value
        return (plain - self.offset) / self.slope

    @property
    def per_pixel(self) -> float:
        """Size of a pixel in data units (of the logarithm, where ``log``)."""
        return abs(self.slope)


def fit(pairs: Sequence[tuple[float, float]], *, log: bool = False, slack: float = 1.6) -> Mapping | None:
    """The line that most (pixel, value) pairs agree with within ``slack`` pixels; None below two."""
    points = np.array([p for p in pairs if not log or p[1] > 0], dtype=float)
    if len(points) < _LEAST_AGREEING:
        return None
    if log:
        points[:, 1] = np.log10(points[:, 1])
    best: np.ndarray | None = None
    for i in range(len(points)):
        for j in range(i + 1, len(points)):
            run, rise = points[j] - points[i]
            if abs(run) < _LEAST_RUN or rise == 0:
                continue
            slope = rise / run
            agree = np.abs((points[:, 1] - points[i, 1]) / slope - (points[:, 0] - points[i, 0])) < slack
            if best is None or agree.sum() > best.sum():
                best = agree
    if best is None or best.sum() < _LEAST_AGREEING:
        return None
    slope, offset = np.polyfit(points[best, 0], points[best, 1], 1)
    return Mapping(float(slope), float(offset), log, float(best.sum()) / len(pairs))


def rounded(value: float, slack: float) -> float:
    """The shortest decimal within ``slack`` of a value."""
    if not np.isfinite(value):
        return 0.0
    for digits in range(-12, 13):
        candidate = round(value, digits)
        if abs(candidate - value) <= slack:
            return float(candidate) + 0.0
    return float(f"{value:.6g}")


def rounded_alike(values: Sequence[float], slack: float) -> tuple[float, ...]:
    """Values with as few digits as nearly all of them can have within a slack: data is mostly of one kind.

    Those that cannot are each the shortest decimal within it.
    """
    for digits in range(-12, 13):
        short = [float(round(value, digits)) + 0.0 for value in values]
        near = [abs(a - b) <= slack for a, b in zip(short, values, strict=True)]
        if sum(near) >= _ALIKE * len(near):
            pairs = zip(short, near, values, strict=True)
            return tuple(a if fits else rounded(value, slack) for a, fits, value in pairs)
    return tuple(rounded(value, slack) for value in values)
