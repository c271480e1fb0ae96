"""Finished runs in other formats: ``lookalike convert``, without refining again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.choices import targets_named
from agent.cli import app
from agent.data.convert import convert
from agent.errors import DataError, InputError
from renderers.types import Kind, Language

TABLE = "<table><tr><th>a</th></tr><tr><td>1,5</td></tr></table>"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    record = {"picture": "a.png", "kind": "table", "language": "html", "generator": "lvlm", "scale": 1.0}
    (tmp_path / "run.json").write_text(json.dumps(record | {"best": "best.html", "best_id": 0}))
    (tmp_path / "best.html").write_text(TABLE)
    return tmp_path


def test_several_formats_at_once(run):
    done = CliRunner().invoke(app, ["convert", str(run), "--to", "csv,xlsx,latex"])
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(run / name) for name in ("best.csv", "best.xlsx", "best.tex")]
    assert (run / "best.csv").read_text().split() == ["a", "1.5"]


def test_as_json_with_the_decimal_mark_said(run, tmp_path):
    arguments = [
        "convert",
        str(run),
        "--to",
        "csv",
        "--decimal",
        "point",
        "-o",
        str(tmp_path / "new"),
        "--json",
    ]
    done = CliRunner().invoke(app, arguments)
    assert json.loads(done.stdout)["files"] == {"csv": str(tmp_path / "new" / "best.csv")}
    assert (tmp_path / "new" / "best.csv").read_text().split() == ["a", '"1,5"']  # no number with a point


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "csv,cvs"], "--to csv,cvs: choose from"),
        ([], "--to says which formats"),
        (["--to", "svg"], "a table cannot be written as svg; choose html, markdown, csv"),
        (["--to", "csv", "--decimal", "dot"], "--decimal dot"),
    ],
)
def test_what_cannot_be_made_is_told_in_a_line(run, arguments, said):
    done = CliRunner().invoke(app, ["convert", str(run), *arguments])
    assert done.exit_code == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1


def test_no_run_and_a_run_without_code(tmp_path, run):
    with pytest.raises(DataError, match="no finished run"):
        convert(tmp_path / "nothing", ["csv"])
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(record | {"best": None}))
    with pytest.raises(DataError, match="no code"):
        convert(run, ["csv"])
    (run / "run.json").write_text("[" * 100_000)
    with pytest.raises(DataError, match="cannot be read"):
        convert(run, ["csv"])


def test_a_run_cannot_point_out_of_its_folder(run, tmp_path):
    record = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(record | {"best": "../../../etc/hostname"}))
    with pytest.raises(DataError, match="hostname is missing"):
        convert(run, ["csv"])


def test_code_without_a_table_has_no_data(run):
    (run / "best.html").write_text("<p>nothing</p>")
    (made,) = convert(run, ["csv"])
    assert made.file is None and "no table" in made.failure


def test_code_is_written_in_the_first_format_that_is_one_for_code():
    assert targets_named(Kind.TABLE, "csv") == (Language.HTML, ("csv",))
    assert targets_named(Kind.TABLE, ["csv", "markdown", "html"]) == (Language.MARKDOWN, ("csv", "html"))
    assert targets_named(Kind.TABLE, None) == (Language.HTML, ())
    with pytest.raises(InputError, match="a svg cannot be written as csv; choose from svg"):
        targets_named(Kind.SVG, "csv")
