"""The report of a run: one self-contained HTML file, made from the run folder alone."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from agent.cost import dollars
from agent.errors import ReportError
from agent.report import words
from agent.report.candidates import Round, rounds
from agent.report.code import pack
from agent.report.corrected import corrected
from agent.report.embed import DataPicture, Shows, embedded
from agent.report.plot import plot
from agent.report.run_folder import RunFolder, UsageRecord, read_run_folder
from agent.report.story import remaining, since_first
from critic.fate import Fate
from renderers.pictures import size_of
from renderers.types import Image

_WIDE = (760.0, 300.0)
_NARROW = (330.0, 260.0)
_SMALL = 480
"""Narrower pictures are shown a whole number of times larger, or an icon could not be judged."""
_QUOTED = 200
"""Letters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The comparison of the reference with a candidate.

    Attributes:
        reference: The reference, where it is there.
        start: The candidate shown first.
        choices: The candidates that can be shown, best first: id, name.
        width: Width in pixels to show the pictures at, where there is room.
        enlarged: Whether that is more than their own.
    """

    reference: DataPicture | None
    start: int | None
    choices: tuple[tuple[int, str], ...]
    width: int
    enlarged: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the first draft's discrepancies were fixed, how many stayed, how many came."""

    fixed: int
    open: int
    new: int


def write_report(folder: Path) -> Path:
    """Write ``report.html`` into a run folder.

    A run that is half-way or was killed is reported as far as it got.

    Args:
        folder: The run folder; nothing outside it is read.

    Returns:
        The report's path.

    Raises:
        ReportError: The folder is missing or cannot be written to.
    """
    if not folder.is_dir():
        raise ReportError(f"{folder}: no such folder; give the folder of a run")
    run = read_run_folder(folder)
    return save(
        folder / "report.html", render("report.html.j2", context_of(run), "theme.js", "report.js", "start.js")
    )


def render(
    template: str,
    context: dict[str, Any],
    *scripts: str,
    styles: tuple[str, ...] = ("report.css",),
    pictures: str = "data:",
) -> str:
    """A page from a template, with its styles and scripts inside and a policy that lets nothing else in.

    Args:
        template: File name of the template.
        context: Its values.
        scripts: File names of its scripts.
        styles: File names of its styles.
        pictures: Where pictures may come from, as the policy writes it.
    """
    script = "".join(_asset(name) for name in scripts)
    policy = (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action 'none'; script-src '{_hash(script)}'"
    )
    style = "".join(_asset(name) for name in styles)
    return (
        environment()
        .get_template(template)
        .render(**context, style=Markup(style), script=Markup(script), policy=policy)
    )


