"""Attacks by a batch's source: no row ends the batch, nothing fills memory, nothing outside is read."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import random
import subprocess
import sys
import tarfile
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as PILImage

from agent.batch.items import Entry, Item, number
from agent.batch.results import Results
from agent.batch.rows import Row, RowStatus
from agent.batch.sources import open_source
from agent.errors import InputError
from agent.sources import to_pixels
from renderers.errors import PictureError

ROOT = Path(__file__).resolve().parents[2]


def png() -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", (40, 30), (0, 200, 0)).save(buffer, format="PNG")
    return buffer.getvalue()


def items(path: Path) -> list[Item]:
    return list(open_source(str(path)).items())


def readable(item: Item) -> bool:
    if item.fault or item.picture is None:
        return False
    try:
        to_pixels(item.picture)
    except PictureError:
        return False
    return True


DEEP = 50_000
LINES = {
    "deep list": b"[" * DEEP,
    "deep object": b'{"image":' * DEEP,
    "deep picture": b'{"image":' + b"[" * 900 + b"]" * 900 + b"}",
    "half a character": b'{"image": "\\ud800.png", "id": "\\udfff"}',
    "half a character in code": b'{"image": "a.png", "code": "\\ud800"}',
    "not UTF-8": b'{"image": "\xff\xfe.png"}',
    "null": b'{"image": "a\\u0000b.png"}',
    "a number that is none": b'{"image": NaN, "id": Infinity}',
    "a long number": b'{"image": ' + b"9" * 5000 + b"}",
    "a list of lists": b'{"image": [[[["a.png"]]]]}',
    "an object as a name": b'{"image": "a.png", "id": {"a": [1]}}',
    "a name without end": b'{"image": "a.png", "id": "' + b"x" * 1_000_000 + b'"}',
    "a path without end": b'{"image": "' + b"a/" * 100_000 + b'"}',
    "a data URI of nothing": b'{"image": "data:,"}',
    "a data URI of dots": b'{"image": "data:image/png;base64,....."}',
    "a kind that is none": b'{"image": "a.png", "kind": ["chart"]}',
    "bytes that are none": b'{"image": {"bytes": 7, "path": 8}}',
    "above": b'{"image": "../outside.png"}',
    "far above": b'{"image": "x/../../../outside.png"}',
    "absolute": b'{"image": "@OUTSIDE"}',
    "absolute in an object": b'{"image": {"bytes": null, "path": "@OUTSIDE"}}',
    "absolute in a list": b'{"image": ["@OUTSIDE"]}',
    "an address": b'{"image": "http://127.0.0.1:9/a.png"}',
    "a file address": b'{"image": "file://@OUTSIDE"}',
    "a name that climbs": b'{"image": "a.png", "id": "../../outside"}',
    "an empty name": b'{"image": "a.png", "id": ""}',
    "control characters": b'{"image": "a.png", "id": "\\u001b]0;x\\u0007\\r\\n\\u0000"}',
    "no object": b'"text"',
    "damaged": b'{"image": "a.png"',
    "a device": b'{"image": "zero.png"}',
    "a pipe": b'{"image": "pipe.png"}',
    "a folder": b'{"image": "folder.png"}',
    "a link in circles": b'{"image": "circle.png"}',
}
CLIMBING = {
    "a name that climbs",
    "an empty name",
    "control characters",
    "an object as a name",
    "a name without end",
    "half a character in code",
}


@pytest.fixture
def data(tmp_path):
    """A folder of data, with a picture that is no part of it beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "outside.png").write_bytes(png())
    (folder / "a.png").write_bytes(png())
    (folder / "zero.png").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.png")
    (folder / "folder.png").mkdir()
    (folder / "circle.png").symlink_to(folder / "circle.png")
    return folder


def whole(items_: list[Item], folder: Path) -> None:
    """Every item can have its row, under a name of its own inside the batch's folder."""
    results = Results(folder)
    for item in items_:
        row = Row(
            id=item.id, index=item.index, source=item.source, status=RowStatus.FAILED, error=item.fault or "x"
        )
        results.append(row)
        place = Path(os.path.normpath(folder / item.folder))
        assert place.is_relative_to(folder / "items")
        place.mkdir(parents=True, exist_ok=True)
    results.close()
    assert len(Results(folder).ids) == len(items_)


