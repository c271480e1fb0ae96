"""Whether a page gives way: what overlaps, is cut, or sticks out where the window is narrower.

A metric of ours: of a document's elements as a browser lays them out, at the reference's width and narrower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from renderers.layout import Extent, Laid, PageLayout

SHARES = (0.75, 0.5)
"""Parts of the reference's width at which a page is tried: a small notebook and a tablet for a desktop's."""

_OVERLAP = 2.0
"""Pixels that two texts may share in both directions: glyphs' boxes are taller than their ink."""

_STICKS_OUT = 1.5
"""Pixels that a document may be wider than its window: fractions add up."""

_OUT_OF_FLOW = frozenset({"absolute", "fixed"})


@dataclass(frozen=True, slots=True)
class Narrow:
    """A page in a window narrower than the reference.

    Attributes:
        width: Of the window, in CSS pixels.
        overlaps: Pairs of texts that lie on each other.
        cut: Elements that hide part of what they hold, and texts beyond the window's edge.
        scrolls: Whether the document is wider than its window.
    """

    width: float
    overlaps: int
    cut: int
    scrolls: bool

    @property
    def passes(self) -> bool:
        """Whether nothing overlaps, nothing is cut and nothing has to be scrolled sideways."""
        return not (self.overlaps or self.cut or self.scrolls)

    def told(self) -> str:
        """What is wrong in it, in words."""
        return f"{self.width:.0f} px {_verdict(self)}"


@dataclass(frozen=True, slots=True)
class Reflow:
    """What a page's code is worth keeping for, apart from its looks.

    Attributes:
        in_flow: Share of its elements in normal flow, 0..1.
        sizes: Distinct font sizes of its texts.
        colours: Distinct colours of texts and grounds.
        classes: Distinct classes.
        narrow: How it does in narrower windows.
    """

    in_flow: float
    sizes: int
    colours: int
    classes: int
    narrow: tuple[Narrow, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether it does well in each of the narrower windows."""
        return all(item.passes for item in self.narrow)

    def told(self) -> str:
        """All of it in a line."""
        tried = ", ".join(item.told() for item in self.narrow)
        share = f"{100 * self.in_flow:.0f}% of elements in normal flow"
        counts = f"{self.sizes} font sizes, {self.colours} colours, {self.classes} classes"
        return "; ".join(part for part in (share, counts, tried) if part)


def _verdict(item: Narrow) -> str:
    if item.passes:
        return "gives way"
    faults = [f"{item.overlaps} overlaps" if item.overlaps else "", f"{item.cut} cut" if item.cut else ""]
    return " and ".join(filter(None, [*faults, "scrolls sideways" if item.scrolls else ""]))


def reflow(whole: PageLayout, narrower: Mapping[float, PageLayout]) -> Reflow:
    """How a page gives way.

    Args:
        whole: At the reference's width.
        narrower: The same code in narrower windows, by their widths.
    """
    texts = [item for item in whole.elements if item.text is not None]
    flowing = sum(item.position not in _OUT_OF_FLOW for item in whole.elements)
    grounds = {item.ground for item in whole.elements if not item.ground.endswith(", 0)")}
    return Reflow(
        in_flow=flowing / max(1, len(whole.elements)),
        sizes=len({item.size for item in texts}),
        colours=len({item.colour for item in texts} | grounds),
        classes=len({name for item in whole.elements for name in item.classes}),
        narrow=tuple(
            _narrow(width, layout, whole) for width, layout in sorted(narrower.items(), reverse=True)
        ),
    )


def _narrow(width: float, layout: PageLayout, whole: PageLayout) -> Narrow:
    before = _overlaps(whole)
    return Narrow(
        width=width,
        overlaps=max(0, _overlaps(layout) - before),
        cut=sum(item.cut for item in layout.elements) + _beyond(layout),
        scrolls=layout.reach > layout.width + _STICKS_OUT,
    )


def _beyond(layout: PageLayout) -> int:
    """Texts that begin left of the window, or end right of it where that cannot be scrolled to."""
    hidden = layout.reach <= layout.width + _STICKS_OUT
    return sum(
        item.text.x0 < -_STICKS_OUT or (hidden and item.text.x1 > layout.width + _STICKS_OUT)
        for item in layout.elements
        if item.text is not None
    )


def _overlaps(layout: PageLayout) -> int:
    """Pairs of texts on each other, those within one another left out."""
    texts = [item for item in layout.elements if item.text is not None]
    return sum(
        _meet(a, b) and not _within(a, b) and not _within(b, a)
        for index, a in enumerate(texts)
        for b in texts[index + 1 :]
    )


def _meet(first: Laid, second: Laid) -> bool:
    a, b = first.text, second.text
    assert a is not None and b is not None
    wide = min(a.x1, b.x1) - max(a.x0, b.x0)
    lowest, highest = min(_ink(first, a)[1], _ink(second, b)[1]), max(_ink(first, a)[0], _ink(second, b)[0])
    return wide > _OVERLAP and lowest - highest > _OVERLAP


def _ink(item: Laid, text: Extent) -> tuple[float, float]:
    """The rows of a text that its letters reach, about: the line box without what is above and below."""
    air = max(0.0, (text.y1 - text.y0) / max(1, item.lines) - item.size)
    return text.y0 + air / 2, text.y1 - air / 2


def _within(inner: Laid, outer: Laid) -> bool:
    """Whether one's box lies in the other's text, as a link's in its paragraph does."""
    return (
        outer.box.x0 <= inner.box.x0 + 1
        and outer.box.y0 <= inner.box.y0 + 1
        and outer.box.x1 >= inner.box.x1 - 1
        and outer.box.y1 >= inner.box.y1 - 1
    )
