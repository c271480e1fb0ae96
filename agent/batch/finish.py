"""What stands beside a batch's items at its end: a table, a summary, and a gallery to look through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from agent.batch.gallery import GALLERY, write_gallery
from agent.batch.ordered import RESULTS, OrderedRows
from agent.batch.parquet import replacing, write_results
from agent.batch.rows import Row
from agent.batch.summary import Summary

TABLE = "results.parquet"
SUMMARY = "summary.json"
_MADE_OF = "results_sha256"
"""Key of the summary: what the results were that it was made of."""


def finish(out: Path) -> None:
    """Write ``results.parquet``, ``summary.json`` and ``gallery.html`` from a batch's ``results.jsonl``.

    Each appears whole or not at all; those of an earlier finish are replaced. Memory grows by some 150 bytes
    a row.

    Args:
        out: The batch's folder.

    Raises:
        InputError: It is no batch's folder, a line of its results is no row, or it cannot be written to.
        ReportError: The gallery cannot be written.
    """
    made_of = _digest(out / RESULTS)
    rows = OrderedRows(out / RESULTS)
    summary = Summary()
    write_results(_noted(rows, summary), out / TABLE)
    figures = summary.to_json()
    write_gallery(out, rows, summary.rewards, figures)
    with replacing(out / SUMMARY) as partial:  # the last of them, as it says what they were made of
        text = json.dumps({**figures, _MADE_OF: made_of}, indent=2, ensure_ascii=False)
        partial.write_text(text + "\n", encoding="utf-8")


def is_behind(out: Path) -> bool:
    """Whether what is made of a batch's results is missing, or was made of others.

    Told by what the summary says that it was made of: the times of files are what clocks said.
    """
    try:
        made_of = json.loads((out / SUMMARY).read_bytes())[_MADE_OF]
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return made_of != _digest(out / RESULTS) or not all((out / name).is_file() for name in (TABLE, GALLERY))


def _digest(file: Path) -> str:
    """The SHA-256 of a file; nothing where there is none."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _noted(rows: OrderedRows, summary: Summary) -> Iterator[Row]:
    """All rows, each taken into the summary as it passes."""
    for row in rows:
        summary.add(row)
        yield row
