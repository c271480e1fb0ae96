"""What fills the rings of a radar chart, and how the names stand round the outermost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from critic.marks.findings import Scene
from critic.marks.polar import UPRIGHT
from critic.marks.scales import USUAL_PAD
from critic.marks.texts import Text
from critic.marks.web import Web
from critic.reading.chart.colours import hex_of, mode_colour, saturation

_BANDED = 3
"""Levels from which neighbouring rings differ: ECharts' bands have 5 to 11 from white."""
_ALIKE = 2
"""Levels within which every second ring is filled alike: pixels there are flat."""
_PLAIN = 24
"""Saturation up to which a ring shows its own colour, and no data."""
_TURNS = 2
"""Every second ring is filled alike."""
_OTHERS = 0.25
"""Share of the rings that may show another colour: numbers and data lie over them."""
_INNER = (0.3, 0.7)
"""Share of the way from one ring to the next in which lines of neither show."""
_PLACES = 9
"""Rays between two spokes, and steps from ring to ring, at which pixels are taken."""
_LEAST = 2
"""Rings that can differ."""
_BESIDE_PAD = 10.5
"""Points that matplotlib adds to the distance of names from the rim: 7 and the length of a mark."""
_FEWEST = 3
"""Names of which it is told how they stand."""
_SAME_PAD = 1.0
"""Points by which a distance may be off the usual one."""


def bands_of(picture: Scene, web: Web, rings: Sequence[float], *, polygons: bool) -> tuple[str, ...]:
    """The colour within each ring, from the centre on; none where neighbours do not differ in turn.

    Args:
        picture: Where they are.
        web: Round which.
        rings: Radii along the spokes, from the inside.
        polygons: Whether they are straight from spoke to spoke.
    """
    if len(rings) < _LEAST:
        return ()
    shades = [
        _between(picture, web, a, b, polygons=polygons) for a, b in zip((0.0, *rings), rings, strict=False)
    ]
    # Data cover the inner ones: those that show tell, and the others follow in turn.
    shown = [saturation(shade) < _PLAIN for shade in shades]
    pairs = {
        turn: [s for k, s in enumerate(shades) if shown[k] and k % _TURNS == turn] for turn in range(_TURNS)
    }
    if not all(pairs.values()):
        return ()
    even, odd = (
        max(same, key=lambda one: sum(_off(one, s) <= _ALIKE for s in same)) for same in pairs.values()
    )
    uneven = sum(
        _off(s, one) > _ALIKE for one, same in zip((even, odd), pairs.values(), strict=True) for s in same
    )
    if _off(even, odd) < _BANDED or uneven > _OTHERS * len(rings):
        return ()
    return tuple(hex_of(odd if k % _TURNS else even) for k in range(len(rings)))


def _off(one: NDArray[np.int_], other: NDArray[np.int_]) -> int:
    return int(np.abs(one - other).max())


def _between(picture: Scene, web: Web, inner: float, outer: float, *, polygons: bool) -> NDArray[np.int_]:
    """The most frequent colour between two rings, off the spokes."""
    half = np.pi / web.spokes
    high, wide = picture.image.shape[:2]
    radii = inner + np.linspace(*_INNER, _PLACES) * (outer - inner)
    found = []
    for angle in web.angles() - half:
        for turn in np.linspace(-half, half, _PLACES + 2)[1:-1]:
            reach = np.cos(half) / np.cos(turn) if polygons else 1.0
            columns, rows = web.at(float(angle + turn), radii * reach)
            found.append(picture.image[rows.clip(0, high - 1), columns.clip(0, wide - 1)])
    return mode_colour(np.concatenate(found))


def standing(web: Web, names: Sequence[Text | None], dpi: float) -> tuple[bool, float]:
    """Whether names begin at the ends of the spokes rather than being centred there, and matplotlib's pad."""
    known = [(angle, t) for angle, t in zip(web.angles().tolist(), names, strict=True) if t is not None]
    if len(known) < _FEWEST:
        return False, USUAL_PAD
    away = {beside: [_away(web, angle, t, beside=beside) for angle, t in known] for beside in (False, True)}
    spread = {beside: float(np.ptp(values)) for beside, values in away.items()}
    beside = spread[True] < spread[False]
    pad = float(np.median(away[beside])) * 72 / dpi - _BESIDE_PAD
    return beside, USUAL_PAD if abs(pad - USUAL_PAD) < _SAME_PAD else round(pad, 1)


def _away(web: Web, angle: float, text: Text, *, beside: bool) -> float:
    """Pixels, along its spoke, from its end to where a name is anchored."""
    across, up = float(np.cos(angle)), float(np.sin(angle))
    x, y = text.box.centre
    if beside and abs(across) > UPRIGHT:
        x = text.box.x0 if across > 0 else text.box.x1
    return (x - web.x) * across + (web.y - y) * up - web.radius
