"""What a person can say of a page: texts, their colours, fills, and what should not be there."""

from __future__ import annotations

from collections.abc import Callable

from agent.generators.embedded.told import FILL, Change, meant, within
from critic.reading.page import Page
from critic.reading.page.types import Fill, LaidLine, Span, Stop
from critic.types import Box, Cause, Discrepancy

_SLACK = 3.0
"""Pixels by which a shape may reach out of a box that was drawn around it by hand."""


def _reworded(page: Page, item: Discrepancy, box: Box) -> Page | None:
    if not isinstance(item.reference, str):
        return None
    span = {"text": item.reference}
    return _with_line(page, box, lambda line: (line.spans[0].model_copy(update=span),))


def _recoloured(page: Page, item: Discrepancy, box: Box) -> Page | None:
    colour = item.reference
    if not isinstance(colour, str):
        return None
    if item.element is not None and item.element.kind == FILL:
        place = meant(box, [(index, shape.box) for index, shape in enumerate(page.shapes)])
        fill = Fill(stops=(Stop(at=0.0, colour=colour),))
        if place is None:
            return page.model_copy(update={"fill": fill})
        shapes = list(page.shapes)
        shapes[place] = shapes[place].model_copy(update={"fill": fill})
        return page.model_copy(update={"shapes": tuple(shapes)})
    return _with_line(
        page, box, lambda line: tuple(span.model_copy(update={"colour": colour}) for span in line.spans)
    )


def _with_line(page: Page, box: Box, spans: Callable[[LaidLine], tuple[Span, ...]]) -> Page | None:
    """The page with other pieces in the line that is meant."""
    place = meant(box, [(index, line.ink) for index, line in enumerate(page.lines)])
    if place is None:
        return None
    lines = list(page.lines)
    lines[place] = lines[place].model_copy(update={"spans": spans(lines[place])})
    return page.model_copy(update={"lines": tuple(lines)})


def _without(page: Page, item: Discrepancy, box: Box) -> Page | None:
    return page.model_copy(
        update={
            "lines": tuple(line for line in page.lines if not within(box, line.ink)),
            "shapes": tuple(shape for shape in page.shapes if not box.holds(shape.box, _SLACK)),
            "pictures": tuple(picture for picture in page.pictures if not within(box, picture.box)),
        }
    )


CHANGES: dict[Cause, Change[Page]] = {
    Cause.TEXT: _reworded,
    Cause.RECOLOURED: _recoloured,
    Cause.EXTRA: _without,
}
