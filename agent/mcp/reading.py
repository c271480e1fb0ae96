"""What is read from a picture, as an answer: values rather than places."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from agent.commands.reading import Read as ReadPart
from agent.data.table import TableData
from agent.mcp.results import LONGEST_ANSWER, MOST_ROWS, MOST_TEXTS, Read, Series, short
from critic.pixel.chart_texts import placed_texts
from critic.reading import Reader
from critic.reading.chart.description import Chart
from critic.reading.page import Page
from critic.reading.seen import seen
from critic.reading.table import TableDescription
from renderers.kinds import KINDS
from renderers.types import Image, Kind

_MOST_POINTS = 300
"""Values of one row of a series: more are told as cut."""
_DRAWN = frozenset(
    {"type", "label", "colour", "edge", "width", "style", "dashes", "marker", "alpha", "order"}
)
"""How a mark is drawn, which is not its data."""


def read(image: Image, kind: Kind) -> Read:
    """Read a picture as a kind; bounded, the likeliest of use first."""
    reader = Reader()
    described = cast(ReadPart, KINDS[kind].part("reader"))(image, reader)
    counts = Counter(place.name for place in seen(described))
    found = Read(kind=kind.value, confidence=None, counts=dict(counts))
    if isinstance(described, TableDescription):
        table = TableData.of_description(described)
        rows = [[short(cell) if isinstance(cell, str) else cell for cell in row] for row in table.values()]
        found = found.model_copy(update={"rows": rows[:MOST_ROWS], "cut": len(rows) > MOST_ROWS})
    elif isinstance(described, Chart):
        found = _chart(found, described)
    elif isinstance(described, Page):
        texts = [short(line.text) for line in described.lines]
        found = found.model_copy(update={"texts": texts[:MOST_TEXTS], "cut": len(texts) > MOST_TEXTS})
    return _bounded(found)


def _chart(found: Read, chart: Chart) -> Read:
    texts = [f"{placed.where}: {short(placed.text.text)}" for placed in placed_texts(chart)]
    series, cut = [], False
    for axes in chart.axes:
        for mark in axes.series:
            data = {}
            for name, value in mark.model_dump(mode="json").items():
                if name in _DRAWN or value in (None, "", [], {}):
                    continue
                cut = cut or (isinstance(value, list) and len(value) > _MOST_POINTS)
                data[name] = value[:_MOST_POINTS] if isinstance(value, list) else value
            series.append(Series(mark=mark.traits.noun, label=short(mark.label), data=data))
    return found.model_copy(update={"texts": texts[:MOST_TEXTS], "series": series, "cut": cut})


def _bounded(found: Read) -> Read:
    """The reading, shortened row by row until its JSON is as short as an answer may be."""
    while len(found.model_dump_json()) > LONGEST_ANSWER:
        halves: dict[str, Any] = {
            name: getattr(found, name)[: len(getattr(found, name)) // 2]
            for name in ("rows", "series", "texts")
        }
        found = found.model_copy(update={**halves, "cut": True})
    return found
