"""Tables as text: JSONL (VC-RewardBench's among them) and CSV, a row at a time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from agent.batch.items import Entry
from agent.batch.sources.fields import PICTURE_COLUMNS, entry_of, faulty, picture_column
from agent.errors import InputError
from renderers.files import open_regular
from renderers.pictures import MAX_BYTES

_LONGEST_FIELD = 2 * MAX_BYTES
"""A picture as a data URI is a third longer than its file."""

_LONGEST_LINE = MAX_BYTES * 4 // 3 + 10_000_000
_SKIPPED = 1 << 20
"""Bytes read at a time of a line that is too long."""


def read_jsonl(file: Path, column: str | None) -> Iterator[Entry]:
    """The rows of a JSONL file.

    Raises:
        InputError: It cannot be read, or its first row has no picture's column.
    """
    chosen = None
    try:
        with open_regular(file) as text:
            for number, line in enumerate(_lines(text), 1):
                if line is not None and not line.strip():
                    continue
                row = None if line is None else _object(line)
                if row is None:
                    yield faulty(file, number, "the line is not a JSON object")
                    continue
                chosen = chosen or picture_column(row, column, file)
                here = chosen if row.get(chosen) or column else _column_here(row, chosen)
                yield entry_of({here: None} | row, here, file, number)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error


def _column_here(row: dict[str, object], usual: str) -> str:
    """The column that holds this row's picture, where it is not the one that the first row has it in."""
    return next((name for name in PICTURE_COLUMNS if row.get(name)), usual)


def _lines(text: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file; None for one that is longer than any row may be."""
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = text.readline(_SKIPPED)
            yield None
        else:
            yield line


def _object(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
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
        with io.TextIOWrapper(open_regular(file), encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(_text_lines(text), delimiter=delimiter)
            chosen = picture_column(rows.fieldnames or (), column, file)
            for number, row in enumerate(rows, 1):
                yield entry_of(row, chosen, file, number)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from error
    except (csv.Error, UnicodeError) as error:
        raise InputError(f"{file}: is not CSV in UTF-8 ({error})") from error


def _text_lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            raise csv.Error(f"a line has more than {_LONGEST_LINE:,} characters")
        yield line
