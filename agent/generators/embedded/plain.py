"""Plain drafts of pictures that were not read in the time there was: texts in their places, or a tracing."""

from __future__ import annotations

import html

from agent.generators.embedded.chart.plain import plain_code
from agent.generators.embedded.svg_trace import trace
from agent.generators.embedded.types import Bench
from critic.reading.chart.description import Chart, Text
from critic.reading.ocr import TextLine
from graph.types import Action, Draft, Task
from renderers.types import Kind

_POINTS = 0.72
"""Points in a pixel at the working resolution of charts, 100 dots per inch."""

_EM = 0.85
"""Height of a font in that of a line's box, which OCR draws around letters and a little air."""

_PLAIN = Action(description="drawn plainly: the picture was not read in its share of the time")


def plain_draft(task: Task, bench: Bench) -> Draft:
    """Code that shows what is known of a picture without more reading.

    Args:
        task: The picture, at the working resolution.
        bench: Its reader gives the texts, which nearly every reading begins with.

    Raises:
        OutOfTime: The time for the whole run is over as well.
    """
    if task.kind is Kind.SVG:
        return Draft(code=trace(task.reference), actions=(_PLAIN,))
    lines = bench.reader.lines(task.reference)
    if task.kind is Kind.CHART:
        return Draft(code=_chart(task, bench, lines), actions=(_PLAIN,))
    return Draft(code=_document(lines), actions=(_PLAIN,))


def _chart(task: Task, bench: Bench, lines: tuple[TextLine, ...]) -> str:
    height, width = task.reference.shape[:2]
    texts = [
        Text(text=line.text, box=line.box, size=round(_EM * _POINTS * line.box.height, 1)) for line in lines
    ]
    return plain_code(Chart(width=width, height=height, scale=bench.scale, texts=tuple(texts)))


def _document(lines: tuple[TextLine, ...]) -> str:
    """The texts of a page or a table in their places."""
    places = [
        f'<span style="left:{line.box.x0:.0f}px;top:{line.box.y0:.0f}px;'
        f'font-size:{_EM * line.box.height:.0f}px">{html.escape(line.text)}</span>'
        for line in lines
    ]
    style = "body{margin:0;font-family:sans-serif}span{position:absolute;white-space:pre;line-height:1.15}"
    return "\n".join((f"<!DOCTYPE html><meta charset='utf-8'><style>{style}</style>", *places, ""))
