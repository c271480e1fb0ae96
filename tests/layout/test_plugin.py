"""A distribution that adds one of everything, built, installed beside Lookalike and used from the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

STRIPES = ((200, 30, 30), (30, 160, 60), (30, 60, 200))


class Environment:
    """An environment of its own that sees this one's distributions, and the example's wheel besides."""

    def __init__(self, plugin: Path, home: Path) -> None:
        self.folder = home / "work"
        self.folder.mkdir()
        wheels, site = home / "wheels", home / "site"
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(wheels)]
        run(*build, str(plugin))
        (wheel,) = wheels.glob("*.whl")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
        run(*pip, "--target", str(site), str(wheel))
        self._environment = {**os.environ, "PYTHONPATH": str(site), "NO_COLOR": "1"}
        self._python = sys.executable

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``lookalike`` in an empty folder."""
        return self.run("-c", "from agent.cli import app; app()", *arguments)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python there."""
        return subprocess.run(
            [self._python, *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def plugged(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(root / "tests" / "plugin", tmp_path_factory.mktemp("plugged"))


def stripes(path: Path, colours: tuple[tuple[int, int, int], ...] = STRIPES) -> str:
    row = np.repeat(np.array(colours, np.uint8)[np.newaxis], 40, axis=1)
    PILImage.fromarray(np.repeat(row, 60, axis=0)).save(path)
    return str(path)


def test_a_kind_is_drafted_drawn_compared_and_revised(plugged: Environment) -> None:
    picture = stripes(plugged.folder / "stripes.png")
    done = plugged("refine", picture, "--kind", "swatch", "-o", "out", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert (said["kind"], said["reward"]) == ("swatch", 2.0) and said["first_reward"] < 2.0
    assert Path(plugged.folder / said["best"]).name == "best.swatches"
    assert (plugged.folder / said["best"]).read_text() == "#c81e1e #1ea03c #1e3cc8\n"
    assert "2 colours, not 3" in (plugged.folder / said["report"]).read_text()


def test_its_code_is_drawn_by_its_ending(plugged: Environment) -> None:
    (plugged.folder / "two.swatches").write_text("#ff0000 #0000ff")
    done = plugged("render", "two.swatches", "-o", "two.png", "--size", "80x20")
    assert done.returncode == 0, done.stdout + done.stderr
    with PILImage.open(plugged.folder / "two.png") as drawn:
        assert (drawn.size, drawn.getpixel((0, 0)), drawn.getpixel((79, 19))) == (
            (80, 20),
            (255, 0, 0),
            (0, 0, 255),
        )


def test_a_generator_a_critic_and_a_policy_work_together(plugged: Environment) -> None:
    picture = stripes(plugged.folder / "more.png")
    chosen = ("--generator", "flat", "--critic", "average", "--policy", "twice")
    done = plugged("refine", picture, "--kind", "svg", *chosen, "-o", "flat", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["stop_reason"] == "plateau"
    record = json.loads((plugged.folder / "flat/more/run.json").read_text())
    assert (record["generator"], record["critic"]) == ("flat", "average")
    assert len((plugged.folder / "flat/more/trajectory.jsonl").read_text().splitlines()) == 2


def test_a_critic_is_asked_by_its_path(plugged: Environment) -> None:
    one = stripes(plugged.folder / "one.png", ((0, 0, 0),))
    other = stripes(plugged.folder / "other.png", ((100, 0, 0),))
    done = plugged(
        "critique",
        one,
        other,
        "--kind",
        "svg",
        "--critic",
        "lookalike_example.critic:AverageCritic",
        "--json",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads(done.stdout)["discrepancies"]
    assert (found["severity"], found["description"]) == (3, "the average colours are 100 apart")


@pytest.mark.long
def test_a_table_is_written_in_its_format(plugged: Environment, small: Path) -> None:
    picture = str(small / "table" / "readable_types.png")
    done = plugged("refine", picture, "--to", "wiki", "--rounds", "0", "-o", "tables", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    text = (plugged.folder / said["best"]).read_text()
    assert text.startswith("{|\n|-\n!") and text.endswith("|}\n")
    assert said["reward"] >= 1 and text.count("|-") > 3


def test_text_that_is_no_such_format_is_a_failed_render(plugged: Environment) -> None:
    (plugged.folder / "broken.wiki").write_text("no table")
    done = plugged("render", "broken.wiki", "-o", "broken.png", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["log"] == "this is no wiki: a table stands between {| and |}"


def test_a_mark_is_drawn_and_read_back(plugged: Environment) -> None:
    program = (
        "from critic.marks.known import MARKS\n"
        "rule = MARKS.read_back({'type': 'rule', 'colour': '#ff0000', 'y': 2.5})\n"
        "print(type(rule).__module__, type(rule).code('ax', [rule], None))"
    )
    done = plugged.run("-c", program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(maxsplit=1)[0] == "lookalike_example.rule"
    assert "ax.axhline(2.5, color=" in done.stdout


def test_the_prompts_of_a_kind_are_its_own(plugged: Environment) -> None:
    program = (
        "from prompts.library import Templates\nfrom agent.tools import _home\n"
        "texts = Templates(home=_home)\n"
        "print(texts.render('swatch', 'generate', language='swatches'), texts.render('svg', 'critique')[:20])"
    )
    done = plugged.run("-c", program)
    assert "```swatches block" in done.stdout and "You check" in done.stdout, done.stderr


def test_what_is_missing_or_misspelt_is_told_with_what_there_is(plugged: Environment) -> None:
    picture = stripes(plugged.folder / "told.png")
    done = plugged("refine", picture, "--critic", "avarage")
    assert done.returncode == 2
    assert "no critic 'avarage'; choose one of pixel, visual-erm, judge, average, or" in done.stderr
    done = plugged("refine", picture, "--kind", "swatch", "--to", "html")
    assert (done.returncode, "a swatch cannot be written as html; choose from swatches" in done.stderr) == (
        2,
        True,
    )
