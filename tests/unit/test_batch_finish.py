"""What stands at the end of a batch: the table, the summary, and what the gallery is given."""

from __future__ import annotations

import json
import os
import random
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from agent.batch.finish import finish, is_behind
from agent.batch.gallery import write_gallery
from agent.batch.ordered import OrderedRows
from agent.batch.rows import Row, RowStatus
from agent.batch.summary import Summary
from agent.errors import InputError
from prompts.usage import Usage
from renderers.types import Kind, Language
from tests.batch_out import failed_row, write_rows


def done_row(index: int, **changes: Any) -> Row:
    values: dict[str, Any] = {
        "id": f"item-{index}",
        "index": index,
        "source": f"pictures/item-{index}.png",
        "status": RowStatus.DONE,
        "kind": Kind.CHART,
        "language": Language.PYTHON,
        "stop_reason": "plateau",
        "reward": 1.5,
        "first_reward": 1.5,
        "similarity": 0.8,
        "first_similarity": 0.8,
        "rewards": (1.5, 1.5),
        "rounds": 1,
        "candidates": 2,
        "seconds": 2.0,
        "usage": Usage(calls=1, prompt_tokens=100, cached_tokens=40, completion_tokens=10, seconds=0.5),
        "folder": f"items/{index}",
        "code": f"items/{index}/best.py",
        "render": f"items/{index}/best.png",
        "reference": f"items/{index}/pictures/x.png",
        "sha256": "x",
    }
    return Row.model_validate(values | changes)


def data_of(out: Path) -> dict[str, Any]:
    page = (out / "gallery.html").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(page.split('id="data">')[1].split("</script>")[0])
    return found


def test_the_summary_adds_up_the_costs_that_are_known(tmp_path: Path) -> None:
    finish(write_rows(tmp_path / "priced", [done_row(0, cost=0.5), done_row(1, cost=0.25), done_row(2)]))
    finish(write_rows(tmp_path / "unpriced", [done_row(0)]))
    costs = [
        json.loads((tmp_path / name / "summary.json").read_text())["usage"]["cost"]
        for name in ("priced", "unpriced")
    ]
    assert costs == [0.75, None]


def test_the_table_holds_every_row_in_the_order_of_the_source(tmp_path: Path) -> None:
    rows = [done_row(index, reward=1.5 + index / 1000) for index in range(40)]
    rows[7] = failed_row(7, "gone")
    mixed = random.Random(3).sample(rows, len(rows))
    finish(write_rows(tmp_path, mixed))
    table = pq.read_table(tmp_path / "results.parquet").to_pylist()
    assert [record["index"] for record in table] == list(range(40))
    for record, row in zip(table, rows, strict=True):
        told = row.model_dump(mode="json")
        usage = told.pop("usage")
        told |= {name: usage[name] for name in usage if name != "seconds"}
        told |= {"model_seconds": usage["seconds"], "gain": row.gain, "files": list(row.files.items())}
        assert record == told


def test_the_later_row_of_an_item_counts_and_half_a_line_does_not(tmp_path: Path) -> None:
    write_rows(tmp_path, [failed_row(1, "the server was down"), done_row(0), done_row(1)])
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(done_row(2).model_dump_json()[:50])
    rows = OrderedRows(tmp_path / "results.jsonl")
    assert rows.torn
    assert [(row.index, row.status) for row in rows] == [(0, "done"), (1, "done")]
    finish(tmp_path)
    assert pq.read_table(tmp_path / "results.parquet").num_rows == 2


def test_the_summary_counts(tmp_path: Path) -> None:
    rows = [
        done_row(0, reward=1.9, first_reward=1.5, rewards=(1.5, 1.9)),
        done_row(1, reward=1.7, first_reward=1.7, kind=Kind.SVG, stop_reason="target"),
        done_row(2, reward=1.2, first_reward=1.2, similarity=0.85),
        failed_row(3, "pictures/item-3.png: is not a picture", seconds=1.0),
        failed_row(4, "pictures/item-4.png: is not a picture", kind=Kind.SVG),
        failed_row(5, "the model server\nrefused it: HTTP 500", usage=Usage(calls=4, prompt_tokens=7)),
    ]
    finish(write_rows(tmp_path, rows))
    said = json.loads((tmp_path / "summary.json").read_text())
    assert said["items"] == 6 and said["status"] == {"done": 3, "failed": 3}
    assert said["stop_reason"] == {"plateau": 2, "target": 1, "none": 3}
    scores = said["scores"]
    assert scores["items"] == 3 and scores["improved"] == pytest.approx(2 / 3)
    assert scores["reward"] == {"mean": pytest.approx(1.6), "median": pytest.approx(1.7)}
    assert scores["gain"] == {"mean": pytest.approx(0.4 / 3), "median": 0.0}
    assert said["kinds"]["svg"]["status"] == {"done": 1, "failed": 1}
    assert said["kinds"]["svg"]["scores"]["reward"]["mean"] == pytest.approx(1.7)
    assert said["kinds"]["unknown"]["scores"]["reward"]["mean"] is None
    assert (said["usage"]["calls"], said["usage"]["tokens"]) == (7, 337)
    assert said["seconds"] == {"sum": 7.0, "mean": pytest.approx(7 / 6), "median": 1.5}
    assert said["failures"] == [
        {"message": "…: is not a picture", "items": 2, "examples": ["item-3", "item-4"]},
        {"message": "the model server refused it: HTTP 500", "items": 1, "examples": ["item-5"]},
    ]
    assert said["versions"]["lookalike"]


