"""One line of ``results.jsonl``: what became of one item of a batch."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from agent.batch.items import sound
from graph.types import StopReason
from prompts.usage import Usage
from renderers.types import Kind, Language


class RowStatus(StrEnum):
    """Whether an item has its code."""

    DONE = "done"
    FAILED = "failed"


class Row(BaseModel):
    """The outcome of one item; paths are relative to the batch's folder and use ``/``.

    Attributes:
        id: The item's name, unique within a batch.
        index: Its place in the source, from 0; results are put in this order.
        source: Where it came from, as a person would look it up: a file, or a file and the row within it.
        status: ``done`` or ``failed``.
        error: Why it failed, or what ended its run early though there is code; empty for none.
        kind: What it shows; None where that was never found out.
        language: What the code is written in.
        stop_reason: Why its run ended; None where no run began.
        reward: Of the best candidate, 0..2; like the other three, None where its critique did not happen.
        first_reward: Of the first draft.
        similarity: Of the best candidate, 0..1.
        first_similarity: Of the first draft.
        rewards: The best reward after each round, the first drafts' round first.
        rounds: Revision rounds done.
        candidates: Pieces of code made.
        seconds: Wall-clock time of the run.
        usage: What the run spent on models.
        cost: Dollars for that; None where a price is not set.
        folder: Its run folder, as the single run leaves it; None for a lean batch.
        code: File of the best code; None where nothing rendered.
        render: Picture of the best code; None where nothing rendered, or for a lean batch.
        reference: The reference picture; None where it could not be read, or for a lean batch.
        sha256: Content address of the reference, as in ``PictureRef``; empty where it could not be read.
        files: The other formats that were asked for, by name; what could not be made is not there.
        page: Of the document that it is a part of, from 1; None for a picture.
        box: Where it is on that page, in points from its top left corner; empty for a picture.
        notes: What is worth knowing about the picture, such as text that cannot be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    index: int = Field(ge=0)
    source: str
    status: RowStatus
    error: str = ""
    kind: Kind | None = None
    language: Language | None = None
    stop_reason: StopReason | None = None
    reward: float | None = 0.0
    first_reward: float | None = 0.0
    similarity: float | None = 0.0
    first_similarity: float | None = 0.0
    rewards: tuple[float, ...] = ()
    rounds: int = 0
    candidates: int = 0
    seconds: float = 0.0
    usage: Usage = Usage()
    cost: float | None = None
    folder: str | None = None
    code: str | None = None
    render: str | None = None
    reference: str | None = None
    sha256: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    page: int | None = None
    box: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()

    @field_validator("id", "source", "error", mode="before")
    @classmethod
    def _sound(cls, value: object) -> object:
        """What a file or a model said may hold halves of characters."""
        return sound(value) if isinstance(value, str) else value

    @property
    def gain(self) -> float | None:
        """Rise in reward from the first draft to the best; None where one of them is not known."""
        if self.reward is None or self.first_reward is None:
            return None
        return self.reward - self.first_reward
