"""Measures what runs came to, by measures that no critic of theirs had a part in: first draft beside best."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from agent.batch.export_runs import Runs
from agent.processes import Workplace
from agent.report.run_folder import CandidateRecord, RunFolder
from critic.boxes import Box
from critic.metrics.chartmimic import chartmimic
from critic.metrics.design2code import Block, design2code
from critic.metrics.figure import figure_of
from critic.metrics.grits import grits_scores
from critic.metrics.images import gmsd, mse, ssim
from critic.metrics.neural import Neural, unisvg
from critic.metrics.page_blocks import dom_blocks, numbered
from critic.metrics.teds import teds_scores
from critic.reading import Reader
from graph.folder import write_atomically
from renderers.pictures import size_of
from renderers.types import Image, Kind, Language

RESAMPLES = 2_000
_INTERVAL = (2.5, 97.5)
_SEED = 0
LOWER_IS_BETTER = {"mse", "gmsd", "lpips"}
"""Measures of distance; of the others higher is better."""

_ENDINGS = {Kind.CHART: (".py",), Kind.TABLE: (".html", ".md", ".json"), Kind.PAGE: (".html",)}
_UNISVG_SIDE = 336
"""Pixels of the square pictures that UniSVG's score is of."""
_INK_SHARE = 0.15
"""Of a text line's pixels, the farthest from its ground: the letters' cores, without anti-aliasing."""

TABLE, FIGURES, PLOT = "eval.md", "eval.json", "eval.png"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run.

    Attributes:
        first: Measures of the first draft; all at their worst where it did not render.
        best: Of what the run kept.
        rendered: Share of the run's candidates that rendered.
        reasons: What could not be measured, and why.
    """

    name: str
    kind: Kind
    first: dict[str, float]
    best: dict[str, float]
    rendered: float
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Evaluation:
    """All runs of a folder."""

    runs: list[Measured] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


async def evaluate(
    out: Path, references: Path | None, place: Workplace, neural: Neural | None = None
) -> Evaluation:
    """Measure all runs of a folder.

    Args:
        out: A batch's folder, a folder of runs, or one run.
        references: Where the code lies that the pictures were made from, by the runs' names; what needs it is
            left out without it.
        place: To render and read with.
        neural: Measures by networks, where their weights are at hand.

    Raises:
        InputError: There are no runs.
    """
    done = Evaluation()
    for name, run in Runs(out):
        reference, kind = run.reference, run.run.kind
        if reference is None or kind not in tuple(Kind) or not run.candidates:
            done.left_out.append(f"{name}: no reference, kind or candidate in it")
            continue
        picture = _Picture(Kind(kind), reference, _truth(references, name, Kind(kind)), place, neural)
        done.runs.append(await _run(name, run, picture))
    return done


def _truth(folder: Path | None, name: str, kind: Kind) -> str:
    """The code that a picture was made from; empty where it is not known."""
    for ending in _ENDINGS.get(kind, ()):
        file = folder / f"{name}{ending}" if folder is not None else None
        if file is not None and file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            if ending != ".json":
                return text
            held = json.loads(text)
            return str(held.get("html", "")) if isinstance(held, dict) else ""
    return ""


@dataclass(frozen=True, slots=True)
class _Picture:
    """What the candidates of a run are measured against, and with."""

    kind: Kind
    reference: Image
    truth: str
    place: Workplace
    neural: Neural | None


async def _run(name: str, run: RunFolder, picture: _Picture) -> Measured:
    reasons: list[str] = []
    first = await _candidate(run, run.first, picture, reasons)
    best = first
    if run.best is not None and run.best is not run.first:
        best = await _candidate(run, run.best, picture, reasons)
    rendered = sum(item.rendered for item in run.candidates) / len(run.candidates)
    return Measured(name, picture.kind, first, best, rendered, tuple(dict.fromkeys(reasons)))


async def _candidate(
    run: RunFolder, candidate: CandidateRecord | None, picture: _Picture, reasons: list[str]
) -> dict[str, float]:
    reference, place = picture.reference, picture.place
    render = run.picture(candidate.render) if candidate is not None else None
    code = run.code(candidate) if candidate is not None else ""
    seen = render if render is not None else _nothing(reference)
    values = await asyncio.to_thread(_pixels, reference, seen)
    if picture.neural is not None:
        values |= await asyncio.to_thread(_by_networks, picture.neural, picture.kind, reference, seen)
    if picture.kind is Kind.PAGE:
        values |= await asyncio.to_thread(_page, reference, seen, place.tools.reader)
        if picture.truth:
            values |= await _page_of_code(picture, code)
    if picture.kind is Kind.TABLE and picture.truth:
        for measure in (teds_scores, grits_scores):
            scores, reason = await asyncio.to_thread(measure, picture.truth, code)
            values |= scores
            reasons += [reason] if reason else []
    if picture.kind is Kind.CHART and picture.truth:
        drawn = [await figure_of(place.renderers, text) for text in (picture.truth, code)]
        values |= await asyncio.to_thread(chartmimic, *drawn)
        reasons += [figure.reason for figure in drawn if figure.reason]
    return values


def _by_networks(neural: Neural, kind: Kind, reference: Image, render: Image) -> dict[str, float]:
    values = neural.measure(reference, render)
    square = reference.shape[:2] == (_UNISVG_SIDE, _UNISVG_SIDE)
    return values | (
        unisvg({**values, "ssim": ssim(reference, render)}) if kind is Kind.SVG and square else {}
    )


async def _page_of_code(picture: _Picture, code: str) -> dict[str, float]:
    """Design2Code's parts of the blocks that a browser lays out, of the truth's code and the candidate's."""
    size, blocks = size_of(picture.reference), []
    for text in (picture.truth, code):
        page = numbered(text)
        layout = (await picture.place.renderers.render(Kind.PAGE, page.code, Language.HTML, size)).layout
        blocks.append(dom_blocks(page, layout, size) if layout is not None else [])
    if not blocks[0]:
        return {}  # the truth shows no text, or does not render: there is nothing to compare
    return {name.replace("page_", "page_dom_"): value for name, value in design2code(*blocks).items()}