def test_a_batch_without_rows_has_its_files_too(tmp_path: Path) -> None:
    finish(write_rows(tmp_path, []))
    assert pq.read_table(tmp_path / "results.parquet").num_rows == 0
    said = json.loads((tmp_path / "summary.json").read_text())
    assert said["items"] == 0 and said["scores"]["improved"] is None
    assert "There are no items here" in (tmp_path / "gallery.html").read_text()


def test_what_is_made_of_results_is_behind_by_what_they_hold_and_not_by_clocks(tmp_path: Path) -> None:
    assert is_behind(tmp_path), "nothing was made"
    finish(write_rows(tmp_path, [done_row(0)]))
    assert not is_behind(tmp_path)
    tomorrow = time.time() + 86_400
    for name in ("results.parquet", "summary.json", "gallery.html"):
        os.utime(tmp_path / name, (tomorrow, tomorrow))
    write_rows(tmp_path, [done_row(0), done_row(1)])
    assert is_behind(tmp_path), "a clock that ran ahead hides no rows"
    finish(tmp_path)
    (tmp_path / "gallery.html").unlink()
    assert is_behind(tmp_path)


def test_nothing_that_stands_in_a_row_ends_the_data(tmp_path: Path) -> None:
    odd = "</script><!-- <script> \u2028 & \" \\ '"
    finish(write_rows(tmp_path, [failed_row(0, odd, id=odd, source=odd)]))
    assert data_of(tmp_path)["columns"]["error"] == [odd]
    assert "</script><!--" not in (tmp_path / "gallery.html").read_text()


def test_a_gallery_of_too_many_has_the_worst_and_an_even_choice(tmp_path: Path) -> None:
    rows = [done_row(index, reward=1 + (index * 37 % 100) / 100) for index in range(100)]
    write_rows(tmp_path, rows)
    finish(tmp_path)
    assert len(data_of(tmp_path)["columns"]["id"]) == 100
    summary = Summary()
    for row in rows:
        summary.add(row)
    write_gallery(tmp_path, OrderedRows(tmp_path / "results.jsonl"), summary.rewards, summary.to_json(), 20)
    shown = data_of(tmp_path)["columns"]
    assert len(shown["id"]) == 20
    rewards = sorted(shown["reward"])
    assert rewards[:10] == [1 + value / 100 for value in range(10)]
    others = sorted(
        int(name.split("-")[1])
        for name, reward in zip(shown["id"], shown["reward"], strict=True)
        if reward >= 1.1
    )
    assert others[0] < 10 and others[-1] > 90
    page = (tmp_path / "gallery.html").read_text()
    assert "This page holds 20 items of 100" in page


def test_code_stands_in_for_the_pictures_of_a_lean_batch(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/0.py").write_text("x" * 10_000)
    changes = {"folder": None, "render": None, "reference": None}
    rows = [done_row(0, code="code/0.py", **changes), done_row(1, code="code/1.py", **changes), done_row(2)]
    finish(write_rows(tmp_path, rows))
    shown = data_of(tmp_path)["columns"]
    assert shown["code"] == ["x" * 2000 + "…", "", ""]
    assert shown["reference"] == ["", "", "./pictures/x.png"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rubbish\n", "line 2 is not a row"),
        ('{"index": -1}\n', "line 2 is not a row of a batch (index"),
        ('{"index": 3}\n', "line 2 is not a row of a batch (id"),
        ('{"id": "x"}\n', "line 2 is not a row of a batch (index"),
    ],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, line: str, said: str) -> None:
    write_rows(tmp_path, [done_row(0)])
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(line)
    with pytest.raises(InputError) as caught:
        finish(tmp_path)
    assert said in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.jsonl"]


def test_what_is_no_batch_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a batch folder"):
        finish(tmp_path)
    with pytest.raises(InputError, match="not a batch folder"):
        finish(tmp_path / "nowhere")


def test_a_table_that_cannot_be_written_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    write_rows(tmp_path, [done_row(0)])
    (tmp_path / "results.parquet").mkdir()
    with pytest.raises(InputError, match=r"results\.parquet: cannot be written"):
        finish(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.jsonl", "results.parquet"]


def test_rows_do_not_gather_in_memory(tmp_path: Path) -> None:
    """Going through ten times as many rows takes little more: some bytes a row, where a row is over 1,000."""

    def peak(count: int) -> int:
        out = write_rows(tmp_path / str(count), map(done_row, range(count)))
        tracemalloc.start()
        for row in OrderedRows(out / "results.jsonl"):
            assert row.index < count
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken

    assert peak(20_000) - peak(2_000) < 18_000 * 100
