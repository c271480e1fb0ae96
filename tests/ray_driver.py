"""A batch on a Ray cluster as a program, so that a test can end it.

python -m tests.ray_driver SOURCE OUT ADDRESS
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from agent.batch.job import run_job
from agent.batch.ray_engine import RayEngine, connected
from agent.batch.sizing import Jobs
from tests.batches import job
from tests.ray_jobs import slow_agents

if __name__ == "__main__":
    with connected(sys.argv[3]) as cores:
        out = Path(sys.argv[2])
        agents = partial(slow_agents, out.with_name("log"))
        made = job(sys.argv[1], out, agents, jobs=Jobs.fixed(2))
        try:
            asyncio.run(run_job(made, RayEngine(cores), lambda event: None))
        except KeyboardInterrupt:
            sys.exit(130)
