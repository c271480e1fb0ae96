"""Differences between the legends of two axes, counted by entry."""

from __future__ import annotations

from critic.pixel.chart_geometry import apart
from critic.pixel.chart_pixels import glyphs_differ
from critic.pixel.chart_texts import plain, union
from critic.pixel.chart_view import View
from critic.pixel.claims import FEW, Claim, Rank
from critic.reading.chart.description import Axes, Entry, Legend, Text
from critic.types import Box, Cause, Discrepancy, Element, difference

_SHIFT = 3.0
"""Pixels from which a legend stands elsewhere; a frame read from its blended edges wanders by 2."""
_HANDLE = 40
"""Pixels left of an entry's text that hold its handle: two font sizes and the gap, at 100 dots per inch."""
_OTHER_HANDLE = 40
"""Channel difference from which a handle has another colour; thin ones are blended."""
_LETTER = 4
"""Differing pixels of an entry from which a letter may be another one."""
_LEVEL, _ENDS = 8, 12
"""Pixels by which the middle of a row and the ends of its text may be off where no frame is seen."""


def compare_legends(view: View) -> list[Claim]:
    """Legends paired by place."""
    found: list[Claim] = []
    left = list(view.other.legends)
    for ours in view.one.legends:
        mate = min(
            left, key=lambda m: abs(m.box.x0 - ours.box.x0) + abs(m.box.y0 - ours.box.y0), default=None
        )
        if mate is None:
            found += _unframed(ours, view)
            continue
        left.remove(mate)
        if view.seen(union(ours.box, mate.box)) > FEW:
            found += _pair(ours, mate, view)
    for theirs in left:
        found += _gone(Cause.EXTRA, theirs, view)
    return found


def _legend(view: View, legend: Legend) -> Element:
    return view.part("legend", legend.title)


def _claims(said: Discrepancy | None, *regions: Box, least: int = FEW) -> list[Claim]:
    return [] if said is None else [Claim(said, Rank.LEGEND, region, least=least) for region in regions]


def _unframed(ours: Legend, view: View) -> list[Claim]:
    """A legend without a mate: still there where its entries' texts are, though its frame was not seen."""
    if view.seen(ours.box) <= FEW:
        return []
    pairs = [(entry, _text_at(entry, view.other)) for entry in ours.entries]
    there = [(entry, text) for entry, text in pairs if text is not None]
    if 2 * len(there) < len(ours.entries) or not there:
        return _gone(Cause.MISSING, ours, view)
    found: list[Claim] = []
    for entry, text in there:
        same = Entry(text=text.text, colour=entry.colour, box=text.box)
        found += _entry(_legend(view, ours), entry, same, view, moved=True)
    return found


def _text_at(entry: Entry, other: Axes) -> Text | None:
    """The render's text in the row of an entry, where its right or left end is the same."""
    if entry.box is None:
        return None
    b = entry.box
    for text in other.texts:
        level = abs((text.box.y0 + text.box.y1) - (b.y0 + b.y1)) < _LEVEL
        if level and min(abs(text.box.x0 - b.x0), abs(text.box.x1 - b.x1)) < _ENDS:
            return text
    return None


def _gone(cause: Cause, legend: Legend, view: View) -> list[Claim]:
    said = difference(
        "structure_error",
        3,
        cause,
        _legend(view, legend),
        legend.box,
        aside="with " + ", ".join(repr(e.text) for e in legend.entries),
    )
    return _claims(said, legend.box)


def _pair(ours: Legend, mate: Legend, view: View) -> list[Claim]:
    legend, whole = _legend(view, ours), union(ours.box, mate.box)
    pairs, lost, more = _matched(ours, mate)
    if lost or more:
        return _uneven(legend, ours, mate, whole)
    found: list[Claim] = []
    if plain(ours.title) != plain(mate.title):
        title = Element(kind="legend title", of=legend)
        said = difference(
            "text_error", 2, Cause.TEXT, title, ours.box, reference=ours.title, render=mate.title
        )
        found += _claims(said, whole)
    shift = max(abs(a - b) for a, b in zip(ours.box, mate.box, strict=True))
    for one, other in pairs:
        found += _entry(legend, one, other, view, moved=shift > _SHIFT)
    if not found and shift > _SHIFT:
        wide = abs(ours.box.width - mate.box.width) > _SHIFT
        category, cause = ("style_error", Cause.RESIZED) if wide else ("structure_error", Cause.MOVED)
        said = difference(category, 1, cause, legend, ours.box, reference=ours.box, render=mate.box)
        found += _claims(said, whole)
    elif found:
        # A frame is as wide as its longest text: it follows.
        found += [Claim(found[0].finding, Rank.LEGEND, whole, least=-1)] if shift > 0 else []
    return found


def _matched(ours: Legend, mate: Legend) -> tuple[list[tuple[Entry, Entry]], list[Entry], list[Entry]]:
    """Entries row by row where there are as many; who has no mate where there are not."""
    if len(ours.entries) == len(mate.entries):
        return list(zip(ours.entries, mate.entries, strict=True)), [], []
    texts, others = ({plain(e.text) for e in legend.entries} for legend in (ours, mate))
    lost = [e for e in ours.entries if plain(e.text) not in others]
    more = [e for e in mate.entries if plain(e.text) not in texts]
    return [], lost, more


def _uneven(legend: Element, ours: Legend, mate: Legend, whole: Box) -> list[Claim]:
    counts = float(len(ours.entries)), float(len(mate.entries))
    said = difference(
        "structure_error",
        2,
        Cause.COUNT,
        Element(kind="legend entries", of=legend),
        ours.box,
        reference=counts[0],
        render=counts[1],
    )
    return _claims(said, whole)


def _entry(legend: Element, one: Entry, other: Entry, view: View, *, moved: bool) -> list[Claim]:
    if one.box is None or other.box is None:
        return []
    box = union(one.box, other.box)
    entry = Element(kind="legend text", name=one.text, of=legend)
    least = -1 if moved else _LETTER
    differs = moved or view.seen(box, 1) > _LETTER
    if differs and glyphs_differ(*view.images, one.box, other.box):
        same = plain(one.text) == plain(other.text)
        if not (same and moved):
            said = difference(
                "text_error",
                2,
                Cause.TEXT,
                entry,
                box,
                reference=one.text,
                render=None if same else other.text,
            )
            return _claims(said, box, least=least)
    handle = Box(one.box.x0 - _HANDLE, one.box.y0 - 2, one.box.x0 - 2, one.box.y1 + 2)
    if apart(one.colour, other.colour) > _OTHER_HANDLE and (moved or view.seen(handle) > FEW):
        said = difference(
            "style_error",
            1,
            Cause.RECOLOURED,
            Element(kind="legend handle", of=entry),
            handle,
            reference=one.colour,
            render=other.colour,
        )
        return _claims(said, handle, least=least)
    return []
