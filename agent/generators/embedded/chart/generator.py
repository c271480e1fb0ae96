"""The embedded chart generator: a draft from pixels, revisions by discrepancy and trial renders."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.chart.answers import answers, credited, faces
from agent.generators.embedded.chart.code import write
from agent.generators.embedded.chart.crowd.moves import crowd_moves
from agent.generators.embedded.chart.dots import dot_moves
from agent.generators.embedded.chart.edges import edge_moves
from agent.generators.embedded.chart.evened import evening_moves
from agent.generators.embedded.chart.knobs import stages
from agent.generators.embedded.chart.lettering import in_own_face
from agent.generators.embedded.chart.limits import limit_moves
from agent.generators.embedded.chart.moves import (
    Move,
    frame_moves,
    text_moves,
)
from agent.generators.embedded.chart.plain import plain_code
from agent.generators.embedded.chart.rounding import rounded
from agent.generators.embedded.chart.search import Search, could_gain
from agent.generators.embedded.chart.sizes import size_moves
from agent.generators.embedded.chart.told import changes
from agent.generators.embedded.chart.trials import AS_SHAPES, trial_moves
from agent.generators.embedded.chart.words import reading_moves
from agent.generators.embedded.told import heeded
from agent.generators.embedded.types import Bench
from critic.pixel.chart_pixels import differing
from critic.reading.chart import Chart, read_chart
from critic.similarity import fit_to
from critic.types import Discrepancy
from graph.types import Action, Draft, Revision, Task
from renderers.kinds import KINDS
from renderers.types import Image

_FINE = 0.4
"""Coarseness of readings that follow curves at all their bends."""
_EMPTY = "import matplotlib.pyplot as plt\n\nplt.figure()\n"


class Notes(BaseModel):
    """What the generator remembers about its code.

    Attributes:
        chart: What the code draws.
        tried: Reasons of the moves, and names of the knobs, that brought nothing; they are not tried again.
    """

    model_config = ConfigDict(frozen=True)

    chart: Chart
    tried: tuple[str, ...] = ()

    def after(self, search: Search) -> Notes:
        """The notes with what a search has found."""
        tried = (*self.tried, *(move.reason for move in search.refused), *search.settled)
        return Notes(chart=search.chart, tried=tried)


class ChartGenerator:
    """Reads axes, series and texts, and writes matplotlib code."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code, from the pixels alone; odd seeds follow curves at more points.

        Raises:
            LanguageError: Something else than Python is asked for.
        """
        KINDS[task.kind].check(task.language)
        coarseness = 1.0 if seed % 2 == 0 else 0.5
        reading = asyncio.to_thread(read_chart, task.reference, bench.reader, coarseness)
        # The worker that draws takes as long to start, and would be waited for after this.
        chart, _ = await asyncio.gather(reading, bench.image_of(_EMPTY))
        chart = await asyncio.to_thread(in_own_face, chart, task.reference)
        chart = chart.model_copy(update={"scale": bench.scale})
        chart = await rounded(chart, task.reference, bench)
        return Draft(code=write(chart), description=Notes(chart=chart).model_dump_json())

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Code that mends the discrepancies, by cause and element; each change was tried and measured.

        What else can be measured is polished afterwards.
        """
        notes = Notes.model_validate_json(revision.description)
        chart = notes.chart
        if revision.render is None:
            return _simpler(chart, revision)
        reference, render = revision.task.reference, fit_to(revision.task.reference, revision.render)
        if not (revision.discrepancies or could_gain(reference, render)):
            return Draft(code="")
        refused, bold = _refused(revision)
        left_out = refused.union(notes.tried)
        told, crowds, bound = await asyncio.to_thread(_moves, chart, revision, render, bench)
        search = Search(chart, reference, render, bench)
        await search.together([move for move in told if move.reason not in left_out])
        families = await asyncio.to_thread(faces, search.chart, revision.discrepancies, reference)
        await search.each([move for move in families if move.reason not in left_out])
        await search.each(crowds)
        await search.together([move for move in bound if move.reason not in refused])
        await search.frame(left_out)
        for stage in range(len(stages(chart))):
            await search.tune([k for k in stages(search.chart)[stage] if k.name not in left_out], refused)
            if stage == 0:  # labels stand at their angles
                await search.lay(refused)
        # What else is to be tried answers to a drawing that a crowd has replaced.
        if not set(crowds) & set(search.kept):
            loose = await asyncio.to_thread(_loose, search.chart, reference, search.now.image, bench, bold)
            loose = credited(loose, revision.discrepancies, told)
            await search.each([move for move in loose if move.reason not in left_out])
        if search.worthwhile:
            await search.prove(_is_bold)
        if not search.worthwhile:
            return Draft(code="")
        search.chart = await rounded(search.chart, reference, bench)
        return Draft(
            code=write(search.chart),
            description=notes.after(search).model_dump_json(),
            actions=_actions(search, revision.discrepancies),
        )

    async def heed(self, revision: Revision, bench: Bench) -> Draft:
        """The chart changed as a person said."""
        notes = Notes.model_validate_json(revision.description)
        fresh = await asyncio.to_thread(read_chart, revision.task.reference, bench.reader, _FINE)
        chart, actions = heeded(notes.chart, revision, changes(fresh))
        kept = notes.model_copy(update={"chart": chart})
        return Draft(code=write(chart), description=kept.model_dump_json(), actions=actions)


