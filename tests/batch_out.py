"""Batch folders for the tests of what is made from them: rows beside the run folders they tell of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.batch.rows import Row, RowStatus
from agent.refinement import Record
from agent.report.run_folder import read_run_folder
from graph import Result, Search
from renderers.types import Kind, Language
from tests.loop import Loop, Step


def row_of(out: Path, folder: Path, index: int = 0, **changes: Any) -> Row:
    """The row that a batch writes for a run."""
    run = read_run_folder(folder)
    name = folder.relative_to(out).as_posix()
    best: dict[int, float] = {}
    for item in run.candidates:
        if item.accepted:
            best[item.round] = max(item.reward, best.get(item.round, 0.0))
    rewards: list[float] = []
    for number in range((run.run.rounds or 0) + 1):
        rewards.append(max([best.get(number, 0.0), *rewards[-1:]]))
    values: dict[str, Any] = {
        "id": folder.name,
        "index": index,
        "source": f"pictures/{run.run.picture}",
        "status": RowStatus.DONE,
        "kind": run.run.kind,
        "language": run.run.language,
        "stop_reason": run.run.stop_reason,
        "reward": run.run.reward or 0.0,
        "first_reward": run.run.first_reward or 0.0,
        "similarity": run.run.similarity or 0.0,
        "first_similarity": run.run.first_similarity or 0.0,
        "rewards": rewards,
        "rounds": run.run.rounds or 0,
        "candidates": len(run.candidates),
        "seconds": run.run.seconds or 0.0,
        "usage": run.run.spend.model_dump(),
        "folder": name,
        "code": f"{name}/{run.run.best}" if run.run.best else None,
        "render": f"{name}/{run.run.render}" if run.run.render else None,
        "reference": f"{name}/{run.run.reference}" if run.run.reference else None,
        "sha256": Path(run.run.reference or "").stem,
    }
    return Row.model_validate(values | changes)


def failed_row(index: int, error: str, **changes: Any) -> Row:
    values: dict[str, Any] = {"id": f"item-{index}", "source": f"pictures/item-{index}.png"}
    return Row(index=index, status=RowStatus.FAILED, error=error, **(values | changes))


def lean(row: Row, out: Path) -> Row:
    """The same outcome as a lean batch leaves it: the code in a file of its own, and no pictures."""
    assert row.code
    code = f"code/{row.id}{Path(row.code).suffix}"
    (out / "code").mkdir(exist_ok=True)
    (out / code).write_bytes((out / row.code).read_bytes())
    return row.model_copy(update={"folder": None, "render": None, "reference": None, "code": code})


def write_rows(out: Path, rows: Iterable[Row]) -> Path:
    """Append rows to a batch's results, as the batch does."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "results.jsonl").open("a", encoding="utf-8") as file:
        for row in rows:
            file.write(row.model_dump_json() + "\n")
    return out


def scripted_run(folder: Path, *steps: Step, search: Search | None = None) -> Result:
    """A run of the real loop over scripted candidates, with its record."""
    loop = Loop(steps, folder, search)
    result = loop.run()
    record = Record(
        picture=f"{folder.name}.png",
        kind=Kind.CHART,
        language=Language.PYTHON,
        generator=loop.generator,
        critic="scripted",
        search=loop.search,
    )
    loop.fresh = False  # the folder as it is
    record.write(loop.context().folder, result, {})
    return result


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
