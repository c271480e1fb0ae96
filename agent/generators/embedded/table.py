"""The embedded generator of tables: read the grid, write HTML or Markdown, mend look and text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from agent.data.markdown import write_table
from agent.data.table import TableData
from agent.generators.embedded.table_faces import fit_groups
from agent.generators.embedded.table_fit import (
    Axis,
    aimed,
    cell_errors,
    gathered,
    improved,
    leading,
    line_stretch,
    misfits,
    nudged,
)
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import Face, Look, first_look, natural_look, settled, with_cells_of
from agent.generators.embedded.table_styles import Styled, best_styled, restyled
from agent.generators.embedded.table_told import CHANGES
from agent.generators.embedded.table_type import FAMILIES, fit_type, line_height
from agent.generators.embedded.table_words import reword
from agent.generators.embedded.told import heeded
from agent.generators.embedded.types import Bench
from critic.reading.table import MANNERS, TableDescription, read_table
from critic.similarity import similarity
from graph.types import Action, Draft, Revision, Task
from renderers.types import Image, Language

_AXES: tuple[Axis, ...] = ("down", "right")
_NUDGES = (0.5, -0.5)
_STRETCH = 0.4
_LEADING = 0.5
"""Pixels in steps of which lines of a cell are moved apart."""


class TablePlan(BaseModel):
    """What the code is written from: the table as read, and how it looks.

    Attributes:
        table: The table.
        look: Its appearance.
        stage: The next kind of revision: 0 typeface and places, 1 words, 2 simpler code, 3 nothing left.
    """

    model_config = ConfigDict(frozen=True)

    table: TableDescription
    look: Look
    stage: int = 0

    def code(self, language: Language) -> str:
        """The plan as code."""
        if language is Language.MARKDOWN:
            return write_table(TableData.of_description(self.table))
        return write_html(self.table, self.look)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A plan that was rendered, and how like the reference it is."""

    plan: TablePlan
    image: Image | None
    similarity: float


