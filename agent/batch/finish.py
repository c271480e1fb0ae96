"""What stands beside a batch's items at its end: a table, a summary, and a gallery to look through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from agent.batch.gallery import write_gallery
from agent.batch.ordered import RESULTS, OrderedRows
from agent.batch.parquet import replacing, write_results
from agent.batch.rows import Row
from agent.batch.summary import Summary

TABLE = "results.parquet"
SUMMARY = "summary.json"


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
    rows = OrderedRows(out / RESULTS)
    summary = Summary()
    write_results(_noted(rows, summary), out / TABLE)
    figures = summary.to_json()
    with replacing(out / SUMMARY) as partial:
        partial.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    write_gallery(out, rows, summary.rewards, figures)


def _noted(rows: OrderedRows, summary: Summary) -> Iterator[Row]:
    """All rows, each taken into the summary as it passes."""
    for row in rows:
        summary.add(row)
        yield row
