"""An icon as a component of React or of Vue: it takes its size, class and colour from where it is used."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lxml import etree

from agent.data.finished import Finished
from agent.errors import DataError
from renderers.worker.sanitiser import RefusedSvgError, sanitise

_SVG = "http://www.w3.org/2000/svg"
_FIXED = ("width", "height")
"""Attributes of the root that say how large it is, which is the user's business; ``viewBox`` stays."""

_PAINT = ("fill", "stroke")
_NO_PAINT = ("none", "currentColor", "inherit")
_AS_WRITTEN = re.compile(r"aria-|data-")
_MARKUP = re.compile(r"[{}<>&]")


def write_react(finished: Finished) -> str:
    """A function component in JSX."""
    root = _root(finished)
    body = _jsx(root, 2, " {...props}")
    return f"export default function {_name(finished.name)}(props) {{\n  return (\n{body}\n  );\n}}\n"


def write_vue(finished: Finished) -> str:
    """A single-file component; attributes that it is given go to its root element, as always in Vue."""
    root = _root(finished)
    etree.indent(root)
    for element in root.iter():
        if element.text and "{{" in element.text:
            element.set("v-pre", "")
    markup = etree.tostring(root, encoding="unicode")
    return f"<template>\n{markup}\n</template>\n"


def _root(finished: Finished) -> etree._Element:
    """The drawing without what could run or load; in the colour of the text, where it has one colour.

    Raises:
        DataError: It is no drawing.
    """
    try:
        root = etree.fromstring(sanitise(finished.code.encode("utf-8", "replace"))[0])
    except (RefusedSvgError, etree.XMLSyntaxError) as error:
        raise DataError(f"{finished.name}: no component can be made of it ({error})") from error
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
    return root


def _name(picture: str) -> str:
    """A component's name made of a picture's: ``cable_car.png`` is ``CableCar``."""
    words = re.findall(r"[A-Za-z0-9]+", Path(picture).stem)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() else f"Icon{name}"


def _jsx(element: etree._Element, level: int, more: str = "") -> str:
    indent = "  " * level
    tag = etree.QName(element).localname
    space = f' xmlns="{_SVG}"' if more else ""
    given = "".join(f" {_attribute(str(name), str(value))}" for name, value in element.attrib.items())
    inner = [_text(element.text)] if element.text and element.text.strip() else []
    for child in element:
        inner.append(_jsx(child, level + 1))
        if child.tail and child.tail.strip():
            inner.append(_text(child.tail))
    if not inner:
        return f"{indent}<{tag}{space}{given}{more} />"
    body = "\n".join(part if part.startswith(" ") else f"{indent}  {part}" for part in inner)
    return f"{indent}<{tag}{space}{given}{more}>\n{body}\n{indent}</{tag}>"


def _attribute(name: str, value: str) -> str:
    plain = etree.QName(name).localname if name.startswith("{") else name
    if plain == "style":
        return f"style={{{json.dumps(_style(value), ensure_ascii=False)}}}"
    if plain == "class":
        plain = "className"
    elif not _AS_WRITTEN.match(plain):
        plain = re.sub(r"[-:]([a-z])", lambda match: match[1].upper(), plain)
    quoted = json.dumps(value, ensure_ascii=False)
    return (
        f"{plain}={quoted}" if not _MARKUP.search(value) and "\\" not in quoted else f"{plain}={{{quoted}}}"
    )


def _style(value: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in value.split(";") if ":" in part)
    return {
        re.sub(r"-([a-z])", lambda match: match[1].upper(), name.strip()): said.strip()
        for name, said in pairs
    }


def _text(text: str) -> str:
    """Text as a JavaScript string: what looks like markup stays text."""
    return f"{{{json.dumps(text, ensure_ascii=False)}}}"
