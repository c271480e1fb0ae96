"""Arrow files that would unpack to more than memory holds, and damaged ones."""

from __future__ import annotations

import pyarrow as pa
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
