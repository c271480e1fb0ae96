"""(reference, render) to a critique: the critics, the reward, the measures."""

from critic.errors import CriticError, ReadingError
from critic.pixel import PixelCritic
from critic.reward import reward
from critic.similarity import similarity
from critic.types import CATEGORIES, Box, Critic, Critique, Discrepancy

__all__ = [
    "CATEGORIES",
    "Box",
    "Critic",
    "CriticError",
    "Critique",
    "Discrepancy",
    "PixelCritic",
    "ReadingError",
    "reward",
    "similarity",
]
