"""Every format is read a row at a time, written here by other means than it is read."""

from __future__ import annotations

import base64
import csv
import io
import json
import tarfile
from pathlib import Path

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from agent.batch.items import Item, safe_name
from agent.batch.sources import open_source
from agent.errors import InputError
from renderers.types import Kind
from tests.batches import folder_of, png

PICTURES = [png(seed) for seed in range(5)]


def items(spec: Path | str, column: str | None = None) -> list[Item]:
    return list(open_source(str(spec), column).items())


def content(item: Item) -> bytes:
    assert item.picture is not None
    return item.picture if isinstance(item.picture, bytes) else item.picture.read_bytes()


def data_uri(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_tar(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as shard:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            shard.addfile(member, io.BytesIO(data))
    return path


def test_a_folder_in_order_with_its_subfolders_apart(tmp_path: Path) -> None:
    for name in ("b/x.png", "a/x.png", "a/x.jpg", "c.webp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PICTURES[0])
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / ".hidden.png").write_bytes(PICTURES[0])
    found = items(tmp_path)
    assert [item.id for item in found] == ["a/x.jpg", "a/x.png", "b/x.png", "c.webp"]
    assert [item.index for item in found] == [0, 1, 2, 3]
    assert len({item.folder for item in found}) == 4
    assert found[1].source == str(tmp_path / "a/x.png")


def test_a_folder_that_links_to_itself_is_read_once(tmp_path: Path) -> None:
    folder_of(tmp_path / "a", 2)
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a")
    assert len(items(tmp_path)) == 2


def test_the_batch_own_folder_within_the_source_is_no_source(tmp_path: Path) -> None:
    folder_of(tmp_path, 2)
    folder_of(tmp_path / "out" / "items", 3)
    assert len(list(open_source(str(tmp_path), without=tmp_path / "out").items())) == 2


@pytest.mark.parametrize(
    ("pattern", "ids"),
    [
        ("*.png", ["0000.png", "0001.png"]),
        ("**/*.png", ["0000.png", "0001.png", "deep/er/0000.png", "deep/er/0001.png"]),
        ("deep/*/000[1-9].png", ["deep/er/0001.png"]),
        ("000?.png", ["0000.png", "0001.png"]),
        ("{deep/er/0001,0000}.png", ["deep/er/0001.png", "0000.png"]),
        ("{0000..0001}.png", ["0000.png", "0001.png"]),
        ("000[!0].png", ["0001.png"]),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, ids: list[str]) -> None:
    folder_of(tmp_path, 2)
    folder_of(tmp_path / "deep" / "er", 2)
    found = items(f"{tmp_path}/{pattern}")
    assert [Path(item.source) for item in found] == [tmp_path / name for name in ids]
    assert len({item.id for item in found}) == len(ids)


def test_jsonl_with_paths_and_data_uris(tmp_path: Path) -> None:
    folder_of(tmp_path / "pictures", 1)
    rows: list[dict[str, object]] = [
        {"path": "pictures/0000.png", "kind": "svg", "id": "one", "code": "<svg/>"},
        {"path": data_uri(PICTURES[1])},
        {"path": str(tmp_path / "pictures/0000.png"), "kind": None},
    ]
    first, second, third = items(write_jsonl(tmp_path / "list.jsonl", rows))
    assert (first.id, first.kind, first.code) == ("one", Kind.SVG, "<svg/>")
    assert [content(item) for item in (first, second, third)] == [PICTURES[0], PICTURES[1], PICTURES[0]]
    assert second.id == "list-2" and second.source.endswith("list.jsonl: row 2")
    assert second.kind is None


def test_bad_rows_are_items_with_a_fault(tmp_path: Path) -> None:
    source = tmp_path / "list.jsonl"
    lines = [
        json.dumps({"image": data_uri(PICTURES[0])}),
        "{not json",
        "[1, 2]",
        json.dumps({"other": 1}),
        json.dumps({"image": "data:image/png;base64,***"}),
        json.dumps({"image": "https://example.com/a.png"}),
        json.dumps({"image": data_uri(PICTURES[0]), "kind": "photograph"}),
        "",
        json.dumps({"image": data_uri(PICTURES[1]), "id": 7}),
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    found = items(source)
    assert [bool(item.fault) for item in found] == [False, True, True, True, True, True, True, False]
    assert found[-1].id == "7"
    told = " | ".join(item.fault for item in found)
    for word in ("JSON", "no picture", "damaged data URI", "is an address", "photograph"):
        assert word in told


def test_reward_bench(tmp_path: Path) -> None:
    folder_of(tmp_path / "images", 2)
    rows: list[dict[str, object]] = [
        {
            "id": f"chart_{number}",
            "idx": number,
            "category": category,
            "gt_img_path": f"images/{number:04d}.png",
            "pred_img_path": "images/none.png",
            "human_errors": [{"type": "data_error", "severity": 2, "description": "a bar is missing"}],
        }
        for number, category in enumerate(["chart", "table"])
    ]
    found = items(write_jsonl(tmp_path / "bench.jsonl", rows))
    assert [(item.id, item.kind) for item in found] == [("chart_0", Kind.CHART), ("chart_1", Kind.TABLE)]
    assert [content(item) for item in found] == PICTURES[:2]


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    folder_of(tmp_path, 2)
    source = tmp_path / ("list.csv" if delimiter == "," else "list.tsv")
    with source.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(["id", "file_name", "kind", "note"])
        table.writerow(["a, b", "0000.png", "chart", "two\nlines"])
        table.writerow(["", data_uri(b"x" * 300_000), "", ""])
    first, second = items(source)
    assert (first.id, first.kind, content(first)) == ("a, b", Kind.CHART, PICTURES[0])
    assert second.id == "list-2" and len(content(second)) == 300_000


def test_parquet_with_every_form_of_picture(tmp_path: Path) -> None:
    folder_of(tmp_path, 1)
    feature = [{"bytes": data, "path": f"{number}.png"} for number, data in enumerate(PICTURES)]
    feature[4] = {"bytes": None, "path": "0000.png"}
    table = pa.table(
        {
            "image": feature,
            "raw": PICTURES,
            "file": ["0000.png"] * 5,
            "kind": ["chart", "table", None, "svg", "page"],
        }
    )
    pq.write_table(table, tmp_path / "data.parquet", row_group_size=2)
    by_feature, by_bytes, by_path = (
        items(tmp_path / "data.parquet", name) for name in ("image", "raw", "file")
    )
    assert [content(item) for item in by_feature] == [*PICTURES[:4], PICTURES[0]]
    assert [item.id for item in by_feature] == ["0.png", "1.png", "2.png", "3.png", "0000.png"]
    assert [item.kind for item in by_feature] == [Kind.CHART, Kind.TABLE, None, Kind.SVG, Kind.PAGE]
    assert [content(item) for item in by_bytes] == PICTURES
    assert {content(item) for item in by_path} == {PICTURES[0]}


def test_a_folder_of_parquet_files_is_one_source(tmp_path: Path) -> None:
    for number in range(2):
        pq.write_table(pa.table({"image": PICTURES[:3]}), tmp_path / f"train-0000{number}-of-00002.parquet")
    found = items(tmp_path)
    assert [item.index for item in found] == list(range(6))
    assert len({item.id for item in found}) == 6


def test_a_dataset_saved_to_disk(tmp_path: Path) -> None:
    features = datasets.Features(
        {"image": datasets.Image(), "kind": datasets.ClassLabel(names=["table", "chart"])}
    )
    rows = {"image": [{"bytes": data, "path": None} for data in PICTURES], "kind": [1, 0, 1, 1, 0]}
    made = datasets.Dataset.from_dict(rows, features=features)
    made.save_to_disk(tmp_path / "one", num_shards=2)
    datasets.DatasetDict({"train": made, "test": made}).save_to_disk(tmp_path / "several")
    found = items(tmp_path / "one")
    assert [content(item) for item in found] == PICTURES
    assert [item.kind for item in found] == [Kind.CHART, Kind.TABLE, Kind.CHART, Kind.CHART, Kind.TABLE]
    assert len({item.id for item in items(tmp_path / "several")}) == 10


@pytest.mark.parametrize(("ending", "mode"), [(".tar", "w"), (".tar.gz", "w:gz")])
def test_webdataset_shards(tmp_path: Path, ending: str, mode: str) -> None:
    for shard in range(2):
        members: dict[str, bytes] = {}
        for number in range(2):
            key = f"d/{shard}{number}"
            members[f"{key}.png"] = PICTURES[number]
            members[f"{key}.json"] = json.dumps({"kind": "svg"}).encode()
            members[f"{key}.svg"] = b"<svg/>"
        write_tar(tmp_path / f"a-00{shard}{ending}", members, mode)
    for spec in (tmp_path, f"{tmp_path}/a-{{000..001}}{ending}", f"{tmp_path}/a-*{ending}"):
        found = items(spec)
        assert [item.id for item in found] == ["d/00", "d/01", "d/10", "d/11"]
        assert [content(item) for item in found] == PICTURES[:2] * 2
        assert {(item.kind, item.code) for item in found} == {(Kind.SVG, "<svg/>")}


def test_a_shard_cut_short_costs_what_is_missing(tmp_path: Path) -> None:
    whole = write_tar(tmp_path / "a.tar", {f"{number}.png": PICTURES[number] for number in range(5)})
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) // 3])
    write_tar(tmp_path / "b.tar", {"z.png": PICTURES[0]})
    found = items(tmp_path)
    good = [item for item in found if not item.fault]
    assert 1 < len(good) < 6 and good[-1].id == "z"
    assert "damaged" in next(item.fault for item in found if item.fault)


def test_equal_ids_are_told_apart_and_the_same_in_every_pass(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"image": data_uri(PICTURES[0]), "id": name} for name in "aaba"]
    rows.append({"image": data_uri(PICTURES[0]), "id": "a#1"})
    source = write_jsonl(tmp_path / "list.jsonl", rows)
    assert [item.id for item in items(source)] == ["a", "a#1", "b", "a#3", "a#1#4"]
    assert items(source) == items(source)


def test_counting_reads_no_pictures(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": PICTURES, "kind": ["chart"] * 5}), tmp_path / "data.parquet")
    found = list(open_source(str(tmp_path / "data.parquet")).items(pictures=False))
    assert [item.picture for item in found] == [None] * 5
    assert [item.kind for item in found] == [Kind.CHART] * 5


def test_ids_make_file_names_that_no_two_share() -> None:
    names = ["a/b", "a_b", "A_b", "ä", "..", ".", "/", "x" * 300, "x" * 301, "a b", "con", "\n", "a\0b"]
    made = [safe_name(name).lower() for name in names]
    assert len(set(made)) == len(names)
    assert all(0 < len(name) <= 100 and "/" not in name and name.strip(".") for name in made)
    assert safe_name("chart-1.png") == "chart-1.png"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path / "none", "no such source"),
        (lambda path: f"{path}/none/*.png", "no such folder"),
        (lambda path: f"{path}/a-{{0..3}}.tar", "no such file"),
        (lambda path: path, "is empty"),
        (lambda path: f"{path}/*.png", "is empty"),
        (lambda path: _file(path / "a.docx", b"x"), "not a source that is known"),
        (lambda path: _file(path / "a.parquet", b"PAR1 no"), "cannot be read"),
        (lambda path: _file(path / "a.tar", b"text"), "cannot be read"),
        (lambda path: _file(path / "a.csv", b"name,other\n1,2\n"), "the columns are name, other"),
        (lambda path: _file(path / "a.jsonl", b'{"name": 1, "more": 2}\n'), "the columns are name, more"),
    ],
)
def test_sources_that_are_none(tmp_path: Path, make, said: str) -> None:
    with pytest.raises(InputError, match=said):
        items(make(tmp_path))


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    pq.write_table(pa.table({"image": PICTURES}), tmp_path / "data.parquet")
    with pytest.raises(InputError, match="no column 'photo'; the columns are image"):
        items(tmp_path / "data.parquet", "photo")


def _file(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
