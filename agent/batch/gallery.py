"""``gallery.html``: a batch to look through in a browser, one file beside the items' folders."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from agent.batch.ordered import OrderedRows
from agent.batch.rows import Row
from agent.report.page import render, save

GALLERY = "gallery.html"

_MOST = 20_000
"""Items that one page holds; of more, the worst and an even choice of the others are shown."""

_LONGEST_ERROR = 1_000
_CODE_BYTES = 8_000_000
_LONGEST_CODE, _SHORTEST_CODE = 2_000, 300

_TEXTS = ("kind", "status", "stop_reason")
"""Columns of few different values: kept once, and by number."""


def write_gallery(
    out: Path, rows: OrderedRows, rewards: NDArray[np.float32], summary: dict[str, Any], most: int = _MOST
) -> Path:
    """Write ``gallery.html`` into a batch's folder.

    Args:
        out: The batch's folder.
        rows: Its rows.
        rewards: The reward of each, in their order.
        summary: What ``summary.json`` says.
        most: Items that the page may hold.

    Raises:
        ReportError: It cannot be written.
    """
    chosen = _choice(rewards, most)
    context = {
        "name": out.resolve().name,
        "summary": summary,
        "shown": len(chosen),
        "data": Markup(_escaped(_columns(out, rows.at(chosen), len(chosen)))),
    }
    page = render(
        "gallery.html.j2",
        context,
        "theme.js",
        "gallery.js",
        styles=("report.css", "gallery.css"),
        pictures="'self' file: data:",
    )
    return save(out / GALLERY, page)


def _choice(rewards: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Places of the rows to show, in order: all, or else the worst half and the others evenly."""
    places = np.arange(len(rewards))
    if len(rewards) <= most:
        return places
    worst = np.argsort(rewards, kind="stable")[: most // 2]
    others = np.setdiff1d(places, worst)
    evenly = others[np.linspace(0, len(others) - 1, most - len(worst)).astype(np.int64)]
    return np.sort(np.concatenate([worst, evenly]))


def _columns(out: Path, rows: Iterable[Row], count: int) -> dict[str, Any]:
    """The rows column by column, which is the shortest way to write them."""
    longest_code = max(_SHORTEST_CODE, min(_LONGEST_CODE, _CODE_BYTES // max(1, count)))
    names: dict[str, list[str]] = {name: [] for name in _TEXTS}
    columns: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in _item(out, row, longest_code).items():
            if name in names:
                value = _number_of(value, names[name])
            columns.setdefault(name, []).append(value)
    return {"names": names, "columns": columns}


def _number_of(value: str, known: list[str]) -> int:
    if value not in known:
        known.append(value)
    return known.index(value)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _item(out: Path, row: Row, longest_code: int) -> dict[str, Any]:
    folder = row.folder or ""
    has_report = bool(folder) and (out / folder / "report.html").is_file()
    return {
        "id": row.id,
        "source": "" if row.source == row.id else row.source,
        "kind": row.kind.value if row.kind else "",
        "status": row.status.value,
        "stop_reason": row.stop_reason.value if row.stop_reason else "",
        "error": _shortened(row.error.strip(), _LONGEST_ERROR),
        "reward": _rounded(row.reward, 4),
        "first": _rounded(row.first_reward, 4),
        "similarity": _rounded(row.similarity, 6),
        "first_similarity": _rounded(row.first_similarity, 6),
        "rewards": [round(reward, 3) for reward in row.rewards],
        "seconds": round(row.seconds, 2),
        "folder": folder,
        "report": int(has_report),
        "reference": _beside(row.reference, folder),
        "render": _beside(row.render, folder),
        "file": _beside(row.code, folder),
        "code": "" if row.render or not row.code else _start_of(out / row.code, longest_code),
    }


def _beside(path: str | None, folder: str) -> str:
    """A path, written from the item's folder where it lies in there."""
    if not path:
        return ""
    return f".{path[len(folder) :]}" if folder and path.startswith(f"{folder}/") else path


def _start_of(file: Path, longest: int) -> str:
    """The beginning of a file of code; empty where it cannot be read."""
    try:
        with file.open("rb") as code:
            text = code.read(4 * longest + 4).decode("utf-8", "replace")
    except OSError:
        return ""
    return _shortened(text, longest)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _escaped(value: object) -> str:
    """JSON that can stand in a ``script`` element: nothing in it ends the element or begins a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
