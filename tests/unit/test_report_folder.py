"""Whatever a run folder holds, a report of it can be written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from agent.report import write_index, write_report
from agent.report.run_folder import read_run_folder

NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, 1.5, -1, 10**400, 0.9])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
PICTURES = st.sampled_from(
    ["pictures/a.png", "pictures/b.png", "pictures/tiny.png", "pictures/damaged.png", "gone.png"]
)
CODES = st.sampled_from(["candidates/a.py", "candidates/b.svg", "candidates", ".", "", "\x00", "x" * 5000])
IDS = st.none() | st.integers(-1, 4)
SCORES = st.floats(0, 2) | NUMBERS
DISCREPANCIES = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["text_error", "odd"]),
        "severity": st.integers(1, 3),
        "location": st.text(max_size=5),
        "description": st.text(max_size=10),
        "box": st.none() | st.lists(st.floats(-50, 500) | NUMBERS, min_size=4, max_size=4),
    }
)
ACTIONS = st.fixed_dictionaries(
    {"discrepancy": IDS, "description": st.text(max_size=5), "done": st.booleans()}
)


def damaged(keys: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A record in which values can be missing or anything at all."""
    return st.fixed_dictionaries({}, optional={name: value | ANYTHING for name, value in keys.items()})


LINES = damaged(
    {
        "id": IDS,
        "parent": IDS,
        "round": st.integers(0, 4),
        "code_file": CODES,
        "render": PICTURES,
        "status": st.sampled_from(["ok", "ok", "error", "blank"]),
        "log": st.text(max_size=9),
        "reward": SCORES,
        "similarity": SCORES,
        "accepted": st.booleans(),
        "discrepancies": st.lists(DISCREPANCIES, max_size=4),
        "actions": st.lists(ACTIONS, max_size=3),
        "seconds": st.dictionaries(st.just("render"), SCORES),
    }
)
RUNS = damaged(
    {
        "picture": st.text(max_size=9),
        "kind": st.just("svg"),
        "settings": ANYTHING,
        "versions": ANYTHING,
        "stop_reason": st.sampled_from(["plateau", "odd"]),
        "rounds": st.integers(),
        "seconds": SCORES,
        "reward": SCORES,
        "first_reward": SCORES,
        "similarity": SCORES,
        "first_similarity": SCORES,
        "best": st.just("best.svg"),
        "render": PICTURES,
        "reference": PICTURES,
        "best_id": IDS,
        "first_id": IDS,
        "timings": st.dictionaries(st.just("ocr"), SCORES),
        "spend": st.dictionaries(st.just("calls"), NUMBERS),
    }
)


def lay_out(folder: Path) -> None:
    for name in ("pictures", "candidates"):
        (folder / name).mkdir()
    Image.new("RGB", (60, 40), "red").save(folder / "pictures/a.png")
    Image.new("RGB", (90, 20), "blue").save(folder / "pictures/b.png")
    Image.new("RGB", (1, 1), "blue").save(folder / "pictures/tiny.png")
    (folder / "pictures/damaged.png").write_bytes(b"\x89PNG")
    (folder / "candidates/a.py").write_text("a = 1\n")
    (folder / "candidates/b.svg").write_bytes(b"<svg>\xff\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES | ANYTHING, max_size=5), RUNS | ANYTHING, st.integers(0, 40))
def test_any_run_folder_can_be_reported(lines: list[Any], run: Any, missing: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "run"
        folder.mkdir()
        lay_out(folder)
        trajectory = "\n".join(json.dumps(line) for line in lines).encode()
        (folder / "trajectory.jsonl").write_bytes(trajectory[: max(0, len(trajectory) - missing)])
        (folder / "run.json").write_text(json.dumps(run))
        html = write_report(folder).read_text(encoding="utf-8")
        assert html.endswith("</html>") and html.count("<article") == len(read_run_folder(folder).candidates)
        assert "run" in write_index(folder.parent).read_text(encoding="utf-8")


@given(st.binary(max_size=60), st.binary(max_size=60))
@settings(max_examples=30, deadline=None)
def test_any_bytes_can_be_reported(lines: bytes, run: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "trajectory.jsonl").write_bytes(lines)
        (Path(name) / "run.json").write_bytes(run)
        assert write_report(Path(name)).is_file()


def test_a_candidate_recorded_twice_counts_once_as_it_was_last(tmp_path: Path) -> None:
    lines = [{"id": 0, "reward": 1.5}, {"id": 1}, {"id": 0, "reward": 1.7}]
    (tmp_path / "trajectory.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [(item.id, item.reward) for item in read_run_folder(tmp_path).candidates] == [(0, 1.7), (1, None)]


def test_without_a_result_the_best_is_the_accepted_one_with_the_highest_scores(tmp_path: Path) -> None:
    lines = [
        {"id": 0, "status": "ok", "reward": 1.5, "similarity": 0.9, "accepted": True},
        {"id": 1, "parent": 0, "status": "ok", "reward": 1.6, "similarity": 0.95, "accepted": True},
        {"id": 2, "parent": 1, "status": "ok", "reward": 1.9, "similarity": 0.7, "accepted": False},
    ]
    (tmp_path / "trajectory.jsonl").write_text("\n".join(map(json.dumps, lines)))
    folder = read_run_folder(tmp_path)
    assert folder.best is not None and folder.best.id == 1
    assert folder.path_to_best == (0, 1)
