"""Moves from discrepancies, and which discrepancies measured moves answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from agent.generators.embedded.chart.answers.axes import AXES_ANSWERS
from agent.generators.embedded.chart.answers.legends import LEGEND_ANSWERS
from agent.generators.embedded.chart.answers.marks import PART_ANSWERS, WHOLE_ANSWERS
from agent.generators.embedded.chart.answers.parts import Answering
from agent.generators.embedded.chart.answers.texts import TEXT_ANSWERS
from agent.generators.embedded.chart.moves import Move
from critic.marks.known import MARKS
from critic.reading.chart.description import Chart
from critic.types import Box, Cause, Discrepancy, Element

_ANSWERS = {**TEXT_ANSWERS, **AXES_ANSWERS, **LEGEND_ANSWERS, **PART_ANSWERS}


def answers(chart: Chart, fresh: Chart, discrepancies: Sequence[Discrepancy]) -> list[Move]:
    """The moves that discrepancies call for, each with the numbers of those that it answers.

    Args:
        chart: What the code draws.
        fresh: The reference read again, for what the description lacks.
        discrepancies: What a critic found; those without a cause and an element are left to other moves.
    """
    found = []
    for number, item in enumerate(discrepancies):
        if item.cause is None or item.element is None:
            continue
        answer = _answer_to(item.cause, item.element)
        if answer is None or answer(chart, fresh, item, item.element) in (None, chart):
            continue
        reason = f"{item.element}: {item.cause.value} mended"
        change = partial(_changed, answer=answer, fresh=fresh, item=item, element=item.element)
        box = item.box or Box(0.0, 0.0, float(chart.width), float(chart.height))
        found.append(Move(reason, change, box, (item.category,), answers=(number,)))
    return found


def changed_by(chart: Chart, fresh: Chart, item: Discrepancy) -> Chart | None:
    """The description as one discrepancy with cause and element would have it; None for no answer to it."""
    answer = None if item.cause is None or item.element is None else _answer_to(item.cause, item.element)
    return None if answer is None or item.element is None else answer(chart, fresh, item, item.element)


def credited(
    moves: Sequence[Move], discrepancies: Sequence[Discrepancy], answered: Sequence[Move]
) -> list[Move]:
    """Measured moves with the discrepancies that they answer by category and place.

    Those are discrepancies to which no answer is known: a model's, of words alone, and places that differ for
    no known cause.
    """
    known = {number for move in answered for number in move.answers}
    return [
        replace(
            move,
            answers=tuple(
                number
                for number, item in enumerate(discrepancies)
                if number not in known
                and item.category in move.categories
                and (item.box is None or item.box.meets(move.box))
            ),
        )
        for move in moves
    ]


def _changed(chart: Chart, answer: Answering, fresh: Chart, item: Discrepancy, element: Element) -> Chart:
    changed = answer(chart, fresh, item, element)
    return chart if changed is None else changed


def _answer_to(cause: Cause, element: Element) -> Answering | None:
    if element.kind in {mark.traits.noun for mark in MARKS}:
        return WHOLE_ANSWERS.get(cause)
    return _ANSWERS.get((cause, element.kind))
