"""How a caller may ask for one picture to be refined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from agent.human import Human
from graph.types import Search
from renderers.types import Kind, Language


class Options(TypedDict, total=False):
    """How to refine one picture; all of it may be left out.

    Attributes:
        kind: What the picture shows; found out from the pixels by default.
        to: What to write, one format or several; the kind's first language by default. Formats that are not
            code (csv, xlsx ...) are made of the finished run.
        decimal: The decimal mark of the picture's numbers, ``.`` or ``,``; found out from them by default.
        assets: Folder beside a page's code for its pictures as files; they are data in it by default.
        out: The run folder; a temporary folder by default.
        name: What to call the picture in the report.
        search: How to search and what to spend on this picture; the agent's own by default.
        resume: Go on with the run that ``out`` holds, if one began there; it starts anew by default. With a
            larger budget, also a run that had come to its end goes on.
        started: Moment on ``time.monotonic``'s clock from which the budget's seconds count; the call's by
            default.
        report: Write ``report.html`` at the end; False where the run folder is not kept.
        human: Is asked after each round what is wrong, and whether to go on; see ``graph.Answer``.
        ask: ``stream`` tells ``Asked`` after each round, and takes an ``Answer`` by ``asend``.
    """

    kind: Kind | str | None
    to: Language | str | Sequence[str] | None
    decimal: str
    assets: str
    out: Path | str | None
    name: str | None
    search: Search | None
    resume: bool
    started: float
    report: bool
    human: Human | None
    ask: bool
