"""VC-RewardBench's records: a pair of pictures and the errors that people, or an injection, put down for it.

Two dialects are read: errors told by ``type``, ``severity`` and ``description``, and such that also have
``category`` and ``location``. Where both names of the category are there, ``type`` counts, as published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from critic.errors import CriticError
from critic.parsing import MAX_DISCREPANCIES
from critic.types import CATEGORIES, Box, Discrepancy, Severity
from renderers.types import Kind

MAX_LINE = 20_000_000
"""Bytes of one record; a longer line is refused unread."""


class KnownError(BaseModel):
    """One error of a pair, as the file has it; what else the file says of it is kept aside.

    Attributes:
        type: Its discrepancy category.
        severity: 1 minor, 2 medium, 3 severe.
        description: What differs.
        location: Where, in words.
        box: Where, in the reference's pixels.
        change: Which edit of ``lookalike corrupt`` made it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    severity: Severity = 2
    description: str = ""
    location: str = ""
    box: Box | None = None
    change: str = ""

    @model_validator(mode="before")
    @classmethod
    def _either_dialect(cls, value: Any) -> Any:
        """Read ``category`` where there is no ``type``, and severities that are written as text."""
        if not isinstance(value, dict):
            return value
        read = {name: item for name, item in value.items() if item is not None}
        read.setdefault("type", read.get("category"))
        severity = read.get("severity")
        if isinstance(severity, str | float) and str(severity).strip().removesuffix(".0").isdigit():
            read["severity"] = int(float(severity))
        return read

    def discrepancy(self) -> Discrepancy:
        """The error in the words of a critique."""
        return Discrepancy(
            category=self.type,
            severity=self.severity,
            location=self.location,
            description=self.description or self.type,
            box=self.box,
        )


class Item(BaseModel):
    """One pair.

    Attributes:
        id: As the file has it; ``idx`` likewise.
        category: The kind of picture.
        gt_img_path: The reference; relative paths begin at the file's folder.
        pred_img_path: The picture to judge.
        human_errors: What is wrong with it.
        annotated: False for a pair whose errors nobody has put down yet.
        untouched: The prediction was made from the reference's own code: there is nothing to find.
        pred_json: A critic's answer, in a file that was judged before.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    idx: int | str | None = None
    category: Kind
    gt_img_path: str
    pred_img_path: str
    human_errors: tuple[KnownError, ...] = Field(max_length=MAX_DISCREPANCIES)
    annotated: bool = True
    untouched: bool = False
    pred_json: dict[str, Any] | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        """An item without an id is called by its number."""
        if not isinstance(value, dict):
            return value
        read = dict(value)
        read["id"] = str(read["idx"] if read.get("id") is None else read["id"]) if _has_id(read) else None
        if read.get("human_errors") is None:
            read["human_errors"] = ()
        return read

    @property
    def kind(self) -> Kind:
        """The kind of picture."""
        return self.category

    def known(self) -> tuple[KnownError, ...]:
        """The errors whose category the kind has; others are left out on both sides, as published."""
        return tuple(error for error in self.human_errors if error.type in CATEGORIES[self.kind])


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no pair, and why."""

    line: int
    reason: str


def read_items(file: Path) -> Iterator[Item | BadRow]:
    """The pairs of a file, one after the other.

    It holds JSON Lines, or one JSON list as the published script writes it.

    Raises:
        CriticError: The file cannot be read.
    """
    try:
        with file.open("rb") as lines:
            first = lines.read(1)
            while first in (b" ", b"\n", b"\r", b"\t"):
                first = lines.read(1)
            lines.seek(0)
            rows = (_listed(lines) if first == b"[" else None) or enumerate(lines, 1)
            for number, row in rows:
                if row.strip():
                    yield _item(number, row)
    except OSError as error:
        raise CriticError(f"{file}: cannot be read ({error.strerror})") from error


def _listed(file: BinaryIO) -> Iterator[tuple[int, bytes]] | None:
    """The rows of a file that is one JSON list; None where it is none after all."""
    try:
        rows = json.load(file)
    except ValueError:
        file.seek(0)
        return None
    return ((number, json.dumps(row).encode()) for number, row in enumerate(rows, 1))


def _item(number: int, row: bytes) -> Item | BadRow:
    if len(row) > MAX_LINE:
        return BadRow(number, f"longer than {MAX_LINE:,} bytes")
    try:
        return Item.model_validate_json(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return BadRow(number, f"{where}: {first['msg']}" if where else str(first["msg"]))


def _has_id(read: dict[str, Any]) -> bool:
    return read.get("id") is not None or read.get("idx") is not None
