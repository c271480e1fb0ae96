"""A component of React or of Vue. An icon takes its size, class and colour from where it is used."""

from __future__ import annotations

from lxml import etree

from agent.data.finished import Finished
from agent.data.jsx import attribute, component_name, jsx_text
from agent.data.page_component import write_page_react, write_page_vue
from agent.errors import DataError
from renderers.types import Kind
from renderers.worker.sanitiser import RefusedSvgError, sanitise

_SVG = "http://www.w3.org/2000/svg"
_FIXED = ("width", "height")
"""Attributes of the root that say how large it is, which is the user's business; ``viewBox`` stays."""

_PAINT = ("fill", "stroke")
_NO_PAINT = ("none", "currentColor", "inherit")


def write_react(finished: Finished) -> str:
    """A function component in JSX; of a page, with one of each thing that it repeats."""
    if finished.kind is Kind.PAGE:
        return write_page_react(finished)
    root = coloured_by_text(finished)
    body = _jsx(root, 2, " {...props}")
    return (
        f"export default function {component_name(finished.name)}(props) {{\n  return (\n{body}\n  );\n}}\n"
    )


def write_vue(finished: Finished) -> str:
    """A single-file component; attributes that it is given go to its root element, as always in Vue."""
    if finished.kind is Kind.PAGE:
        return write_page_vue(finished)
    root = coloured_by_text(finished)
    etree.indent(root)
    for element in root.iter():
        if element.text and "{{" in element.text:
            element.set("v-pre", "")
    markup = etree.tostring(root, encoding="unicode")
    return f"<template>\n{markup}\n</template>\n"


def coloured_by_text(finished: Finished) -> etree._Element:
    """The drawing without what could run or load; in the colour of the text, where it has one colour.

    Raises:
        DataError: It is no drawing.
    """
    try:
        root = etree.fromstring(sanitise(finished.code.encode("utf-8", "replace"))[0])
    except (RefusedSvgError, etree.XMLSyntaxError) as error:
        raise DataError(f"{finished.name}: no component can be made of it ({error})") from error
    _uncover(root, finished.ground)
    if "viewBox" not in root.attrib and all(name in root.attrib for name in _FIXED):
        root.set("viewBox", f"0 0 {root.get('width')} {root.get('height')}")
    for name in _FIXED:
        root.attrib.pop(name, "")
    painted = [
        (element, name)
        for element in root.iter(etree.Element)
        for name in _PAINT
        if element.get(name, "none") not in _NO_PAINT
    ]
    colours = {str(element.get(name)) for element, name in painted}
    if len(colours) == 1 and not next(iter(colours)).startswith("url("):
        for element, name in painted:
            element.set(name, "currentColor")
    if not painted and root.get("fill") is None:  # black, which needs no attribute
        root.set("fill", "currentColor")
    return root


def _uncover(root: etree._Element, ground: str | None) -> None:
    """Take away what was painted below a white icon on a transparent ground so that it could be seen."""
    below = root.find(f"{{{_SVG}}}rect")
    if ground is not None and below is not None and below.get("width") == "100%":
        root.remove(below)


def _jsx(element: etree._Element, level: int, more: str = "") -> str:
    indent = "  " * level
    tag = etree.QName(element).localname
    space = f' xmlns="{_SVG}"' if more else ""
    given = "".join(f" {attribute(str(name), str(value))}" for name, value in element.attrib.items())
    inner = [jsx_text(element.text)] if element.text and element.text.strip() else []
    for child in element:
        inner.append(_jsx(child, level + 1))
        if child.tail and child.tail.strip():
            inner.append(jsx_text(child.tail))
    if not inner:
        return f"{indent}<{tag}{space}{given}{more} />"
    body = "\n".join(part if part.startswith(" ") else f"{indent}  {part}" for part in inner)
    return f"{indent}<{tag}{space}{given}{more}>\n{body}\n{indent}</{tag}>"
