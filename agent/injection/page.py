"""What can go wrong with a page, as edits of its HTML."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from lxml import html

from agent.injection import severity
from agent.injection.chart_texts import another
from agent.injection.colours import other_colour
from agent.injection.markup import Markup, conceal, restyle, says
from agent.injection.plan import Edit, Plan
from agent.injection.words import has_digit, has_word
from critic.types import Severity

_BLOCKS = (
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "nav",
    "form",
    "figure",
    "div",
    "ul",
    "ol",
    "table",
)
_CONTROLS = ("button", "input", "select", "textarea", "img", "svg", "hr", "progress", "meter")
_LARGEST_BLOCK = 0.4
"""Of a page's letters: a block with more of them is the page itself."""

_SHIFTS = (16, 28, 48, 90)
"""Pixels; beside each, what share of a usual window of 1280 pixels decides how severe it is."""
_WINDOW = 1280

_SIZES = (0.7, 1.35, 1.7)
_PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAMDAwMDAwCH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


def _texts(page: Markup) -> list[html.HtmlElement]:
    """Elements that say something themselves."""
    return [item for item in page.seen() if item.text and (has_word(item.text) or has_digit(item.text))]


def _blocks(page: Markup) -> list[html.HtmlElement]:
    """Parts of the page that hold something, none of them nearly all of it."""
    most = _LARGEST_BLOCK * max(1, len(says(page.root)))
    found = [item for item in page.seen() if item.tag in _BLOCKS and item.getparent() is not None]
    return [item for item in found if 0 < len(says(item)) <= most]


def _called(element: html.HtmlElement) -> str:
    """What to call an element: its sort, and how its text begins."""
    text = says(element)
    return f"{element.tag} '{text[:40]}'" if text else str(element.tag)


def _plan(
    element: html.HtmlElement,
    grade: Severity,
    told: str,
    do: Callable[[], None],
    *,
    moves: bool = False,
) -> Plan:
    touched = frozenset(element.iter())
    return Plan(grade, _called(element), told, touched, do, partial(conceal, element), moves)


def _text(page: Markup, chance: random.Random) -> Plan | None:
    found = _texts(page)
    if not found:
        return None
    element = chance.choice(found)
    before = str(element.text)
    after, grade = another(before, chance)

    def do() -> None:
        element.text = after

    told = f"says '{after.strip()}' instead of '{before.strip()}'"
    return Plan(grade, _called(element), told, frozenset({element}), do, partial(conceal, element))


def _text_dropped(page: Markup, chance: random.Random) -> Plan | None:
    found = [item for item in _texts(page) if not len(item)]
    if not found:
        return None
    element = chance.choice(found)

    def do() -> None:
        element.text = None

    told = f"the text '{says(element)[:60]}' is missing"
    return _plan(element, severity.MEDIUM, told, do, moves=True)


def _font_size(page: Markup, chance: random.Random) -> Plan | None:
    found = _texts(page)
    if not found:
        return None
    element, factor = chance.choice(found), chance.choice(_SIZES)
    told = f"the letters are {factor} times as large as they should be"
    return _plan(
        element, severity.of_value(factor - 1), told, partial(restyle, element, font_size=f"{factor}em")
    )


def _text_colour(page: Markup, chance: random.Random) -> Plan | None:
    found = _texts(page)
    if not found:
        return None
    element, colour = chance.choice(found), other_colour("#222", chance)
    told = f"the text is {colour}, which it should not be"
    return _plan(element, severity.MINOR, told, partial(restyle, element, color=colour))


def _moved(page: Markup, chance: random.Random) -> Plan | None:
    found = _blocks(page)
    if not found:
        return None
    element, by = chance.choice(found), chance.choice(_SHIFTS)
    x, y = chance.choice(((by, 0), (-by, 0), (0, by)))
    told = f"the block stands {x:+d} pixels across and {y:+d} pixels down from its place"
    change = partial(restyle, element, position="relative", left=f"{x}px", top=f"{y}px")
    return _plan(element, severity.of_shift(by / _WINDOW), told, change)


def _dropped(page: Markup, chance: random.Random) -> Plan | None:
    found = _blocks(page)
    if len(found) <= 1:
        return None
    element = chance.choice(found)
    grade = severity.of_loss(len(says(element)) / max(1, len(says(page.root))))
    return _plan(element, grade, "the block is missing", element.drop_tree, moves=True)


def _recoloured(page: Markup, chance: random.Random) -> Plan | None:
    found = [*_blocks(page), *(item for item in page.seen() if item.tag == "button")]
    if not found:
        return None
    element, colour = chance.choice(found), other_colour("#fff", chance)
    told = f"the block is filled with {colour}, which it should not be"
    return _plan(element, severity.MEDIUM, told, partial(restyle, element, background=colour))


def _control_dropped(page: Markup, chance: random.Random) -> Plan | None:
    found = [item for item in page.seen() if item.tag in _CONTROLS and item.get("type") != "hidden"]
    if not found:
        return None
    element = chance.choice(found)
    return _plan(element, severity.MEDIUM, f"the {element.tag} is missing", element.drop_tree, moves=True)


def _control_changed(page: Markup, chance: random.Random) -> Plan | None:
    """Another sort of control, or a picture that shows something else."""
    found = [
        item
        for item in page.seen()
        if item.tag in ("input", "button", "img") and item.get("type") != "hidden"
    ]
    if not found:
        return None
    element = chance.choice(found)

    def do() -> None:
        if element.tag == "img":
            element.attrib.pop("srcset", None)
            element.set("src", _PLACEHOLDER)
        elif element.tag == "button":
            restyle(element, border="2px solid #c71585", border_radius="0", background="none")
        else:
            ticked = element.get("type") in ("checkbox", "radio")
            element.set("type", "text" if ticked else "checkbox")

    told = "the picture is another one" if element.tag == "img" else f"the {element.tag} is of another sort"
    return _plan(element, severity.MEDIUM, told, do)


EDITS: tuple[Edit[Markup], ...] = (
    Edit("text", "text_error", _text),
    Edit("text dropped", "text_error", _text_dropped),
    Edit("font size", "style_error", _font_size),
    Edit("text colour", "style_error", _text_colour),
    Edit("block moved", "layout_error", _moved),
    Edit("block dropped", "element_error", _dropped),
    Edit("block recoloured", "style_error", _recoloured),
    Edit("control dropped", "element_error", _control_dropped),
    Edit("control changed", "element_error", _control_changed),
)


def parse(code: str) -> Markup:
    """A page to edit; errors as for ``Markup``."""
    return Markup(code)


def write(page: Markup) -> str:
    """The page's code."""
    return page.code
