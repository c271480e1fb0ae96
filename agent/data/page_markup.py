"""A page's HTML taken apart: its body, its styles, its title, without what could run."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import html

from agent.errors import DataError

_ACTIVE = ("script", "iframe", "object", "embed", "base", "meta", "link", "style")

_SVG_NAMES = {"viewbox": "viewBox", "preserveaspectratio": "preserveAspectRatio"}
"""Attributes of inline SVG that a parser of HTML writes in small letters, and components do not take so."""


@dataclass(frozen=True, slots=True)
class PageMarkup:
    """What a page is made of.

    Attributes:
        body: Its body's element.
        css: The text of its style elements.
        title: Its title.
        language: Of its text.
    """

    body: html.HtmlElement
    css: str
    title: str
    language: str


def parsed(name: str, code: str) -> html.HtmlElement:
    """A document as it was written.

    Args:
        name: What the picture is called, for what an error says.
        code: HTML.

    Raises:
        DataError: It is none.
    """
    try:
        return html.document_fromstring(code)
    except (ValueError, html.etree.ParserError) as error:
        raise DataError(f"{name}: no page can be made of it ({error})") from error


def page_markup(name: str, code: str) -> PageMarkup:
    """The parts of a document.

    Args:
        name: What the picture is called, for what an error says.
        code: HTML.

    Raises:
        DataError: There is no page in it.
    """
    document = parsed(name, code)
    css = "\n".join(style.text or "" for style in document.iter("style"))
    title = document.findtext(".//title") or ""
    body = document.find("body")
    if body is None:
        raise DataError(f"{name}: no page can be made of it (it has no body)")
    scripted = body.find(".//script") is not None
    for element in list(body.iter(*_ACTIVE)):
        if isinstance(element, html.HtmlElement):
            element.drop_tree()
    for element in body.iter(html.etree.Element):
        for attribute in [key for key in element.attrib if str(key).startswith("on")]:
            del element.attrib[attribute]
        for written, spelt in _SVG_NAMES.items():
            if written in element.attrib:
                element.set(spelt, element.attrib.pop(written))
    if scripted and not "".join(map(str, body.itertext())).strip():
        raise DataError(f"{name}: its page is built by its own script, so that only that format can be had")
    return PageMarkup(body, css.strip(), title.strip(), document.get("lang") or "en")