@pytest.mark.parametrize("name", LINES)
def test_a_hostile_line_is_a_fault_of_its_own(name, data, tmp_path):
    line = LINES[name].replace(b"@OUTSIDE", os.fsencode(tmp_path / "outside.png"))
    (data / "x.jsonl").write_bytes(b'{"image": "a.png"}\n' + line + b'\n{"image": "a.png"}\n')
    read = items(data / "x.jsonl")
    assert [readable(item) for item in read] == [True, name in CLIMBING, True]
    out = tmp_path / "out"
    out.mkdir()
    whole(read, out)


@pytest.mark.parametrize("value", ["../outside.png", "@OUTSIDE", "x/../../outside.png"])
@pytest.mark.parametrize("form", ["parquet", "csv", "arrow"])
def test_a_cell_does_not_lead_outside(form, value, data, tmp_path):
    value = value.replace("@OUTSIDE", str(tmp_path / "outside.png"))
    table = pa.table({"image": ["a.png", value]})
    file = data / f"x.{form}"
    match form:
        case "parquet":
            pq.write_table(table, file)
        case "csv":
            file.write_text(f"image\na.png\n{value}\n")
        case "arrow":
            with pa.ipc.new_stream(str(file), table.schema) as stream:
                stream.write_table(table)
    assert [readable(item) for item in items(file)] == [True, False]


