"""The style sheet: classes by role, custom properties for the colours and sizes that recur."""

from __future__ import annotations

import re
from collections import Counter

from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.faces import Faces
from agent.generators.embedded.page.flow.palette import named_colours

_WORDS = 2
"""Words of its text that tell a class from its siblings."""

_OFTEN = 2
"""Uses from which a length has a name of its own."""

_SIZES_BELOW = ("small", "tiny", "micro", "mini", "least")
_SIZES_ABOVE = ("lead", "large", "title", "heading", "display", "hero", "giant", "huge", "colossal")
_SPACES = ("hair", "xs", "sm", "md", "lg", "xl", "xxl", "huge", "vast")
_SPACED = ("padding", "gap")


class Sheet:
    """Rules of the document's classes."""

    def __init__(self, root: Element, faces: Faces) -> None:
        """Name the classes of all elements below ``root``, and of itself no class."""
        self._faces = faces
        self.rules: dict[str, Style] = {}
        self.narrow: dict[str, Style] = {"body": root.narrow} if root.narrow else {}
        self._name_classes([element for element in root.walk() if element is not root])
        self.colours = named_colours(root, faces)
        self.sizes = self._named_sizes(root)
        self.spaces = self._named_spaces()

    def _name_classes(self, elements: list[Element]) -> None:
        by_role: dict[str, list[Element]] = {}
        for element in elements:
            by_role.setdefault(element.role, []).append(element)
        for role, members in by_role.items():
            styles = [{**member.look, **member.place} for member in members]
            base = {
                key: value for key, value in styles[0].items() if all(s.get(key) == value for s in styles[1:])
            }
            if base:
                self.rules[role] = base
            for member, style in zip(members, styles, strict=True):
                own = {key: value for key, value in style.items() if key not in base}
                names = [role] if base else []
                if own:
                    names.append(self._variant(role, own, member))
                member.classes = tuple(names)
                if member.narrow and names:
                    self.narrow.setdefault(f".{names[-1]}", member.narrow)

    def _variant(self, role: str, own: Style, member: Element) -> str:
        for name, rule in self.rules.items():
            if name.startswith(f"{role}-") and rule == own:
                return name
        stem = f"{role}-{slug(member) or 'other'}"
        name = stem
        for more in (
            "",
            "-alt",
            "-more",
            "-extra",
            *(f"-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
        ):
            name = stem + more
            if name not in self.rules:
                break
        self.rules[name] = own
        return name

    def _named_sizes(self, root: Element) -> dict[str, str]:
        """Font sizes: the body's, and names for those below and above it."""
        found = {element.look["font-size"] for element in root.walk() if "font-size" in element.look}
        body = self._faces.body.size
        below = sorted((s for s in found if _px(s) < body), key=_px, reverse=True)
        above = sorted((s for s in found if _px(s) > body), key=_px)
        names = {
            **dict(zip(below, _SIZES_BELOW, strict=False)),
            **dict(zip(above, _SIZES_ABOVE, strict=False)),
        }
        return {value: f"--size-{name}" for value, name in names.items()}

    def _named_spaces(self) -> dict[str, str]:
        counts: Counter[str] = Counter()
        for rule in self.rules.values():
            for key in _SPACED:
                counts.update(value for value in rule.get(key, "").split() if value.endswith("px"))
        often = [value for value, count in counts.most_common(len(_SPACES)) if count >= _OFTEN]
        return {
            value: f"--space-{name}" for value, name in zip(sorted(often, key=_px), _SPACES, strict=False)
        }

    def declaration(self, key: str, value: str) -> str:
        """A declaration, with custom properties for what has a name."""
        if key == "font-size" and value in self.sizes:
            return f"{key}: var({self.sizes[value]})"
        if key in _SPACED:
            value = " ".join(f"var({self.spaces[v]})" if v in self.spaces else v for v in value.split())
        for colour, name in self.colours.items():
            value = value.replace(colour, f"var({name})")
        return f"{key}: {value}"

    def rule(self, selector: str, style: Style, indent: str = "") -> str:
        """One rule, on a line of its own."""
        return (
            f"{indent}{selector} {{ "
            + " ".join(f"{self.declaration(k, v)};" for k, v in style.items())
            + " }"
        )


def _px(value: str) -> float:
    return float(value.removesuffix("px"))


def slug(element: Element) -> str:
    """The first words of its text, as part of a class name."""
    for inner in element.walk():
        words = re.findall(r"[a-z]+", re.sub(r"<[^>]*>|&\w+;", " ", inner.text).lower())
        if words:
            return "-".join(words[:_WORDS])
    return ""