def _moves(
    chart: Chart, revision: Revision, render: Image, bench: Bench
) -> tuple[list[Move], list[Move], list[Move]]:
    """What the discrepancies call for; then polish: fitted crowds, and what was measured together."""
    found = revision.discrepancies
    told: list[Move] = []
    if any(item.cause is not None for item in found):
        told = answers(chart, read_chart(revision.task.reference, bench.reader, _FINE), found)
    crowds, bound = _measured(chart, revision, render, bench)
    return told, credited(crowds, found, told), credited(bound, found, told)


def _measured(chart: Chart, revision: Revision, render: Image, bench: Bench) -> tuple[list[Move], list[Move]]:
    """Fitted crowds, and what was measured and goes together."""
    reference = revision.task.reference
    crowds = crowd_moves(chart, reference, render, _refused(revision)[0])
    readings = reading_moves(chart, reference, bench.reader, revision.discrepancies)
    read_again = {move.box for move in readings}
    bound = [
        *readings,
        *(m for m in text_moves(chart, render) if m.box not in read_again),
        *frame_moves(chart, reference, render),
        *limit_moves(chart, reference),
        *edge_moves(chart, reference),
        *dot_moves(chart, reference),
        *_size_moves(chart, reference, render, bench),
    ]
    return crowds, bound


def _size_moves(chart: Chart, reference: Image, render: Image, bench: Bench) -> list[Move]:
    """None where nothing differs so much that the critic has read the render, which takes its time."""
    if not differing(reference, render).any():
        return []
    return size_moves(chart, render, read_chart(render, bench.reader))


def _loose(chart: Chart, reference: Image, render: Image, bench: Bench, bold: bool) -> list[Move]:
    """What is tried one by one."""
    curves = any(mark.traits.followed for axes in chart.axes for mark in axes.series)
    fine = read_chart(reference, bench.reader, _FINE) if curves else None
    moves = [*evening_moves(chart, reference), *trial_moves(chart, fine, reference, render)]
    return [move for move in moves if bold or not _is_bold(move)]


def _refused(revision: Revision) -> tuple[set[str], bool]:
    """What not to try again, and whether bold moves may still be tried.

    Where a rejected attempt had made bold moves too, they come first under suspicion, and the rest gets
    another chance without them.
    """
    refused: set[str] = set()
    bold = True
    for attempt in revision.attempts:
        done = {action.description for action in attempt.actions if action.done}
        if bold and any(reason.endswith(AS_SHAPES) for reason in done):
            bold = False
        else:
            refused |= done
    return refused, bold


def _is_bold(move: Move) -> bool:
    """Shapes may hide what was read."""
    return move.reason.endswith(AS_SHAPES)


def _simpler(chart: Chart, revision: Revision) -> Draft:
    """Code that failed is replaced by the texts and coloured areas alone, which always draw."""
    code = plain_code(chart)
    if code == revision.code:
        return Draft(code="")
    cause = (revision.log.strip().splitlines() or ["no render"])[-1][:120]
    action = Action(description=f"drawn as texts and shapes, because the code failed: {cause}")
    return Draft(code=code, description=revision.description, actions=(action,))


def _actions(search: Search, discrepancies: tuple[Discrepancy, ...]) -> tuple[Action, ...]:
    """What was done for each discrepancy, then the polish: what was measured and done besides."""
    actions = []
    used: set[str] = set()
    for index in range(len(discrepancies)):
        kept = next((m for m in search.kept if index in m.answers), None)
        refused = next((m for m in search.refused if index in m.answers), None)
        if kept is not None:
            used.add(kept.reason)
            actions.append(Action(discrepancy=index, description=kept.reason))
        elif refused is not None:
            actions.append(
                Action(discrepancy=index, description=f"tried without gain: {refused.reason}", done=False)
            )
        else:
            actions.append(Action(discrepancy=index, description="nothing known to mend it", done=False))
    actions += [Action(description=m.reason) for m in search.kept if m.reason not in used]
    return tuple(actions)


generator = ChartGenerator()
