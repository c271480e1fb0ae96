"""What a run left in its folder, read leniently: a run may be half-way, or have been killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from critic.reward import RENDERED
from critic.types import Discrepancy
from renderers.errors import PictureError
from renderers.pictures import load_picture
from renderers.types import Image

_MAX_CODE = 20_000_000


class _Lenient(BaseModel):
    """A record in which a missing or odd value becomes the field's default."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_where_odd(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        try:
            return handler(value)
        except (ValidationError, ValueError, OverflowError):
            return cls.model_fields[str(info.field_name)].get_default(call_default_factory=True)


class ActionRecord(_Lenient):
    """What a revision did about one of its parent's discrepancies, or on its own initiative."""

    discrepancy: int | None = None
    description: str = ""
    done: bool = True


class UsageRecord(_Lenient):
    """What was spent on a model."""

    calls: int = Field(default=0, ge=0)
    prompt_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)


class RoundUsage(_Lenient):
    """What a round spent on the two models, and dollars for it where prices were set."""

    round: int = Field(default=0, ge=0)
    generator: UsageRecord = UsageRecord()
    critic: UsageRecord = UsageRecord()
    cost: float | None = Field(default=None, ge=0)


class CandidateRecord(_Lenient):
    """A line of ``trajectory.jsonl``."""

    id: int = Field(default=-1, ge=0, le=10**9)
    parent: int | None = None
    round: int = Field(default=0, ge=0, le=100_000)
    seed: int = 0
    code_file: str = ""
    render: str | None = None
    status: str = ""
    log: str = ""
    reward: float | None = Field(default=None, ge=0, le=2)
    similarity: float | None = Field(default=None, ge=0, le=1)
    ink: float | None = Field(default=None, ge=0, le=1)
    notes: tuple[str, ...] = ()
    accepted: bool = False
    author: str = ""
    score: float | None = None
    discrepancies: tuple[Discrepancy, ...] = ()
    actions: tuple[ActionRecord, ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)

    @property
    def rendered(self) -> bool:
        """Whether there is a picture to compare with the reference."""
        return self.status == "ok"

    @property
    def judged(self) -> bool:
        """Whether it rendered and a critic said how good it is."""
        return self.rendered and self.reward is not None and self.similarity is not None

    @property
    def standing(self) -> tuple[float, float]:
        """Reward and similarity to rank by: what nobody judged stands below all that was."""
        if self.reward is None or self.similarity is None:
            return (RENDERED if self.rendered else 0.0), 0.0
        return self.reward, self.similarity

    @property
    def idle(self) -> bool:
        """Whether the generator had nothing to offer, which is no failure."""
        return not (self.status or self.code_file or self.log or self.render)


def _rank(candidate: CandidateRecord) -> tuple[tuple[float, ...], int]:
    """As the run itself ranks them; in folders of earlier versions by reward and similarity."""
    return (candidate.standing if candidate.score is None else (candidate.score,)), -candidate.id


class CorrectionRecord(_Lenient):
    """What was done to a scan or photograph, and the picture as it came."""

    picture: str = ""
    said: str = ""
    degrees: float = Field(default=0.0, gt=-90, lt=90)
    corners: tuple[tuple[float, float], ...] = ()


class RunRecord(_Lenient):
    """``run.json``."""

    picture: str = ""
    kind: str = ""
    language: str = ""
    generator: str = ""
    critic: str = ""
    settings: dict[str, Any] = Field(default_factory=dict)
    versions: dict[str, Any] = Field(default_factory=dict)
    stop_reason: str | None = None
    error: str = ""
    rounds: int | None = Field(default=None, ge=0, le=100_000)
    seconds: float | None = Field(default=None, ge=0)
    reward: float | None = Field(default=None, ge=0, le=2)
    first_reward: float | None = Field(default=None, ge=0, le=2)
    similarity: float | None = Field(default=None, ge=0, le=1)
    first_similarity: float | None = Field(default=None, ge=0, le=1)
    best: str | None = None
    render: str | None = None
    reference: str | None = None
    best_id: int | None = None
    first_id: int | None = None
    layout: str = ""
    notes: tuple[str, ...] = ()
    correction: CorrectionRecord = CorrectionRecord()
    timings: dict[str, float] = Field(default_factory=dict)
    spend: UsageRecord = UsageRecord()
    spend_by: tuple[RoundUsage, ...] = ()
    cost: float | None = Field(default=None, ge=0)


