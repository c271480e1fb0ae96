"""What the tools answer: numbers, discrepancies and paths, all of it bounded: an agent's context is dear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mcp_types import CallToolResult, ContentBlock, TextContent
from pydantic import BaseModel, Field

from critic.types import Critique, Discrepancy

MOST_FINDINGS = 12
LONGEST_WORDS = 240
MOST_ROWS = 200
MOST_TEXTS = 120
LONGEST_LOG = 1_500
LONGEST_ANSWER = 24_000
"""Characters of an answer's JSON: some 8,000 tokens."""


class Finding(BaseModel):
    """A discrepancy: category, severity from 1 (minor) to 3, words, and a box in the reference's pixels."""

    category: str
    severity: int
    description: str
    location: str = ""
    box: tuple[int, int, int, int] | None = Field(default=None, description="left, top, right, bottom")
    said_by: str = Field(default="critic", description="critic, pixel, human or agent")


class Compared(BaseModel):
    """How a render differs from the reference."""

    kind: str
    reward: float | None = Field(description="0 to 2; 2 means that no difference was found")
    similarity: float = Field(description="likeness of the pixels, 0 to 1")
    findings: list[Finding] = Field(description="most severe first")
    more_findings: int = Field(default=0, description="how many are left out here")
    failure: str = Field(default="", description="why the differences could not be had")
    render: str | None = Field(default=None, description="file of the render")


class Refined(BaseModel):
    """What a run came to; its folder holds every candidate, and can be continued."""

    run: str = Field(description="the run folder, for continue_refinement")
    kind: str
    language: str
    reward: float | None
    first_reward: float | None
    similarity: float | None
    stop_reason: str
    candidates: int
    best_candidate: int | None
    code_file: str | None = Field(description="the best code")
    code_characters: int
    render_file: str | None
    report_file: str
    findings: list[Finding] = Field(description="what still differs, most severe first")
    more_findings: int = 0
    notes: list[str] = Field(default=[], description="what was done, or why not, about what you said")
    failure: str = ""


class Rendered(BaseModel):
    """How a render ended; ``log`` says why where it is not ok."""

    status: str = Field(description="ok, error, timeout, blank or refused")
    width: int = 0
    height: int = 0
    file: str | None = Field(default=None, description="the picture")
    log: str = ""


class Series(BaseModel):
    """A mark of a chart and its data, in the units of its axes."""

    mark: str
    label: str = ""
    data: dict[str, Any]


class Read(BaseModel):
    """What is read from a picture before any code is written."""

    kind: str
    confidence: float | None = Field(description="of the kind, where it was found out")
    rows: list[list[Any]] = Field(default=[], description="of a table: the values, row by row")
    series: list[Series] = Field(default=[], description="of a chart")
    texts: list[str] = []
    counts: dict[str, int] = Field(default={}, description="how many of each thing were seen")
    cut: bool = Field(default=False, description="whether something was left out for its length")


def findings(found: Sequence[Discrepancy]) -> tuple[list[Finding], int]:
    """The first of the discrepancies, and how many are left out."""
    shown = [
        Finding(
            category=item.category,
            severity=item.severity,
            description=short(item.description),
            location=short(item.location),
            box=_whole(item.box) if item.box else None,
            said_by=item.source or "critic",
        )
        for item in found[:MOST_FINDINGS]
    ]
    return shown, max(0, len(found) - MOST_FINDINGS)


def compared(kind: str, said: Critique, reward: float | None, render: str | None) -> Compared:
    """A critique as an answer."""
    shown, more = findings(said.discrepancies)
    return Compared(
        kind=kind,
        reward=reward,
        similarity=round(said.similarity, 4),
        findings=shown,
        more_findings=more,
        failure=short(said.failure),
        render=render,
    )


def short(text: str) -> str:
    """Text in one line that is not too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_WORDS else f"{line[: LONGEST_WORDS - 1]}…"


def answer(result: BaseModel, pictures: Sequence[ContentBlock] = ()) -> CallToolResult:
    """The typed result, the same as text for clients that read only that, and the pictures."""
    data = result.model_dump(mode="json")
    text = TextContent(type="text", text=result.model_dump_json(exclude_defaults=True))
    return CallToolResult(content=[text, *pictures], structured_content=data)


def _whole(box: Sequence[float]) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(edge) for edge in box)
    return x0, y0, x1, y1
