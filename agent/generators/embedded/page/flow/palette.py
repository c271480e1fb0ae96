"""Names for the colours of a page: what they are for where that is plain, else what they look like."""

from __future__ import annotations

import colorsys
import re
from collections import Counter

from agent.generators.embedded.page.flow.element import Element
from agent.generators.embedded.page.flow.faces import Faces
from critic.reading.page.colours import rgb

_HUES = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (200, "cyan"),
    (255, "blue"),
    (290, "violet"),
)
"""Upper ends of the hues' ranges, in degrees."""

_GREY = 0.12
"""Saturation below which a colour is a grey."""

_DARK, _LIGHT = 0.25, 0.85
"""Lightness below and above which a colour is dark, or pale."""

_VIVID = 0.35
"""Saturation from which a colour may be the page's accent."""

_OFTEN = 2
"""Uses from which a colour has a name."""

_HEX = re.compile(r"#[0-9a-f]{6}")
_MORE = ("", "-soft", "-deep", "-alt", "-faint", "-strong", "-quiet", "-extra")


def named_colours(root: Element, faces: Faces) -> dict[str, str]:
    """Custom properties of the colours that are used more than once, and of the page's own."""
    texts: Counter[str] = Counter()
    edges: Counter[str] = Counter()
    fills: Counter[str] = Counter()
    for element in root.walk():
        for key, value in element.look.items():
            kind = texts if key == "color" else edges if key.startswith("border") else fills
            kind.update(_HEX.findall(value))
    texts.update([*faces.links, *faces.tints])
    names: dict[str, str] = {faces.body.colour: "--text"}
    everything = texts + edges + fills
    ground = root.look.get("background", "")
    if _HEX.fullmatch(ground):
        names.setdefault(ground, "--ground")
    often = [colour for colour, count in everything.most_common() if count >= _OFTEN]
    _claim(
        names, "--accent", (c for c in often if _saturation(c) >= _VIVID and _DARK < _lightness(c) < _LIGHT)
    )
    _claim(names, "--muted", (c for c, count in texts.most_common() if count >= _OFTEN))
    _claim(names, "--border", (c for c, count in edges.most_common() if count >= _OFTEN))
    _claim(names, "--surface", (c for c, count in fills.most_common() if count >= _OFTEN))
    for colour in often:
        if colour not in names:
            _claim(names, f"--{_look(colour)}", [colour])
    return names


def _claim(names: dict[str, str], name: str, colours: object) -> None:
    """Give the name to the first colour that has none; with more said where it is taken."""
    taken = set(names.values())
    for colour in colours:  # type: ignore[attr-defined]
        if colour not in names:
            free = next((name + more for more in _MORE if name + more not in taken), None)
            if free is not None:
                names[colour] = free
            return


def _hls(colour: str) -> tuple[float, float, float]:
    red, green, blue = (float(value) / 255 for value in rgb(colour))
    return colorsys.rgb_to_hls(red, green, blue)


def _lightness(colour: str) -> float:
    return _hls(colour)[1]


def _saturation(colour: str) -> float:
    return _hls(colour)[2]


def _look(colour: str) -> str:
    hue, light, saturation = _hls(colour)
    name = "grey" if saturation < _GREY else next((n for stop, n in _HUES if hue * 360 < stop), "red")
    if light < _DARK:
        return f"dark-{name}"
    return f"pale-{name}" if light > _LIGHT else name
