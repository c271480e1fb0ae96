"""Which revisions are accepted, by truth: single repairs, and whole runs with a noisy critic.

    python -m benchmarks.acceptance RUNS --write

RUNS are run folders by kind, such as ``benchmarks.quality --out RUNS`` leaves; their best codes are the
programs. Each gets faults from the taxonomy of ``agent.injection`` and is drawn as it is and in other
layouts: a percent off, tight, restyled. A true repair takes one fault out, a bad revision puts one more in;
generator and critic are those of ``agent.testing``.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import numpy as np

from agent.injection.pairs import UnusableSourceError
from agent.testing import FaultyProgram, FaultyWorld, Skill
from benchmarks.results import machine, table, write_section
from critic.closeness import nearer
from critic.consensus import ConsensusCritic, consensus
from critic.reward import reward
from critic.similarity import similarity
from critic.types import Critic, Critique
from graph import Budget, Candidate, Result, RunContext, RunFolder, Search, Stopped, build, stream
from graph.acceptance import doubtful, improves
from graph.types import RenderRecord
from renderers.service import Renderers
from renderers.types import LANGUAGES, Image, Kind, Language, Render, RenderStatus, Size

LAYOUTS = ("aligned", "1% off", "tight", "restyled")
FAULTS = 9
"""To choose from; a first draft has six of them, as many as a mean severity of 12.5 takes."""

FIRST, LEAST = 6, 3
VOTES = (1, 3)
ANSWERS = 1
"""Times that the critic is asked about each pair: its noise is what is measured."""

_CHART = {
    "1% off": (
        "\nimport matplotlib.pyplot as plt\nfor _axes in plt.gcf().axes:\n    _place = _axes.get_position()\n"
        "    _axes.set_position([_place.x0 + 0.01, _place.y0 - 0.01, _place.width * 0.99, "
        "_place.height * 0.98])\n"
    ),
    "tight": "\nimport matplotlib.pyplot as plt\nplt.gcf().tight_layout()\n",
}
_CHART_STYLE = (
    "import matplotlib.pyplot as plt\n"
    "plt.rcParams.update({'font.family': 'DejaVu Serif', 'font.size': 11, 'lines.linewidth': 2})\n"
)
_CSS = {
    Kind.TABLE: {
        "1% off": "body{margin:25px 26px !important}",
        "tight": "td,th{padding:4px 7px !important}",
        "restyled": (
            "body,table{font-family:Georgia,serif !important} th{background:#f2f2f2 !important} "
            "td,th{padding:8px 12px !important;border:1px solid #ddd !important}"
        ),
    },
    Kind.PAGE: {
        "1% off": "body{transform:translate(7px,5px)}",
        "tight": "html{zoom:.99}",
        "restyled": "h1,h2,h3,p,span,div{font-family:Verdana !important;letter-spacing:-.5px}",
    },
}
_SVG = {
    "1% off": "translate({0} {0})",
    "tight": "translate({0} {0}) scale(.98)",
    "restyled": "translate(-{0} 0) scale(1.02 1)",
}


def laid_out(kind: Kind, layout: str) -> Callable[[str], str]:
    """What puts code of a kind into a layout."""

    def vary(code: str) -> str:
        if layout == "aligned":
            return code
        if kind is Kind.CHART:
            return _CHART_STYLE + code if layout == "restyled" else code + _CHART[layout]
        if kind is Kind.SVG:
            head, body = re.split(r"(?<=>)", code[code.index("<svg") :], maxsplit=1)
            percent = float((re.search(r'viewBox="[^"]*?([\d.]+)"', head) or ["", "336"])[1]) / 100
            moved = _SVG[layout].format(f"{percent:.2f}")
            return f'{head}<g transform="{moved}">{body.replace("</svg>", "</g></svg>")}'
        style = f"<style>{_CSS[kind][layout]}</style>"
        return code.replace("</head>", f"{style}</head>") if "</head>" in code else style + code

    return vary


@dataclass(slots=True)
class Drawn:
    """Renders by code, each drawn once."""

    render: Callable[[Kind, str, Language, Size | None], Awaitable[Render]]
    known: dict[str, Render] = field(default_factory=dict)

    async def __call__(self, kind: Kind, code: str, language: Language, size: Size | None) -> Render:
        if code not in self.known:
            self.known[code] = await self.render(kind, code, language, size)
        return self.known[code]


@dataclass(frozen=True, slots=True)
class Pair:
    """A parent and a revision of it, and whether that is a true repair."""

    kind: Kind
    layout: str
    repair: bool
    world: FaultyWorld
    parent: Image
    child: Image
    seen: tuple[float, ...]


def programs(runs: Path, kinds: list[Kind], each: int) -> Iterator[tuple[str, Kind, str]]:
    """Name, kind and code of the programs."""
    for kind in kinds:
        suffix = LANGUAGES[kind][0].suffix
        for path in sorted((runs / kind.value).glob(f"*/best{suffix}"))[:each]:
            yield path.parent.name, kind, path.read_text(encoding="utf-8")


async def reference_of(kind: Kind, code: str, draw: Drawn) -> Image:
    """The picture of a program as it should be.

    Raises:
        UnusableSourceError: It has none.
    """
    program = FaultyProgram(kind, code, 0)
    render = await draw(kind, program.code(frozenset()), LANGUAGES[kind][0], None)
    if render.image is None or not render.ok:
        raise UnusableSourceError(render.log)
    return render.image


async def pairs(name: str, kind: Kind, code: str, draw: Drawn) -> list[Pair]:
    """For each layout three repairs and three bad revisions, of parents with two to four faults."""
    reference = await reference_of(kind, code, draw)
    found = []
    for layout in LAYOUTS:
        program = FaultyProgram(kind, code, FAULTS, len(code), laid_out(kind, layout))
        if len(program.faults) < LEAST:
            continue
        world = FaultyWorld(program, reference, draw, first=frozenset())
        chance = random.Random(f"{name} {layout}")
        for _ in range(3):
            order = chance.sample(range(len(program.faults)), len(program.faults))
            present = frozenset(order[: chance.randint(2, min(4, len(order) - 1))])
            for repair in (True, False):
                after = present - {order[0]} if repair else present | {order[-1]}
                images = [await _image(world, faults) for faults in (present, after)]
                before, child = images
                if before is not None and child is not None and not np.array_equal(before, child):
                    seen = nearer(reference, before, child)
                    found.append(Pair(kind, layout, repair, world, before, child, seen))
    return found


async def _image(world: FaultyWorld, present: frozenset[int]) -> Image | None:
    code, task = world.code(present), world.task
    size = Size(task.reference.shape[1], task.reference.shape[0])
    return (await world.render(task.kind, code, task.language, size)).image


Rule = Callable[[Pair, Critique, Critique], Awaitable[bool]]


def _candidate(number: int, said: Critique, **more: object) -> Candidate:
    render = RenderRecord(status=RenderStatus.OK)
    given = {"id": number, "render": render, "critique": said, "reward": reward(said), "accepted": True}
    return Candidate.model_validate(given | more)


async def both_must_rise(pair: Pair, before: Critique, after: Critique) -> bool:
    """The rule until now: neither reward nor SSIM falls, and one rises."""
    gains = (reward(after) - reward(before), after.similarity - before.similarity)
    return not after.fallback and min(gains) >= 0.0 and max(gains) > 0.0


async def weighed(pair: Pair, before: Critique, after: Critique) -> bool:
    """Pixels and critic weighed, as answered once."""
    return improves(*_both(pair, before, after))


async def weighed_again(pair: Pair, before: Critique, after: Critique) -> bool:
    """The product's rule: where that is in doubt, both are judged again."""
    child, parent = _both(pair, before, after)
    if doubtful(child, parent):
        world, kind = pair.world, pair.kind
        merged = []
        for image, known in ((pair.parent, before), (pair.child, after)):
            more = [await world.critic.critique(kind, world.task.reference, image) for _ in range(2)]
            merged.append(consensus(known.critic, [known, *more]))
        child, parent = _both(pair, *merged)
    return improves(child, parent)


