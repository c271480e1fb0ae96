"""The command line as scripts and people use it: contracts, exit codes, bad input."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage
from typer.testing import CliRunner, Result

from agent.cli import app

PICTURES = Path(__file__).resolve().parents[2] / "examples" / "pictures"
ICON = PICTURES / "svg" / "telescope.png"
REFINE_KEYS = {
    *("picture", "kind", "reward", "first_reward", "similarity", "stop_reason"),
    *("rounds", "seconds", "best", "render", "report"),
}
TRAJECTORY_KEYS = {
    *("id", "parent", "round", "code_file", "render", "status"),
    *("reward", "similarity", "accepted", "discrepancies"),
}


def lookalike(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def test_refine_prints_one_object_and_leaves_the_run(tmp_path: Path) -> None:
    done = lookalike("refine", ICON, "-o", tmp_path, "--rounds", "1", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said.keys() >= REFINE_KEYS
    assert (said["picture"], said["kind"]) == (str(ICON), "svg")
    for key in ("best", "render", "report"):
        assert Path(said[key]).stat().st_size > 0
    lines = [json.loads(line) for line in (tmp_path / "telescope/trajectory.jsonl").read_text().splitlines()]
    assert all(line.keys() >= TRAJECTORY_KEYS for line in lines)
    assert said["reward"] >= lines[0]["reward"] and said["similarity"] >= lines[0]["similarity"]
    run = json.loads((tmp_path / "telescope/run.json").read_text())
    assert run["stop_reason"] != "cancelled"
    assert run["stop_reason"] == said["stop_reason"]


def test_refine_tells_a_person_what_happens(tmp_path: Path) -> None:
    done = lookalike("refine", ICON, "-o", tmp_path, "--rounds", "1")
    assert done.exit_code == 0
    assert "telescope.png  svg (detected)" in done.stderr
    assert "first draft  reward" in done.stderr
    assert str(tmp_path / "telescope" / "report.html") in done.stderr.replace("\n", "")
    assert "\x1b" not in done.stderr


def test_a_picture_from_standard_input(tmp_path: Path) -> None:
    picture = ICON.read_bytes()
    done = lookalike("refine", "-", "--kind", "svg", "--rounds", "0", "-o", tmp_path, "--json", stdin=picture)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["picture"] == "-"


def test_one_bad_picture_does_not_stop_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"not a picture")
    done = lookalike("refine", bad, ICON, "--rounds", "0", "-o", tmp_path / "out", "--json")
    assert done.exit_code == 3
    failed, good = map(json.loads, done.stdout.splitlines())
    assert (failed["picture"], failed["best"]) == (str(bad), None) and str(bad) in failed["failure"]
    assert good["picture"] == str(ICON) and good["best"]
    assert done.stderr.startswith(f"lookalike: {bad}") and len(done.stderr.splitlines()) == 1


def _truncated() -> bytes:
    return ICON.read_bytes()[:600]


def _huge() -> bytes:
    buffer = io.BytesIO()
    PILImage.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [lambda: b"", lambda: b"text, not a picture", _truncated, _huge],
    ids=["empty", "text", "truncated", "huge"],
)
def test_a_bad_picture_is_one_line_and_exit_code_2(tmp_path: Path, content: Callable[[], bytes]) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(content())
    for arguments in (["refine", bad, "-o", tmp_path / "out"], ["critique", bad, ICON]):
        _is_one_line_failure(lookalike(*arguments))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["refine", "no-such-file.png"],
        ["refine", "."],
        ["refine", str(ICON), "--kind", "poem"],
        ["refine", str(ICON), "--to", "latex"],
        ["refine", str(ICON), "--kind", "svg", "--to", "python"],
        ["refine", str(ICON), "--kind", "svg", "-o", "/proc/nowhere"],
        ["critique", str(ICON), str(ICON), "--kind", "poem"],
        ["render", "no-such-file.svg", "-o", "x.png"],
        ["render", "file.docx", "-o", "x.png"],
        ["render", __file__, "-o", "x.png", "--size", "0x5"],
        ["render", __file__, "-o", "x.png", "--size", "large"],
    ],
    ids=lambda arguments: " ".join(arguments[-2:])[-30:],
)
def test_bad_arguments_are_one_line_and_exit_code_2(arguments: list[str]) -> None:
    _is_one_line_failure(lookalike(*arguments))


def _is_one_line_failure(done: Result) -> None:
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("lookalike: ") and len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.output


def test_unknown_options_and_missing_arguments_are_exit_code_2() -> None:
    assert lookalike("refine").exit_code == 2
    assert lookalike("refine", ICON, "--colour").exit_code == 2
    assert lookalike("refine", ICON, "--rounds", "-1").exit_code == 2


def test_critique_of_a_picture_with_itself_finds_nothing() -> None:
    for picture in sorted(PICTURES.glob("*/*.png")):
        done = lookalike("critique", picture, picture, "--kind", picture.parent.name, "--json")
        assert done.exit_code == 0
        assert json.loads(done.stdout) == {
            "reward": 2.0,
            "similarity": 1.0,
            "ink": 1.0,
            "notes": [],
            "failure": "",
            "discrepancies": [],
        }


def test_critique_says_what_differs(tmp_path: Path) -> None:
    with PILImage.open(ICON) as picture:
        pixels = np.asarray(picture.convert("RGB")).copy()
    ink = (pixels < 128).all(axis=2)
    pixels[ink] = (200, 30, 30)
    changed = tmp_path / "changed.png"
    PILImage.fromarray(pixels).save(changed)
    said = json.loads(lookalike("critique", ICON, changed, "--kind", "svg", "--json").stdout)
    assert said["reward"] < 2.0 and said["similarity"] < 1.0
    first = said["discrepancies"][0]
    assert first.keys() == {"category", "severity", "location", "description", "box"}
    assert first["category"] == "style_error"


def test_render_draws_code(tmp_path: Path) -> None:
    code, target = tmp_path / "dot.svg", tmp_path / "dot.png"
    code.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="3"/></svg>'
    )
    done = lookalike("render", code, "-o", target, "--size", "90x60", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout).keys() == {"status", "seconds", "log"}
    with PILImage.open(target) as picture:
        assert picture.size == (90, 60)


def test_render_tells_why_code_does_not_run(tmp_path: Path) -> None:
    code = tmp_path / "chart.py"
    code.write_text("1 / 0")
    done = lookalike("render", code, "-o", tmp_path / "chart.png", "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert said["status"] == "error" and "ZeroDivisionError" in said["log"]
    assert not (tmp_path / "chart.png").exists()


@pytest.mark.long
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_an_interrupt_leaves_the_best_so_far_and_exit_code_130(tmp_path: Path, asked: signal.Signals) -> None:
    with PILImage.open(PICTURES / "page" / "pricing.png") as whole:
        whole.crop((0, 0, 240, 120)).save(tmp_path / "pricing.png")
    page = tmp_path / "pricing.png"
    command = [sys.executable, "-m", "agent.cli", "refine", str(page), "--kind", "page", "-o", str(tmp_path)]
    run = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell that runs the tests in the background has them ignore interrupts, and their children too.
        preexec_fn=lambda: signal.signal(asked, signal.SIG_DFL),
    )
    best = tmp_path / "pricing" / "best.html"
    deadline = time.monotonic() + 240
    while not best.exists() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(run.pid, asked)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "interrupted" in said and "Traceback" not in said
    assert best.stat().st_size > 0
    assert json.loads((tmp_path / "pricing" / "run.json").read_text())["stop_reason"] == "cancelled"
    assert (tmp_path / "pricing" / "report.html").exists()


def test_version_and_help() -> None:
    assert lookalike("--version").stdout.startswith("lookalike ")
    shown = lookalike("--help").stdout
    assert all(command in shown for command in ("refine", "critique", "render"))


def test_of_several_pictures_one_that_is_of_no_kind_is_told(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (90, 120, 3)).astype(np.uint8)
    PILImage.fromarray(noise).save(tmp_path / "lake.png")
    done = lookalike("refine", tmp_path / "lake.png", "--out", tmp_path / "one", "--json")
    assert done.exit_code == 2
    assert "lake.png: a photograph" in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert "photograph" in json.loads(done.stdout)["failure"]
    both = lookalike("refine", tmp_path / "lake.png", ICON, "-o", tmp_path / "two", "--json", "--rounds", "0")
    assert both.exit_code == 3
    last = json.loads(both.stdout.splitlines()[-1])
    assert last["failure"] == "" and 0 < last["kind_confidence"] <= 1


def test_the_seconds_bound_what_a_reader_takes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (16, 24, 3)).astype(np.uint8)
    PILImage.fromarray(noise).resize((360, 240), PILImage.Resampling.BICUBIC).save(tmp_path / "lake.png")
    started = time.monotonic()
    lookalike("refine", tmp_path / "lake.png", "--kind", "svg", "--seconds", "4", "-o", tmp_path, "--json")
    assert time.monotonic() - started < 4 + 30  # unbounded it takes minutes
