"""A simulated world for experiments with policies and consensus: many runs a second, no model.

An artefact is a picture of areas. Code for it, JSON lines, lists the areas that are wrong, each with a
category and a severity, and those that are merely drawn a pixel or two off, which is no defect. Renders are
real pixels: a wrong area looks wrong, the more so the more severe it is. The critic finds what it finds in
the two pictures alone, and a run's state travels in the code alone, so that the loop runs on it unaltered.

How good generator and critics are is set so that the published figures come out
(``tests/unit/test_simulation.py`` holds them to it; over 1,500 episodes: 69.5 alone, 65.7 after three rounds
of judging itself, 77.4 with the good critic, 1.3 less after a fourth):

- arXiv 2603.13224, ChartMimic, Qwen3-VL-8B-Instruct: 69.6 alone; 65.7 after three rounds of judging itself;
  77.6 after three rounds with Visual-ERM, each revision taken whatever it is worth. A fourth round hurts.
- The same, VC-RewardBench: Visual-ERM names about every second discrepancy, and about every second that it
  names is there; its severity sums correlate with the true ones at 0.58. The generator as its own critic:
  F1 0.06, 0.18.
- arXiv 2604.01600: a revision of code that runs lowers the score on average (here: by one's own critique),
  unless it is accepted only when it improves.
- arXiv 2604.05839: the best of several drafts can match a loop at equal cost; each further draft adds less.

Not published, and assumed: how much a critic's answers to one question have in common
(``CriticSkill.steadiness``), how often a render differs harmlessly (``GeneratorSkill.drift``), how often a
place is told (``CriticSkill.placed``), and what share of it all is beyond mending. Vary them where a result
may hang on them.
"""

from benchmarks.simulation.artefact import AREAS, Artefact, Defect, draw, true_quality
from benchmarks.simulation.critic import ITSELF, PIXEL, VISUAL_ERM, CriticSkill, SimulatedCritic
from benchmarks.simulation.generator import GeneratorSkill, SimulatedGenerator, area_of
from benchmarks.simulation.world import SimulatedWorld

__all__ = [
    "AREAS",
    "ITSELF",
    "PIXEL",
    "VISUAL_ERM",
    "Artefact",
    "CriticSkill",
    "Defect",
    "GeneratorSkill",
    "SimulatedCritic",
    "SimulatedGenerator",
    "SimulatedWorld",
    "area_of",
    "draw",
    "true_quality",
]
