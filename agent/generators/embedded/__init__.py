"""The embedded generator: pixels to code on the CPU, without a model server."""

from agent.generators.embedded.generator import EmbeddedGenerator
from agent.generators.embedded.types import Bench, KindGenerator, Probe

__all__ = ["Bench", "EmbeddedGenerator", "KindGenerator", "Probe"]
