"""The generator and the critics that ask a model."""

from __future__ import annotations

from agent.generators.embedded import EmbeddedGenerator
from agent.generators.hints import Hints
from agent.generators.lvlm import LvlmGenerator
from agent.generators.mixed import MixedGenerator
from agent.generators.sandbox import Sandbox
from agent.tools import Tools
from critic.consensus import ConsensusCritic
from critic.evidence import EvidenceCritic
from critic.judge import JudgeCritic
from critic.pixel import PixelCritic
from critic.types import Critic
from critic.visual_erm import VisualErmCritic


def lvlm(tools: Tools) -> LvlmGenerator:
    """Any LVLM that is served."""
    given = tools.settings.generator
    hints = Hints(tools.reader) if given.hints else None
    client = tools.client("generator")
    return LvlmGenerator(
        client, tools.templates, hints, edits=given.edits, sheet=given.details, sandbox=Sandbox.here()
    )


def mixed(tools: Tools) -> MixedGenerator:
    """A served LVLM and the embedded generator in turn."""
    embedded, pixels = EmbeddedGenerator.with_tools(tools), PixelCritic(tools.reader)
    return MixedGenerator(lvlm(tools), embedded, pixels, tools.render, tools.reader)


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
