"""Parquet files written a row group at a time, and the table of a batch's results among them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from agent.batch.rows import Row
from agent.errors import InputError

_ROWS = 16_384
"""Rows of a row group of results: some megabytes."""

_TEXT, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()

RESULT_SCHEMA = pa.schema(
    [
        ("id", _TEXT),
        ("index", _COUNT),
        ("source", _TEXT),
        ("status", _TEXT),
        ("error", _TEXT),
        ("kind", _TEXT),
        ("language", _TEXT),
        ("stop_reason", _TEXT),
        ("reward", _NUMBER),
        ("first_reward", _NUMBER),
        ("gain", _NUMBER),
        ("similarity", _NUMBER),
        ("first_similarity", _NUMBER),
        ("rewards", pa.list_(_NUMBER)),
        ("rounds", _COUNT),
        ("candidates", _COUNT),
        ("seconds", _NUMBER),
        ("calls", _COUNT),
        ("prompt_tokens", _COUNT),
        ("cached_tokens", _COUNT),
        ("completion_tokens", _COUNT),
        ("model_seconds", _NUMBER),
        ("cost", _NUMBER),
        ("folder", _TEXT),
        ("code", _TEXT),
        ("render", _TEXT),
        ("reference", _TEXT),
        ("sha256", _TEXT),
        ("files", pa.map_(_TEXT, _TEXT)),
        ("page", _COUNT),
        ("box", pa.list_(_NUMBER)),
        ("notes", pa.list_(_TEXT)),
    ]
)
"""The columns of ``results.parquet``: those of ``results.jsonl`` with the usage laid flat, and the gain."""


def result_record(row: Row) -> dict[str, Any]:
    """A row as ``results.parquet`` holds it."""
    record: dict[str, Any] = row.model_dump(mode="json")
    usage: dict[str, Any] = record.pop("usage")
    record["files"] = list(row.files.items())
    record["model_seconds"] = usage.pop("seconds")
    return record | usage | {"gain": row.gain}


def write_results(rows: Iterable[Row], file: Path) -> None:
    """Write ``results.parquet``; it appears whole or not at all.

    Raises:
        InputError: It cannot be written.
    """
    with parquet_file(file, RESULT_SCHEMA) as write:
        gathered: list[dict[str, Any]] = []
        for row in rows:
            gathered.append(result_record(row))
            if len(gathered) == _ROWS:
                write(gathered)
                gathered = []
        if gathered:
            write(gathered)


@contextmanager
def parquet_file(file: Path, schema: pa.Schema) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    """A Parquet file to be written, as a function that adds a row group; it replaces ``file`` at the end.

    Raises:
        InputError: It cannot be written.
    """
    with (
        replacing(file) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd", write_page_index=True) as writer,
    ):
        yield lambda records: writer.write_table(pa.Table.from_pylist(records, schema))


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A path beside ``file`` to write to, which takes its place where all went well and else is removed.

    Raises:
        InputError: It cannot be written.
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(file)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            partial.unlink()
