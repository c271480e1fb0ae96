"""Arrow and Parquet files that would unpack to more than memory holds, and damaged ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agent.batch.sources.tables import read_arrow
from agent.errors import InputError


@pytest.mark.parametrize("packing", ["zstd", "lz4"])
@pytest.mark.parametrize("form", ["cell", "dictionary"])
def test_a_batch_of_arrow_tells_what_it_unpacks_to(form, packing, tmp_path, monkeypatch):
    """It is refused before pyarrow unpacks it; what is no bomb is read."""
    monkeypatch.setattr("agent.batch.sources.tables.MAX_BYTES", 1_000_000)
    for size, refused in ((2_000_000, True), (900_000, False)):
        column = pa.array([b"\0" * size])
        table = pa.table({"image": column.dictionary_encode() if form == "dictionary" else column})
        file = tmp_path / f"{size}.arrow"
        options = pa.ipc.IpcWriteOptions(compression=packing)
        with (
            pa.OSFile(str(file), "wb") as out,
            pa.ipc.new_stream(out, table.schema, options=options) as writer,
        ):
            writer.write_table(table)
        if refused:
            with pytest.raises(InputError, match="unpacks from"):
                next(read_arrow(file, None))
        else:
            next(read_arrow(file, None))


def test_a_column_whose_name_is_no_text_is_a_file_that_cannot_be_read(tmp_path):
    table, file = pa.table({"image": pa.array([b"x"]), "other": pa.array(["a"])}), tmp_path / "a.arrow"
    with pa.OSFile(str(file), "wb") as out, pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    file.write_bytes(file.read_bytes().replace(b"other", b"\xff\xff\xff\xff\xff"))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_arrow(file, None))


READ = """
import sys
from agent.batch.sources import open_source
from agent.errors import InputError
try:
    print(len(list(open_source(sys.argv[1]).items())), "rows")
except InputError as error:
    print(error)
"""
MAY_BE_NULL, NEVER_NULL = b"\x25\x02\x18\x05image", b"\x25\x00\x18\x05image"


def test_a_parquet_file_that_contradicts_itself_ends_no_process(tmp_path):
    """Of its columns' sizes pyarrow throws what nothing of Python's can catch."""
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"image": [b"x"]}), file)
    whole = file.read_bytes()
    assert whole.count(MAY_BE_NULL) == 1
    file.write_bytes(whole.replace(MAY_BE_NULL, NEVER_NULL))
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
