"""Prompts for the usual jobs, which a person picks in the client."""

from __future__ import annotations

from mcp.server import MCPServer


def picture_to_code(picture: str) -> str:
    """Turn a picture into code that renders the same."""
    return (
        f"Call refine_picture on {picture}. Read the code file that it answers with and show me the code, "
        "the reward and what still differs. If something matters still differs, call continue_refinement "
        "with that as discrepancy, at most twice."
    )


def match_page(reference: str, page: str) -> str:
    """Edit a page until it looks like a reference picture."""
    return (
        f"Make {page} look like {reference}. Call compare_page on both, edit the page's source for the worst "
        "findings first, and compare again after each edit. Stop when no finding of severity 2 or 3 is left, "
        "or when two edits in a row brought nothing; undo an edit that made the similarity fall."
    )


def data_of_picture(picture: str) -> str:
    """Read the data out of a picture of a chart or a table."""
    return (
        f"Call read_picture on {picture} and give me its data as a table. Say which values may be inexact, "
        "and say so where the answer was cut."
    )


def review_run(run: str) -> str:
    """Look over a run and mend what is wrong."""
    return (
        f"Continue the run in {run} with pictures=whole and rounds=0 to see it, and list what differs. "
        "Ask me which of that matters, and call continue_refinement with my answers as discrepancies of "
        "source human."
    )


def add_prompts(server: MCPServer) -> None:
    """Offer them all."""
    for prompt in (picture_to_code, match_page, data_of_picture, review_run):
        server.prompt()(prompt)
