"""Legends without a box among the data: names with handles before them, or behind them as gnuplot has it."""

from __future__ import annotations

import cv2
import numpy as np

from critic.reading.chart.colours import Colour, far, near, rgb_of
from critic.reading.chart.description import Legend, Text
from critic.reading.chart.frames import Frame
from critic.reading.chart.numbers import number_of
from critic.reading.chart.open_legends import Key, key_of, open_legends, shades_of
from critic.types import Box
from renderers.types import Image

_SHOWN = 24
"""Levels from the face at which a pixel is ink, as of other legends without a box."""
_ROOM, _CLEAR = 4.5, 0.62
"""Font sizes before a name in which its handle is, and above and below the row's middle within which it ends,
as readers of legends elsewhere have them: lines that run through do not end there."""
_ELSEWHERE, _SAME_COLOUR = 2, 40
"""How many times its handle's ink a series has at least, in the same colour but for so many levels: thin
lines are blended."""
_LETTERS = 2
"""Letters of a name at least: lone ones mark places among the data."""


def inner_legends(image: Image, frame: Frame, texts: list[Text], face: Colour, dpi: float) -> list[Legend]:
    """The legends without a box inside a frame.

    Args:
        image: RGB pixels.
        frame: The axes rectangle.
        texts: The texts within it that belong to nothing else.
        face: The colour behind the data.
        dpi: Dots per inch.
    """
    names = [text for text in texts if len(text.text) >= _LETTERS and number_of(text.text) is None]
    if not names:
        return []
    inner = image.copy()
    # Spines and what lies beyond are none of a handle.
    keep = np.zeros(image.shape[:2], bool)
    keep[frame.top + 2 : frame.bottom - 1, frame.left + 2 : frame.right - 1] = True
    inner[~keep] = face
    before = _legends(inner, names, face, dpi)
    width = image.shape[1]
    turned = [text.model_copy(update={"box": _mirrored(text.box, width)}) for text in names]
    behind = _legends(np.ascontiguousarray(inner[:, ::-1]), turned, face, dpi)
    if _entries(before) >= _entries(behind):
        return before
    return [_behind(legend, width) for legend in behind]


def _entries(legends: list[Legend]) -> int:
    return sum(len(legend.entries) for legend in legends)


def _legends(image: Image, names: list[Text], face: Colour, dpi: float) -> list[Legend]:
    """The legends whose handles stand before their texts, in colours that are drawn elsewhere as well."""
    alone = image
    for text in names:
        alone = _without_passing(alone, text, face, dpi)
    keys = [key for text in names if (key := key_of(alone, text, names, face, dpi)) is not None]
    keys = [key for key in keys if _is_drawn(image, key)]
    taken = [rgb_of(shade) for key in keys for shade in shades_of(key.entry)]
    return open_legends(alone, [key.text for key in keys], taken, face, dpi)


def _without_passing(image: Image, text: Text, face: Colour, dpi: float) -> Image:
    """The picture without the ink that runs through the room before a text: a handle ends within it."""
    em, box = text.size * dpi / 72, text.box
    middle, reach = (box.y0 + box.y1) / 2, _CLEAR * em
    rows = slice(max(0, round(middle - reach)), round(middle + reach) + 1)
    columns = slice(max(0, round(box.x0 - _ROOM * em)), max(0, round(box.x0) - 1))
    region = image[rows, columns]
    if not region.size:
        return image
    _, labels = cv2.connectedComponents(far(region, face, _SHOWN).astype(np.uint8), connectivity=8)
    through = ({*labels[0].tolist()} & {*labels[-1].tolist()}) | {*labels[:, 0].tolist()}
    cleared = image.copy()
    cleared[rows, columns][np.isin(labels, [index for index in through if index])] = face
    return cleared


def _is_drawn(image: Image, key: Key) -> bool:
    """Whether a handle's colour has more ink than the handle alone has."""
    box = key.text.box
    rows, columns = slice(int(box.y0) - 1, int(box.y1) + 2), slice(int(key.start), int(key.end) + 1)
    for shade in shades_of(key.entry):
        ink = near(image, rgb_of(shade), _SAME_COLOUR)
        if ink.sum() > _ELSEWHERE * ink[rows, columns].sum() > 0:
            return True
    return False


def _behind(legend: Legend, width: int) -> Legend:
    """A legend of a mirrored picture as it is in the picture."""
    entries = [e.model_copy(update={"box": e.box and _mirrored(e.box, width)}) for e in legend.entries]
    box = _mirrored(legend.box, width)
    return legend.model_copy(update={"box": box, "entries": tuple(entries), "marker_first": False})


def _mirrored(box: Box, width: int) -> Box:
    return Box(width - box.x1, box.y0, width - box.x0, box.y1)
