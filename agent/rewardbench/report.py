"""What a benchmark came to: a table beside the published rows, a plot, and a file of figures."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from critic.rewardbench.scores import PairScore, Scores, Summary
from graph.folder import write_atomically

TABLE, PLOT, FIGURES = "table.md", "plot.png", "summary.json"

PUBLISHED = (
    ("Visual-ERM 8B", 42.1, 44.7, 58.4),
    ("Gemini-3-Flash", 40.6, 43.4, 53.4),
    ("GPT-5.2", 32.7, 35.0, 58.9),
    ("Qwen3-VL-235B", 29.5, 32.4, 56.2),
    ("Qwen3-VL-8B", 5.3, 6.5, 17.5),
)
"""F1 hard, F1 soft and severity correlation on VC-RewardBench's 1,335 pairs, matched by a language model
(arXiv 2603.13224, averages of its three kinds)."""

_INCHES, _DPI = (9.0, 4.5), 110


def write_report(out: Path, critic: str, summary: Summary, pairs: list[PairScore]) -> str:
    """Write table, plot and figures into a folder.

    Returns:
        The table.
    """
    text = table(critic, summary)
    write_atomically(out / TABLE, text.encode())
    write_atomically(out / FIGURES, (json.dumps(to_json(summary), indent=2) + "\n").encode())
    _plot(out / PLOT, critic, summary, pairs)
    return text


def to_json(summary: Summary) -> dict[str, object]:
    """The figures as plain data."""
    kinds = {
        kind.value: asdict(scores)
        | {"categories": {name: asdict(row) for (of, name), row in summary.categories.items() if of == kind}}
        for kind, scores in summary.kinds.items()
    }
    return {
        "overall": asdict(summary.overall),
        "kinds": kinds,
        "unparsed": summary.unparsed,
        "unjudged": summary.unjudged,
        "untouched": {"pairs": summary.untouched[0], "nothing_found": summary.untouched[1]},
    }


def table(critic: str, summary: Summary) -> str:
    """The figures as Markdown: by kind and category, and the published rows."""
    lines = [
        "| pairs of | pairs | known | named | F1 hard (95%) | F1 soft (95%) | severity correlation (95%) |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        _row(f"**{critic}, all**", summary.overall),
    ]
    for kind, scores in summary.kinds.items():
        lines.append(_row(f"**{kind.value}**", scores))
        lines += [_row(name, row) for (of, name), row in summary.categories.items() if of == kind]
    lines += [
        "",
        "Published, on VC-RewardBench with a language model as matcher: other pairs than these, unless the "
        "file is that benchmark's.",
        "",
        "| critic | F1 hard | F1 soft | severity correlation |",
        "| --- | --- | --- | --- |",
        *(f"| {name} | {hard} | {soft} | {correlation} |" for name, hard, soft, correlation in PUBLISHED),
    ]
    lines += [f"\n{note}." for note in _notes(summary)]
    return "\n".join(lines) + "\n"


def _row(name: str, scores: Scores) -> str:
    figures = " | ".join(map(str, (scores.hard, scores.soft, scores.correlation)))
    return f"| {name} | {scores.pairs:,} | {scores.known:,} | {scores.predicted:,} | {figures} |"


def _notes(summary: Summary) -> list[str]:
    clean, silent = summary.untouched
    notes = []
    if clean:
        notes.append(f"{silent:,} of {clean:,} untouched pairs ({silent / clean:.1%}) without one finding")
    if summary.unparsed:
        notes.append(
            f"{summary.unparsed:,} critiques could not be had or read; they count as finding nothing"
        )
    if summary.unjudged:
        notes.append(f"{summary.unjudged:,} pairs could not be matched; nothing in them counts as found")
    return notes


def _plot(file: Path, critic: str, summary: Summary, pairs: list[PairScore]) -> None:
    """F1 by kind with intervals, and the severity sums against each other."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=_INCHES, dpi=_DPI, layout="constrained")
    names = ["all", *(kind.value for kind in summary.kinds)]
    rows = [summary.overall, *summary.kinds.values()]
    for shift, (label, chosen) in enumerate((("F1 hard", "hard"), ("F1 soft", "soft"))):
        figures = [getattr(row, chosen) for row in rows]
        heights = [100 * (item.value or 0.0) for item in figures]
        ends = [
            [height - 100 * (item.low or 0.0) for height, item in zip(heights, figures, strict=True)],
            [100 * (item.high or 0.0) - height for height, item in zip(heights, figures, strict=True)],
        ]
        places = [index + 0.4 * shift for index in range(len(rows))]
        left.bar(
            places, heights, width=0.38, yerr=[[max(0.0, end) for end in side] for side in ends], label=label
        )
    left.axhline(
        PUBLISHED[0][1], color="0.4", linestyle="--", label=f"{PUBLISHED[0][0]}, published, other pairs"
    )
    left.set_xticks([index + 0.2 for index in range(len(names))], names)
    left.set_ylim(0, 100)
    left.set_title(f"{critic}: errors found")
    left.legend(fontsize="small")
    totals = [pair.total for pair in pairs]
    right.scatter([row.known for row in totals], [row.predicted for row in totals], s=9, alpha=0.4)
    right.set_xlabel("severity sum, known")
    right.set_ylabel("severity sum, predicted")
    right.set_title("Severity")
    partial = file.with_name(f".{file.name}.part")
    figure.savefig(partial, format="png")
    plt.close(figure)
    partial.replace(file)
