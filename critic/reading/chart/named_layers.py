"""Colours that a legend names: thin lines show them blended only, so that no pixel tells them by itself."""

from __future__ import annotations

import numpy as np

from critic.reading.chart.colours import Colour, rgb_of
from critic.reading.chart.description import Legend
from critic.reading.chart.plot import Mask, Plot
from critic.reading.chart.tracks import shares_of

_SAME = 14
"""Levels by which colours of one layer differ."""
_DRAWN = 0.55
"""Share of a pixel from which a thin line counts as drawn there."""
_LEAST = 24
"""Pixels of the shortest line."""
_GOOD_PART = 0.4
"""Share of a colour in its blend with the face, from which it may be what a thin line shows at most."""
_OFF = 10
"""Levels that a blend lies off the straight way between its two colours, as levels are rounded."""

Layers = list[tuple[Colour, Mask]]


def with_named(plot: Plot, layers: Layers, legends: list[Legend]) -> Layers:
    """The layers of a plot area with those of the lines in its legends, in the legends' colours.

    Args:
        plot: The area.
        layers: Colours with their masks, as they were found.
        legends: What names the colours.
    """
    found = list(layers)
    for entry in (e for legend in legends for e in legend.entries if e.handle == "line"):
        colour = rgb_of(entry.colour)
        if any(_is_known(colour, other, plot.face) for other, _ in found):
            continue
        depth = np.abs(plot.pixels.astype(np.int16) - plot.face).max(axis=2)
        mask = (shares_of(plot, colour) > _DRAWN) & (depth <= np.abs(colour - plot.face).max() + _SAME)
        for other, own in layers:
            if not _is_paler(other, colour, plot.face):
                mask &= ~own
        if mask.sum() >= _LEAST:
            found = [(c, m) for c, m in found if not _is_paler(c, colour, plot.face)]
            found.append((colour, np.asarray(mask)))
    return found


def _is_known(colour: Colour, found: Colour, face: Colour) -> bool:
    """Whether a colour is one that was found, or a blend of it: thin handles are blended as well."""
    return bool(np.abs(colour - found).max() <= _SAME) or _is_paler(colour, found, face)


def _is_paler(colour: Colour, full: Colour, face: Colour) -> bool:
    """Whether a colour is another's blend with the face, in good part the other's."""
    way = (full - face).astype(float)
    share = float((colour - face) @ way) / max(float(way @ way), 1.0)
    return _GOOD_PART < share < 1 and float(np.abs(colour - face - share * way).max()) < _OFF
