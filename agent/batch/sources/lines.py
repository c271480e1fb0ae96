"""Tables as text: JSONL (VC-RewardBench's among them) and CSV, a row at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from agent.batch.items import Entry
from agent.batch.sources.fields import entry_of, faulty, picture_column
from agent.errors import InputError
from renderers.pictures import MAX_BYTES

_LONGEST_FIELD = 2 * MAX_BYTES
"""A picture as a data URI is a third longer than its file."""


def read_jsonl(file: Path, column: str | None) -> Iterator[Entry]:
    """The rows of a JSONL file.

    Raises:
        InputError: It cannot be read, or its first row has no picture's column.
    """
    chosen = None
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = _object(line)
                if row is None:
                    yield faulty(file, number, "the line is not a JSON object")
                    continue
                chosen = chosen or picture_column(row, column, file)
                yield entry_of({chosen: None} | row, chosen, file, number)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _object(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def read_csv(file: Path, column: str | None) -> Iterator[Entry]:
    """The rows of a CSV file, or of a TSV file by its ending; its first line names the columns.

    Raises:
        InputError: It cannot be read, or has no picture's column.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    delimiter = "\t" if file.suffix.lower() == ".tsv" else ","
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text, delimiter=delimiter)
            chosen = picture_column(rows.fieldnames or (), column, file)
            for number, row in enumerate(rows, 1):
                yield entry_of(row, chosen, file, number)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{file}: is not CSV in UTF-8 ({error})") from error
