from .boxes import Box
from .elements import Cause, Element
from .errors import CriticError, ReadingError
from .pixel import PixelCritic
from .reward import reward
from .similarity import similarity
from .types import CATEGORIES, Critic, Critique, Discrepancy

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
