"""Compares two pages: what is missing, moved, worded or styled differently."""

from critic.pixel.page.compare import compare

__all__ = ["compare"]
