"""Where a browser puts the elements of a document: boxes, lines of text, and what is cut off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

_MOST = 4000
"""Elements that are looked at; a page of a person's size has a few hundred."""

NUMBER = "data-number"
"""Attribute by which whoever wrote a document knows its elements again."""

# Through the prototypes, as elements may be named like the properties that are asked for.
LAYOUT = f"""(() => {{
  const get = (kind, name, it) => Object.getOwnPropertyDescriptor(kind.prototype, name).get.call(it);
  const all = Document.prototype.querySelectorAll.call(document, 'body, body *');
  const rect = (r) => [r.left, r.top, r.right, r.bottom];
  const found = [], scrollers = [];
  const seen = (it, extent) => {{
    let [left, top, right, bottom] = extent;
    for (const outer of scrollers) {{
      if (!Node.prototype.contains.call(outer, it)) continue;
      const window = Element.prototype.getBoundingClientRect.call(outer);
      left = Math.max(left, window.left);
      right = Math.min(right, window.right);
    }}
    return right > left ? [left, top, right, bottom] : null;
  }};
  for (const it of all) {{
    if (found.length >= {_MOST}) break;
    if (it instanceof SVGElement && get(SVGElement, 'ownerSVGElement', it)) continue;  // shapes of a drawing
    const style = getComputedStyle(it);
    if (style.display === 'none' || style.visibility === 'hidden') continue;
    if (style.overflowX === 'auto' || style.overflowX === 'scroll') scrollers.push(it);
    const box = rect(Element.prototype.getBoundingClientRect.call(it));
    let text = null, lines = 0;
    for (const node of get(Node, 'childNodes', it)) {{
      if (get(Node, 'nodeType', node) !== 3 || !get(CharacterData, 'data', node).trim()) continue;
      const range = Document.prototype.createRange.call(document);
      range.selectNodeContents(it);
      text = seen(it, rect(range.getBoundingClientRect()));
      lines = new Set([...range.getClientRects()].map(r => Math.round(r.bottom / 4))).size;
      break;
    }}
    const cut = style.overflowX !== 'visible' &&
      get(Element, 'scrollWidth', it) > get(Element, 'clientWidth', it) + 1;
    found.push([get(Element, 'localName', it), Element.prototype.getAttribute.call(it, '{NUMBER}'),
      seen(it, box) || box, text, lines, style.position, style.float,
      cut && style.overflowX, style.fontSize, style.color, style.backgroundColor,
      (Element.prototype.getAttribute.call(it, 'class') || '').slice(0, 400)]);
  }}
  const root = get(Document, 'documentElement', document);
  return [get(Element, 'scrollWidth', root), get(Element, 'clientWidth', root), found];
}})()"""


class Extent(NamedTuple):
    """Edges in CSS pixels from the window's top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Laid:
    """An element as it is laid out.

    Attributes:
        tag: Its name, in lower case.
        number: What whoever wrote it calls it; None where it is not numbered.
        box: Its border box.
        text: Around the lines of its own text, as far as a box that scrolls shows them; None for none.
        lines: How many lines that makes, about.
        position: As in CSS.
        floats: Whether it floats.
        cut: Whether it hides part of what it holds with no way to scroll to it.
        size: Font size in CSS pixels.
        colour: Its text's, as CSS has it.
        ground: Its background's.
        classes: Its classes.
    """

    tag: str
    number: int | None
    box: Extent
    text: Extent | None
    lines: int
    position: str
    floats: bool
    cut: bool
    size: float
    colour: str
    ground: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageLayout:
    """All elements of a document that show, in its order.

    Attributes:
        width: Of the window.
        reach: How wide the document is, scrolled sideways; not more than ``width`` where it fits.
        elements: Those that show.
    """

    width: float
    reach: float
    elements: tuple[Laid, ...]


def layout_of(answer: Any) -> PageLayout:
    """What ``LAYOUT`` came to in the browser."""
    reach, width, found = answer
    return PageLayout(float(width), float(reach), tuple(_laid(item) for item in found))


def _laid(item: Iterable[Any]) -> Laid:
    tag, number, box, text, lines, position, floats, cut, size, colour, ground, classes = item
    return Laid(
        tag=tag,
        number=int(number) if number is not None and number.isdigit() else None,
        box=Extent(*box),
        text=None if text is None else Extent(*text),
        lines=lines,
        position=position,
        floats=floats != "none",
        cut=cut in ("hidden", "clip"),
        size=float(size.removesuffix("px")),
        colour=colour,
        ground=ground,
        classes=tuple(classes.split()),
    )
