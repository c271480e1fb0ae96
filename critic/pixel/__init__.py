"""The pixel critic: a deterministic critic on the CPU."""

from critic.pixel.critic import PixelCritic

__all__ = ["PixelCritic"]