def save(path: Path, html: str) -> Path:
    """Write a page in one step, so that a browser never sees half of it.

    Raises:
        ReportError: It cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(html.encode("utf-8", errors="replace"))
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise ReportError(f"{path}: cannot be written ({error.strerror or error})") from error
    return path


@cache
def environment() -> Environment:
    """The templates, with the filters that they use; compiled once, as a batch writes many reports."""
    found = Environment(
        loader=PackageLoader("agent.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(count=words.count, duration=words.duration, plain=words.plain)
    found.filters.update(reward=words.reward, similarity=words.similarity)
    return found


def _asset(name: str) -> str:
    return (resources.files("agent.report") / "templates" / name).read_text("utf-8")


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def context_of(folder: RunFolder, shows: Shows = embedded) -> dict[str, Any]:
    """What the templates show of a run.

    Args:
        folder: The run.
        shows: How its pictures come into the page.
    """
    reference = folder.reference
    codes = {item.id: folder.code(item) for item in folder.candidates}
    shown = rounds(folder, reference, codes, shows)
    first, best = words.scores_of(folder)
    size = None if reference is None else size_of(reference)
    return {
        "run": folder.run,
        "name": folder.run.picture or folder.path.resolve().name,
        "result": words.result_of(folder),
        "unfinished": folder.run.stop_reason is None,
        "first": first,
        "best": best,
        "tally": _tally(folder),
        "spent": words.spent(folder.run),
        "spending": _spending(folder),
        "stage": _stage(folder, reference, shown, shows),
        "corrected": corrected(folder, shows),
        "remaining": remaining(folder, size),
        "plots": [(name, plot(folder, *at)) for name, at in (("wide", _WIDE), ("narrow", _NARROW))],
        "rounds": shown,
        "best_view": _best_view(folder, shown),
        "best_file": Path(folder.run.best or "").name,
        "timings": _timings(folder),
        "facts": _facts(folder),
        "codes": pack({str(key): code for key, code in codes.items() if code}),
    }


def _best_view(folder: RunFolder, shown: tuple[Round, ...]) -> Any:
    best = folder.best
    return next((view for item in shown for view in item.candidates if best and view.id == best.id), None)


def _tally(folder: RunFolder) -> Tally | None:
    found = since_first(folder)
    if found is None:
        return None
    return Tally(
        fixed=found.before.count(Fate.FIXED),
        open=found.after.count(Fate.OPEN),
        new=found.after.count(Fate.NEW),
    )


def _stage(folder: RunFolder, reference: Image | None, shown: tuple[Round, ...], shows: Shows) -> Stage:
    views = [view for item in shown for view in item.candidates if view.picture]
    best = folder.best
    views.sort(key=lambda view: (best is None or view.id != best.id, view.round, view.id))
    choices = tuple(
        (view.id, f"{'best: ' if view.verdict == 'best' else ''}{_place(view.round)}, candidate {view.id}")
        for view in views
    )
    pictures = [shows(reference, folder.run.reference or "", True)] if reference is not None else []
    pictures += [view.picture for view in views if view.picture]
    width = pictures[0].width if pictures else _SMALL
    times = max(1, _SMALL // max(1, width))
    return Stage(
        reference=None if reference is None else pictures[0],
        start=views[0].id if views else None,
        choices=choices,
        width=width * times,
        enlarged=times > 1,
    )


def _place(number: int) -> str:
    return f"round {number}" if number else "first draft"


def _timings(folder: RunFolder) -> list[tuple[str, str, float]]:
    """Parts of the time: name, text, share of the largest in percent."""
    parts = {name: value for name, value in folder.run.timings.items() if value > 0}
    most = max(parts.values(), default=1.0)
    ordered = sorted(parts.items(), key=lambda item: -item[1])
    return [
        (words.plain(name), words.duration(value), round(100 * value / most, 1)) for name, value in ordered
    ]


def _spending(folder: RunFolder) -> list[tuple[str, str, UsageRecord, str]]:
    """What each role spent in each round: round, role, usage, and the round's cost beside its last."""
    rows = []
    for item in folder.run.spend_by:
        asked = [(role, getattr(item, role)) for role in ("generator", "critic")]
        asked = [(role, usage) for role, usage in asked if usage.calls]
        for role, usage in asked:
            cost = "" if item.cost is None or role != asked[-1][0] else dollars(item.cost)
            rows.append((_place(item.round), role, usage, cost))
    return rows


def _facts(folder: RunFolder) -> list[tuple[str, list[tuple[str, str]]]]:
    run = folder.run
    about = {
        "picture": run.picture,
        "kind": run.kind,
        "language": run.language,
        "generator": run.generator,
        "critic": run.critic,
        "layout": run.layout,
    }
    groups = [("Run", about), ("Settings", run.settings), ("Versions", run.versions)]
    return [
        (
            title,
            [
                (words.plain(str(name)), _brief(value))
                for name, value in values.items()
                if value not in ("", None)
            ],
        )
        for title, values in groups
        if any(value not in ("", None) for value in values.values())
    ]


def _brief(value: object) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{name} {item}" for name, item in value.items() if item is not None)
    text = str(value)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
