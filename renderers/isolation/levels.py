"""The layers of isolation, the levels they add up to, and what a caller asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """One kind of wall around generated code."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    SECCOMP = "seccomp"
    LIMITS = "limits"


class Level(StrEnum):
    """How much stands between generated code and the machine.

    ``full``: every layer. ``partial``: no new processes, no sockets, and no view of the user's files, by the
    system call filter and one of namespaces and Landlock. ``none``: a clean process with resource limits.
    """

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"

    @property
    def strength(self) -> int:
        """For comparing: stronger is more."""
        return {"full": 2, "partial": 1, "none": 0}[self.value]


def level_of(layers: Collection[Layer]) -> Level:
    """The level that these layers add up to."""
    if set(Layer) <= set(layers):
        return Level.FULL
    if Layer.SECCOMP in layers and {Layer.NAMESPACES, Layer.LANDLOCK} & set(layers):
        return Level.PARTIAL
    return Level.NONE


@dataclass(frozen=True, slots=True)
class Policy:
    """What a caller asks for.

    Attributes:
        required: Code is refused below this level; None takes the best that the machine offers.
        layers: The layers to use where the machine has them.
    """

    required: Level | None = None
    layers: frozenset[Layer] = frozenset(Layer)

    def to_argument(self) -> str:
        """As a worker's command line carries it."""
        return f"{self.required or ''}:{','.join(sorted(self.layers))}"

    @classmethod
    def from_argument(cls, text: str) -> Policy:
        """Back from a worker's command line."""
        required, _, layers = text.partition(":")
        chosen = frozenset(Layer(name) for name in layers.split(",") if name)
        return cls(Level(required) if required else None, chosen)

    def refusal(self, layers: Collection[Layer]) -> str:
        """Why code is not run behind these layers; empty where it is."""
        reached = level_of(layers)
        if self.required is None or reached.strength >= self.required.strength:
            return ""
        return f"isolation level {self.required} is asked for and this machine offers {reached}"
