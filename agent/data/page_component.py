"""A page as a component of React or of Vue; in React what repeats is one too, with props for what differs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from lxml import etree

from agent.data.finished import Finished
from agent.data.jsx import attribute, component_name, jsx_text
from agent.data.page_markup import PageMarkup, page_markup
from agent.data.written_component import react_within, vue_within

_LEAST_PARTS = 3
"""Elements that something has to be worth a component of its own."""

_VOID = frozenset({"img", "hr", "input", "br"})
# fmt: off
_INLINE = frozenset({
    "a", "abbr", "b", "button", "cite", "code", "del", "em", "i", "img", "input", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "select", "small", "span", "strong", "sub", "sup", "time",
    "u", "var",
})
# fmt: on
"""Elements that stand in a line: a blank between them is seen."""

_RENAMED = {"for": "htmlFor", "checked": "defaultChecked", "value": "defaultValue"}


@dataclass
class _Part:
    """Something that the page repeats.

    Attributes:
        name: Of its component.
        sample: The first of it.
        props: Where texts and attributes differ: the path in the sample, and the name of the prop.
    """

    name: str
    sample: etree._Element
    props: dict[tuple[tuple[int, ...], str], str] = field(default_factory=dict)


def write_page_react(finished: Finished) -> str:
    """A module with a function component of the page, and one of each thing that it repeats."""
    written = react_within(finished.name, finished.code)
    if written is not None:
        return written
    markup = page_markup(finished.name, finished.code)
    writer = _Writer(markup)
    name = component_name(finished.name)
    style = f"const styles = {json.dumps(_scoped(markup.css), ensure_ascii=False)};\n\n"
    body = writer.children(markup.body, 3, None)
    parts = "".join(writer.component(part) for part in writer.parts)
    root = _class_name(markup.body)
    return (
        f"{style}{parts}export default function {name}() {{\n  return (\n"
        f"    <div className={json.dumps(root)}>\n"
        f"      <style>{{styles}}</style>\n{body}\n    </div>\n  );\n}}\n"
    )


def write_page_vue(finished: Finished) -> str:
    """A single-file component with the page's markup and its styles."""
    written = vue_within(finished.name, finished.code)
    if written is not None:
        return written
    markup = page_markup(finished.name, finished.code)
    for element in markup.body.iter(etree.Element):
        if "{{" in (element.text or ""):
            element.set("v-pre", "")
    inner = "".join(etree.tostring(child, encoding="unicode", method="html") for child in markup.body)
    root = _class_name(markup.body)
    body = f'<div class="{root}">\n{inner.strip()}\n</div>'
    return f"<template>\n{body}\n</template>\n\n<style>\n{_scoped(markup.css)}\n</style>\n"


def _class_name(body: etree._Element) -> str:
    return f"page {body.get('class', '')}".strip()


def _scoped(css: str) -> str:
    """The styles with the body's on the component's own root."""
    return re.sub(r"(?m)^(\s*)body(?=\s*\{)", r"\1.page", css)


