"""The embedded generator of tables: read the grid, write HTML or Markdown, mend text, then look."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict

from agent.generators.embedded.table_html import write_html
from agent.generators.embedded.table_look import Look, first_look
from agent.generators.embedded.table_markdown import write_markdown
from agent.generators.embedded.types import Bench
from critic.reading.table import TableDescription, read_table
from graph.types import Draft, Revision, Task
from renderers.types import Language


class TablePlan(BaseModel):
    """What the code is written from: the table as read, and how it looks."""

    model_config = ConfigDict(frozen=True)

    table: TableDescription
    look: Look

    def code(self, language: Language) -> str:
        """The plan as code."""
        if language is Language.MARKDOWN:
            return write_markdown(self.table)
        return write_html(self.table, self.look)


class TableGenerator:
    """Tables from pixels."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """The table as read."""
        table = await asyncio.to_thread(read_table, task.reference, bench.reader)
        plan = TablePlan(table=table, look=first_look(table))
        return Draft(code=plan.code(task.language), description=plan.model_dump_json())

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Nothing to offer yet."""
        return Draft(code="")


generator = TableGenerator()
