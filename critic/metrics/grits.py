"""GriTS: likeness of two tables as grids (Smock et al., 2022, arXiv 2203.12555), by its author's library."""

from __future__ import annotations

from critic.metrics.teds import table_html, table_tree

MOST_WORK = 250_000
"""Product of the two tables' numbers of cells up to which the likeness is computed: seconds; tables of 20
by 20 cells have 160,000."""


def grits_scores(truth: str, predicted: str) -> tuple[dict[str, float], str]:
    """GriTS of structure and of content of two tables, HTML or Markdown: 0..1 each, in bounded time.

    Returns:
        The scores, and why they are 0, or none, where they could not be computed.
    """
    try:
        from grits import grits_con, grits_top, html_to_grids
    except ImportError:
        return {}, "GriTS needs its library: pip install 'lookalike[grits]'"
    tables = [table_html(code) for code in (truth, predicted)]
    worst = {"grits_structure": 0.0, "grits_content": 0.0}
    cells = [sum(len(row.children) for row in table_tree(table).children) for table in tables]
    if not all(cells):
        return worst, "no table with cells"
    if cells[0] * cells[1] > MOST_WORK:
        return worst, f"tables of {cells[0]:,} and {cells[1]:,} cells are too large for GriTS"
    try:
        first, second = (html_to_grids(table) for table in tables)
        structure, content = grits_top(first["top"], second["top"]), grits_con(first["con"], second["con"])
    except Exception as error:  # a library's way with broken markup costs this measure, not the evaluation
        return worst, f"GriTS could not be computed ({type(error).__name__}: {error})"
    return {"grits_structure": float(structure[0]), "grits_content": float(content[0])}, ""