async def weighed_beside(pair: Pair, before: Critique, after: Critique) -> bool:
    """The product's rule with a critic that sees both beside each other, in both orders."""
    child, parent = _both(pair, before, after)
    if not doubtful(child, parent):
        return improves(child, parent)
    chance, wrong = random.Random(f"{before} {after}"), pair.world.skill.confuses
    forth, back = (1 if (chance.random() >= wrong) is pair.repair else -1 for _ in range(2))
    if forth != back:
        return await weighed_again(pair, before, after)
    return improves(child.model_copy(update={"closer": forth}), parent)


def _both(pair: Pair, before: Critique, after: Critique) -> tuple[Candidate, Candidate]:
    return _candidate(1, after, nearer=pair.seen, parent=0), _candidate(0, before)


RULES: dict[str, Rule] = {
    "reward and SSIM both": both_must_rise,
    "weighed": weighed,
    "weighed, asked again in doubt": weighed_again,
    "weighed, beside each other in doubt": weighed_beside,
}


def voting(critic: Critic, votes: int) -> Critic:
    return critic if votes == 1 else ConsensusCritic(critic, votes)


async def accepted(found: list[Pair], votes: int) -> str:
    """The share of true repairs and of bad revisions that each rule accepts, by layout."""
    rows = []
    answers = []
    for pair in found:
        critic = voting(pair.world.critic, votes)
        for _ in range(ANSWERS):
            said = [
                await critic.critique(pair.kind, pair.world.task.reference, image)
                for image in (pair.parent, pair.child)
            ]
            answers.append((pair, *said))
    for name, rule in RULES.items():
        kept = [(pair, await rule(pair, *said)) for pair, *said in answers]
        cells = [_shares([item for item in kept if item[0].layout == layout]) for layout in LAYOUTS]
        rows.append((name, *cells, _shares(kept)))
    return table((f"true repairs / bad revisions accepted, votes {votes}", *LAYOUTS, "all"), rows)


