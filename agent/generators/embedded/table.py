"""The embedded generator of tables: read the grid, write HTML or Markdown, mend look and text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.table_fit import gathered, misfits, moved
from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import Look, first_look
from agent.generators.embedded.table_markdown import write_markdown
from agent.generators.embedded.table_type import fit_type
from agent.generators.embedded.types import Bench
from critic.reading.table import TableDescription, read_table
from critic.similarity import similarity
from graph.types import Action, Draft, Revision, Task
from renderers.types import Image, Language

_STEPS = 4


class TablePlan(BaseModel):
    """What the code is written from: the table as read, and how it looks."""

    model_config = ConfigDict(frozen=True)

    table: TableDescription
    look: Look
    typeset: bool = False

    def code(self, language: Language) -> str:
        """The plan as code."""
        if language is Language.MARKDOWN:
            return write_markdown(self.table)
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
        """The table as read."""
        table = await asyncio.to_thread(read_table, task.reference, bench.reader)
        plan = TablePlan(table=table, look=first_look(table))
        return Draft(code=plan.code(task.language), description=plan.model_dump_json())

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """First the typeface and the places, then what still differs."""
        plan = TablePlan.model_validate_json(revision.description)
        if revision.task.language is Language.MARKDOWN:
            return Draft(code="")
        if not plan.typeset:
            return await self._typeset(plan, revision, bench)
        return Draft(code="")

    async def _typeset(self, plan: TablePlan, revision: Revision, bench: Bench) -> Draft:
        reference = revision.task.reference
        face = await fit_type(plan.table, bench)
        look = plan.look
        if face:
            look = look.model_copy(update={"family": face.family, "size": face.size})
        plan = plan.model_copy(update={"look": look, "typeset": True})
        best = await self._settled(plan, reference, bench)
        action = Action(
            description=f"set in {look.family.split(',')[0]} at {look.size:g} px, text moved into place"
        )
        code = best.plan.code(revision.task.language)
        return Draft(code=code, description=best.plan.model_dump_json(), actions=(action,))

    async def _settled(self, plan: TablePlan, reference: Image, bench: Bench) -> _Trial:
        """Move the text step by step while that helps."""
        best = await _tried(plan, reference, bench)
        for _ in range(_STEPS):
            if best.image is None:
                break
            found = await asyncio.to_thread(misfits, plan.table, reference, best.image)
            look = gathered(plan.table, moved(plan.table, best.plan.look, found))
            if look == best.plan.look:
                break
            trial = await _tried(plan.model_copy(update={"look": look}), reference, bench)
            if trial.similarity <= best.similarity:
                break
            best = trial
        return best


async def _tried(plan: TablePlan, reference: Image, bench: Bench) -> _Trial:
    image = await bench.image_of(plan.code(Language.HTML))
    likeness = similarity(reference, image) if image is not None else 0.0
    return _Trial(plan, image, likeness)


generator = TableGenerator()