TABLES = {
    "a cell longer than CSV allows": (
        b'image\na.png\n"data:,' + b"A" * 400_000 + b'"\na.png\n',
        [True, False, True],
    ),
    "null bytes": (b"image\na.png\n\0\0.png\na.png\n", [True, False, True]),
    "a quote without end": (b'image\na.png\n"open\n' + b"x\n" * 5_000, [True, False]),
    "columns without end": (b"image" + b",c" * 100_000 + b"\na.png\na.png,1,1\n", [True, True]),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_hostile_cell_is_a_fault_of_its_own(name, data):
    content, good = TABLES[name]
    (data / "x.csv").write_bytes(content)
    assert [readable(item) for item in items(data / "x.csv")] == good


NAMES = [
    *(b"\xff\xfe.png", b"a\nb.png", b"a\x1b]0;x\x07.png", b"'; rm -rf .png", b'"<b>.png', b"%s%n{}.png"),
    *(
        b"-rf.png",
        b"\xed\xa0\x80.png",
        "\u202egnp.png".encode(),
        b"a" * 240 + b".png",
        b"=1+1.png",
        b"CON.png",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_any_file_name_has_its_row(name, tmp_path):
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)  # noqa: PTH102
    with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123
        file.write(png())
    read = items(tmp_path / "in")
    assert [readable(item) for item in read] == [True]
    (tmp_path / "out").mkdir()
    whole(read, tmp_path / "out")


def member(name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, **fields: object) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = len(content), kind
    for field, value in fields.items():
        setattr(info, field, value)
    body = content + bytes(-len(content) % 512)
    return info.tobuf(tarfile.GNU_FORMAT) + body


def header(size: int, kind: bytes) -> bytes:
    info = tarfile.TarInfo("x")
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


GOOD = member("a.png", png())
END = bytes(1024)
SHARDS = {
    "absolute": member("/etc/passwd.png", png()),
    "above": member("../../above.png", png()),
    "a symbolic link": member("l.png", kind=tarfile.SYMTYPE, linkname="/etc/passwd"),
    "a hard link": member("h.png", kind=tarfile.LNKTYPE, linkname="a.png"),
    "a device": member("d.png", kind=tarfile.CHRTYPE, devmajor=1, devminor=5),
    "a pipe": member("p.png", kind=tarfile.FIFOTYPE),
    "a folder": member("f.png", kind=tarfile.DIRTYPE),
    "deep JSON": member("b.json", b"[" * DEEP) + member("b.png", png()),
    "odd JSON": member("b.json", b'{"kind": [1], "code": {"a": 1}}') + member("b.png", png()),
    "not UTF-8": member("b.json", b"\xff\xfe\xfa") + member("b.png", png()),
    "half a character": member("b.json", b'{"code": "\\ud800"}') + member("b.png", png()),
    "a damaged checksum": b"x" * 512,
    "a negative size": member("b.png", size=-1),
    "an endless size": member("b.png", size=1 << 60),
    "a long name": header(1 << 30, tarfile.GNUTYPE_LONGNAME) + bytes(2048),
    "a long link": header(1 << 30, tarfile.GNUTYPE_LONGLINK) + bytes(2048),
    "a long header": header(1 << 30, tarfile.XHDTYPE) + bytes(2048),
    "a long common header": header(1 << 30, tarfile.XGLTYPE) + bytes(2048),
    "a header of nonsense": header(512, tarfile.XHDTYPE) + b"99999999999999999999 path=x\n".ljust(512, b"\0"),
    "a header of numbers": header(512, tarfile.XHDTYPE) + b"20 size=99999999999\n".ljust(512, b"\0"),
    "holes": header(512, tarfile.GNUTYPE_SPARSE) + bytes(512),
    "holes by a header": header(512, tarfile.XHDTYPE)
    + (b"22 GNU.sparse.major=1\n" + b"22 GNU.sparse.minor=0\n").ljust(512, b"\0")
    + member("s.png", b"9999999999\n".ljust(512, b"\0")),
    "a name that is not UTF-8": member("b\udcff.png", png()),
    "cut": member("b.png", png())[:600],
    "nothing": b"",
}


@pytest.mark.parametrize(
    "packed", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["", "gz", "bz2", "xz"]
)
@pytest.mark.parametrize("name", SHARDS)
def test_a_hostile_member_is_a_fault_of_its_own(name, packed, tmp_path):
    file = tmp_path / "x.tar"
    content = GOOD + SHARDS[name] + END
    file.write_bytes(packed(content))
    read = items(file)
    assert readable(read[0])
    assert not any(Path(item.picture).exists() for item in read if isinstance(item.picture, Path))
    (tmp_path / "out").mkdir()
    whole(read, tmp_path / "out")


@given(st.data())
def test_no_shard_breaks_the_reader(tmp_path_factory, data):
    content = bytearray(GOOD + member("b.json", b"{}") + member("b.png", png()) + END)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.mktemp("shard") / "x.tar"
    file.write_bytes(content)
    with contextlib.suppress(InputError):
        assert all(isinstance(item.id, str) for item in items(file))


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_no_line_breaks_the_reader(tmp_path_factory, lines):
    folder = tmp_path_factory.mktemp("lines")
    (folder / "x.jsonl").write_bytes(b'{"image": "a.png"}\n' + b"\n".join(lines))
    whole(items(folder / "x.jsonl"), folder)


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=8))
def test_any_names_are_told_apart(entries):
    numbered = list(number(Entry(source, None, id_, fault=fault) for id_, source, fault in entries))
    assert len({item.id for item in numbered}) == len(entries)
    assert len({item.folder.casefold() for item in numbered}) == len(entries)
    for item in numbered:
        Row(
            id=item.id, index=item.index, source=item.source, status="failed", error=item.fault
        ).model_dump_json()


DATASETS = {
    "no splits": ("dataset_dict.json", "{}"),
    "splits that are none": ("dataset_dict.json", '{"splits": 7}'),
    "splits of objects": ("dataset_dict.json", '{"splits": [{"a": 1}]}'),
    "a split that is itself": ("dataset_dict.json", '{"splits": ["."]}'),
    "a split above": ("dataset_dict.json", '{"splits": [".."]}'),
    "an absolute split": ("dataset_dict.json", '{"splits": ["/etc"]}'),
    "deep": ("dataset_dict.json", "[" * DEEP),
    "a list": ("dataset_dict.json", "[]"),
    "no files": ("state.json", "{}"),
    "files that are none": ("state.json", '{"_data_files": "x"}'),
    "files without names": ("state.json", '{"_data_files": [{}]}'),
    "names that are none": ("state.json", '{"_data_files": [{"filename": 7}]}'),
    "a name above": ("state.json", '{"_data_files": [{"filename": "../x.arrow"}]}'),
    "an absolute name": ("state.json", '{"_data_files": [{"filename": "/dev/zero"}]}'),
    "a name that is not there": ("state.json", '{"_data_files": [{"filename": "x.arrow"}]}'),
    "not JSON": ("state.json", "{"),
}


