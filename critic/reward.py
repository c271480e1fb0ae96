"""The reward of Visual-ERM for one picture at inference."""

from __future__ import annotations

from critic.types import Critique

SEVERITY_SCALE = 50.0
"""Severity sum at which the critique's part of the reward reaches 0 (released code of arXiv 2603.13224)."""

RENDERED = 1.0
"""The least that a render gets, and so where one that nobody could critique ranks: no better is known."""


def reward(critique: Critique | None) -> float:
    """Score a candidate: 0 for no or a blank render, else 1 + clip(1 - S/50, 0, 1).

    Args:
        critique: What was said of its render, with S (``Critique.severity``); None stands for a render that
            failed.
    """
    if critique is None or critique.blank:
        return 0.0
    return reward_of(critique.severity)


def reward_of(severity: float) -> float:
    """The reward of a render whose differences have this severity sum."""
    return RENDERED + min(1.0, max(0.0, 1.0 - severity / SEVERITY_SCALE))
