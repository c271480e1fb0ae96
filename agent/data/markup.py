"""HTML of a table that was written in Markdown."""

from __future__ import annotations

from agent.data.finished import Finished
from critic.metrics.teds import table_html


def write(finished: Finished) -> str:
    """The code as HTML."""
    return table_html(finished.code)
