from .critic import PixelCritic

__all__ = [
    "PixelCritic",
]