def _shares(kept: list[tuple[Pair, bool]]) -> str:
    shares = [[taken for pair, taken in kept if pair.repair is repair] for repair in (True, False)]
    return " / ".join(f"{fmean(share):.2f}" if share else "-" for share in shares)


def falls(found: list[Pair]) -> str:
    """The share of true repairs on which a measure falls, and of bad revisions on which it rises."""
    rows = []
    for layout in LAYOUTS:
        here = [pair for pair in found if pair.layout == layout]
        measured = [_measures(pair) for pair in here]
        cells = []
        for measure in range(3):
            good = [m[measure] <= 0 for pair, m in zip(here, measured, strict=True) if pair.repair]
            bad = [m[measure] > 0 for pair, m in zip(here, measured, strict=True) if not pair.repair]
            cells.append(" / ".join(f"{fmean(share):.2f}" if share else "-" for share in (good, bad)))
        rows.append((layout, len(here), *cells))
    return table(
        ("repairs not seen / bad seen as better", "pairs", "SSIM", "within 2 px", "within 6 px"), rows
    )


def _measures(pair: Pair) -> tuple[float, ...]:
    reference = pair.world.task.reference
    ssim = similarity(reference, pair.child) - similarity(reference, pair.parent)
    return ssim, *pair.seen


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to by truth: severity sums of the first draft and of each round's best."""

    first: int
    last: int
    repairs: int
    kept: int
    harms: int
    calls: int


async def run(world: FaultyWorld, search: Search, votes: int, folder: Path) -> Run:
    """One run of the product's graph on the stand-ins."""
    context = RunContext(
        task=world.task,
        generator=world.generator,
        critic=voting(world.critic, votes),
        render=world.render,
        folder=RunFolder(folder, world.task.reference, world.task.language),
        search=search,
    )
    result: Result | None = None
    async for event in stream(context, build()):
        if isinstance(event, Stopped):
            result = event.result
    assert result is not None and result.best is not None
    severity = {
        item.id: world.true_severity(context.folder.text(item.code))
        for item in result.candidates
        if item.code
    }
    revised = [item for item in result.candidates if item.parent is not None and item.code]
    gains = [(item, severity[item.parent or 0] - severity[item.id]) for item in revised]
    first = min((item for item in result.candidates if item.code), key=lambda item: item.id)
    return Run(
        first=severity[first.id],
        last=severity[result.best.id],
        repairs=sum(gain > 0 for _, gain in gains),
        kept=sum(gain > 0 and item.accepted for item, gain in gains),
        harms=sum(gain < 0 and item.accepted for item, gain in gains),
        calls=result.usage.calls,
    )