@pytest.mark.parametrize("name", DATASETS)
def test_a_damaged_dataset_is_told_in_one_line(name, tmp_path):
    file, content = DATASETS[name]
    (tmp_path / file).write_text(content)
    with pytest.raises(InputError) as caught:
        items(tmp_path)
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet", ".arrow", ".tar", ".tar.bz2"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_source_is_a_regular_file(ending, kind, tmp_path):
    file = tmp_path / f"x{ending}"
    os.mkfifo(file) if kind == "pipe" else file.symlink_to("/dev/zero")
    with pytest.raises(InputError, match=r"x\."):
        items(file)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "circle"])
def test_a_picture_is_a_regular_file(kind, data):
    name = {"device": "zero"}.get(kind, kind)
    with pytest.raises(PictureError):
        to_pixels(data / f"{name}.png")


@pytest.mark.parametrize("command", ["refine", "batch", "regions", "read", "critique", "render"])
def test_a_command_does_not_wait_for_the_other_end_of_a_pipe(command, tmp_path):
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    given = [pipe, pipe] if command == "critique" else [pipe]
    out = [] if command in ("critique", "regions") else ["-o", tmp_path / "out"]
    done = subprocess.run(
        [Path(sys.executable).with_name("lookalike"), command, *given, *out],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"TERM": "dumb"},
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr and "pipe" in done.stderr


MEASURED = """
import resource, sys
from agent.batch.sources import open_source
from agent.errors import InputError
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    try:
        for item in open_source(name).items():
            pass
    except InputError as error:
        pass
    print(name, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024, "MB")
"""


def test_a_row_too_large_is_a_fault_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr("agent.batch.sources.tables.MAX_BYTES", 1000)
    monkeypatch.setattr("agent.batch.sources.tables._AT_ONCE", 1000)
    rows = pa.table({"image": [png(), random.Random(1).randbytes(3000), png()]})
    pq.write_table(rows, tmp_path / "a.parquet")
    first, large, last = open_source(str(tmp_path / "a.parquet")).items()
    assert "larger than" in large.fault and large.picture is None
    assert not first.fault and not last.fault


def test_a_bomb_takes_bounded_memory(tmp_path):
    packers = {
        "gz": lambda: zlib.compressobj(1, wbits=31),
        "bz2": lambda: bz2.BZ2Compressor(1),
        "xz": lambda: lzma.LZMACompressor(preset=0),
    }
    bombs = {  # what stands first, and megabytes of zeros after it
        ("picture", "xz"): (member("b.png", size=190 << 20), 190),
        ("pictures", "gz"): (b"", 0),
        ("text", "gz"): (member("b.json", size=100 << 20), 100),
        ("name", "bz2"): (header(100 << 20, tarfile.GNUTYPE_LONGNAME), 100),
        ("header", "gz"): (header(100 << 20, tarfile.XHDTYPE), 100),
    }
    zeros = bytes(1 << 20)
    for (name, packing), (head, megabytes) in bombs.items():
        packer = packers[packing]()
        with (tmp_path / f"{name}.tar.{packing}").open("wb") as file:
            file.write(packer.compress(GOOD + head))
            for ending in ("png", "gif") if name == "pictures" else ():
                file.write(packer.compress(member(f"b.{ending}", size=190 << 20)))
                file.writelines(packer.compress(zeros) for _ in range(190))
            file.writelines(packer.compress(zeros) for _ in range(megabytes))
            file.write(packer.flush())
    column = pa.table({"image": [bytes(250 << 20)]})
    pq.write_table(column, tmp_path / "column.parquet", compression="zstd")
    with (tmp_path / "line.jsonl").open("wb") as file:
        file.write(b'{"image": "a.png"}\n')
        file.truncate(600 << 20)
    least_first = (
        "header.tar.gz",
        "name.tar.bz2",
        "text.tar.gz",
        "column.parquet",
        "picture.tar.xz",
        "pictures.tar.gz",
        "line.jsonl",
    )
    sources = [str(tmp_path / name) for name in least_first]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *sources], cwd=ROOT, capture_output=True, text=True, check=True
    )
    grown = [int(line.split()[-2]) for line in done.stdout.splitlines()]
    assert all(most < bound for most, bound in zip(grown, (60, 60, 60, 150, 500, 500, 800), strict=True)), (
        done.stdout
    )
