"""Examples into files: JSONL with the paths of pictures, Parquet with the pictures themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from agent.batch.export_columns import Form, arrow_schema, picture_columns
from agent.batch.export_examples import Example
from agent.batch.parquet import parquet_file, replacing

_ROWS = 100
_BYTES = 32_000_000
"""A row group ends with the row that makes it as long or as large as this."""


class Format(StrEnum):
    """What an export is written as."""

    JSONL = "jsonl"
    PARQUET = "parquet"


class NothingWrittenError(Exception):
    """There was no example, so that no file was made."""


def write_examples(examples: Iterable[Example], columns: dict[str, Form], file: Path, form: Format) -> int:
    """Write examples one by one; the file appears whole or not at all.

    Returns:
        How many there were.

    Raises:
        InputError: The file cannot be written.
        NothingWrittenError: There were none; an earlier file stays as it was.
    """
    write = _write_jsonl if form is Format.JSONL else _write_parquet
    return write(examples, columns, file)


def _write_jsonl(examples: Iterable[Example], columns: dict[str, Form], file: Path) -> int:
    count = 0
    folder = file.parent.resolve()
    with replacing(file) as partial, partial.open("w", encoding="utf-8") as lines:
        for example in examples:
            told = _with_pictures(example, columns, lambda picture: _from(folder, picture))
            lines.write(json.dumps(told, ensure_ascii=False) + "\n")
            count += 1
        if not count:
            raise NothingWrittenError
    return count


def _write_parquet(examples: Iterable[Example], columns: dict[str, Form], file: Path) -> int:
    count, size = 0, 0
    group: list[Example] = []
    with parquet_file(file, arrow_schema(columns)) as write:
        for example in examples:
            group.append(_with_pictures(example, columns, _content))
            count += 1
            size += _weight(group[-1])
            if len(group) == _ROWS or size >= _BYTES:
                write(group)
                group, size = [], 0
        if group:
            write(group)
        if not count:
            raise NothingWrittenError
    return count


def _with_pictures(example: Example, columns: dict[str, Form], told: Callable[[Path], Any]) -> Example:
    """The example with each picture's file told in the file's own way."""
    changed = {name: _sound(value) for name, value in example.items()}
    for name, several in picture_columns(columns):
        value = example[name]
        changed[name] = [told(picture) for picture in value] if several else value and told(value)
    return changed


def _sound(value: Any) -> Any:
    """The same without halves of characters, which models write into JSON and no file can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _sound(part) for name, part in value.items()}
    return [_sound(part) for part in value] if isinstance(value, list) else value


def _from(folder: Path, picture: Path) -> str:
    """Where a picture is, seen from the file that names it."""
    return Path(os.path.relpath(picture, folder)).as_posix()


def _content(picture: Path) -> dict[str, Any]:
    return {"bytes": picture.read_bytes(), "path": picture.name}


def _weight(value: Any) -> int:
    """About how many bytes a value takes."""
    if isinstance(value, (bytes, str)):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    if isinstance(value, list):
        return sum(map(_weight, value))
    return 8
