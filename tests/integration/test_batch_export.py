"""The export of real runs, by the command, into what Hugging Face ``datasets`` loads as it is."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from agent.batch.export_columns import COLUMNS, Export
from agent.batch.export_files import Format
from agent.batch.export_svg import in_pixels
from agent.cli import app
from renderers.pictures import load_picture
from renderers.types import Size
from tests.batch_out import failed_row, row_of, scripted_run, write_rows
from tests.loop import Step

# In a process of its own: it reads where its cache is, and that it is offline, when it is imported.
LOAD = """
import hashlib, json, sys
import numpy as np
from datasets import Image, List, load_dataset
from PIL import Image as PILImage

def told(value):
    if isinstance(value, PILImage.Image):
        return hashlib.sha256(np.asarray(value.convert("RGB")).tobytes()).hexdigest()
    if isinstance(value, dict):
        return {name: told(part) for name, part in value.items()}
    return [told(part) for part in value] if isinstance(value, list) else value

for file in map(json.loads, sys.stdin):
    data = load_dataset(file["form"], data_files=file["path"], split="train")
    pictures = [name for name, feature in data.features.items() if feature in (Image(), List(Image()))]
    rows = [told(row) for row in data]
    print(json.dumps({"pictures": pictures, "columns": data.column_names, "rows": rows}))
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An export: what the command printed, and what ``datasets`` makes of the file."""

    printed: dict[str, Any]
    pictures: list[str]
    columns: list[str]
    rows: list[dict[str, Any]]


def lookalike(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def digest(picture: Path) -> str:
    return hashlib.sha256(np.ascontiguousarray(load_picture(picture)).tobytes()).hexdigest()


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory, small: Path) -> Path:
    """A real run of the embedded generator, one over scripted candidates, and an item that failed."""
    out = tmp_path_factory.mktemp("batch")
    done = lookalike("refine", small / "svg/telescope.png", "-o", out / "items", "--rounds", "1", "--json")
    assert done.exit_code == 0, done.output
    scripted_run(out / "items/drawn", Step(20, 0.5), Step(10, 0.6), Step(15, 0.4))
    rows = [row_of(out, out / "items" / name, index) for index, name in enumerate(("telescope", "drawn"))]
    return write_rows(out, [*rows, failed_row(2, "not a picture")])


@pytest.fixture(scope="module")
def loaded(batch: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Loaded]:
    """Every export in both formats, by what and format."""
    printed = {}
    for what in Export:
        for form in Format:
            every = ["--min-similarity", "0"] if what is Export.SFT else []
            done = lookalike("export", batch, "--as", what, "--format", form, "--json", *every)
            assert done.exit_code == 0, done.output
            printed[what.value, form.value] = json.loads(done.stdout)
    wanted = [
        json.dumps({"form": form.replace("jsonl", "json"), "path": said["file"]})
        for (_, form), said in printed.items()
    ]
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        env=os.environ
        | {
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_OFFLINE": "1",
            "HF_HOME": str(tmp_path_factory.mktemp("cache")),
        },
        input="\n".join(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = map(json.loads, done.stdout.splitlines())
    return {key: Loaded(printed[key], **line) for key, line in zip(printed, lines, strict=True)}


@pytest.mark.parametrize("what", Export)
def test_datasets_loads_parquet_with_its_pictures(
    batch: Path, loaded: dict[tuple[str, str], Loaded], what: Export
) -> None:
    said = loaded[what, "parquet"]
    assert said.columns == list(COLUMNS[what])
    shown = {"sft": ["images"], "preferences": ["images"]}.get(what, ["reference", "render"])
    assert said.pictures == shown
    first = said.rows[0]
    reference = digest(batch / str(row_of(batch, batch / "items" / first["id"]).reference))
    assert first[shown[0]] == ([reference] if shown == ["images"] else reference)


@pytest.mark.parametrize("what", Export)
def test_datasets_loads_jsonl_as_it_is(
    batch: Path, loaded: dict[tuple[str, str], Loaded], what: Export
) -> None:
    said = loaded[what, "jsonl"]
    assert Path(said.printed["file"]) == batch / f"{what}.jsonl"
    assert said.printed["left_out"] == {"items that failed": 1}
    assert said.columns == list(COLUMNS[what]) and len(said.rows) == said.printed["examples"]
    first = said.rows[0]
    assert (batch / (first["images"][0] if "images" in first else first["reference"])).is_file()


def test_what_is_loaded_is_what_the_runs_found(batch: Path, loaded: dict[tuple[str, str], Loaded]) -> None:
    best = loaded["sft", "parquet"].rows
    assert [row["id"] for row in best] == ["telescope", "drawn"]
    height, width = load_picture(batch / str(row_of(batch, batch / "items/telescope").reference)).shape[:2]
    code = (batch / "items/telescope/best.svg").read_text()
    assert best[0]["code"] == in_pixels(code, Size(width, height))  # as the prompt asks for it
    assert [message["role"] for message in best[0]["messages"]] == ["user", "assistant"]
    assert [part["type"] for part in best[0]["messages"][0]["content"]] == ["image", "text"]
    pairs = [row for row in loaded["preferences", "parquet"].rows if row["id"] == "drawn"]
    assert pairs and all(row["margin"] > 0 and row["chosen_code"] != row["rejected_code"] for row in pairs)
    run = (batch / "items/telescope/trajectory.jsonl").read_text().splitlines()
    rewards = [row for row in loaded["rewards", "parquet"].rows if row["id"] == "telescope"]
    assert [(row["reward"], row["similarity"]) for row in rewards] == [
        (line["reward"], line["similarity"]) for line in map(json.loads, run) if line["code_file"]
    ]


def test_the_metadata_is_what_datasets_would_write(batch: Path, tmp_path: Path) -> None:
    """Our schema and the one that ``datasets`` makes of the features in it are one."""
    file = tmp_path / "critiques.parquet"
    assert lookalike("export", batch, "--as", "critiques", "-o", file).exit_code == 0
    code = (
        "import sys, pyarrow.parquet as pq\n"
        "from datasets import Features\n"
        "schema = pq.read_schema(sys.argv[1])\n"
        "assert Features.from_arrow_schema(schema).arrow_schema.remove_metadata() == schema.remove_metadata()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_person_is_told_what_was_written_and_what_not(batch: Path, tmp_path: Path) -> None:
    file = tmp_path / "sft.jsonl"
    done = lookalike("export", batch, "--as", "sft", "-o", file, "--min-similarity", "0")
    assert done.exit_code == 0
    assert done.stdout == f"2 examples: {file}\n"
    assert done.stderr == "left out: items that failed: 1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "sft", "nowhere"], "no such folder"),
        (["--as", "books", "."], "choose one of sft, preferences, critiques, rewards"),
        (["--as", "sft", "--format", "csv", "."], "choose one of jsonl, parquet"),
        (["--as", "sft", "--min-reward", "3", "."], "between 0 and 2"),
        (["--as", "sft", "--min-margin", "1", "."], "is for --as preferences"),
        (["--as", "rewards", "--min-similarity", "1", "."], "is for --as sft"),
        (["--as", "sft", "--min-similarity", "2", "."], "between 0 and 1"),
        (["--as", "sft", "."], "neither a batch (results.jsonl) nor a run"),
    ],
)
def test_bad_input_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = lookalike("export", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_own_prompts_go_with_the_pictures(
    batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prompts/svg").mkdir(parents=True)
    (tmp_path / "prompts/svg/generate.md.j2").write_text("Draw this at {{ width }} x {{ height }}.")
    monkeypatch.setenv("LOOKALIKE_PROMPTS__DIRECTORY", str(tmp_path / "prompts"))
    file = tmp_path / "sft.jsonl"
    assert (
        lookalike(
            "export", batch / "items/telescope", "--as", "sft", "-o", file, "--min-similarity", "0"
        ).exit_code
        == 0
    )
    row = json.loads(file.read_text())
    height, width = load_picture(batch / str(row_of(batch, batch / "items/telescope").reference)).shape[:2]
    assert row["messages"][0]["content"][1]["text"] == f"Draw this at {width} x {height}.\n"
