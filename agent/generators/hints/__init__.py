"""What the readers measure in a picture, told to a model that writes its code: a module a kind."""

from agent.generators.hints.block import Hints

__all__ = ["Hints"]
