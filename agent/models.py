"""The generator and the critics that ask a model."""

from __future__ import annotations

from agent.generators.lvlm import LvlmGenerator
from agent.tools import Tools
from critic.consensus import ConsensusCritic
from critic.evidence import EvidenceCritic
from critic.judge import JudgeCritic
from critic.types import Critic
from critic.visual_erm import VisualErmCritic


def lvlm(tools: Tools) -> LvlmGenerator:
    """Any LVLM that is served."""
    return LvlmGenerator(tools.client("generator"), tools.templates)


def visual_erm(tools: Tools) -> Critic:
    """Visual-ERM, in its own words where they were found."""
    texts = {kind: found.text for kind, found in tools.verm_prompts.items()}
    return held_down(VisualErmCritic(tools.client("critic"), tools.templates, texts), tools)


def judge(tools: Tools) -> Critic:
    """Any LVLM, asked for discrepancies."""
    return held_down(JudgeCritic(tools.client("critic"), tools.templates), tools)


def held_down(critic: Critic, tools: Tools) -> Critic:
    """A model critic with its errors held down as the settings say: by votes, and by the pixels."""
    settings = tools.settings.critic
    if settings.votes > 1:
        critic = ConsensusCritic(critic, settings.votes)
    return EvidenceCritic(critic, reader=tools.reader) if settings.evidence else critic
