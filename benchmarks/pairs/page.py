"""Single edits of a page's HTML, to measure what a critic finds and what it makes up."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from lxml import html

Edit = Callable[[html.HtmlElement, random.Random], bool]

_TEXT = ("p", "h1", "h2", "h3", "pre")
_DAMAGED = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def edits(code: str) -> list[tuple[str, str, str]]:
    """Name, expected category and edited code of each edit that the page allows, always the same."""
    result = []
    for name, category, edit in _EDITS:
        document = html.document_fromstring(code)
        if edit(document, random.Random(f"{name}{len(code)}")):
            edited = "<!DOCTYPE html>\n" + html.tostring(document, encoding="unicode")
            result.append((name, category, edited))
    return result


def _texts(document: html.HtmlElement, pattern: str) -> list[html.HtmlElement]:
    """Elements of a single piece of text that holds the pattern."""
    return [
        element
        for element in document.iter(*_TEXT)
        if len(element) == 0 and element.text and re.search(pattern, element.text)
    ]


def _place(element: html.HtmlElement, name: str) -> float:
    found = re.search(rf"--{name}: (-?[\d.]+)", element.get("style", ""))
    return float(found.group(1)) if found else 0.0


def _move(element: html.HtmlElement, name: str, by: float) -> None:
    value = _place(element, name) + by
    element.set("style", re.sub(rf"--{name}: -?[\d.]+", f"--{name}: {value:g}", element.get("style", "")))


def _on_page(element: html.HtmlElement) -> bool:
    return 0 <= _place(element, "y") < 740


def _word(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _texts(document, r"[A-Za-z]{4,}")
    if not found:
        return False
    element = chance.choice(found)
    word = chance.choice(re.findall(r"[A-Za-z]{4,}", element.text))
    other = chance.choice([w for w in ("Market", "green", "Window", "puzzle", "bright") if w != word])
    element.text = element.text.replace(word, other, 1)
    return True


def _letter(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _texts(document, r"[a-z]{4,}")
    if not found:
        return False
    element = chance.choice(found)
    places = [m.start() + 1 for m in re.finditer(r"[a-z]{4,}", element.text)]
    place = chance.choice(places)
    other = chance.choice([c for c in "bdgkmpswz" if c != element.text[place]])
    element.text = element.text[:place] + other + element.text[place + 1 :]
    return True


def _number(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _texts(document, r"\d")
    if not found:
        return False
    element = chance.choice(found)
    place = chance.choice([i for i, c in enumerate(element.text) if c.isdigit()])
    other = chance.choice([d for d in "0123456789" if d != element.text[place]])
    element.text = element.text[:place] + other + element.text[place + 1 :]
    return True


def _text_gone(document: html.HtmlElement, chance: random.Random) -> bool:
    found = [element for element in document.iter(*_TEXT) if _on_page(element)]
    if not found:
        return False
    chance.choice(found).drop_tree()
    return True


def _text_added(document: html.HtmlElement, chance: random.Random) -> bool:
    found = [element for element in document.iter(*_TEXT) if _on_page(element)]
    if not found:
        return False
    model = chance.choice(found)
    extra = html.fragment_fromstring(f'<p class="{model.get("class")}">Another line here</p>')
    extra.set("style", f"--x: {chance.randint(300, 900)}; --y: 770; color: #803030; font-size: 15px")
    document.body.append(extra)
    return True


def _text_moved(document: html.HtmlElement, chance: random.Random) -> bool:
    found = [e for e in _texts(document, r"\w{3,}") if 60 < _place(e, "y") < 700]
    if not found:
        return False
    _move(chance.choice(found), "x", chance.choice((-24, 18, 30)))
    return True


def _text_colour(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _texts(document, r"\w{3,}")
    if not found:
        return False
    element = chance.choice(found)
    element.set("style", element.get("style", "") + "; color: #c02080")
    return True


def _text_size(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _texts(document, r"\w{4,}")
    if not found:
        return False
    element = chance.choice(found)
    element.set("style", element.get("style", "") + "; font-size: 24px")
    return True


def _boxes(document: html.HtmlElement, least: float) -> list[html.HtmlElement]:
    return [
        element
        for element in document.xpath("//div[contains(@class, 'box')]")
        if _place(element, "w") >= least and _place(element, "h") >= 20
    ]


def _box_colour(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _boxes(document, 30)
    if not found:
        return False
    element = chance.choice(found)
    element.set("style", element.get("style", "") + "; background: #e0b040")
    return True


def _box_gone(document: html.HtmlElement, chance: random.Random) -> bool:
    found = _boxes(document, 30)
    if not found:
        return False
    chance.choice(found).drop_tree()
    return True


def _box_added(document: html.HtmlElement, chance: random.Random) -> bool:
    extra = html.fragment_fromstring('<div class="box"></div>')
    x, y = chance.randint(700, 1000), chance.randint(300, 600)
    extra.set("style", f"--x: {x}; --y: {y}; --w: 140; --h: 60; background: #30a060")
    document.body.append(extra)
    return True


def _picture_gone(document: html.HtmlElement, chance: random.Random) -> bool:
    found = [e for e in document.iter("img") if _place(e, "w") * _place(e, "h") >= 150]
    if not found:
        return False
    chance.choice(found).set("src", _DAMAGED)
    return True


def _ground(document: html.HtmlElement, chance: random.Random) -> bool:
    document.body.set("style", "background: #fbe8d0")
    return True


_EDITS: tuple[tuple[str, str, Edit], ...] = (
    ("word", "text_error", _word),
    ("letter", "text_error", _letter),
    ("number", "text_error", _number),
    ("text removed", "element_error", _text_gone),
    ("text added", "element_error", _text_added),
    ("text moved", "layout_error", _text_moved),
    ("text colour", "style_error", _text_colour),
    ("text size", "style_error", _text_size),
    ("box colour", "style_error", _box_colour),
    ("box removed", "element_error", _box_gone),
    ("box added", "element_error", _box_added),
    ("picture removed", "element_error", _picture_gone),
    ("background", "style_error", _ground),
)