def _nothing(reference: Image) -> Image:
    """What stands for a render that failed: its opposite, so that nothing is like it."""
    return np.asarray(255 - reference, dtype=np.uint8)


def _pixels(reference: Image, render: Image) -> dict[str, float]:
    return {"ssim": ssim(reference, render), "mse": mse(reference, render), "gmsd": gmsd(reference, render)}


def _page(reference: Image, render: Image, reader: Reader) -> dict[str, float]:
    return design2code(blocks_of(reference, reader), blocks_of(render, reader))


def blocks_of(image: Image, reader: Reader) -> list[Block]:
    """The lines of text in a picture."""
    height, width = image.shape[:2]
    return [
        Block(line.text, Box(*line.box).scaled(1 / width, 1 / height), _colour(image, Box(*line.box)))
        for line in reader.text.lines(image)
    ]


def _colour(image: Image, box: Box) -> str:
    """The letters' colour: of the pixels that differ most from the most common one."""
    pixels = image[box.clipped(image.shape[1], image.shape[0]).pixels].reshape(-1, 3)
    if not len(pixels):
        return "#000000"
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    apart = np.abs(pixels.astype(int) - colours[counts.argmax()]).sum(axis=1)
    letters = pixels[apart >= np.quantile(apart, 1 - _INK_SHARE)]
    red, green, blue = (int(value) for value in np.median(letters, axis=0))
    return f"#{red:02x}{green:02x}{blue:02x}"


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95% interval of a mean, by resampling."""
    chance = np.random.default_rng(_SEED)
    drawn = chance.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), _INTERVAL)
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of one kind: means, and by how much the best is better, with its interval."""

    kind: Kind
    measure: str
    runs: int
    first: float
    best: float
    gain: tuple[float, float, float]

    def __str__(self) -> str:
        """A row of the table."""
        gain, low, high = self.gain
        told = f"{self.first:.4f} | {self.best:.4f} | {gain:+.4f} ({low:+.4f} to {high:+.4f})"
        return f"| {self.kind.value} | {self.measure} | {self.runs} | {told} |"


def rows_of(runs: Sequence[Measured]) -> list[Row]:
    """The rows of all kinds and measures."""
    rows = []
    for kind in Kind:
        found = [run for run in runs if run.kind is kind]
        for name in dict.fromkeys(name for run in found for name in run.best):
            having = [run for run in found if name in run.best and name in run.first]
            first = np.array([run.first[name] for run in having])
            best = np.array([run.best[name] for run in having])
            gains = (first - best) if name in LOWER_IS_BETTER else (best - first)
            gain = (float(gains.mean()), *interval(gains))
            rows.append(Row(kind, name, len(having), float(first.mean()), float(best.mean()), gain))
    return rows


def write(out: Path, done: Evaluation) -> str:
    """Write the table, the figures and the plot into a folder.

    Returns:
        The table.
    """
    rows = rows_of(done.runs)
    lines = [
        "| kind | measure | runs | first draft | best | better by (95%) |",
        "| --- | --- | --- | --- | --- | --- |",
        *map(str, rows),
        "",
        f"Execution rate of all candidates: {np.mean([run.rendered for run in done.runs]):.4f}. Lower is "
        f"better for {' and '.join(sorted(LOWER_IS_BETTER))}.",
    ]
    reasons = [f"{run.name}: {reason}" for run in done.runs for reason in run.reasons] + done.left_out
    lines += ["", *(f"- {reason}" for reason in reasons)] if reasons else []
    text = "\n".join(lines) + "\n"
    write_atomically(out / TABLE, text.encode())
    told = {"rows": [asdict(row) for row in rows], "runs": [asdict(run) for run in done.runs]}
    write_atomically(out / FIGURES, (json.dumps(told, indent=2) + "\n").encode())
    _plot(out / PLOT, rows)
    return text


def _plot(file: Path, rows: Sequence[Row]) -> None:
    """How much better the best is than the first draft, with intervals."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 1.2 + 0.3 * len(rows)), dpi=110, layout="constrained")
    for place, row in enumerate(reversed(rows)):
        gain, low, high = row.gain
        ends = [[max(0.0, gain - low)], [max(0.0, high - gain)]]
        axes.errorbar(gain, place, xerr=ends, fmt="o", color="C0", capsize=3)
    axes.set_yticks(range(len(rows)), [f"{row.kind.value} {row.measure}" for row in reversed(rows)])
    axes.axvline(0, color="0.5", linewidth=0.8)
    axes.set_title("Best better than first draft by (95%)")
    figure.savefig(file)
    plt.close(figure)
