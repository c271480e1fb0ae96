"""The agent that the settings describe, for as long as a command runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import typer

from agent.api import RefinementAgent
from agent.models import Models
from agent.settings import Settings


@asynccontextmanager
async def agent_for(settings: Settings) -> AsyncIterator[RefinementAgent]:
    """An agent with the generator, critic, search and isolation of the settings; all released at the end."""
    async with (
        Models(settings) as models,
        RefinementAgent(
            settings.search,
            generator=models.generator,
            critic=models.critic,
            isolation=settings.isolation,
        ) as agent,
    ):
        for kind, found in models.verm_prompts.items():
            typer.echo(f"Visual-ERM's own {kind} prompt: {found.name} in {found.file}", err=True)
        yield agent
