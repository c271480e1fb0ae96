"""Differences between the legends of two axes."""

from __future__ import annotations

from critic.pixel.chart_geometry import apart
from critic.pixel.chart_pixels import Mask, count_in, glyphs_differ, without
from critic.pixel.chart_texts import plain, union
from critic.reading.chart.description import Axes, Entry, Legend, Text
from critic.types import Box, Discrepancy
from renderers.types import Image

_FEW = 8


def compare_legends(
    where: str, one: Axes, other: Axes, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    """Legends paired by place; what they explain is taken out of ``different``."""
    found: list[Discrepancy] = []
    left = list(other.legends)
    for ours in one.legends:
        mate = min(
            left, key=lambda m: abs(m.box.x0 - ours.box.x0) + abs(m.box.y0 - ours.box.y0), default=None
        )
        if mate is None:
            found += _unframed(where, ours, other, images, different)
            continue
        left.remove(mate)
        box = union(ours.box, mate.box)
        if count_in(different, box) > _FEW:
            found += _pair(where, ours, mate, images, different)
            without(different, box)
    for theirs in left:
        found += _gone(where, theirs, "not in the reference", different)
    return found


def _unframed(
    where: str, ours: Legend, other: Axes, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    """A legend without a mate: still there where its entries' texts are, though its frame was not seen."""
    if count_in(different, ours.box) <= _FEW:
        return []
    pairs = [(entry, _text_at(entry, other)) for entry in ours.entries]
    there = [(entry, text) for entry, text in pairs if text is not None]
    if 2 * len(there) < len(ours.entries) or not there:
        return _gone(where, ours, "missing", different)
    found: list[Discrepancy] = []
    box = ours.box
    for entry, text in there:
        box = union(box, text.box)
        same = Entry(text=text.text, colour=entry.colour, box=text.box)
        found += _entry(f"{where}, legend", entry, same, images, different, moved=True)
    without(different, Box(box.x0 - 36, box.y0, box.x1 + 8, box.y1), 4)
    return found


def _text_at(entry: Entry, other: Axes) -> Text | None:
    """The render's text in the row of an entry, where its right or left end is the same."""
    if entry.box is None:
        return None
    b = entry.box
    for text in other.texts:
        level = abs((text.box.y0 + text.box.y1) - (b.y0 + b.y1)) < 8
        if level and min(abs(text.box.x0 - b.x0), abs(text.box.x1 - b.x1)) < 12:
            return text
    return None


def _gone(where: str, legend: Legend, how: str, different: Mask) -> list[Discrepancy]:
    if count_in(different, legend.box) <= _FEW:
        return []
    without(different, legend.box)
    texts = ", ".join(repr(e.text) for e in legend.entries)
    return [
        Discrepancy(
            category="structure_error",
            severity=3,
            location=f"{where}, legend",
            box=legend.box,
            description=f"the legend with {texts} is {how}",
        )
    ]


def _pair(
    where: str, ours: Legend, mate: Legend, images: tuple[Image, Image], different: Mask
) -> list[Discrepancy]:
    found: list[Discrepancy] = []
    place = f"{where}, legend"
    if len(ours.entries) != len(mate.entries):
        texts = [[e.text for e in legend.entries] for legend in (ours, mate)]
        text = f"legend entries: reference {texts[0]}, render {texts[1]}"
        return [
            Discrepancy(
                category="structure_error", severity=2, location=place, box=ours.box, description=text
            )
        ]
    if plain(ours.title) != plain(mate.title):
        text = f"legend title: reference {ours.title!r}, render {mate.title!r}"
        found.append(
            Discrepancy(category="text_error", severity=2, location=place, box=ours.box, description=text)
        )
    shift = max(abs(a - b) for a, b in zip(ours.box, mate.box, strict=True))
    for one, other in zip(ours.entries, mate.entries, strict=True):
        found += _entry(place, one, other, images, different, moved=shift > 2)
    if not found and shift > 3:
        text = "legend box: reference {}, render {}".format(
            *(f"{b.x0:.0f},{b.y0:.0f} to {b.x1:.0f},{b.y1:.0f}" for b in (ours.box, mate.box))
        )
        found.append(
            Discrepancy(category="style_error", severity=1, location=place, box=ours.box, description=text)
        )
    return found


def _entry(
    place: str, one: Entry, other: Entry, images: tuple[Image, Image], different: Mask, *, moved: bool
) -> list[Discrepancy]:
    if one.box is None or other.box is None:
        return []
    box = union(one.box, other.box)
    differs = moved or count_in(different, box, 1) > 4
    if differs and plain(one.text) != plain(other.text) and glyphs_differ(*images, one.box, other.box):
        text = f"legend text: reference {one.text!r}, render {other.text!r}"
        return [Discrepancy(category="text_error", severity=2, location=place, box=box, description=text)]
    if not moved and count_in(different, box, 1) > 6 and glyphs_differ(*images, one.box, other.box):
        text = f"legend text {one.text!r} is drawn with other characters"
        return [Discrepancy(category="text_error", severity=2, location=place, box=box, description=text)]
    handle = Box(one.box.x0 - 40, one.box.y0 - 2, one.box.x0 - 2, one.box.y1 + 2)
    if apart(one.colour, other.colour) > 40 and (moved or count_in(different, handle) > 6):
        text = f"legend handle of {one.text!r}: reference {one.colour}, render {other.colour}"
        return [Discrepancy(category="style_error", severity=1, location=place, box=handle, description=text)]
    return []
