"""Generators and critics by name: ours, and those that distributions add or a path leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from agent.errors import InputError
from renderers.registry import Registry

if TYPE_CHECKING:
    from agent.tools import Tools
    from critic.types import Critic
    from graph.types import Generator

Part = TypeVar("Part")

GENERATORS: Registry[Callable[..., Generator]] = Registry(
    "lookalike.generators",
    "generator",
    {
        "embedded": "agent.generators.embedded:EmbeddedGenerator.with_tools",
        "lvlm": "agent.models:lvlm",
        "mixed": "agent.models:mixed",
    },
)
CRITICS: Registry[Callable[..., Critic]] = Registry(
    "lookalike.critics",
    "critic",
    {"pixel": "agent.parts:pixel", "visual-erm": "agent.models:visual_erm", "judge": "agent.models:judge"},
)
"""Generators and critics are called with the ``Tools`` of the agent, where they take an argument."""

ASK_A_MODEL = frozenset({"lvlm", "mixed", "visual-erm", "judge"})
"""Those of ours that need a server."""

_METHODS = {"generator": ("draft", "revise"), "critic": ("critique",), "policy": ("plan",)}
_FIELDS = {"generator": ("name", "samples"), "critic": ("name",), "policy": ("name",)}


def generator_of(choice: str | Generator, tools: Tools) -> Generator:
    """The generator of that name or at that path, or the one that is given.

    Raises:
        ChoiceError: There is no such name.
        PluginError: What is there cannot be loaded or made.
        ConfigError: A setting that it needs is missing.
        InputError: It is no generator.
    """
    return checked_part("generator", GENERATORS.make(choice, tools) if isinstance(choice, str) else choice)


def critic_of(choice: str | Critic, tools: Tools) -> Critic:
    """The critic of that name or at that path, or the one that is given; errors as for ``generator_of``."""
    return checked_part("critic", CRITICS.make(choice, tools) if isinstance(choice, str) else choice)


def checked_part(what: str, part: Part) -> Part:
    """A generator, critic or policy of anyone's, which has all that one is to have.

    Raises:
        InputError: It has not.
    """
    missing = [name for name in _METHODS[what] if not callable(getattr(part, name, None))]
    missing = [f"{name}()" for name in missing] + [name for name in _FIELDS[what] if not hasattr(part, name)]
    if isinstance(part, type):
        raise InputError(
            f"{what}: {part.__name__} is a class; give an object made of it, or its path as text"
        )
    if missing:
        raise InputError(f"{what}: a {type(part).__name__} has no {' and no '.join(missing)}")
    return part


def pixel(tools: Tools) -> Critic:
    """The pixel critic, which shares the readings of the agent."""
    from critic.pixel import PixelCritic

    return PixelCritic(tools.reader)