class TableGenerator:
    """Tables from pixels."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """The table as read; other seeds read it in other manners, and guess other faces."""
        manner = MANNERS[seed % len(MANNERS)]
        table = await asyncio.to_thread(read_table, task.reference, bench.reader, manner)
        look = first_look(table)
        if seed:
            look = look.model_copy(update={"family": FAMILIES[seed % len(FAMILIES)]})
        plan = TablePlan(table=table, look=look)
        return Draft(code=plan.code(task.language), description=plan.model_dump_json())

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """First the typeface and the places, then doubtful words, then simpler code where it looks the same.

        What was tried on the same parent and rejected is passed over.
        """
        if not revision.description:
            return Draft(code="")
        plan = TablePlan.model_validate_json(revision.description)
        if not plan.table.cells:
            return Draft(code="")
        language = revision.task.language
        stages = _STAGES_OF_MARKDOWN if language is Language.MARKDOWN else _STAGES
        ways = [(stage, way) for stage, ways in enumerate(stages) for way in ways if stage >= plan.stage]
        for stage, way in ways[len(revision.attempts) :]:
            changed, actions = await way(plan, revision, bench)
            if changed.code(language) != revision.code:
                changed = changed.model_copy(update={"stage": stage + 1})
                return Draft(
                    code=changed.code(language),
                    description=changed.model_dump_json(),
                    actions=_answered(actions, revision),
                )
        return Draft(code="")

    async def heed(self, revision: Revision, bench: Bench) -> Draft:
        """The table changed as a person said."""
        plan = TablePlan.model_validate_json(revision.description)
        table, actions = heeded(plan.table, revision, CHANGES)
        plan = plan.model_copy(update={"table": table})
        code = plan.code(revision.task.language)
        return Draft(code=code, description=plan.model_dump_json(), actions=actions)


async def _typeset(plan: TablePlan, revision: Revision, bench: Bench) -> tuple[TablePlan, list[Action]]:
    """Set headings and columns in the faces and sizes that fit their words, and move them to their places."""
    reference = revision.task.reference
    chosen = await _regrouped(await _best_set(plan, reference, bench), reference, bench)
    return _described((await _styled(await _tuned(chosen, reference, bench), reference, bench)).plan)


async def _typeset_as_one(
    plan: TablePlan, revision: Revision, bench: Bench
) -> tuple[TablePlan, list[Action]]:
    """Set all text in one face and size, and move it to its places."""
    reference = revision.task.reference
    chosen = await _best_set(plan, reference, bench)
    return _described((await _styled(await _tuned(chosen, reference, bench), reference, bench)).plan)


def _described(plan: TablePlan) -> tuple[TablePlan, list[Action]]:
    faces = [(plan.look.family, plan.look.size), *((f.family, f.size) for f in plan.look.faces.values())]
    first = [(family.split(",")[0].strip('"'), size) for family, size in dict.fromkeys(faces)]
    named = ", ".join(f"{family} at {size:g} px" for family, size in first)
    return plan, [Action(description=f"set in {named}, text moved into place")]


async def _best_set(plan: TablePlan, reference: Image, bench: Bench) -> _Trial:
    """The table in the face that its words fit best."""
    faces = await fit_type(plan.table, bench)
    looks = [plan.look.model_copy(update={"family": face.family, "size": face.size}) for face in faces]
    trials = [await _placed(_with_look(plan, look), reference, bench) for look in looks or [plan.look]]
    return max(trials, key=lambda trial: trial.similarity)


async def _worded(plan: TablePlan, revision: Revision, bench: Bench) -> tuple[TablePlan, list[Action]]:
    """Read doubtful cells again."""
    table, actions = await reword(
        plan.table, plan.look, revision.task.reference, revision.discrepancies, bench
    )
    return plan.model_copy(update={"table": table}), actions


async def _worded_in_place(
    plan: TablePlan, revision: Revision, bench: Bench
) -> tuple[TablePlan, list[Action]]:
    """Read doubtful cells again where the code has no look: words are compared as HTML sets them."""
    chosen = await _best_set(plan, revision.task.reference, bench)
    return await _worded(chosen.plan, revision, bench)


async def _simplified(plan: TablePlan, revision: Revision, bench: Bench) -> tuple[TablePlan, list[Action]]:
    """Let rows and columns size themselves around the text, where that looks at least as right."""
    reference = revision.task.reference
    now = await _tried(plan, reference, bench)
    height = await line_height(plan.look.family, plan.look.size, bench)
    look = natural_look(plan.table, plan.look, height) if height else None
    if look is None:
        return plan, []
    trial = await _tried(plan.model_copy(update={"look": look}), reference, bench)
    if trial.similarity < now.similarity:
        return plan, []
    return trial.plan, [Action(description="rows and columns size themselves around the text")]


async def _placed(plan: TablePlan, reference: Image, bench: Bench) -> _Trial:
    """Move the text, in one step, to where the letters of the picture are."""
    first = await _tried(plan, reference, bench)
    if first.image is None:
        return first
    found = await asyncio.to_thread(misfits, plan.table, reference, first.image)
    look = plan.look
    if abs(stretch := line_stretch(plan.table, found)) > _STRETCH:
        height = await line_height(look.family, look.size, bench)
        look = look.model_copy(update={"line_height": round(2 * (height + stretch)) / 2 if height else None})
    if abs(missing := leading(plan.table, found)) >= _LEADING:
        look = look.model_copy(update={"leading": look.leading + _LEADING * round(missing / _LEADING)})
    for axis in _AXES:
        look = aimed(plan.table, look, found, axis)
    moved = await _tried(plan.model_copy(update={"look": look}), reference, bench)
    return max(moved, first, key=lambda trial: trial.similarity)


async def _regrouped(start: _Trial, reference: Image, bench: Bench) -> _Trial:
    """Give headings and columns that are set in another face, such as code, a face of their own."""
    plan, table = start.plan, start.plan.table
    own = Face(family=plan.look.family, size=plan.look.size)
    if start.image is None:
        return start
    found = await asyncio.to_thread(misfits, table, reference, start.image)
    groups = await fit_groups(table, own, reference, found, bench)
    ranks = range(max((len(group.faces) for group in groups), default=0))
    trials = [start]
    for rank in ranks:
        faces = {index: group.ranked(rank) for group in groups for index in group.cells}
        look = plan.look.model_copy(update={"faces": faces})
        trials.append(await _placed(_with_look(plan, look), reference, bench))
    drawn = [
        (trial.plan.look, cell_errors(table, reference, trial.image))
        for trial in trials
        if trial.image is not None
    ]
    if not drawn:
        return start
    look = plan.look
    for group in groups:
        cells = {table.owners[index] for index in group.cells}
        sums = [sum(errors[index] for index in cells) for _, errors in drawn]
        look = with_cells_of(look, drawn[sums.index(min(sums))][0], group.cells)
    mixed = await _placed(_with_look(plan, settled(table, look)), reference, bench)
    return max(start, mixed, key=lambda trial: trial.similarity)


async def _tuned(start: _Trial, reference: Image, bench: Bench) -> _Trial:
    """Try small moves of everything, and keep them for the rows and columns that they help."""
    table, look, patched = start.plan.table, start.plan.look, start.image
    if patched is None:
        return start
    errors = cell_errors(table, reference, patched)
    for axis in _AXES:
        for by in _NUDGES:
            trial = await _tried(_with_look(start.plan, nudged(table, look, axis, by)), reference, bench)
            if trial.image is None:
                continue
            after = cell_errors(table, reference, trial.image)
            better = improved(table, look, errors, after, axis)
            errors = [b if good else a for a, b, good in zip(errors, after, better, strict=True)]
            shifts = [
                b if good else a
                for a, b, good in zip(look.shifts, trial.plan.look.shifts, better, strict=True)
            ]
            look = look.model_copy(update={"shifts": tuple(shifts)})
    final = await _tried(_with_look(start.plan, gathered(table, look)), reference, bench)
    return max(final, start, key=lambda trial: trial.similarity)


async def _styled(start: _Trial, reference: Image, bench: Bench) -> _Trial:
    """Set each text bold, plain or in italics, as it comes nearest to the picture."""
    plan, table = start.plan, start.plan.table
    if start.image is None:
        return start
    trials = [start]
    for other in restyled(table):
        trials.append(await _tried(plan.model_copy(update={"table": other}), reference, bench))
    styled = [
        Styled(
            trial.plan.table,
            cell_errors(table, reference, trial.image),
            await asyncio.to_thread(misfits, table, reference, trial.image),
        )
        for trial in trials
        if trial.image is not None
    ]
    chosen = best_styled(styled[0], styled[1:])
    if chosen == table:
        return start
    final = await _tried(plan.model_copy(update={"table": chosen}), reference, bench)
    return max(start, final, key=lambda trial: trial.similarity)


def _with_look(plan: TablePlan, look: Look) -> TablePlan:
    return plan.model_copy(update={"look": look})


async def _tried(plan: TablePlan, reference: Image, bench: Bench) -> _Trial:
    image = await bench.image_of(plan.code(Language.HTML))
    likeness = await asyncio.to_thread(similarity, reference, image) if image is not None else 0.0
    return _Trial(plan, image, likeness)


def _answered(actions: Sequence[Action], revision: Revision) -> tuple[Action, ...]:
    """The actions, and a word on each discrepancy that none of them is about."""
    known = {action.discrepancy for action in actions}
    waiting = [
        Action(discrepancy=index, description="left for another revision", done=False)
        for index in range(len(revision.discrepancies))
        if index not in known
    ]
    return (*actions, *waiting)


_STAGES = ((_typeset, _typeset_as_one), (_worded,), (_simplified,))
"""What is mended in turn; of the ways to do it another is tried where the one before was rejected."""

_STAGES_OF_MARKDOWN = ((_worded_in_place,),)
"""What is mended of a table whose look is not said."""

generator = TableGenerator()
