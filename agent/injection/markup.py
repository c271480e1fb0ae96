"""HTML as a tree that is written out as it was given: a whole document, or a piece of one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

_WHOLE = re.compile(r"<!doctype\s+html|<html\b|<body\b", re.IGNORECASE)
_UNSEEN = {"script", "style", "head", "title", "noscript", "template", "option", "textarea"}


class Markup:
    """A parsed piece of HTML.

    Attributes:
        root: The ``html`` element, or an element made to hold the piece.
    """

    def __init__(self, code: str) -> None:
        """Parse ``code``.

        Raises:
            ValueError: There is no element in it.
        """
        self._whole = bool(_WHOLE.search(code))
        try:
            self.root: html.HtmlElement = (
                html.document_fromstring(code)
                if self._whole
                else html.fragment_fromstring(code, create_parent="div")
            )
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise ValueError(f"not HTML: {error}") from error

    @property
    def code(self) -> str:
        """The text again."""
        if self._whole:
            return "<!DOCTYPE html>\n" + str(html.tostring(self.root, encoding="unicode"))
        parts = [html.tostring(child, encoding="unicode") for child in self.root]
        return (self.root.text or "") + "".join(map(str, parts))

    @property
    def table(self) -> html.HtmlElement | None:
        """The first table, if there is one."""
        return next(self.root.iter("table"), None)

    def seen(self) -> Iterator[html.HtmlElement]:
        """The elements that may be drawn, in document order."""
        return walk(self.root)


def walk(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """An element and those in it, without those that are never drawn."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    yield element
    for child in element:
        yield from walk(child)


def says(element: html.HtmlElement) -> str:
    """All text in an element, its white space folded."""
    return " ".join("".join(map(str, element.itertext())).split())


def restyle(element: html.HtmlElement, **style: str) -> None:
    """Add declarations to an element's own style, where they win over any other."""
    kept = element.get("style", "").strip().rstrip(";")
    added = "; ".join(f"{name.replace('_', '-')}: {value} !important" for name, value in style.items())
    element.set("style", f"{kept}; {added}" if kept else added)


def conceal(*elements: html.HtmlElement) -> None:
    """Make elements invisible without moving any other."""
    for element in elements:
        restyle(element, visibility="hidden")
