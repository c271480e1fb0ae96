"""When the same letters are told to have another weight: by how much ink they have."""

from __future__ import annotations

_LIGHTER, _BOLDER = 0.8, 1.25
"""Ratios of ink beyond which the same letters have another weight: a quarter more, or that much less."""


def other_weight(was: float, now: float) -> tuple[str, str] | None:
    """The weights of the same letters in the reference and in the render; None where they have one.

    Args:
        was: Ink of the reference's letters: the sum of how far each pixel is covered.
        now: That of the render's.
    """
    heavier = now / max(1.0, was)
    if _LIGHTER < heavier < _BOLDER:
        return None
    return ("regular", "bold") if heavier > 1 else ("bold", "regular")
