"""Batches of documents: an item a table or figure, rows that say where it is."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet
import pytest
from matplotlib.figure import Figure

from agent.batch.items import Item
from agent.batch.parquet import RESULT_SCHEMA, result_record, write_results
from agent.batch.rows import Row, RowStatus
from agent.batch.sources import open_source
from agent.documents.region import Region
from agent.errors import InputError
from critic.types import Box
from renderers.types import Kind


def document(path: Path) -> None:
    page = Figure(figsize=(6, 6))
    axes = page.add_axes((0.2, 0.6, 0.6, 0.3))
    axes.bar(["a", "b"], [1, 2])
    page.savefig(path)


def test_each_region_is_an_item_and_a_bad_document_is_one_that_says_why(tmp_path):
    document(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    source = open_source(str(tmp_path))
    assert source.form == "PDF"
    good, bad = source.items()
    assert isinstance(good.picture, Region) and (good.id, good.kind) == ("a.pdf-p1-1", Kind.CHART)
    assert bad.picture is None and "broken" in bad.fault and bad.id == "b.pdf"
    assert [item.id for item in source.items()] == [good.id, bad.id]  # the same in every pass


def test_an_empty_document_says_so(tmp_path):
    Figure(figsize=(3, 3)).savefig(tmp_path / "a.pdf")
    (item,) = open_source(str(tmp_path / "a.pdf")).items()
    assert isinstance(item, Item) and item.fault == "no table or figure found"


def test_rows_hold_page_box_files_and_notes(tmp_path):
    row = Row(
        id="a", index=0, source="a.pdf", status=RowStatus.DONE, files={"csv": "a/best.csv"}, page=2,
        box=(1.0, 2.0, 3.0, 4.0), notes=("turned",),
    )  # fmt: skip
    assert set(result_record(row)) == set(RESULT_SCHEMA.names)
    write_results([row], tmp_path / "r.parquet")
    (read,) = pyarrow.parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert (read["page"], read["box"], dict(read["files"])) == (2, [1, 2, 3, 4], {"csv": "a/best.csv"})
    assert Row.model_validate_json(row.model_dump_json()) == row


def test_a_region_whose_document_is_gone_is_told(tmp_path):
    region = Region(tmp_path / "gone.pdf", 1, 1, Kind.TABLE, Box(0, 0, 9, 9))
    with pytest.raises(InputError, match="cannot be read"):
        region.load()
