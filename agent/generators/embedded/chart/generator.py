"""The embedded chart generator: draft from pixels, revise by discrepancy."""

from __future__ import annotations

import asyncio

from agent.generators.embedded.chart.code import write
from agent.generators.embedded.types import Bench
from critic.reading.chart import read_chart
from graph.types import Draft, Revision, Task


class ChartGenerator:
    """Reads axes, series and texts, and writes matplotlib code."""

    async def draft(self, task: Task, bench: Bench, seed: int) -> Draft:
        """First code, from the pixels alone."""
        chart = await asyncio.to_thread(read_chart, task.reference, bench.reader)
        return Draft(code=write(chart), description=chart.model_dump_json())

    async def revise(self, revision: Revision, bench: Bench) -> Draft:
        """Code that mends the discrepancies, by category and place."""
        return Draft(code="")


generator = ChartGenerator()
