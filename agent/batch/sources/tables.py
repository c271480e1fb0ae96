"""Tables of Arrow: Parquet files, and datasets that Hugging Face's library saved to disk."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from agent.batch.items import Entry
from agent.batch.sources.fields import entry_of, faulty, other_columns, picture_column
from agent.batch.sources.packed import unpacked_sizes
from agent.errors import InputError
from renderers.files import open_regular, read_regular
from renderers.pictures import MAX_BYTES

_ROWS = 32
"""Rows whose pictures are in memory together."""

_AT_ONCE = 256 << 20
"""Bytes of rows that are made into Python's objects together."""

_PACKED = 50
"""Times its size to which a column may unpack: pictures are packed already, and texts to a tenth."""

_LONGEST_JSON = 20_000_000

_BUFFER = 1 << 20
"""Bytes read at a time; without it, all pictures of a row group are read at once."""


def read_parquet(file: Path, column: str | None, *, pictures: bool = True) -> Iterator[Entry]:
    """The rows of a Parquet file, a row group after the other.

    Raises:
        InputError: It cannot be read, or has no picture's column.
    """
    with _readable(file), pq.ParquetFile(file, buffer_size=_BUFFER) as table:
        rows = _Rows(file, table.schema_arrow, column, pictures)
        for group in range(table.num_row_groups):
            # by the group: of a damaged file's columns pyarrow cannot tell, and ends the process
            unpacked = table.metadata.row_group(group).total_byte_size
            _check_sizes(file, "a group of rows", file.stat().st_size, unpacked)
            for batch in table.iter_batches(_ROWS, row_groups=[group], columns=rows.columns or None):
                yield from rows.entries(batch)


def _check_sizes(file: Path, what: str, packed: int, unpacked: int) -> None:
    """Look at what rows unpack to before any of them is.

    Raises:
        InputError: It is out of all proportion.
    """
    if unpacked > max(MAX_BYTES, _PACKED * packed):
        raise InputError(
            f"{file}: {what} unpacks from {packed:,} bytes to {unpacked:,}, more than {_PACKED} times as many"
        )


def read_arrow(file: Path, column: str | None, *, pictures: bool = True) -> Iterator[Entry]:
    """The rows of an Arrow file as ``Dataset.save_to_disk`` writes it.

    Raises:
        InputError: It cannot be read, or has no picture's column.
    """
    with _readable(file), pa.memory_map(str(file)) as data:
        for packed, unpacked in unpacked_sizes(data):
            _check_sizes(file, "a batch of rows", packed, unpacked)
    with _readable(file), pa.memory_map(str(file)) as data, pa.ipc.open_stream(data) as table:
        rows = _Rows(file, table.schema, column, pictures)
        for whole in table:
            chosen = whole.select(rows.columns) if rows.columns else whole
            for start in range(0, chosen.num_rows, _ROWS):
                yield from rows.entries(chosen.slice(start, _ROWS))


def saved_files(folder: Path) -> Iterator[Path]:
    """The Arrow files of a dataset, or of all splits of several, that were saved to a folder.

    Raises:
        InputError: The folder is no such dataset.
    """
    splits = folder / "dataset_dict.json"
    if splits.exists():
        for split in _named(_json(splits).get("splits"), splits):
            yield from _data_files(folder / split)
        return
    yield from _data_files(folder)


def _data_files(folder: Path) -> Iterator[Path]:
    state = folder / "state.json"
    files = _json(state).get("_data_files")
    names = (
        [data.get("filename") for data in files if isinstance(data, dict)]
        if isinstance(files, list)
        else None
    )
    for name in _named(names, state):
        yield folder / name


def _named(names: Any, file: Path) -> list[str]:
    """Names in the folder of the file that tells them."""
    plain = isinstance(names, list) and all(
        isinstance(name, str) and name not in ("", ".", "..") and "\0" not in name and Path(name).name == name
        for name in names
    )
    if not plain:
        raise InputError(f"{file}: is not what `save_to_disk` writes")
    return list(names)


def is_saved_dataset(folder: Path) -> bool:
    """Whether a folder is what ``save_to_disk`` leaves."""
    return (folder / "dataset_dict.json").exists() or (folder / "state.json").exists()


class _Rows:
    """Makes entries of one table's rows.

    Attributes:
        columns: The columns to read; none for all, where there is nothing to leave out.
    """

    def __init__(self, file: Path, schema: pa.Schema, column: str | None, pictures: bool) -> None:
        self._file, self._column = file, picture_column(schema.names, column, file)
        self._labels = _labels(schema)
        others = other_columns(schema.names)
        self.columns = list(dict.fromkeys([*others, self._column] if pictures or not others else others))
        self._number = 0

    def entries(self, batch: pa.RecordBatch) -> Iterator[Entry]:
        batch.validate(full=True)
        at_once = batch.num_rows if batch.nbytes <= _AT_ONCE else 1
        for start in range(0, batch.num_rows, max(1, at_once)):
            rows = batch.slice(start, at_once)
            if at_once == 1 and rows.nbytes > 2 * MAX_BYTES:  # the largest picture, and all else of its row
                self._number += 1
                yield faulty(self._file, self._number, f"it is larger than {2 * MAX_BYTES // 1_000_000} MB")
            else:
                yield from self._entries(rows)

    def _entries(self, batch: pa.RecordBatch) -> Iterator[Entry]:
        for row in batch.to_pylist():
            self._number += 1
            for name, labels in self._labels.items():
                value = row.get(name)
                if isinstance(value, int) and 0 <= value < len(labels):
                    row[name] = labels[value]
            yield entry_of(row, self._column, self._file, self._number)


def _labels(schema: pa.Schema) -> dict[str, list[str]]:
    """The words that Hugging Face's ``ClassLabel`` features write as numbers, by column."""
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        return {
            name: feature["names"]
            for name, feature in features.items()
            if isinstance(feature, dict)
            and feature.get("_type") == "ClassLabel"
            and isinstance(feature["names"], list)
        }
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(read_regular(file, _LONGEST_JSON))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{file}: cannot be read ({error})") from error
    if not isinstance(value, dict):
        raise InputError(f"{file}: is not what `save_to_disk` writes")
    return value


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        open_regular(file).close()
        yield
    except (pa.ArrowException, OSError, struct.error, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read ({' '.join(str(error).split())[:200]})") from error