class _Writer:
    """Writes JSX, and finds what is repeated."""

    def __init__(self, markup: PageMarkup) -> None:
        self.parts: list[_Part] = []
        self._part_of: dict[etree._Element, _Part] = {}
        self._members: dict[str, list[etree._Element]] = {}
        for element in markup.body.iter(etree.Element):
            if element is not markup.body and len(list(element.iter(etree.Element))) >= _LEAST_PARTS:
                self._members.setdefault(_shape(element), []).append(element)
        for members in self._members.values():
            if len(members) > 1 and not any(self._inside(member) for member in members):
                self._repeat(members)

    def _inside(self, element: etree._Element) -> bool:
        return any(parent in self._part_of for parent in element.iterancestors())

    def _repeat(self, members: list[etree._Element]) -> None:
        part = _Part(self._free_name(members[0]), members[0])
        listed = [list(_places(member)) for member in members]
        for values in zip(*listed, strict=True):
            if len({value for _, _, value in values}) > 1:
                path, key, _ = values[0]
                part.props[path, key] = _prop_name(part, members[0], path, key)
        self.parts.append(part)
        for member in members:
            self._part_of[member] = part

    def _free_name(self, element: etree._Element) -> str:
        stem = component_name((element.get("class") or element.tag).split()[0])
        taken = {part.name for part in self.parts}
        return next(
            name
            for name in (stem, *(f"{stem}{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            if name not in taken
        )

    def component(self, part: _Part) -> str:
        """The function of something that is repeated."""
        names = ", ".join(dict.fromkeys(part.props.values()))
        body = self.element(part.sample, 2, part, ())
        given = f"{{ {names} }}" if names else ""
        return f"function {part.name}({given}) {{\n  return (\n{body}\n  );\n}}\n\n"

    def children(
        self, element: etree._Element, level: int, part: _Part | None, path: tuple[int, ...] = ()
    ) -> str:
        """What an element holds, in lines."""
        indent = "  " * level
        lines = []
        if element.text and _is_seen(element.text, element, None):
            lines.append(indent + _text(part, path, "text", element.text))
        for index, child in enumerate(element):
            if not isinstance(child.tag, str):
                continue
            inner = (*path, index)
            own = self._part_of.get(child) if part is None else None
            lines.append(self._use(own, child, level) if own else self.element(child, level, part, inner))
            if child.tail and _is_seen(child.tail, element, child):
                lines.append(indent + _text(part, inner, "tail", child.tail))
        return "\n".join(lines)

    def _use(self, part: _Part, element: etree._Element, level: int) -> str:
        given = {}
        for path, key, value in _places(element):
            if (path, key) in part.props:
                given[part.props[path, key]] = value
        told = "".join(
            f" {name}={{{json.dumps(value, ensure_ascii=False)}}}" for name, value in given.items()
        )
        return f"{'  ' * level}<{part.name}{told} />"

    def element(self, element: etree._Element, level: int, part: _Part | None, path: tuple[int, ...]) -> str:
        """An element with all below it."""
        indent = "  " * level
        told = ""
        for name, value in element.attrib.items():
            prop = part.props.get((path, f"@{name!s}")) if part else None
            key = _RENAMED.get(str(name), "")
            if prop:
                told += f" {key or attribute(str(name), '').split('=')[0]}={{{prop}}}"
            elif key == "defaultChecked":
                told += " defaultChecked"
            elif key:
                told += f" {key}={json.dumps(str(value), ensure_ascii=False)}"
            else:
                told += f" {attribute(str(name), str(value))}"
        if element.tag in _VOID:
            return f"{indent}<{element.tag}{told} />"
        body = self.children(element, level + 1, part, path)
        if not body:
            return f"{indent}<{element.tag}{told} />"
        return f"{indent}<{element.tag}{told}>\n{body}\n{indent}</{element.tag}>"


def _is_seen(text: str, parent: etree._Element, before: etree._Element | None) -> bool:
    """Whether a text shows: it has letters, is of a ``pre``, or keeps two things in a line apart."""
    if text.strip() or any(outer.tag == "pre" for outer in (parent, *parent.iterancestors())):
        return True
    after = None if before is None else before.getnext()
    return before is not None and before.tag in _INLINE and after is not None and after.tag in _INLINE


def _text(part: _Part | None, path: tuple[int, ...], key: str, text: str) -> str:
    prop = part.props.get((path, key)) if part else None
    return f"{{{prop}}}" if prop else jsx_text(text)


def _shape(element: etree._Element) -> str:
    """What an element and all below it have in common with others of its kind."""
    inner = "".join(_shape(child) for child in element if isinstance(child.tag, str))
    stem = (element.get("class") or "").split()
    return f"<{element.tag} {stem[0] if stem else ''} {sorted(map(str, element.attrib))}>{inner}"


def _places(element: etree._Element, path: tuple[int, ...] = ()) -> list[tuple[tuple[int, ...], str, str]]:
    """All texts and attributes below an element, in one order."""
    found = [(path, "text", element.text or "")]
    found += [(path, f"@{name!s}", str(value)) for name, value in sorted(element.attrib.items())]
    for index, child in enumerate(element):
        if isinstance(child.tag, str):
            inner = (*path, index)
            found += _places(child, inner)
            found.append((inner, "tail", child.tail or ""))
    return found


def _prop_name(part: _Part, sample: etree._Element, path: tuple[int, ...], key: str) -> str:
    element = sample
    for index in path:
        element = element[index]
    stem = (element.get("class") or element.tag).split()[0]
    words = [word for word in re.split(r"[^A-Za-z]+", stem) if word]
    stem = words[0].lower() + "".join(word.capitalize() for word in words[1:])
    if key.startswith("@"):
        stem += "".join(word.capitalize() for word in key[1:].split("-"))
    elif key == "tail":
        stem += "After"
    taken = set(part.props.values())
    return next(
        name
        for name in (stem, *(f"{stem}{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if name not in taken
    )
