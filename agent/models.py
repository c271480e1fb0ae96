"""The generator and critic that the settings choose, with their connections."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from agent.errors import ConfigError
from agent.generators.lvlm import LvlmGenerator
from agent.settings import CriticSettings, GeneratorSettings, Settings, environment_name
from critic.consensus import ConsensusCritic
from critic.evidence import EvidenceCritic
from critic.judge import JudgeCritic
from critic.types import Critic
from critic.visual_erm import VisualErmCritic
from graph.types import Generator
from prompts.client import ChatClient
from prompts.endpoint import Endpoint
from prompts.library import Templates
from prompts.verm import FoundPrompt, read_verm_prompts


class Models:
    """Generator and critic on model servers. Use as an async context manager, or call ``aclose``.

    Attributes:
        generator: None for the embedded one, which needs no connection.
        critic: None for the pixel critic, likewise.
        verm_prompts: Visual-ERM's own prompts, by kind, that are used in place of ours.
    """

    def __init__(self, settings: Settings) -> None:
        """Nothing is sent before the first question.

        Raises:
            ConfigError: A model is asked for and no server is set.
            TemplateError: A prompt directory cannot be used.
        """
        self._clients: list[ChatClient] = []
        self.verm_prompts: dict[str, FoundPrompt] = (
            read_verm_prompts(settings.prompts.verm) if settings.prompts.verm else {}
        )
        templates = Templates(settings.prompts.directory)
        self.generator: Generator | None = None
        self.critic: Critic | None = None
        if settings.generator.chosen == "lvlm":
            self.generator = LvlmGenerator(self._client("generator", settings.generator), templates)
        if settings.critic.chosen == "visual-erm":
            texts = {kind: found.text for kind, found in self.verm_prompts.items()}
            client = self._client("critic", settings.critic)
            self.critic = checked(VisualErmCritic(client, templates, texts), settings.critic)
        elif settings.critic.chosen == "judge":
            client = self._client("critic", settings.critic)
            self.critic = checked(JudgeCritic(client, templates), settings.critic)

    def _client(self, role: str, settings: GeneratorSettings | CriticSettings) -> ChatClient:
        client = ChatClient(endpoint_of(role, settings))
        self._clients.append(client)
        return client

    async def __aenter__(self) -> Self:
        """Nothing to do: connections open when they are first needed."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Safe to call twice."""
        for client in self._clients:
            await client.aclose()


def checked(critic: Critic, settings: CriticSettings) -> Critic:
    """A model critic with its errors held down as the settings say: by votes, and by the pixels."""
    if settings.votes > 1:
        critic = ConsensusCritic(critic, settings.votes)
    return EvidenceCritic(critic) if settings.evidence else critic


def endpoint_of(role: str, settings: GeneratorSettings | CriticSettings) -> Endpoint:
    """The endpoint of a role that needs one.

    Raises:
        ConfigError: None is set.
    """
    endpoint = settings.endpoint()
    if endpoint is None:
        name = environment_name(f"{role}.base_url")
        raise ConfigError(
            f"{role}.use is {settings.use!r} and there is no server for it: set {name}, or base_url under "
            f"[{role}] in lookalike.toml; `lookalike serve` starts one where there is a GPU"
        )
    return endpoint
