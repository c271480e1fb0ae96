"""(reference, render) to a critique: the critics, the reward, the measures."""

from critic.errors import CriticError, ReadingError
from critic.pixel import PixelCritic
from critic.reward import reward
from critic.similarity import similarity
from critic.types import CATEGORIES, Box, Cause, Critic, Critique, Discrepancy, Element

__all__ = [
    "CATEGORIES",
    "Box",
    "Cause",
    "Critic",
    "CriticError",
    "Critique",
    "Discrepancy",
    "Element",
    "PixelCritic",
    "ReadingError",
    "reward",
    "similarity",
]
