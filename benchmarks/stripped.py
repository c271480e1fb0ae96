"""Drafts with some of their marks hidden, by editing their code: nothing else moves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from lxml import html

from agent.injection import svg
from agent.injection.markup import Markup, restyle
from agent.injection.program import Program
from renderers.types import Kind

_HIDE = """
import itertools as _itertools
import matplotlib.pyplot as _pyplot
_figure = _pyplot.gcf()
_figure.canvas.draw()
_numbers = _itertools.count()
for _axes in _figure.axes:
    for _mark in (*_axes.lines, *_axes.patches, *_axes.collections, *_axes.images):
        _mark.set_visible({keep} and next(_numbers) % 2 == 0)
"""


def stripped(kind: Kind, code: str, *, half: bool) -> str | None:
    """A draft's code without its marks: a chart's, a table's or a page's texts, a drawing's shapes.

    Args:
        kind: What it shows.
        code: The draft.
        half: Hide every second mark; otherwise all, so that axes, rules or boxes are left.

    Returns:
        None where that leaves nothing of what was there: drawings have no axes.
    """
    return _STRIPPED[kind](code, half)


def _chart(code: str, half: bool) -> str:
    program = Program(code)
    program.append(_HIDE.format(keep=half))()
    return program.code


def _texts(code: str, half: bool) -> str:
    document, numbers = Markup(code), count()
    for item in document.seen():
        if (_says_itself(item) or item.tag == "img") and not (half and next(numbers) % 2 == 0):
            restyle(item, **({"visibility": "hidden"} if item.tag == "img" else {"color": "transparent"}))
    return document.code


def _says_itself(item: html.HtmlElement) -> bool:
    texts = (item.text, *(child.tail for child in item))
    return any(text and text.strip() for text in texts)


def _shapes(code: str, half: bool) -> str | None:
    if not half:
        return None
    drawing = svg.parse(code)
    for shape in drawing.parts()[1::2]:
        shape.set("visibility", "hidden")
    return svg.write(drawing)


_STRIPPED: dict[Kind, Callable[[str, bool], str | None]] = {
    Kind.CHART: _chart,
    Kind.TABLE: _texts,
    Kind.PAGE: _texts,
    Kind.SVG: _shapes,
}
