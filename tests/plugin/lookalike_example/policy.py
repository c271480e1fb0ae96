"""A policy that takes two drafts and stops."""

from graph import Search, StopReason, View


class Twice:
    """Two drafts, no revision."""

    name = "twice"

    def __init__(self, search: Search) -> None:
        """Made with the search that it spends."""

    def plan(self, view: View) -> tuple[None, ...] | StopReason:
        """Two drafts at first, then the end."""
        return (None, None) if view.round == 0 else StopReason.PLATEAU
