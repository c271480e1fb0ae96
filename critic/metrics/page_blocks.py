"""A page's blocks of text as its browser lays them out, for Design2Code's measures.

The elements are numbered before the page is drawn, so that what the browser tells of each is known by its
text. Of elements in one another that have text, the outer one is the block, as a reader takes a paragraph
with its links for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

from critic.boxes import Box
from critic.metrics.design2code import Block
from renderers.layout import NUMBER, PageLayout
from renderers.types import Size

_RGB = re.compile(r"rgba?\((\d+), (\d+), (\d+)")
_UNSEEN = ("script", "style", "head", "title", "noscript", "template")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page whose elements can be told apart.

    Attributes:
        code: The page, each element with its number.
        texts: What each block says, by number.
    """

    code: str
    texts: dict[int, str]


def numbered(code: str) -> Numbered:
    """The page with its elements numbered; without texts where it is no HTML."""
    try:
        root = html.document_fromstring(code)
    except (etree.LxmlError, ValueError):
        return Numbered(code, {})
    texts: dict[int, str] = {}
    inside: set[etree._Element] = set()
    for number, element in enumerate(root.iter(etree.Element)):
        element.set(NUMBER, str(number))
        if element.getparent() in inside:
            inside.add(element)
        elif element.tag not in _UNSEEN and _says_itself(element):
            inside.add(element)
            texts[number] = str(element.xpath("normalize-space(.)"))
    return Numbered("<!DOCTYPE html>\n" + str(html.tostring(root, encoding="unicode")), texts)


def _says_itself(element: etree._Element) -> bool:
    own = [element.text, *(child.tail for child in element)]
    return any(part and part.strip() for part in own)


def dom_blocks(page: Numbered, layout: PageLayout, size: Size) -> list[Block]:
    """The blocks of a page that show in a picture of this size."""
    found = []
    for item in layout.elements:
        text = page.texts.get(item.number) if item.number is not None else None
        if not text or item.text is None:
            continue
        box = Box(*item.text).clipped(size.width, size.height)
        if box.area > 0:
            found.append(Block(text, box.scaled(1 / size.width, 1 / size.height), _hex(item.colour)))
    return found


def _hex(colour: str) -> str:
    """A colour as a browser computes it, as #rrggbb."""
    found = _RGB.match(colour)
    return "#" + "".join(f"{int(part):02x}" for part in found.groups()) if found else "#000000"
