"""JSX: names of components, attributes and texts as React wants them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lxml import etree

_AS_WRITTEN = re.compile(r"aria-|data-")
_MARKUP = re.compile(r"[{}<>&]")


def component_name(picture: str) -> str:
    """A component's name made of a picture's: ``cable_car.png`` is ``CableCar``."""
    words = re.findall(r"[A-Za-z0-9]+", Path(picture).stem)
    name = "".join(word[:1].upper() + word[1:] for word in words)
    return name if name[:1].isalpha() else f"Icon{name}"


def attribute(name: str, value: str) -> str:
    """An attribute of an element, in React's spelling."""
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


def jsx_text(text: str) -> str:
    """Text as a JavaScript string: what looks like markup stays text."""
    return f"{{{json.dumps(text, ensure_ascii=False)}}}"
