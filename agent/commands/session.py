"""The agent that the settings describe, for as long as a command runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from agent.api import RefinementAgent
from agent.settings import Settings


@asynccontextmanager
async def agent_for(settings: Settings) -> AsyncIterator[RefinementAgent]:
    """An agent with the generator, critic, search and isolation of the settings; all released at the end."""
    async with RefinementAgent(settings=settings) as agent:
        for kind, found in agent.verm_prompts.items():
            typer.echo(f"Visual-ERM's own {kind} prompt: {found.name} in {found.file}", err=True)
        yield agent
