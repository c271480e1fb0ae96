"""Measures a table's code against the truth beside its picture."""

from __future__ import annotations

import json
from pathlib import Path

from critic.metrics.teds import cells_exact, table_html, teds


def measure(code: str, truth: Path) -> dict[str, float]:
    """TEDS, TEDS without text, and the share of cells with exactly the right text.

    Args:
        code: HTML or Markdown of a table.
        truth: ``.html`` with the table, or ``.json`` whose ``html`` is the table.
    """
    text = truth.read_text(encoding="utf-8")
    right = str(json.loads(text)["html"]) if truth.suffix == ".json" else text
    found = table_html(code)
    return {
        "teds": teds(right, found),
        "teds_structure": teds(right, found, structure_only=True),
        "cells_exact": cells_exact(right, found),
    }
