"""A critic asked about all pairs of a benchmark, and what it says matched, as the command is told."""

from __future__ import annotations

from pathlib import Path

from agent.parts import ASK_A_MODEL, critic_of
from agent.processes import default_processes
from agent.rewardbench.run import Embedded, Judged, run
from agent.settings import Settings
from agent.tools import Tools
from critic.reading import Reader
from critic.rewardbench.asking import Asker, BenchmarkAsker, CriticAsker, GivenAsker
from critic.rewardbench.judging import JudgeMatcher
from critic.rewardbench.matching import Matcher
from critic.rewardbench.rules import RulesMatcher
from renderers.service import Renderers

_AT_A_TIME = 8
"""Questions to a model server at a time: it batches them, and more than it takes at once would only wait."""


async def judge_all(
    file: Path,
    out: Path,
    matcher: str,
    settings: Settings,
    *,
    given: bool,
    rl_wire: bool,
    published: bool,
    jobs: int | None,
    limit: int | None,
) -> Judged:
    """Every pair of a file judged.

    Args:
        file: Pairs with known errors.
        out: Folder for the results; what is there already is not asked again.
        matcher: ``rules`` or ``judge``.
        settings: Of the run; they choose the critic.
        given: Whether the file's own answers are matched, and no critic is asked.
        rl_wire: Whether a model is asked as in a run, not on the benchmark's own wire.
        published: Whether the judge does as the published script.
        jobs: Pairs at a time; None for the usual number.
        limit: This many pairs at most.
    """
    async with Renderers(settings.isolation) as renderers:
        tools = Tools(settings, Reader(), renderers.render)
        try:
            asker = _asker(given, tools, jobs, rl_wire=rl_wire)
            chosen = _matcher(matcher, tools, published=published)
            return await run(file, out, asker, chosen, at_a_time=jobs or _AT_A_TIME, limit=limit)
        finally:
            await tools.aclose()


def _asker(given: bool, tools: Tools, jobs: int | None, *, rl_wire: bool) -> Asker | Embedded:
    settings = tools.settings
    chosen = settings.critic.chosen
    if given:
        return GivenAsker()
    if chosen not in ASK_A_MODEL:
        return Embedded(settings, jobs or default_processes())
    if rl_wire:
        return CriticAsker(critic_of(chosen, tools))
    texts = {kind: prompt.text for kind, prompt in tools.verm_prompts.items()}
    return BenchmarkAsker(chosen, tools.client("critic"), tools.templates, texts)


def _matcher(name: str, tools: Tools, *, published: bool) -> Matcher:
    if name == "rules":
        return RulesMatcher()
    return JudgeMatcher(tools.client("generator"), tools.templates, published=published)
