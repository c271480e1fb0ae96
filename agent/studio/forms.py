"""What the page sends, checked."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agent.said import Said
from graph import Answer, Search
from renderers.types import Kind


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Start(_Form):
    """How to refine a picture that was dropped."""

    name: str = Field(default="picture", max_length=200)
    kind: str = "auto"
    to: str | None = None
    width: int = Field(default=1, ge=1, le=16)
    rounds: int = Field(default=3, ge=0, le=50)
    seconds: float | None = Field(default=None, gt=0, le=86_400)
    ask: bool = False

    def options(self, search: Search) -> dict[str, Any]:
        """Options of ``RefinementAgent.stream``."""
        budget = search.budget.model_copy(update={"rounds": self.rounds, "seconds": self.seconds})
        return {
            "name": self.name,
            "kind": None if self.kind == "auto" else self.kind,
            "to": self.to or None,
            "search": search.model_copy(update={"width": self.width, "budget": budget}),
        }


class Say(_Form):
    """What a person says of a run, and how much further it may go for it."""

    stop: bool = False
    candidate: int | None = Field(default=None, ge=0)
    rejected: tuple[int, ...] = ()
    findings: tuple[Said, ...] = Field(default=(), max_length=50)
    code: str = Field(default="", max_length=2_000_000)

    def answer(self, kind: Kind) -> Answer:
        """As the loop takes it."""
        return Answer(
            stop=self.stop,
            candidate=self.candidate,
            rejected=self.rejected,
            discrepancies=tuple(item.discrepancy(kind) for item in self.findings),
            code=self.code,
        )


class GoOn(_Form):
    """How much further a run may go."""

    rounds: int = Field(default=2, ge=0, le=50)
    seconds: float | None = Field(default=None, gt=0, le=86_400)


class Waits(_Form):
    """Whether a run waits for a person after each round."""

    on: bool


class Code(_Form):
    """Code to draw as it is typed."""

    code: str = Field(max_length=2_000_000)