async def runs_of(sources: list[tuple[str, Kind, str]], draw: Drawn, each: int, rounds: int) -> str:
    """True severity after whole runs, by width and votes."""
    rows = []
    for width in (1, 4):
        for votes in VOTES:
            search = Search(width=width, budget=Budget(rounds=rounds))
            done = []
            for name, kind, code in sources:
                reference = await reference_of(kind, code, draw)
                for number in range(each):
                    layout = LAYOUTS[number % len(LAYOUTS)]
                    program = FaultyProgram(kind, code, FAULTS, len(code), laid_out(kind, layout))
                    if len(program.faults) <= FIRST:
                        continue
                    first = frozenset(range(FIRST))
                    world = FaultyWorld(program, reference, draw, first=first, seed=number)
                    with tempfile.TemporaryDirectory() as folder:
                        done.append(await run(world, search, votes, Path(folder)))
                print(name, width, votes, [(item.first, item.last) for item in done[-each:]], flush=True)
            rows.append(
                (
                    width,
                    votes,
                    len(done),
                    f"{fmean(item.first for item in done):.1f}",
                    f"{fmean(item.last for item in done):.1f}",
                    sum(item.last > item.first for item in done),
                    f"{sum(item.kept for item in done)} of {sum(item.repairs for item in done)}",
                    sum(item.harms for item in done),
                    f"{fmean(item.calls for item in done):.1f}",
                )
            )
    head = ("width", "votes", "runs", "true S first", f"after {rounds} rounds", "worse than first")
    return table((*head, "true repairs kept", "harms kept", "calls"), rows)


async def report(options: argparse.Namespace) -> str:
    """The section's text."""
    sources = list(programs(options.runs, options.kind or list(Kind), options.each))
    found: list[Pair] = []
    usable = []
    async with Renderers() as renderers:
        draw = Drawn(renderers.render)
        for name, kind, code in sources:
            try:
                more = await pairs(name, kind, code, draw)
            except (UnusableSourceError, SyntaxError, ValueError) as error:
                print(f"{name}: {error}", flush=True)
                continue
            found += more
            usable.append((name, kind, code))
            print(f"{kind} {name}: {len(more)} pairs", flush=True)
        parts = [falls(found), *[await accepted(found, votes) for votes in VOTES]]
        print("\n\n".join(parts), flush=True)
        if options.seeds:
            parts.append(await runs_of(usable, draw, options.seeds, options.rounds))
    command = f"`python -m benchmarks.acceptance RUNS --each {options.each} --seeds {options.seeds} --write`"
    skill = Skill()
    noise = (
        f"The critic misses {skill.misses:.0%}, invents {skill.invents:.0%}, is one off in "
        f"{skill.misjudges:.0%} of the severities and cannot be read {skill.garbles:.0%} of the time; beside "
        f"each other it names the wrong one {skill.confuses:.0%} of the time, in each order; the "
        f"generator mends a named fault with {skill.mends:.0%} and breaks another with {skill.breaks:.0%}."
    )
    return "\n\n".join([f"{command} ({machine()}), {len(usable)} programs. {noise}", *parts])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--kind", action="append", type=Kind, choices=list(Kind))
    parser.add_argument("--each", type=int, default=8, help="programs of each kind")
    parser.add_argument("--seeds", type=int, default=4, help="runs of each program; 0 for none")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    body = asyncio.run(report(options))
    print(body)
    if options.write:
        write_section("Acceptance, by truth", body)


if __name__ == "__main__":
    main()
