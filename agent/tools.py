"""What generators and critics are made with: the readings and renders of an agent, and its connections."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agent.errors import ConfigError
from agent.settings import Settings, environment_name
from critic.reading import Reader
from graph.context import RenderCode
from prompts.library import Templates
from prompts.verm import FoundPrompt, read_verm_prompts
from renderers.kinds import KINDS

if TYPE_CHECKING:
    from prompts.client import ChatClient


class Tools:
    """Given to every generator and critic that is made by name, where it takes an argument.

    Attributes:
        settings: All that is set.
        reader: Reads pictures, each once.
        render: Renders code, for trial renders.
    """

    def __init__(self, settings: Settings, reader: Reader, render: RenderCode) -> None:
        """Nothing is connected before the first question.

        Raises:
            TemplateError: A prompt directory cannot be used.
        """
        self.settings = settings
        self.reader = reader
        self.render = render
        self.verm_prompts: dict[str, FoundPrompt] = (
            read_verm_prompts(settings.prompts.verm) if settings.prompts.verm else {}
        )
        """Visual-ERM's own prompts, by kind, that are used in place of ours."""
        self._clients: list[ChatClient] = []

    @cached_property
    def templates(self) -> Templates:
        """The prompt texts."""
        return Templates(self.settings.prompts.directory, _home)

    def client(self, role: str) -> ChatClient:
        """A connection to the model of a role, ``generator`` or ``critic``; closed with the tools.

        Raises:
            ConfigError: No server is set for it.
        """
        from prompts.client import ChatClient

        settings = getattr(self.settings, role)
        endpoint = settings.endpoint()
        if endpoint is None:
            name = environment_name(f"{role}.base_url")
            raise ConfigError(
                f"the {role} is to be {settings.chosen!r} and there is no server for it: set {name}, or "
                f"base_url under [{role}] in lookalike.toml; `lookalike serve` starts one on a GPU"
            )
        client = ChatClient(endpoint)
        self._clients.append(client)
        return client

    async def aclose(self) -> None:
        """Close the connections. Safe to call twice."""
        while self._clients:
            await self._clients.pop().aclose()


def _home(kind: str) -> str:
    """The package that holds the prompt texts of a kind."""
    return KINDS[kind].prompts if kind in KINDS else ""
