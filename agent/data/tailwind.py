"""A page in Tailwind's utility classes, with the styles that Tailwind would build for them inlined.

The file shows the same with no network and no build; a project that builds Tailwind drops the style element
marked ``built``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import tinycss2
from lxml import etree, html

from agent.data.finished import Finished
from agent.data.page_markup import page_markup
from agent.data.written_component import is_tailwind

Declarations = dict[str, str]

_WORDS: dict[tuple[str, str], str] = {
    ("display", "flex"): "flex",
    ("flex-direction", "column"): "flex-col",
    ("flex-wrap", "wrap"): "flex-wrap",
    ("align-items", "center"): "items-center",
    ("align-items", "stretch"): "items-stretch",
    ("align-items", "baseline"): "items-baseline",
    ("align-items", "flex-start"): "items-start",
    ("align-items", "flex-end"): "items-end",
    ("align-self", "center"): "self-center",
    ("align-self", "stretch"): "self-stretch",
    ("align-self", "flex-start"): "self-start",
    ("align-self", "flex-end"): "self-end",
    ("justify-content", "center"): "justify-center",
    ("justify-content", "space-between"): "justify-between",
    ("text-align", "center"): "text-center",
    ("position", "relative"): "relative",
    ("position", "absolute"): "absolute",
    ("white-space", "nowrap"): "whitespace-nowrap",
    ("font-weight", "bold"): "font-bold",
    ("font-weight", "normal"): "font-normal",
    ("font-style", "italic"): "italic",
    ("font-style", "normal"): "not-italic",
    ("flex-shrink", "0"): "shrink-0",
    ("flex", "none"): "flex-none",
    ("min-width", "0"): "min-w-0",
    ("width", "100%"): "w-full",
    ("max-width", "100%"): "max-w-full",
    ("margin-left", "auto"): "ml-auto",
    ("text-decoration", "underline"): "underline",
    ("appearance", "none"): "appearance-none",
}
"""Declarations that a utility of Tailwind has a word for."""

_STEMS = {
    "gap": "gap",
    "padding": "p",
    "margin-top": "mt",
    "margin-left": "ml",
    "width": "w",
    "max-width": "max-w",
    "height": "h",
    "line-height": "leading",
    "letter-spacing": "tracking",
    "border-radius": "rounded",
    "top": "top",
    "right": "right",
    "bottom": "bottom",
    "left": "left",
}
"""Utilities that take any value in brackets, where it is a single one."""

_NARROW = re.compile(r"max-width:\s*(\d+)px")


def write(finished: Finished) -> str:
    """The page's HTML with utilities in place of its own classes.

    Raises:
        agent.errors.DataError: There is no page in it.
    """
    if is_tailwind(finished.code):
        return finished.code
    markup = page_markup(finished.name, finished.code)
    sheet = _Sheet(markup.css)
    used: dict[str, str] = {}
    for element in markup.body.iter(etree.Element):
        names = (element.get("class") or "").split()
        utilities = list(sheet.utilities(names))
        used.update(utilities)
        rest = [name for name in names if name not in sheet.known]
        told = " ".join([*rest, *(utility for utility, _ in utilities)])
        if told:
            element.set("class", told)
        elif "class" in element.attrib:
            del element.attrib["class"]
    ordered = sorted(used, key=lambda name: (name.startswith("max-["), name.startswith("[border-")))
    built = "\n".join(used[name] for name in ordered)
    body = html.tostring(markup.body, encoding="unicode")
    return (
        f'<!DOCTYPE html>\n<html lang="{markup.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escaped(markup.title)}</title>\n<style>\n{sheet.base}\n</style>\n"
        f'<style data-tailwind="built">\n{built}\n</style>\n</head>\n{body}\n</html>\n'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


class _Sheet:
    """A style sheet: what its classes declare, and the rest as it is.

    Attributes:
        base: Rules that are of no class.
        known: The classes.
    """

    def __init__(self, css: str) -> None:
        self._usual: dict[str, Declarations] = {}
        self._narrow: dict[str, Declarations] = {}
        self._width = ""
        base = []
        for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
            if not self._taken(rule):
                base.append(rule.serialize())
        self.base = "\n".join(base)
        self.known = self._usual.keys() | self._narrow.keys()

    def _taken(self, rule: tinycss2.ast.Node) -> bool:
        """Whether a rule is of classes alone; it is remembered then."""
        if rule.type == "qualified-rule":
            return _remember(rule, self._usual)
        found = _NARROW.search(tinycss2.serialize(rule.prelude)) if rule.type == "at-rule" else None
        if found is None or rule.content is None:
            return False
        self._width = found[1]
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        left = [one for one in inner if not (one.type == "qualified-rule" and _remember(one, self._narrow))]
        rule.content = left
        return not left

    def utilities(self, names: list[str]) -> Iterator[tuple[str, str]]:
        """The utilities of an element's classes, and the rule of each."""
        for prefix, rules in (("", self._usual), (f"max-[{int(self._width or 0) + 1}px]:", self._narrow)):
            merged: Declarations = {}
            for name in names:
                merged.update(rules.get(name, {}))
            for key, value in merged.items():
                utility = prefix + _utility(key, value)
                rule = f".{_selector(utility)} {{ {key}: {value} }}"
                yield utility, f"@media (max-width: {self._width}px) {{ {rule} }}" if prefix else rule


def _remember(rule: tinycss2.ast.Node, rules: dict[str, Declarations]) -> bool:
    selector = tinycss2.serialize(rule.prelude).strip()
    if not re.fullmatch(r"\.[\w-]+", selector):
        return False
    found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    declared = {
        item.name: tinycss2.serialize(item.value).strip() for item in found if item.type == "declaration"
    }
    rules.setdefault(selector[1:], {}).update(declared)
    return True


def _utility(key: str, value: str) -> str:
    """The class of a declaration."""
    if (key, value) in _WORDS:
        return _WORDS[key, value]
    inner = re.sub(r"\s+", "_", value)
    if " " not in value and key in _STEMS and '"' not in value:
        return f"{_STEMS[key]}-[{inner}]"
    if key == "color" and " " not in value:
        return f"text-[{'color:' if value.startswith('var') else ''}{inner}]"
    if key == "font-size" and " " not in value:
        return f"text-[{'length:' if value.startswith('var') else ''}{inner}]"
    if key == "background" and re.fullmatch(r"#\w+|var\([\w-]+\)", value):
        return f"bg-[{'color:' if value.startswith('var') else ''}{inner}]"
    return f"[{key}:{inner}]"


def _selector(utility: str) -> str:
    return re.sub(r"([^\w-])", r"\\\1", utility)
