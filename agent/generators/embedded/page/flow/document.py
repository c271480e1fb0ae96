"""The elements and their sheet as an HTML document."""

from __future__ import annotations

import html
from collections.abc import Iterator

from agent.generators.embedded.page.flow.compose import compose
from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.faces import Faces
from agent.generators.embedded.page.flow.mending import Fix, mended
from agent.generators.embedded.page.flow.roles import give_roles
from agent.generators.embedded.page.flow.settle import settled
from agent.generators.embedded.page.flow.sheet import Sheet
from agent.generators.embedded.page.flow.tables import RESET
from agent.generators.embedded.page.flow.texts import leading
from agent.generators.embedded.page.flow.tree import tree_of
from agent.generators.embedded.page.flow.values import fill
from agent.generators.embedded.page.fonts import STACKS, line_height
from agent.generators.embedded.page.icons import svg_element
from critic.reading.page import Page, PixelPart
from renderers.layout import NUMBER

NARROW = 640
"""CSS pixels up to which columns stack."""

_MEDIUM = (768, 1024, 1280, 1536)
"""Usual widths, in CSS pixels, up to which things beside each other may go on in another row."""

_SMALLER = 0.9
"""Part of the page's own width that such a window has at most: at the page's own, rows stay rows."""

_RESET = (
    "* { margin: 0; padding: 0; box-sizing: border-box; }",
    "img, svg { display: block; max-width: 100%; }",
    "ul, ol { list-style-type: none; }",
    "h1, h2, h3 { font-weight: inherit; font-size: inherit; }",
    "hr { border: 0; width: 100%; flex-shrink: 0; }",
    "pre { font-family: inherit; overflow-x: auto; }",
    "a { color: inherit; text-decoration: inherit; }",
    "::placeholder { color: inherit; opacity: 1; }",
    "button, input, select { font: inherit; color: inherit; border: 0; background: none; }",
)
_VOID = frozenset({"img", "hr", "input", "br"})


def elements_of(page: Page) -> tuple[Element, Faces]:
    """The page as elements, its body at the root."""
    page = settled(page)
    faces = Faces(page)
    faces.leading = leading(line_height(faces.body.family, faces.body.size), faces.body.size)
    root = compose(tree_of(page), faces)
    root.tag, root.role = "body", "body"
    root.look["background"] = fill(page.fill)
    give_roles(root)
    return root, faces


def write_flow(page: Page, mends: tuple[Fix, ...] = (), *, numbered: bool = False) -> str:
    """The document whose elements follow each other and give way.

    Args:
        page: What was read.
        mends: Corrections of gaps and padding, as ``fixes`` found them.
        numbered: Whether each element tells its number in the order of the document, to be measured by.
    """
    root, faces = elements_of(page)
    mended(root, mends)
    return document(root, faces, numbered=numbered)


def document(root: Element, faces: Faces, *, numbered: bool = False) -> str:
    """HTML of the elements."""
    sheet = Sheet(root, faces)
    title = _title(root)
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        "<style>",
        *(f"  {line}" for line in _css(root, faces, sheet)),
        "</style>",
        "</head>",
        *_markup(root, {id(element): index for index, element in enumerate(root.walk())} if numbered else {}),
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _title(root: Element) -> str:
    """The text of the first heading of the highest rank, or of the first text."""
    texts = [element for element in root.walk() if element.text]
    for tag in ("h1", "h2", "h3", ""):
        found = next((element for element in texts if not tag or element.tag == tag), None)
        if found is not None:
            return html.escape(_plain(found.text), quote=False)
    return "Page"


def _plain(markup: str) -> str:
    from lxml import html as lxml_html

    return str(lxml_html.fragment_fromstring(markup, create_parent="div").text_content())


def _css(root: Element, faces: Faces, sheet: Sheet) -> Iterator[str]:
    properties = {
        name: value for value, name in (*sheet.colours.items(), *sheet.sizes.items(), *sheet.spaces.items())
    }
    yield ":root { " + " ".join(f"{name}: {value};" for name, value in properties.items()) + " }"
    yield from _RESET
    if any(element.tag == "table" for element in root.walk()):
        yield from RESET
    if any(element.role == "entry" for element in root.walk()):
        yield "li::marker { color: var(--text); }"
    yield sheet.rule("body", {**_body(faces), **root.look, **root.place})
    for name, rule in sheet.rules.items():
        yield sheet.rule(f".{name}", rule)
    for colour, name in faces.links.items():
        yield sheet.rule(f".{name}", {"color": colour, "text-decoration": "underline"})
    for colour, name in faces.tints.items():
        yield sheet.rule(f".{name}", {"color": colour})
    yield ".regular { font-weight: normal; }"
    yield ".upright { font-style: normal; }"
    width = root.node.width if root.node is not None else 0.0
    unpinned = {name: rule for name, rule in sheet.narrow.items() if "position" in rule}
    if unpinned:
        yield f"@media (max-width: {width - 1:.0f}px) {{"
        for name, rule in unpinned.items():
            yield sheet.rule(name, rule, "  ")
        yield "}"
    medium = max((stop for stop in _MEDIUM if stop <= _SMALLER * width), default=0)
    wrapping = [name for name, rule in sheet.narrow.items() if "flex-wrap" in rule]
    if medium > NARROW and wrapping:
        yield f"@media (max-width: {medium}px) {{"
        yield sheet.rule(", ".join(wrapping), {"flex-wrap": "wrap"}, "  ")
        yield "}"
    if sheet.narrow:
        yield f"@media (max-width: {NARROW}px) {{"
        for name, rule in sheet.narrow.items():
            yield sheet.rule(name, rule, "  ")
        yield "}"


def _body(faces: Faces) -> Style:
    body = faces.body
    style = {
        "min-height": "100vh",
        "font-family": STACKS[body.family],
        "font-size": f"{body.size:g}px",
        "line-height": faces.leading,
        "color": body.colour,
    }
    if body.bold:
        style["font-weight"] = "bold"
    return style


def _drawn(element: Element) -> PixelPart | None:
    """The picture of an element that is written by its shapes."""
    picture = element.node.picture if element.tag == "img" and element.node is not None else None
    return picture if picture is not None and picture.drawing is not None else None


def _markup(element: Element, numbers: dict[int, int], depth: int = 0) -> Iterator[str]:
    indent = "  " * max(0, depth - 1)
    attributes = dict(element.attributes)
    if element.classes:
        attributes = {"class": " ".join(element.classes), **attributes}
    if id(element) in numbers:
        attributes[NUMBER] = str(numbers[id(element)])
    drawn = _drawn(element)
    if drawn is not None:
        del attributes["src"], attributes["alt"]
    told = "".join(
        f' {name}="{value}"' if value != "" or name == "alt" else f" {name}"
        for name, value in attributes.items()
    )
    start = f"{indent}<{element.tag}{told}>"
    if drawn is not None:
        yield indent + svg_element(drawn, told)
    elif element.tag in _VOID:
        yield start
    elif not element.children:
        yield f"{start}{element.text}</{element.tag}>"
    else:
        yield start + element.text
        for child in element.children:
            yield from _markup(child, numbers, depth + 1)
        yield f"{indent}</{element.tag}>"
