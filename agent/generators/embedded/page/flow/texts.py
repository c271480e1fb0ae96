"""Text elements: what a block of lines is set as, and the markup within it."""

from __future__ import annotations

import html
from itertools import pairwise

from agent.generators.embedded.page.blocks import Block
from agent.generators.embedded.page.flow.element import Element, Style
from agent.generators.embedded.page.flow.faces import Faces
from agent.generators.embedded.page.flow.nodes import Node
from agent.generators.embedded.page.flow.tree import advance
from agent.generators.embedded.page.flow.values import px
from agent.generators.embedded.page.fonts import STACKS
from critic.reading.page import LaidLine, Span
from critic.reading.page.metrics import starts

_SURE = 2.0
"""Pixels that a wrapped text's room must be away from breaking it elsewhere: widths are known to one."""


def text_element(node: Node, faces: Faces, room: float) -> Element:
    """The element of a text.

    Args:
        node: The text.
        faces: What the page's body is set in: the element says only what differs.
        room: Pixels across that it has.
    """
    block = node.block
    assert block is not None
    tag = faces.headings.get(block.style, "p")
    role = "text" if tag == "p" else f"heading-{_RANKS[tag]}"
    element = Element(tag, role, node, look=_look(block, faces))
    if block.style.family in faces.fixed and len(block.lines) > 1:
        element.tag, element.role = "pre", "code"
        element.text = "\n".join(_markup(line, block, faces) for line in block.lines)
        return element
    if block.lines[0].marker:
        element.role = "entry"
        element.look["list-style-type"] = block.lines[0].marker
    wide = _wrapping_width(block.lines, room)
    if wide is not None and wide > 0:
        element.place["max-width"] = px(wide)
    between = "<br>" if wide is None else " "
    element.text = between.join(_markup(line, block, faces) for line in block.lines)
    return element


_RANKS = {"h1": "main", "h2": "section", "h3": "minor"}


def _look(block: Block, faces: Faces) -> Style:
    style, body = block.style, faces.body
    look: Style = {}
    if style.family is not body.family:
        look["font-family"] = STACKS[style.family]
    if style.size != body.size:
        look["font-size"] = f"{style.size:g}px"
    if style.bold:
        look["font-weight"] = "bold"
    if style.italic:
        look["font-style"] = "italic"
    ratio = leading(block.pitch, style.size)
    if ratio != faces.leading:
        look["line-height"] = ratio
    if style.colour != body.colour:
        look["color"] = style.colour
    if style.spacing:
        look["letter-spacing"] = f"{style.spacing:g}px"
    return look


def leading(pitch: float, size: float) -> str:
    """A line height without unit, exact to a hundredth of a pixel."""
    for digits in (1, 2, 3, 4):
        ratio = round(pitch / size, digits)
        if abs(ratio * size - pitch) < 0.5 * 10**-2:
            return f"{ratio:g}"
    return f"{pitch / size:.5g}"


def _wrapping_width(lines: tuple[LaidLine, ...], room: float) -> float | None:
    """The width at which a text breaks by itself where it does: 0 where its room is right; None for none."""
    if len(lines) == 1:
        return 0.0
    least = max(map(advance, lines))
    most = min(advance(line) + _first_word(after, line) for line, after in pairwise(lines))
    if least + _SURE <= room <= most - _SURE:
        return 0.0
    return (least + most) / 2 if most - least > _SURE else None


def _first_word(after: LaidLine, line: LaidLine) -> float:
    """How much wider a line were with the next one's first word."""
    word = " " + after.text.split(" ")[0]
    return starts(word, line.family, line.spans[0].bold)[-1] * line.size + line.spacing * len(word)


def _markup(line: LaidLine, block: Block, faces: Faces) -> str:
    return "".join(_span(span, block, faces) for span in line.spans)


def _span(span: Span, block: Block, faces: Faces) -> str:
    """A piece of text in the tags that say how it differs from its block."""
    style = block.style
    body = span.text.rstrip(" ")
    tail = span.text[len(body) :]
    out = html.escape(body, quote=False)
    if span.bold and not style.bold:
        out = f"<strong>{out}</strong>"
    elif style.bold and not span.bold:
        out = f'<span class="regular">{out}</span>'
    if span.italic and not style.italic:
        out = f"<em>{out}</em>"
    elif style.italic and not span.italic:
        out = f'<span class="upright">{out}</span>'
    if span.decoration == "underline":
        return f'<a class="{faces.link_class(span.colour)}" href="#">{out}</a>{tail}'
    if span.decoration == "line-through":
        out = f"<s>{out}</s>"
    if span.colour != style.colour:
        out = f'<span class="{faces.tint_class(span.colour)}">{out}</span>'
    return out + tail
