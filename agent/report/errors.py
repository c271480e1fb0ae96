"""The error of this package."""

from __future__ import annotations

from agent.errors import AgentError


class ReportError(AgentError):
    """A report that cannot be written: the folder is missing, or cannot be written to."""
