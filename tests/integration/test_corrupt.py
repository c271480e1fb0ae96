"""``lookalike corrupt``: pairs whose errors are visible where the record says, however it is interrupted."""

from __future__ import annotations

import json

import numpy as np
import pytest
from datasets import load_dataset
from typer.testing import CliRunner

from agent.cli import app
from critic.rewardbench.records import Item, read_items
from renderers.pictures import load_picture
from tests.unit.test_injection import CHART, SVG, TABLE

CROSS = SVG.replace("<text", '<path d="M5 5 L40 40" stroke="#222" stroke-width="4"/><text')


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    for name, code in (("a.py", CHART), ("a.html", TABLE), ("a.svg", SVG), ("b.svg", CROSS)):
        (folder / name).write_text(code)
    (folder / "broken.py").write_text("import matplotlib.pyplot as plt\nplt.plot([1, 2\n")
    (folder / "blank.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    return folder


@pytest.fixture(scope="module")
def made(sources, tmp_path_factory):
    out = tmp_path_factory.mktemp("pairs")
    done = CliRunner().invoke(
        app, ["corrupt", str(sources), "-o", str(out), "-n", "3", "--processes", "2", "--untouched", "0.2"]
    )
    assert done.exit_code == 0, done.output
    return out


def rows(out):
    found = [json.loads(line) for line in (out / "pairs.jsonl").read_text().splitlines()]
    return sorted(found, key=lambda row: row["id"])


def test_each_error_is_visible_in_its_box(made):
    judged = 0
    for row in rows(made):
        before, after = (load_picture(made / row[name]) for name in ("gt_img_path", "pred_img_path"))
        assert row["untouched"] == (not row["human_errors"])
        for error in row["human_errors"]:
            left, top, right, bottom = error["box"]
            assert 0 <= left < right <= before.shape[1] and 0 <= top < bottom <= before.shape[0]
            if before.shape == after.shape:
                inside = before[top:bottom, left:right].astype(int) - after[top:bottom, left:right]
                assert np.abs(inside).max() > 24, (row["id"], error)
                judged += 1
    assert judged > 5


def test_what_cannot_be_used_costs_its_pairs_with_the_reason(made):
    bad = [json.loads(line) for line in (made / "rejected.jsonl").read_text().splitlines()]
    reasons = {row["source"]: row["reason"] for row in bad}
    assert "does not" in reasons["broken.py"] and "blank" in reasons["blank.svg"]


def test_the_records_are_those_of_the_benchmark_and_datasets_reads_them(made):
    items = list(read_items(made / "pairs.jsonl"))
    assert items and all(isinstance(item, Item) for item in items)
    loaded = load_dataset("json", data_files=str(made / "pairs.jsonl"), cache_dir=str(made / "cache"))[
        "train"
    ]
    assert len(loaded) == len(items)
    assert {"type", "severity", "description", "location", "box"} <= set(loaded[0]["human_errors"][0] or ())
    assert "digit" in (made / "README.md").read_text() or "| table |" in (made / "README.md").read_text()


def test_a_run_that_was_cut_short_goes_on_and_ends_with_the_same_pairs(made, sources, tmp_path):
    file = made / "pairs.jsonl"
    lines = sorted(file.read_text().splitlines(keepends=True))
    (tmp_path / "pairs.jsonl").write_text("".join(lines[:-3]) + lines[-1][:40])
    given = [
        "corrupt",
        str(sources),
        "-o",
        str(tmp_path),
        "-n",
        "3",
        "--processes",
        "1",
        "--untouched",
        "0.2",
    ]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert rows(tmp_path) == rows(made)


def test_bad_arguments_cost_one_line(tmp_path):
    for given in (
        ["corrupt"],
        ["corrupt", str(tmp_path)],
        ["corrupt", str(tmp_path / "none"), "-o", str(tmp_path / "o")],
        ["corrupt", str(tmp_path), "--errors", "3-1"],
        ["corrupt", str(tmp_path), "--errors", "many"],
    ):
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 2 and "Traceback" not in done.output, done.output
