"""A run that was refined elsewhere arrives whole, in place of what was there before."""

from __future__ import annotations

from pathlib import Path

from agent.batch.items import Item
from agent.batch.parcels import pack, unpack
from agent.batch.refining import RUNNING

ITEM = Item(id="a.png", index=0, source="a.png", picture=None)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def test_a_run_takes_the_place_of_an_earlier_attempt(tmp_path: Path) -> None:
    there, out = tmp_path / "there", tmp_path / "out"
    put(there / ITEM.folder / "run.json", "{}")
    put(there / ITEM.folder / "candidates" / "0.svg", "<svg/>")
    put(there / RUNNING / "half", "unfinished")
    put(out / ITEM.folder / "run.json", "old")
    put(out / ITEM.folder / "trace", "old")
    put(out / "items" / "zz" / "other" / "run.json", "another's")
    unpack(pack(there), ITEM, out)
    assert files(out) == {
        f"{ITEM.folder}/run.json": "{}",
        f"{ITEM.folder}/candidates/0.svg": "<svg/>",
        "items/zz/other/run.json": "another's",
    }


def test_of_a_lean_batch_the_code_arrives_beside_that_of_others(tmp_path: Path) -> None:
    there, out = tmp_path / "there", tmp_path / "out"
    put(there / f"{ITEM.lean_code}.svg", "<svg/>")
    beside = Path(ITEM.lean_code).parent / "other.svg"
    put(out / beside, "another's")
    unpack(pack(there), ITEM, out)
    assert files(out) == {f"{ITEM.lean_code}.svg": "<svg/>", beside.as_posix(): "another's"}


def test_of_an_item_that_left_nothing_nothing_arrives(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    unpack(pack(tmp_path / "there"), ITEM, tmp_path / "out")
    assert files(tmp_path / "out") == {}
