"""``lookalike eval``: first draft beside best, by measures that had no part in the run."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from agent.cli import app


def test_a_run_is_measured_with_its_truth_and_without(small, tmp_path):
    runs = tmp_path / "runs"
    given = ["refine", str(small / "table" / "decimal_limits.png"), "-o", str(runs), "--rounds", "1"]
    assert CliRunner().invoke(app, given).exit_code == 0
    plain = CliRunner().invoke(app, ["eval", str(runs)])
    assert plain.exit_code == 0 and "| table | ssim | 1 |" in plain.output, plain.output
    truth = tmp_path / "truth"
    truth.mkdir()
    (run,) = [folder for folder in runs.iterdir() if (folder / "run.json").exists()]
    (truth / f"{run.name}.html").write_text((run / "best.html").read_text())
    told = CliRunner().invoke(app, ["eval", str(runs), "--reference", str(truth)])
    assert told.exit_code == 0, told.output
    rows = {row["measure"]: row for row in json.loads((runs / "eval.json").read_text())["rows"]}
    assert rows["teds"]["best"] == 1.0 and rows["ssim"]["best"] > 0.5 and rows["gmsd"]["best"] < 0.3
    assert (runs / "eval.png").stat().st_size > 2_000 and "Execution rate" in (runs / "eval.md").read_text()


def test_bad_arguments_cost_one_line(tmp_path):
    for given in (["eval", str(tmp_path)], ["eval", str(tmp_path), "--reference", str(tmp_path / "none")]):
        done = CliRunner().invoke(app, given)
        assert done.exit_code == 2 and "Traceback" not in done.output, done.output