@dataclass(frozen=True)
class RunFolder:
    """A run's records, and its files on demand.

    Attributes:
        path: The folder.
        run: What ``run.json`` says.
        candidates: The lines of ``trajectory.jsonl`` by id; of two with one id, the later.
    """

    path: Path
    run: RunRecord
    candidates: tuple[CandidateRecord, ...]

    @cached_property
    def by_id(self) -> dict[int, CandidateRecord]:
        """The candidates by their id."""
        return {candidate.id: candidate for candidate in self.candidates}

    @cached_property
    def first(self) -> CandidateRecord | None:
        """The draft that the run started from."""
        named = self.by_id.get(-1 if self.run.first_id is None else self.run.first_id)
        return named or min(self.candidates, key=lambda item: (item.round, item.id), default=None)

    @cached_property
    def best(self) -> CandidateRecord | None:
        """The candidate that the run kept, or would keep by now; None where nothing rendered."""
        named = self.by_id.get(-1 if self.run.best_id is None else self.run.best_id)
        if named is not None:
            return named
        rendered = [item for item in self.candidates if item.rendered]
        kept = [item for item in rendered if item.accepted] or rendered
        return max(kept, key=_rank, default=None)

    def parent(self, candidate: CandidateRecord) -> CandidateRecord | None:
        """The candidate that this one revised."""
        return None if candidate.parent is None else self.by_id.get(candidate.parent)

    @cached_property
    def path_to_best(self) -> tuple[int, ...]:
        """Ids from a draft to the best candidate, parent by parent."""
        path: list[int] = []
        step = self.best
        while step is not None and step.id not in path:
            path.append(step.id)
            step = self.parent(step)
        return tuple(reversed(path))

    @property
    def reference(self) -> Image | None:
        """The picture to reproduce."""
        return self.picture(self.run.reference)

    def code(self, candidate: CandidateRecord) -> str:
        """A candidate's code; empty where there is none."""
        return self._text(candidate.code_file)

    @property
    def best_code(self) -> str:
        """The best candidate's code."""
        return (self.code(self.best) if self.best else "") or self._text(self.run.best or "")

    def picture(self, name: str | None) -> Image | None:
        """A picture of this folder; None where it is missing or cannot be read."""
        file = self.file(name or "")
        try:
            return None if file is None else load_picture(file)
        except PictureError:
            return None

    def _text(self, name: str) -> str:
        file = self.file(name)
        if file is None or file.stat().st_size > _MAX_CODE:
            return ""
        return file.read_bytes().decode("utf-8", errors="replace")

    def file(self, name: str) -> Path | None:
        """A file of this folder by its relative name; a name that leads out of the folder finds nothing."""
        try:
            file = (self.path / name).resolve()
            inside = file.is_relative_to(self.path.resolve())
            return file if name and inside and file.is_file() else None
        except (OSError, ValueError):
            return None


def is_run_folder(path: Path) -> bool:
    """Whether a run has left something to read there."""
    return any((path / name).is_file() for name in ("run.json", "trajectory.jsonl"))


def read_run_folder(path: Path) -> RunFolder:
    """Read what a run left, as far as it is there and can be understood."""
    found: dict[int, CandidateRecord] = {}
    for place, line in enumerate(_objects(path / "trajectory.jsonl")):
        candidate = CandidateRecord.model_validate(line)
        if candidate.id < 0:
            candidate = candidate.model_copy(update={"id": place})
        found[candidate.id] = candidate
    run = next(iter(_objects(path / "run.json", whole=True)), {})
    return RunFolder(path, RunRecord.model_validate(run), tuple(found[key] for key in sorted(found)))


def _objects(file: Path, *, whole: bool = False) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one or a line each; what cannot be parsed is passed over."""
    try:
        text = file.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return
    for piece in [text] if whole else text.split("\n"):
        try:
            value = json.loads(piece)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield value
