"""The agent that the settings describe, for as long as a command runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from agent.api import RefinementAgent
from agent.settings import Settings

_PARAPHRASED = (
    "note: Visual-ERM is asked in our words, not in those it was trained on; give it its own with "
    "--verm-prompts DIR, a clone of its repository"
)


@asynccontextmanager
async def agent_for(settings: Settings) -> AsyncIterator[RefinementAgent]:
    """An agent with the generator, critic, search and isolation of the settings; all released at the end."""
    async with RefinementAgent(settings=settings) as agent:
        for kind, found in agent.verm_prompts.items():
            typer.echo(f"Visual-ERM's own {kind} prompt: {found.name} in {found.file}", err=True)
        if settings.critic.chosen == "visual-erm" and not agent.verm_prompts:
            typer.echo(_PARAPHRASED, err=True)
        yield agent
